"""The invented texts that the reader of question and sentence learns from are what docs/training.md says."""

from __future__ import annotations

import pytest

from training.written import FAMILIES, read_families

KINDS = {
    "amount", "date", "count", "share", "person", "place", "organisation", "list", "definition", "reason", "yesno",
    "condition", "comparison", "now", "how", "other", "none",
}  # fmt: skip


@pytest.mark.parametrize("path", FAMILIES, ids=lambda path: path.stem)
def test_families_are_whole(path):
    for family in read_families([path]):
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
