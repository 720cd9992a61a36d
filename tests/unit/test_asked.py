"""What a question asks for: the kind of answer, what it asks of its subject, and what of it a text says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from qa.answering.answering_words import answering_words
from qa.answering.asked import what_is_asked
from qa.answering.attribute import Attribute, named_in
from qa.answering.candidates import find_candidates
from qa.answering.confidence import _stands_out
from qa.answering.wanted import Wanted
from qa.questions import Question
from qa.records import Document
from tests.small_corpus import HITS


@pytest.mark.parametrize(
    ("question", "person"),
    [
        ("Qui dirige i-Trans ?", True),
        ("Who is the director of Nord France Invest?", True),
        ("Par qui la BPI est-elle présidée ?", True),
        ("Qui peut toucher le bonus ?", False),
        ("Qui sont concernés ?", False),
        ("Who can get money from the Public Investment Bank?", False),
        ("Who is eligible for the scrapping premium?", False),
    ],
)
def test_who_may_have_something_is_not_one_person(question, person):
    assert what_is_asked(question).person == person


@pytest.mark.parametrize(
    ("question", "language", "named"),
    [
        ("Combien d'habitants compte la commune d'Onnaing ?", "fr", "habitants"),
        ("Quelle est la surface de l'usine ?", "fr", "surface"),
        ("Quel est le nombre de brevets d'i-Trans ?", "fr", "brevets"),
        ("How many regional offices does Bpifrance have?", "en", "regional offices"),
        ("What was Railenium's turnover in 2018?", "en", "turnover"),
        ("Quel est le taux de chômage de la région ?", "fr", "taux de chômage"),
        ("Quel est le chiffre d'affaires de Verkor ?", "fr", "chiffre d'affaires"),
        ("Quel est le montant de la prime ?", "fr", "montant"),
        ("What did Renault announce?", "en", ""),
        ("Qui dirige i-Trans ?", "fr", ""),
    ],
)
def test_what_is_asked_of_the_subject_stands_behind_the_question_word(question, language, named):
    assert named_in(Question(question, language)) == named


@pytest.mark.parametrize(
    ("question", "language", "text", "text_language", "lacks"),
    [
        ("Combien de salariés compte Toyota ?", "fr", "Toyota has 3,600 jobs at Onnaing.", "en", 0),
        ("Combien de salariés compte Toyota ?", "fr", "Toyota made 262,000 cars.", "en", 1),
        ("How many vehicles did the plant make?", "en", "L'usine a sorti 262 000 voitures.", "fr", 0),
        ("What share of the cars is exported?", "en", "L'usine exporte 85 % des voitures.", "fr", 0),
        ("What share of the cars is exported?", "en", "L'usine exporte des voitures.", "fr", 1),
        ("Combien coûte le bonus ?", "fr", "The bonus costs 490 million euros.", "en", 0),
        ("Combien coûte le bonus ?", "fr", "The bonus is doubled.", "en", 1),
        ("Who paid the salary of Carlos Ghosn?", "en", "Carlos Ghosn dirige Renault depuis 2005.", "fr", 1),
        ("How old is Carlos Ghosn?", "en", "Carlos Ghosn dirige Renault depuis 2005.", "fr", 1),
        ("How old is Carlos Ghosn?", "en", "Carlos Ghosn, né en 1954, dirige Renault.", "fr", 0),
        ("Vous avez le numéro de téléphone de Toyota ?", "fr", "Toyota emploie 3 600 personnes.", "fr", 1),
        ("Vous avez le numéro de téléphone de Toyota ?", "fr", "Toyota : 03 27 00 00 00.", "fr", 0),
        ("What was the rate of the malus?", "en", "The malus fell.", "en", 1),
        ("Quels véhicules ont un bonus ?", "fr", "Le bonus des véhicules électriques augmente.", "fr", 0),
        ("Quelle entreprise dirige Carlos Ghosn ?", "fr", "Carlos Ghosn heads Renault.", "en", 0),  # a name tells it
        ("Combien de femmes Toyota emploie-t-il ?", "fr", "Toyota emploie 3 600 personnes.", "fr", 1),
        ("Qui a visité Renault ?", "fr", "Rien ici.", "fr", 0),  # nothing named, nothing lacking
        ("Qui dirige Renault ?", "fr", "Carlos Ghosn, à la tête de Renault, a parlé.", "fr", 0),
        ("Qui dirige Renault ?", "fr", "Carlos Tavares a parlé de Renault.", "fr", 1),
        ("Qui préside la région ?", "fr", "Laurent Hottiaux est le secrétaire général de la région.", "fr", 1),
        ("Who chairs the region?", "en", "Daniel Percheron préside la région.", "fr", 0),
        ("Who was the mayor of Lille?", "en", "Martine Aubry, maire de Lille, a parlé.", "fr", 0),
        (
            "Quel est le budget d'i-Trans ?",
            "fr",
            "Since 2005 i-Trans has labelled projects of 2.87 billion euros.",
            "en",
            1,
        ),
        ("Quel est le budget d'i-Trans ?", "fr", "The budget of i-Trans is 2 million euros.", "en", 0),
    ],
)
def test_a_text_tells_what_is_asked_by_its_words_or_otherwise(
    small_lexical, question, language, text, text_language, lacks
):
    attribute = Attribute(Question(question, language), small_lexical)
    lacking = max(attribute.surely_lacks(text), attribute.lacks(text, text_language))
    assert lacking == pytest.approx(lacks, abs=0.01)


def test_a_rate_is_told_by_a_percentage_and_by_the_word_for_what_it_is_of(small_lexical):
    attribute = Attribute(Question("Quel est le taux de bonus ?", "fr"), small_lexical)
    of_it, of_another = "Le bonus est de 5 %.", "La hausse est de 5 %."
    assert not attribute.surely_lacks(of_it)
    assert not attribute.surely_lacks(of_another)
    assert attribute.surely_lacks("Le bonus augmente.")
    assert attribute.lacks(of_it, "fr") == pytest.approx(0)
    assert attribute.lacks(of_another, "fr") == pytest.approx(1)


def test_what_stands_nowhere_in_the_index_no_sentence_tells(small_lexical):
    attribute = Attribute(Question("Quel est le taux de chômage ?", "fr"), small_lexical)
    assert attribute.surely_lacks("Le bonus est de 5 %.")


@pytest.mark.parametrize(
    ("question", "language", "sentence", "kind"),
    [
        ("Pourquoi l'usine a-t-elle fermé ?", "fr", "L'usine a fermé en raison de la crise.", 1),
        ("Why did the plant close?", "en", "The plant closed in 2021.", -1),
        ("Quelle est la raison de l'arrêt ?", "fr", "L'arrêt est dû à la baisse des commandes.", 1),
        ("Where is the plant?", "en", "The plant is at Onnaing.", 1),
        ("Where is the plant?", "en", "The plant has 2,000 employees.", -1),
        ("Quels constructeurs sont dans la région ?", "fr", "Toyota et Renault y ont des usines.", 1),
        ("Quels constructeurs sont dans la région ?", "fr", "La région a Toyota.", 0),
        ("Quels constructeurs sont dans la région ?", "fr", "La région en compte trois, selon Automotive News.", -1),
        ("Which carmakers have plants there?", "en", "Three carmakers have plants, Eco121 reported.", -1),
        ("Which place was chosen?", "en", "Toyota chose Onnaing.", 1),
    ],
)
def test_a_sentence_gives_a_cause_or_names_where_they_are_asked_for(question, language, sentence, kind):
    assert what_is_asked(question).kind_in(sentence, language) == kind


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("Combien de salariés y travaillent aujourd'hui ?", True),
        ("What happened to the vans?", True),
        ("When will production start?", True),
        ("Combien de salariés y travaillaient ?", False),
        ("When was the plant opened?", False),
    ],
)
def test_how_things_are_now(question, now):
    assert what_is_asked(question).now == now


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("181 à 185 g", True),
        ("from 150 to 185 g", True),
        ("182 g", True),
        ("176 à 180 g", False),
        ("181 et 2,5 g", False),
    ],
)
def test_a_number_inside_a_range_is_said(small_lexical, text, said):
    wanted = Wanted(Question("Quel malus pour 182 g ?", "fr"), small_lexical)
    with_it, without = wanted.coverage(text, "fr"), wanted.coverage("g", "fr")
    assert (with_it > without) == said


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("Combien Toyota emploie-t-il de gens à Onnaing ?", "Toyota employs people at Onnaing.", 0.0),
        ("Combien de gens Nissan emploie-t-il ?", "Toyota employs people at Onnaing.", 1.0),
        ("Combien de gens y travaillent ?", "Toyota employs people at Onnaing.", 0.0),
    ],
)
def test_the_names_that_a_text_does_not_say(small_lexical, question, text, lacks):
    assert Wanted(Question(question, "fr"), small_lexical).lacks_names(text, "en") == pytest.approx(lacks)


@pytest.mark.parametrize(
    ("question", "knows"),
    [
        ("Que fabrique Toyota à Onnaing ?", True),
        ("Que fabrique Tesla à Onnaing ?", False),
        ("Que fabrique-t-on ?", True),
    ],
)
def test_names_that_stand_nowhere_in_the_index(small_lexical, question, knows):
    assert Wanted(Question(question, "fr"), small_lexical).knows_names == knows


@pytest.mark.parametrize(
    ("question", "sentence", "kind"),
    [
        ("Qui dirige ProLogium ?", "L'usine de ProLogium à Dunkerque coûte 5,2 milliards d'euros.", -1),
        ("Qui dirige ProLogium ?", "Vincent Yang dirige ProLogium.", 1),
        ("C'est quoi le BUD ?", "Le BUD, un dispositif d'exonérations, couvre 150 communes.", 1),
        ("Un SGAR, à quoi ça sert ?", "Le poste est vacant depuis 2015.", -1),
        ("What is Railenium?", "Railenium is an institute.", 1),
        ("What is Railenium?", "Railenium aims at 300 jobs.", -1),
        ("What is the budget of Railenium?", "Railenium aims at jobs.", -1),
    ],
)
def test_the_kind_of_answer(question, sentence, kind):
    assert what_is_asked(question).kind_in(sentence) == kind


class Nowhere:
    """An embedder to whom all texts are alike."""

    def encode_statements(self, texts):
        return np.ones((len(texts), 2), np.float32)

    encode_passages = encode_statements

    def read(self, question, sentences):
        return np.zeros(len(sentences), np.float32)


def test_a_list_is_taken_whole_where_the_passage_ends_inside_it(small_lexical):
    text = "Cinq équipementiers participent :\n- Bosch ;\n- Valeo ;\n- Plastic Omnium.\n\nUn autre alinéa."
    document = Document(id="list.md", title="Fonds", text=text, language="fr")
    end = text.index("- Plastic")
    hit = dataclasses.replace(
        HITS[0], document_id="list.md", passage_id="list.md#0", text=text[:end], end=end, scores={"dense": 0.9}
    )
    question = Question("Quels équipementiers participent au fonds ?", "fr")
    best, *_ = find_candidates(
        question,
        what_is_asked(question.text),
        Wanted(question, small_lexical),
        [hit],
        document={"list.md": document}.__getitem__,
        embedder=Nowhere(),
    )
    assert best.text == text[: text.index("\n\nUn autre")]


def test_a_name_over_a_line_s_end_is_marked():
    sentence = "Le pôle est présidé par Denis\nPapin et dirigé  par Anne  Dupont."
    spans = answering_words(what_is_asked("Qui est à la tête du pôle ?"), sentence, "fr")
    assert [sentence[start:end] for start, end in spans] == ["Denis\nPapin", "Anne  Dupont"]


@pytest.mark.parametrize("cosines", [[0.9], [0.9] * 20])
def test_among_few_sentences_or_alike_ones_none_stands_out(cosines):
    assert _stands_out(cosines) == pytest.approx(1.9 if len(cosines) == 1 else 0.0)


def test_a_sentence_that_stands_out():
    assert _stands_out([0.9, *[0.8] * 10]) > 3
