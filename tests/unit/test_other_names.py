"""A claim with another name in the place of one of its own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from qa.answering import other_names as module
from qa.answering.claims import Claimed
from qa.answering.comparison import compare
from qa.answering.evidence import Evidence


@pytest.fixture(autouse=True)
def held_by_words(monkeypatch):
    """Hold the claim against the sentence by its words alone: no index is needed."""

    def renamed(claim, item, name, other, lexical):
        text, sentence = claim.text.replace(name, other), item.candidate
        return hold(text, sentence.text, claim.language, sentence.language, item.nearness)

    monkeypatch.setattr(module, "renamed", renamed)


def hold(claim: str, sentence: str, language: str, its_language: str, nearness: float = 2.0) -> Evidence:
    comparison = compare(claim, language, sentence, its_language, around=sentence)
    candidate = SimpleNamespace(text=sentence, language=its_language)
    return Evidence(candidate, comparison, nearness, language == its_language, 1.0, 1.0, names_in_sentence=True)


@pytest.mark.parametrize(
    ("claim", "sentence", "languages", "expected"),
    [
        ("Denis Papin directs ACC.", "ACC is directed by Yann Vincent.", "en en", ("Denis Papin", "Yann Vincent")),
        ("Denis Papin directs ACC.", "ACC est dirigé par Yann Vincent.", "en fr", ("Denis Papin", "Yann Vincent")),
        ("Renault took 70% of the files.", "Stellantis took 70% of the files.", "en en", ("Renault", "Stellantis")),
        ("Renault took the files.", "Stellantis took the files.", "en en", None),
        ("Il faut 20 emplois pour une PME.", "The FMEA asks for 20 jobs.", "fr en", None),
        ("AFP counts 2,800 jobs.", "Vigo rivals Hordain with 2,800 jobs.", "en en", None),
        ("Renault took 70%.", "Files: 70%, according to Stellantis.", "en en", None),
    ],
    ids=["person", "person across", "firm", "no figure", "abbreviation across", "two names", "who says so"],
)
def test_the_name_that_makes_a_claim_true(claim, sentence, languages, expected):
    language, its_language = languages.split()
    item = hold(claim, sentence, language, its_language)
    found = [(name, other) for name, _, other in module.other_names(Claimed(claim, language), [item], None)]
    assert found == ([expected] if expected else [])


def test_a_sentence_that_is_not_surely_about_the_same_post_gives_no_other_name():
    claim, sentence = "Denis Papin directs ACC.", "ACC is directed by Yann Vincent."
    found = [
        [
            name
            for name, _, _ in module.other_names(Claimed(claim, "en"), [hold(claim, sentence, "en", "en", near)], None)
        ]
        for near in (1.0, 2.0)
    ]
    assert found == [[], ["Denis Papin"]]
