"""What is shown of a statement that a model wrote, and what is not."""

from __future__ import annotations

import pytest

from qa.answering.generation.drafts import Draft
from qa.answering.generation.quotes import find_quote
from qa.answering.verify import is_verbatim
from qa.records import Statement
from tests.small_corpus import BONUS, DOCUMENTS, PLANT, SILENT, prover

RISE = "Le plan « automobile » porte le bonus des véhicules électriques à 7 000 euros au 1er août 2012."
JOBS = "Toyota employs 3,600 people at Onnaing and produced 262,000 cars in 2013."


@pytest.mark.parametrize(
    ("text", "proofs"),
    [
        ("Le bonus des véhicules électriques passe à 7 000 euros.", [(1, RISE)]),
        ("Le bonus des véhicules électriques passe à sept mille euros en août 2012.", [(1, RISE)]),
        ("Le plan “automobile” porte le bonus à 7.000 €.", [(1, RISE.replace("« automobile »", '"automobile"'))]),
        ("Le bonus était de 5 000 euros.", [(1, "Il avait été de 5 000 euros"), (1, RISE)]),
        ("Toyota emploie 3 600 personnes à Onnaing.", [(2, JOBS)]),
        ("L'usine n'a pas fermé pendant la crise.", [(2, "The plant did not close during the crisis.")]),
        ("- Le bonus des véhicules électriques est de 7 000 euros [1].", [(1, RISE)]),
    ],
)
def test_a_proven_statement_is_shown_with_the_sources_own_words(small_lexical, text, proofs):
    proven = prover(small_lexical).prove(Draft(text, tuple(proofs)))
    assert isinstance(proven, Statement), proven
    assert proven.citations
    assert all(is_verbatim(citation, DOCUMENTS[citation.document_id]) for citation in proven.citations)
    assert "[1]" not in proven.text


@pytest.mark.parametrize(
    ("reason", "text", "proofs"),
    [
        ("no_proof", "Le bonus passe à 7 000 euros.", []),
        ("quote_not_found", "Le bonus passe à 7 000 euros.", [(1, RISE.replace("7", "8"))]),
        ("quote_not_found", "Le bonus passe à 7 000 euros.", [(1, RISE.lower())]),
        ("quote_not_found", "Le bonus passe à 7 000 euros.", [(1, RISE.replace("août", "aout"))]),
        ("quote_not_found", "Le bonus passe à 7 000 euros.", [(2, RISE)]),  # in another passage than it says
        ("quote_not_found", "Le bonus passe à 7 000 euros.", [(0, RISE)]),
        ("quote_not_found", "Le bonus passe à 7 000 euros.", [(-1, RISE)]),
        ("quote_not_found", "Le bonus passe à 7 000 euros.", [(10**9, RISE)]),
        ("quote_not_found", "Le bonus passe à 7 000 euros.", [(1, RISE), (1, "Tout est dit.")]),  # one of two
        ("quote_not_found", "Le bonus est de 0 euro.", [(1, "000 euros")]),  # half a figure
        ("figure", "Le bonus des véhicules électriques passe à 7 500 euros.", [(1, RISE)]),
        ("figure", "Le bonus des véhicules électriques passe à 7 000 dollars.", [(1, RISE)]),
        ("figure", "Le bonus des véhicules électriques passe à 7 000 %.", [(1, RISE)]),
        ("figure", "Le bonus passe à 7 000 euros et non 5 000 euros.", [(1, RISE)]),
        ("date", "Le bonus des véhicules électriques passe à 7 000 euros en septembre 2012.", [(1, RISE)]),
        ("date", "Le bonus des véhicules électriques passe à 7 000 euros en 2013.", [(1, RISE)]),
        ("name", "Nissan emploie 3 600 personnes à Onnaing.", [(2, JOBS)]),
        ("name", "Toyota emploie 3 600 personnes à Valenciennes.", [(2, JOBS)]),
        ("name", "toyota et nissan emploient 3 600 personnes à Onnaing.", [(2, JOBS)]),
        ("name", "Yann Vincent dirige Renault depuis 2005.", [(1, "Carlos Ghosn dirige Renault depuis 2005.")]),
        ("language", "Toyota employs 3,600 people at the Onnaing plant.", [(2, JOBS)]),
        ("negation", "L'usine a fermé pendant la crise.", [(2, "The plant did not close during the crisis.")]),
        (
            "negation",
            "La fermeture a lieu pendant la crise.",
            [(2, "close during the crisis")],
        ),  # "did not" is left out
        ("negation", "Le bonus des véhicules électriques ne passe pas à 7 000 euros.", [(1, RISE)]),
        ("opposite", "Le taux augmente de 2 points.", [(2, "The rate fell by 2 points")]),
        ("words", "Le bonus enrichit les familles, les écoles et les hôpitaux.", [(1, "porte le bonus")]),
        ("words", "Le bonus vaut à Onnaing 7 000 euros.", [(1, RISE), (2, "at Onnaing")]),  # a place of another's
        ("borrowed", "Le bonus gagné passe à 7 000 euros.", [(1, RISE)]),  # who earned it is only asked
        ("instruction", "Le bonus est de 99 000 euros.", [(3, "Le bonus est de 99 000 euros.")]),
        ("instruction", "Le bonus est de 99 000 euros.", [(3, "le bonus est de 99 000 euros")]),
        ("form", "Le bonus est de 7 000 euros. Le malus aussi.", [(1, RISE)]),
        ("form", "Le bonus est de 7 000 euros : https://evil.example", [(1, RISE)]),
        ("form", "Le bonus est de 7 000 euros ![x](y)", [(1, RISE)]),
        ("form", "<b>Le bonus est de 7 000 euros</b>", [(1, RISE)]),
        ("form", "Le bonus est-il de 7 000 euros ?", [(1, RISE)]),
        ("form", "Le bonus\u202e est de 7 000 euros.", [(1, RISE)]),
        ("form", "7 000", [(1, RISE)]),
        ("form", "Le bonus est de 7 000 euros, " * 40, [(1, RISE)]),
        ("form", "Le bonus passe à 7 000 euros.", [(1, RISE)] * 9),
    ],
)
def test_anything_else_is_refused_and_says_why(small_lexical, reason, text, proofs):
    question = "Quel est le montant du bonus gagné en juillet ?"
    assert prover(small_lexical, question).prove(Draft(text, tuple(proofs))) == reason


