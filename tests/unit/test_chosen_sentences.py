"""Which of the measured sentences an answer shows together."""

from __future__ import annotations

import pytest

from qa.answering.candidates import Candidate
from qa.answering.extract import choose
from qa.records import Document
from tests.small_corpus import HITS


def measured(text: str, language: str, similarity: float, *, year: int = 0) -> Candidate:
    """A document of one sentence, measured as about equally good as the others here."""
    document = Document(id=f"{text}.md", title="Bonus", text=text, language=language)
    across = language != "fr"
    return Candidate(document, HITS[0], 0, len(text), similarity, across=across, year=year, said=(0.5,))


def test_one_fact_is_given_in_one_language():
    french = measured("En 2013, 75 entreprises ont été conseillées.", "fr", 0.92)
    english = measured("By 2013 advice had reached 75 companies.", "en", 0.9)
    other = measured("Advice cost 2 million euros a year.", "en", 0.9)
    assert choose([french, english, other]) == [french, other]


@pytest.mark.parametrize(("year", "shown"), [(1, 1), (-1, 2), (0, 2)])
def test_other_years_stand_beside_only_what_is_not_of_the_year_asked_for(year, shown):
    best = measured("Le taux est de 4 % en 2013.", "fr", 0.92, year=year)
    later = measured("Le bonus passe alors à 6 000 euros en 2018.", "fr", 0.91, year=min(year, -1) if year else 0)
    assert len(choose([best, later])) == shown


def test_sentences_without_figures_may_stand_in_both_languages():
    french = measured("Le plan soutient la recherche.", "fr", 0.92)
    english = measured("The plan helps suppliers.", "en", 0.9)
    assert choose([french, english]) == [french, english]
