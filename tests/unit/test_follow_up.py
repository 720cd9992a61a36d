"""Follow-ups are understood from the conversation; a question that says all it means is left as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.answering.follow_up import turns, understand
from qa.conversation.resolution import Turn
from qa.records import Answer, Statement
from qa.web.texts import EXAMPLES

QUESTIONS = Path(__file__).resolve().parents[1] / "data" / "questions.jsonl"

CREATED = "Quand la Banque publique d'investissement a-t-elle été créée ?"
AREAS = "Which automotive areas was the I-Trans cluster evaluating, according to its director?"
BONUS_EN = "How large was the bonus for an electric car under the July 2012 plan?"
BONUS_FR = "Quel était le montant du bonus pour une voiture électrique en 2012 ?"
LEASING = "Quel est le plafond de revenu du leasing social 2024 ?"
PLANT_FR = "Combien de salariés emploie l'usine Toyota d'Onnaing ?"
PLANT_EN = "How many people work at the Toyota plant in Onnaing?"
CLUSTERS = "Combien de pôles de compétitivité ont été labellisés en juillet 2005 ?"
CICE = "Quel taux du CICE s'appliquait en 2014 ?"
INSEE = "Combien de salariés comptait la filière automobile régionale en 2011 selon l'Insee ?"
MALUS = "Quel malus payait en 2013 l'acheteur d'une voiture émettant plus de 200 g de CO2 ?"
ARIA = "Qui présidait l'ARIA en novembre 2013 ?"

FRENCH = [
    # A year takes the place of a year.
    (CICE, "Et en 2013 ?", "Quel taux du CICE s'appliquait en 2013 ?"),
    (CICE, "et 2013", "Quel taux du CICE s'appliquait en 2013 ?"),
    (CICE, "En 2013 ?", "Quel taux du CICE s'appliquait en 2013 ?"),
    (CICE, "Et avant 2013 ?", "Quel taux du CICE s'appliquait avant 2013 ?"),
    (CICE, "Qu'en est-il de 2013 ?", "Quel taux du CICE s'appliquait en 2013 ?"),
    (CLUSTERS, "Et en 2007 ?", "Combien de pôles de compétitivité ont été labellisés en 2007 ?"),
    (CLUSTERS, "Et en mai 2007 ?", "Combien de pôles de compétitivité ont été labellisés en mai 2007 ?"),
    (CREATED, "Et en 2013 ?", "Quand la Banque publique d'investissement a-t-elle été créée en 2013 ?"),
    ("Que dit la loi 2012-1559 ?", "Et en 2015 ?", "Que dit la loi 2012-1559 en 2015 ?"),
    ("Combien a coûté le CICE de 2013 à 2018 ?", "Et en 2019 ?", "Combien a coûté le CICE en 2019 ?"),
    ("En 2012, quel était le bonus ?", "Et en 2013 ?", "En 2013, quel était le bonus ?"),
    (ARIA, "Et en 2015 ?", "Qui présidait l'ARIA en 2015 ?"),
    # A name takes the place of a name, with its article.
    ("Quel est le budget d'i-Trans ?", "Et la Banque publique d'investissement ?", "Quel est le budget de la Banque publique d'investissement ?"),
    ("Quel est le budget d'i-Trans ?", "Et pour le CICE ?", "Quel est le budget du CICE ?"),
    ("Que fait le pôle i-Trans ?", "Et Nord France Invest ?", "Que fait Nord France Invest ?"),
    (PLANT_FR, "Et Renault ?", "Combien de salariés emploie l'usine Renault ?"),
    (PLANT_FR, "Et l'usine de Douai ?", "Combien de salariés emploie l'usine de Douai ?"),
    ("Qui dirige Bpifrance ?", "Et l'ARIA alors ?", "Qui dirige l'ARIA ?"),
    ("Combien d'usines ferment à Lille ?", "Et à Douai ?", "Combien d'usines ferment à Douai ?"),
    ("Combien d'usines ferment en France ?", "Et en Belgique ?", "Combien d'usines ferment en Belgique ?"),
    (INSEE, "Et selon la CCI ?", "Combien de salariés comptait la filière automobile régionale en 2011 selon la CCI ?"),
    # A kind of thing takes the place of its like, or is added.
    (BONUS_FR, "Et pour les hybrides ?", "Quel était le montant du bonus pour les hybrides en 2012 ?"),
    (BONUS_FR, "Pour les hybrides ?", "Quel était le montant du bonus pour les hybrides en 2012 ?"),
    (BONUS_FR, "Et les hybrides ?", "Quel était le montant du bonus pour les hybrides en 2012 ?"),
    (BONUS_FR, "Et le malus ?", "Quel était le montant du malus pour une voiture électrique en 2012 ?"),
    (BONUS_FR, "Et le plafond ?", "Quel était le plafond du bonus pour une voiture électrique en 2012 ?"),
    (MALUS, "Et le bonus ?", MALUS.replace("malus", "bonus")),
    ("Combien d'emplois sont créés ?", "Et dans les services ?", "Combien d'emplois sont créés dans les services ?"),
    # What belongs to the topic.
    (CREATED, "Et son directeur ?", "Qui est le directeur de la Banque publique d'investissement ?"),
    (CREATED, "Et le budget ?", "Quel est le budget de la Banque publique d'investissement ?"),
    (CREATED, "Et ses missions ?", "Quels sont les missions de la Banque publique d'investissement ?"),
    (CREATED, "Qui est le directeur ?", "Qui est le directeur de la Banque publique d'investissement ?"),
    (CREATED, "Quel est son rôle ?", "Quel est le rôle de la Banque publique d'investissement ?"),
    ("Que fait le pôle i-Trans ?", "Quel est son objectif principal ?", "Quel est l'objectif principal du pôle i-Trans ?"),
    # A word that points back.
    (CREATED, "Qui la dirige ?", "La Banque publique d'investissement : qui la dirige ?"),
    (CREATED, "Combien d'emplois cela représente-t-il ?", "La Banque publique d'investissement : combien d'emplois cela représente-t-il ?"),
    (CREATED, "Quel est son budget en 2013 ?", "La Banque publique d'investissement : quel est son budget en 2013 ?"),
    (CREATED, "Où se trouve-t-elle ?", "La Banque publique d'investissement : où se trouve-t-elle ?"),
    (CREATED, "Et que finance-t-elle ?", "La Banque publique d'investissement : que finance-t-elle ?"),
    (PLANT_FR, "Quand a-t-elle ouvert ?", "L'usine Toyota d'Onnaing : quand a-t-elle ouvert ?"),
    (PLANT_FR, "Combien de personnes y travaillent ?", "L'usine Toyota d'Onnaing : combien de personnes y travaillent ?"),
    (LEASING, "Qui finance ce leasing ?", "Qui finance le leasing social 2024 ?"),
    (LEASING, "Qui a fixé ce plafond ?", "Qui a fixé le plafond de revenu du leasing social 2024 ?"),
    (LEASING, "Quel est le but de ce leasing ?", "Quel est le but du leasing social 2024 ?"),
    (LEASING, "Combien de ménages en ont bénéficié ?", "Le leasing social 2024 : combien de ménages en ont bénéficié ?"),
    (LEASING, "Qui le paie ?", "Le leasing social 2024 : qui le paie ?"),
    (CLUSTERS, "Qui les finance ?", "Combien de pôles de compétitivité ont été labellisés en juillet 2005 : qui les finance ?"),
    # A question word alone.
    (CREATED, "Pourquoi ?", "Pourquoi la Banque publique d'investissement a-t-elle été créée ?"),
    (CREATED, "Comment ?", "Comment la Banque publique d'investissement a-t-elle été créée ?"),
    (CREATED, "Par qui ?", "Quand la Banque publique d'investissement a-t-elle été créée, et par qui ?"),
    (CREATED, "Par quelle loi ?", "Quand la Banque publique d'investissement a-t-elle été créée, et par quelle loi ?"),
    (CLUSTERS, "Pourquoi ?", "Pourquoi des pôles de compétitivité ont été labellisés en juillet 2005 ?"),
    (CLUSTERS, "Lesquels ?", "Combien de pôles de compétitivité ont été labellisés en juillet 2005, et lesquels ?"),
    (CREATED, "Qui est à l'origine de cette banque ?", "Qui est à l'origine de la Banque publique d'investissement ?"),
    ("Quel est le taux de chômage en France ?", "Et l'Allemagne ?", "Quel est le taux de chômage en Allemagne ?"),
    ("Quel est l'objectif du plan ?", "Et pour les PME ?", "Quel est l'objectif du plan pour les PME ?"),
    ("Quelle entreprise construit une gigafactory ?", "Qui sont ses actionnaires ?", "Qui sont les actionnaires d'une gigafactory ?"),
    ("Quelle entreprise construit une gigafactory ?", "Combien de salariés ?", "Quelle entreprise construit une gigafactory, et combien de salariés ?"),
    ("Que coûte l'usine de Douai ?", "Et celle de Maubeuge ?", "Que coûte l'usine de Maubeuge ?"),
    (ARIA, "Depuis quand ?", "Qui présidait l'ARIA en novembre 2013, et depuis quand ?"),
]  # fmt: skip
ENGLISH = [
    (BONUS_EN, "And in 2013?", "How large was the bonus for an electric car under the 2013 plan?"),
    ("What was the bonus in 2012?", "What about 2013?", "What was the bonus in 2013?"),
    ("What was the bonus in 2012?", "and before 2013?", "What was the bonus before 2013?"),
    ("What replaced the CICE on 1 January 2019?", "And in 2020?", "What replaced the CICE in 2020?"),
    ("How many clusters were labelled on 12 July 2005?", "and in 2007?", "How many clusters were labelled in 2007?"),
    (BONUS_EN, "And for hybrids?", "How large was the bonus for hybrids under the July 2012 plan?"),
    (BONUS_EN, "What about hybrid cars?", "How large was the bonus for hybrid cars under the July 2012 plan?"),
    (BONUS_EN, "How about the malus?", "How large was the malus for an electric car under the July 2012 plan?"),
    ("Who runs i-Trans?", "And Bpifrance?", "Who runs Bpifrance?"),
    ("Who runs i-Trans?", "What about the Public Investment Bank?", "Who runs the Public Investment Bank?"),
    (PLANT_EN, "And at Renault?", "How many people work at the Renault plant in Onnaing?"),
    (PLANT_EN, "And in Douai?", "How many people work at the Toyota plant in Douai?"),
    (PLANT_EN, "When did it open?", "When did the Toyota plant open?"),
    (PLANT_EN, "When was this plant built?", "When was the Toyota plant built?"),
    (PLANT_EN, "Who owns that plant?", "Who owns the Toyota plant?"),
    (AREAS, "What about its director?", "Who is the director of the I-Trans cluster?"),
    (AREAS, "Who is its director?", "Who is the I-Trans cluster's director?"),
    (AREAS, "What are their goals?", "What are the I-Trans cluster's goals?"),
    (AREAS, "Who is the director?", "Who is the director of the I-Trans cluster?"),
    (AREAS, "And the budget?", "What is the budget of the I-Trans cluster?"),
    ("What does Nord France Invest offer?", "Who runs it?", "Who runs Nord France Invest?"),
    ("What does Nord France Invest offer?", "How many jobs does this represent?", "How many jobs does Nord France Invest represent?"),
    ("What did the Court of Auditors say about Bpifrance?", "And about OSEO?", "What did the Court of Auditors say about OSEO?"),
    ("What did the Court of Auditors say about Bpifrance?", "What about the Senate?", "What did the Senate say about Bpifrance?"),
    ("What was unemployment in France in 2012?", "What about Germany?", "What was unemployment in Germany in 2012?"),
    ("When was the bank created?", "Why?", "Why was the bank created?"),
    ("When was the bank created?", "By whom?", "When was the bank created, and by whom?"),
    ("When was the bank created?", "In French law too?", "When was the bank created in French law?"),
    ("Who could get the social leasing of electric cars?", "How much did it cost?", "How much did the social leasing of electric cars cost?"),
    ("How much aid did the Commission allow for Toyota?", "When?", "How much aid did the Commission allow for Toyota, and when?"),
]  # fmt: skip
MIXED = [  # the last question's language, the follow-up's, the words' of what is understood
    ("What was the bonus for an electric car in 2012?", "en", "Et en 2013 ?", "fr", "What was the bonus for an electric car in 2013?", "en"),
    ("Quel était le bonus en 2012 ?", "fr", "What about 2013?", "en", "Quel était le bonus en 2013 ?", "fr"),
    ("Quel était le bonus en 2012 ?", "fr", "And before 2013?", "en", "Quel était le bonus avant 2013 ?", "fr"),
    (CREATED, "fr", "Who runs it?", "en", "Who runs Banque publique d'investissement?", "en"),
    (AREAS, "en", "Qui est son directeur ?", "fr", "Qui est le directeur d'I-Trans cluster ?", "fr"),
    ("Who runs i-Trans?", "en", "Et Bpifrance ?", "fr", "Who runs Bpifrance?", "en"),
    ("Qui dirige i-Trans ?", "fr", "What about its budget?", "en", "What is the budget of i-Trans?", "en"),
    (CREATED, "fr", "Why?", "en", "Pourquoi la Banque publique d'investissement a-t-elle été créée ?", "fr"),
    ("When was the bank created?", "en", "Pourquoi ?", "fr", "Why was the bank created?", "en"),
]  # fmt: skip
# They hold pronouns, possessives, « et », years and names: all that they mean is in them.
SELF_CONTAINED = [
    ("fr", [
        "Quels domaines le pôle i-Trans évaluait-il, selon son directeur ?",
        "Combien y a-t-il de pôles de compétitivité en France ?", "Que s'est-il passé à Béthune en 2020 ?",
        "Comment les effectifs de la filière automobile régionale ont-ils évolué entre 2007 et 2011 selon l'Insee ?",
        "Qu'est-ce que le CICE ?", "Qu'est-ce qu'un pôle de compétitivité ?", "Est-il vrai que Renault quitte Douai ?",
        "Faut-il rembourser le CICE ?", "Le plan automobile a-t-il relevé le bonus et son plafond ?",
        "Toyota a-t-elle agrandi son usine d'Onnaing ?", "Et quel était le taux du CICE en 2014 ?", "BPI ?", "CIR",
        "budget i-Trans 2012 ?", "Peut-on louer sa voiture électrique ?", "Comment obtenir son bonus écologique ?",
        "Quelles entreprises ont reçu leur aide en 2013 ?", "Qui a vendu son usine à Toyota ?", "Pour qui est le leasing social ?",
        "Quel est le budget du pôle i-Trans ?", "Qui est le directeur de Bpifrance ?", "Combien de pôles ont-ils été labellisés en 2005 ?",
        "En quelle année l'usine de Douai a-t-elle ouvert ?", "Dans quelle ville se trouve l'usine Toyota ?",
        "Selon l'Insee, combien d'emplois compte la filière ?", "Quel plan prévoit une voiture à deux litres ?",
        "Quand il a présenté son plan, que voulait Arnaud Montebourg ?", "Pourquoi la Française de Mécanique perd-elle des emplois ?",
        "Quel temps faut-il pour construire une usine ?", "Y a-t-il une aide pour les voitures d'occasion ?",
    ]),
    ("en", [
        "Which plant was inaugurated on 30 May 2023, who owns it and what capacity does it target?",
        "How long does it take to build a battery plant?", "Is it true that Renault left Douai?", "Is there a bonus for used cars?",
        "What did the Commission decide about its inquiry?", "Did Toyota extend its plant in Onnaing?",
        "How many people lost their jobs at Bridgestone?", "Which companies said they would hire?", "Who changed his mind?",
        "When the bank was created, who ran it?", "Are there car plants in Lille?", "What is the budget of the i-Trans cluster?",
        "Who is the director of Bpifrance?", "In what year did the Douai plant open?", "For whom is the social leasing?",
        "According to Insee, how many jobs are there in the sector?", "And what was the rate of the CICE in 2014?", "CIR?",
        "What is this year's bonus for electric cars?", "Is this the plan for electric cars?", "Which cars get the bonus this summer?", "How does the state help its car makers?",
    ]),
]  # fmt: skip


def test_there_are_enough_cases():
    assert len(FRENCH) + len(ENGLISH) + len(MIXED) > 60


@pytest.mark.parametrize(("before", "question", "understood"), FRENCH)
def test_a_french_follow_up_is_understood(before, question, understood):
    assert understand(question, [Turn(before, "fr")], "fr").text == understood


@pytest.mark.parametrize(("before", "question", "understood"), ENGLISH)
def test_an_english_follow_up_is_understood(before, question, understood):
    assert understand(question, [Turn(before, "en")], "en").text == understood


@pytest.mark.parametrize(("before", "spoken", "question", "language", "text", "words"), MIXED)
def test_a_follow_up_in_the_other_language_is_understood(before, spoken, question, language, text, words):
    understood = understand(question, [Turn(before, spoken)], language)
    assert (understood.text, understood.language, understood.wanted) == (text, words, None)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [("and in English?", "en"), ("Et en anglais ?", "en"), ("In French please?", "fr"), ("Et en français ?", "fr")],
)
def test_the_same_question_can_be_asked_of_the_other_language(question, wanted):
    understood = understand(question, [Turn(CREATED, "fr")], "en")
    assert (understood.text, understood.language, understood.wanted) == (CREATED, "fr", wanted)


def self_contained() -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    own = [(language, question) for language, questions in SELF_CONTAINED for question in questions]
    return [
        *((row["language"], row["question"]) for row in rows),
        *own,
        *zip(("fr", "en", "fr", "en"), EXAMPLES, strict=True),
    ]


@pytest.mark.parametrize(("language", "question"), self_contained())
def test_a_question_that_says_all_it_means_is_left_as_it_is(language, question):
    for before in (CREATED, BONUS_FR, PLANT_FR, CLUSTERS):
        assert understand(question, [Turn(before, "fr")], language).text == question
    for before in (AREAS, BONUS_EN, PLANT_EN):
        assert understand(question, [Turn(before, "en")], language).text == question


def test_there_are_a_hundred_self_contained_questions():
    assert len(set(self_contained())) > 100


def test_nothing_is_understood_from_no_conversation():
    for question in ("Et en 2013 ?", "Who runs it?", "Pourquoi ?"):
        assert understand(question, [], "fr").text == question


def test_only_what_was_understood_last_counts():
    told = [Turn("Who runs i-Trans?", "en"), Turn("What does Nord France Invest offer?", "en")]
    assert understand("Who runs it?", told, "en").text == "Who runs Nord France Invest?"


def answered(question: str, *sentences: str) -> Answer:
    statements = tuple(Statement(sentence, ()) for sentence in sentences)
    return Answer(question, question, "fr", statements, 0.9, not statements, None, (), "1")


def test_he_is_the_person_that_was_answered():
    told = turns(
        [answered("Qui préside la Chambre ?", "La Chambre est présidée par Luc Martin depuis 2010.")],
        default_language="fr",
    )
    assert understand("Quand a-t-il été élu ?", told, "fr").text == "Luc Martin : quand a-t-il été élu ?"
    told = [Turn("Who chaired the board?", "en", "The board was chaired by Ann Lee.")]
    assert understand("When was she elected?", told, "en").text == "When was Ann Lee elected?"


def test_earlier_questions_are_understood_one_after_the_other():
    told = turns(["Quel taux du CICE s'appliquait en 2013 ?", "Et en 2014 ?", "Et en 2015 ?"], default_language="fr")
    assert [turn.question[-6:-2] for turn in told] == ["2013", "2014", "2015"]


def test_greetings_and_what_could_not_be_asked_are_no_part_of_the_conversation():
    told = turns(["Qui dirige i-Trans ?", "Merci !", "", "x" * 5000, "Who are you?"], default_language="fr")
    assert [turn.question for turn in told] == ["Qui dirige i-Trans ?"]
