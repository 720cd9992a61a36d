from __future__ import annotations

import dataclasses

import pytest

from qa.answering.verify import is_verbatim, verified
from qa.records import Citation, Document, Statement

DOCUMENT = Document(id="d.md", title="D", text="Le plan date de 2012. La banque de 2013.")
CITATION = Citation(
    document_id="d.md", title="D", kind=None, language="fr", date=None, publisher=None, region=None, url=None, page=None,
    start=0, end=21, quote="Le plan date de 2012.", answer_spans=((16, 20),),
)  # fmt: skip


def test_a_quote_at_its_place_is_verbatim():
    assert is_verbatim(CITATION, DOCUMENT)


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "Le plan date de 2013."},
        {"quote": "le plan date de 2012."},
        {"start": 1},
        {"end": 20},
        {"start": 0, "end": 0, "quote": "", "answer_spans": ()},
        {"answer_spans": ((16, 30),)},
        {"start": 900, "end": 921},
    ],
)
def test_anything_else_is_not(change):
    assert not is_verbatim(dataclasses.replace(CITATION, **change), DOCUMENT)


def test_a_statement_is_shown_only_when_all_its_citations_are_verbatim():
    wrong = dataclasses.replace(CITATION, quote="Le plan date de 2013.")
    statements = [Statement("a", (CITATION,)), Statement("b", (CITATION, wrong)), Statement("c", ())]
    assert [s.text for s in verified(statements, lambda _: DOCUMENT)] == ["a"]