def test_a_proven_statement_that_does_not_answer_is_refused(small_lexical):
    import dataclasses

    from tests.small_corpus import ANSWERED

    first, *others = ANSWERED.candidates
    far = dataclasses.replace(ANSWERED, candidates=(first, *(dataclasses.replace(c, similarity=0.1) for c in others)))
    asks = prover(small_lexical, found=far)
    assert asks.prove(Draft("Toyota emploie 3 600 personnes à Onnaing.", ((2, JOBS),))) == "off_topic"


def test_nor_is_one_of_another_year_than_the_one_asked_for(small_lexical):
    draft = Draft("Le bonus des véhicules électriques passe à 7 000 euros.", ((1, RISE),))
    assert prover(small_lexical, "Quel est le bonus en 2019 ?").prove(draft) == "off_topic"
    assert isinstance(prover(small_lexical, "Quel est le bonus en 2012 ?").prove(draft), Statement)


@pytest.mark.parametrize(
    ("question", "text", "proofs", "shown"),
    [
        ("Qui dirige Renault ?", "Carlos Ghosn dirige Renault depuis 2005.", (1, "Carlos Ghosn dirige Renault depuis 2005."), True),
        ("Qui dirige Renault ?", "Ghosn dirige Renault.", (1, "Carlos Ghosn dirige Renault"), False),  # not a whole sentence
        ("Qui dirige Nissan ?", "Carlos Ghosn dirige Renault depuis 2005.", (1, "Carlos Ghosn dirige Renault depuis 2005."), False),
        ("Qui dirige Renault en 2019 ?", "Carlos Ghosn dirige Renault depuis 2005.", (1, "Carlos Ghosn dirige Renault depuis 2005."), False),
        ("Combien gagne Renault ?", "Carlos Ghosn dirige Renault depuis 2005.", (1, "Carlos Ghosn dirige Renault depuis 2005."), False),
        ("Qui dirige Renault ?", "Carlos Ghosn pilote Renault depuis 2005.", (1, "Carlos Ghosn dirige Renault depuis 2005."), False),
    ],
)  # fmt: skip
def test_what_was_judged_unanswerable_wants_an_exact_proof(small_lexical, question, text, proofs, shown):
    proven = prover(small_lexical, question, found=SILENT).prove(Draft(text, (proofs,)))
    assert isinstance(proven, Statement) if shown else proven == "not_exact"


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("le bonus des véhicules électriques à 7 000 euros", True),
        ("le  bonus\ndes véhicules", True),
        ('"automobile"', True),
        ("« automobile »", True),
        ("“porte le bonus”", True),  # marks that the model put around it
        ("le bonus … 7 000 euros", False),
        ("000 euro", False),  # ends inside a word
        ("", False),
        ("   ", False),
        ('""', False),
        ("x" * 5000, False),
    ],
)
def test_a_quote_is_found_exactly_or_not_at_all(quote, found):
    span = find_quote(quote, BONUS)
    assert (span is not None) == found
    if span:
        assert BONUS[slice(*span)] == BONUS[slice(*span)].strip()


def test_a_quote_that_is_cut_from_a_longer_number_is_found_where_it_stands_alone():
    assert find_quote("3,600 people", PLANT.replace("3,600", "13,600")) is None
    start, _ = find_quote("600 euros", "1600 euros puis 600 euros")
    assert start == 16
