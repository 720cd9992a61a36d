from __future__ import annotations

from qa.evaluation.datasets import Dataset, Query, half, halved


def query(name):
    return Query(name, "en", "note", "text", frozenset({"d"}))


def test_the_halves_are_fixed():
    assert half("q/spf/particuliers/F100") == "reporting"


def test_the_halves_are_about_even():
    halves = [half(f"note/act/A-{number}/s1/en") for number in range(400)]
    assert 150 < halves.count("tuning") < 250


def test_both_languages_of_a_question_and_all_passages_of_a_document_are_in_one_half():
    for number in range(50):
        ids = [f"passage/gov/page-{number}/{passage}/{language}" for passage in range(3) for language in ("en", "fr")]
        assert len({half(name) for name in [*ids, f"description/gov/page-{number}/en"]}) == 1


def test_the_halves_share_no_query_and_lose_none():
    dataset = Dataset("set", (), tuple(query(f"note/act/A-{number}/s1/en") for number in range(40)))
    tuning, reporting = halved(dataset, "tuning").queries, halved(dataset, "reporting").queries
    assert sorted((*tuning, *reporting), key=lambda one: one.id) == sorted(dataset.queries, key=lambda one: one.id)
