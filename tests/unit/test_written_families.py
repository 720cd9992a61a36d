"""The invented texts that the reader of question and sentence learns from are what docs/training.md says."""

from __future__ import annotations

import pytest

from training.written import FAMILIES, read_families

KINDS = {
    "amount", "date", "count", "share", "person", "place", "organisation", "list", "definition", "reason", "yesno",
    "condition", "comparison", "now", "how", "other", "none",
}  # fmt: skip
FEWER = {
    "poles": 17, "suppliers": 13, "banks": 10, "regional": 30, "causes": 24, "capacities": 16, "silent": 16, "staff": 14,
    "posts": 30, "outputs": 30, "unsaid": 33, "europe": 28, "mobility": 33, "settlers": 32,
}  # families than 35 in these files  # fmt: skip


@pytest.mark.parametrize("path", FAMILIES, ids=lambda path: path.stem)
def test_families_are_whole(path):
    families = read_families([path])
    assert len(families) == FEWER.get(path.name.partition(".")[0], 35)
    for family in families:
        assert [text["language"] for text in family["texts"]].count("fr") == 2 == len(family["texts"]) / 2
        assert len(family["questions"]) == 24
        for question in family["questions"]:
            assert question["kind"] in KINDS
            assert (question["kind"] == "none") == (question["answers"] == [])
            assert all(family["texts"][text]["sentences"][sentence] for text, sentence in question["answers"])


def test_both_languages_ask_and_are_asked():
    families = read_families(FAMILIES)
    asked = [(question, family) for family in families for question in family["questions"]]
    assert len(asked) == 44_784
    assert 0.45 < sum(question["language"] == "fr" for question, _ in asked) / len(asked) < 0.55
    answered = [
        {family["texts"][text]["language"] == question["language"] for text, _ in question["answers"]}
        for question, family in asked
        if question["answers"]
    ]
    assert 0.4 < sum(one == {False} for one in answered) / len(answered) < 0.65
    assert sum(question["kind"] == "none" for question, _ in asked) > 16_000
