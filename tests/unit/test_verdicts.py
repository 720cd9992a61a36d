"""Which verdict the sentences give: agreement, contradiction, and documents that differ."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from qa.answering.check import judge
from qa.answering.comparison import compare
from qa.answering.disputes import is_attributed
from qa.answering.evidence import Evidence
from qa.figures import find_figures


def figures(text: str) -> set[str]:
    return {figure.value for figure in find_figures(text, "en")}


def evidence(claim: str, *sentences: tuple[str, float], in_sentence: float = 1.0) -> list[Evidence]:
    """Return each sentence, with its nearness, as evidence from a document of its own."""
    return [
        Evidence(
            SimpleNamespace(document=SimpleNamespace(id=str(number)), text=text, figures=figures(text)),
            compare(claim, "en", text, "en", around=text), nearness, same_language=True, in_sentence=in_sentence,
            in_passage=1.0, names_in_sentence=True,
        )
        for number, (text, nearness) in enumerate(sentences)
    ]  # fmt: skip


def verdict(claim: str, *sentences: tuple[str, float]) -> str:
    return judge(evidence(claim, *sentences), attributed=is_attributed(claim))[0]


SUPPORT = ("The plant had 2,700 employees in 2012.", 2.0)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (("The plant had 2,600 employees in 2012.", 0.0), "disputed"),
        (("The plant had 2,600 employees in 2012.", -1.0), "supported"),
        (("The plant had 600 employees in 2012.", 3.0), "supported"),
        (("The plant had 2,600 employees in 2014.", 3.0), "supported"),
        (("The plant never had 2,600 employees in 2012.", 1.0), "supported"),
        (("The area had 2,600 employees in 2012.", -0.1), "supported"),
    ],
    ids=["near", "far", "of another size", "of another year", "denied", "much less near than what supports"],
)
def test_two_documents_with_values_that_could_be_of_one_thing_are_a_dispute(sentence, expected):
    assert verdict("The plant had 2,700 employees in 2012.", SUPPORT, sentence) == expected


def test_a_claim_that_names_who_says_so_is_supported_whatever_others_say():
    against = ("The plant had 2,600 employees in 2012.", 2.0)
    assert (
        verdict(
            "According to AFP, the plant had 2,700 employees in 2012.",
            ("AFP: the plant had 2,700 employees in 2012.", 2.0),
            against,
        )
        == "supported"
    )


@pytest.mark.parametrize(("year", "expected"), [("1965", "disputed"), ("1952", "supported")])
def test_two_datings_a_few_years_apart_are_a_dispute(year, expected):
    sentences = ("The post dates from 1967.", 2.0), (f"The post dates from {year}.", 2.0)
    assert verdict("The post goes back to 1967.", *sentences) == expected


def test_both_values_of_a_dispute_are_given():
    found = judge(evidence("The plant had 2,700 employees.", SUPPORT, ("The plant had 2,600 employees.", 0.0)))
    assert [[figure.value for figure in item.given] for item in found[1]] == [["2700"], ["2600"]]


def test_the_opposite_goes_before_a_bare_figure():
    fell, table = ("The bonus fell to 6,300 euros in 2014.", 2.0), ("2014: a bonus of 6,300 euros.", 1.0)
    assert verdict("The bonus was raised to 6,300 euros in 2014.", fell, table) == "contradicted"
    assert verdict("The bonus was cut to 6,300 euros in 2014.", fell, table) == "supported"


def test_another_series_of_figures_contradicts_nothing():
    claim = "Loans went from 4,701 million euros to 5,752 million euros."
    assert verdict(claim, ("Receivables went from 2,944 million euros to 3,557 million euros.", 3.0)) == "not_found"
    assert verdict(claim, ("Loans went from 4,701 million euros to 5,073 million euros.", 3.0)) == "contradicted"


def test_another_date_contradicts_where_more_is_surely_the_same():
    claim = "The plant opened in 1961."
    assert [verdict(claim, ("The plant opened in 1971.", nearness)) for nearness in (0.5, 0.7)] == [
        "not_found", "contradicted",
    ]  # fmt: skip


def test_a_month_supports_a_claim_without_figures_sooner_than_a_year():
    day, year = ("In May 2013 work began.", 0.9), ("In 2013 work began.", 0.9)
    assert (verdict("Work began in May 2013.", day), verdict("Work began in 2013.", year)) == ("supported", "not_found")


def test_a_near_sentence_contradicts_though_its_words_are_others():
    claim = "The plan reaches less than 8 billion euros."
    far, near = (evidence(claim, ("The plan is of more than 8 billion euros.", nearness))[0] for nearness in (0.5, 1.0))
    assert [Evidence(item.candidate, item.comparison, item.nearness, True, 1.0, 0.1, True).contradicts for item in (far, near)] == [
        False, True,
    ]  # fmt: skip


def test_how_much_was_lost_stands_in_no_levels_place():
    lost = ("The region lost 14,000 car jobs in five years, going from 52,000 to 38,000.", 3.0)
    assert verdict("The region had 38,000 car jobs.", lost) == "supported"
    assert verdict("The region had 40,000 car jobs.", ("The region lost 14,000 car jobs.", 3.0)) == "not_found"
    assert verdict("The region lost 15,000 car jobs.", ("The region lost 14,000 car jobs.", 3.0)) == "contradicted"


def test_a_claim_that_compares_two_years_is_not_contradicted_by_a_third():
    sentence = ("The plant built a record number of cars in 2024.", 3.0)
    assert verdict("The plant built fewer cars in 2022 than in 2021.", sentence) == "not_found"


@pytest.mark.parametrize(
    "sentence",
    [
        "The plant was inaugurated in 1974, La Fabrique told in 2015.",
        "The plant dates from 1970.",
        "The plant had 7,500 employees in 2017.",
    ],
)
def test_that_something_else_happened_in_another_year_contradicts_nothing(sentence):
    assert verdict("The plant closed in 2015.", (sentence, 3.0)) == "not_found"
    assert verdict("The plant closed in 2015.", ("The plant closed in 2019.", 3.0)) == "contradicted"


def test_what_another_part_of_a_sentence_denies_is_not_what_the_claim_says():
    sentence = ("Renault put 500 million euros into Douai, and no combustion car has left it since 2023.", 3.0)
    assert verdict("Renault put 500 million euros into Douai.", sentence) == "supported"
    serves = evidence(
        "The agency does not serve exporters.", ("It does not serve exporters, and does not deal with loans.", 3.0)
    )
    assert serves[0].comparison.polarity


def test_a_day_of_every_year_is_held_against_the_sentence_s_day_and_not_its_law_s():
    sentence = ("Each year before 30 June the bank pays its owners, under the law of 31 December 2012.", 3.0)
    assert verdict("The bank pays its owners before 30 June.", sentence) == "supported"
    assert verdict("The bank pays its owners before 31 December.", sentence) == "contradicted"


def test_what_ranks_first_is_not_supported_by_what_ranks_nothing():
    lost = ("The region lost 14,000 jobs in 2013.", 3.0)
    assert verdict("The region was the largest in 2013.", lost) == "not_found"
    assert verdict("The region was the largest in 2013.", ("In 2013 the region was the largest.", 3.0)) == "supported"


def test_a_claim_without_figure_or_date_needs_most_of_its_words_in_the_sentence():
    claim, sentence = "The agency helps exporters.", ("The agency helps investors.", 3.0)
    found = [judge(evidence(claim, sentence, in_sentence=share))[0] for share in (0.6, 0.7)]
    assert found == ["not_found", "supported"]


def test_a_sentence_that_gives_the_claimed_value_too_differs_over_nothing():
    both = ("The bonus is 5,000 euros for firms and 7,000 euros for people.", 2.0)
    assert (
        verdict("The bonus is 5,000 euros for firms.", ("The bonus is 5,000 euros for firms.", 2.0), both)
        == "supported"
    )


def test_what_someone_wants_is_no_fact():
    aims = ("The region aims to become the first car region of France.", 3.0)
    assert verdict("The region is the first car region of France.", aims) == "not_found"
    assert verdict("The region wants to be the first car region of France.", aims) == "supported"
