"""Neighbouring passages shown as one."""

from __future__ import annotations

import dataclasses

from qa.records import Document, Hit
from qa.retrieval.neighbours import merged

TEXT = "Un premier passage.\n\nUn deuxième passage.\n\nUn titre\n\nUn troisième passage."
DOCUMENTS = {name: Document(id=name, title="T", text=TEXT) for name in ("a.md", "b.md")}


def hit(document_id: str, words: str, rank: int) -> Hit:
    start = TEXT.index(words)
    end = start + len(words)
    return Hit(
        rank=rank, score=1 / rank, scores={}, passage_id=f"{document_id}#{start}-{end}", document_id=document_id, title="T",
        kind=None, language="fr", date=None, region=None, publisher=None, url=None, section=None, page=rank, start=start,
        end=end, text=words,
    )  # fmt: skip


def shown(*hits: Hit, k: int = 3) -> list[tuple[int, str, str]]:
    return [(one.rank, one.document_id, one.text) for one in merged(hits, DOCUMENTS.__getitem__, k)]


def test_neighbours_are_one_where_the_best_of_them_stood():
    one, two, three = "Un premier passage.", "Un deuxième passage.", "Un troisième passage."
    assert shown(hit("a.md", two, 1), hit("b.md", one, 2), hit("a.md", one, 3)) == [
        (1, "a.md", f"{one}\n\n{two}"), (2, "b.md", one),
    ]  # fmt: skip
    [both] = merged([hit("a.md", two, 1), hit("a.md", one, 2)], DOCUMENTS.__getitem__, 3)
    assert TEXT[both.start : both.end] == both.text
    assert (both.score, both.page, both.passage_id) == (1, 2, f"a.md#{both.start}-{both.end}")
    assert shown(hit("a.md", one, 1), hit("a.md", three, 2)) == [(1, "a.md", one), (2, "a.md", three)]


def test_what_would_be_too_long_stays_apart():
    long = Document(id="a.md", title="T", text="Un mot. " * 300)
    one, two = (hit("a.md", "Un premier passage.", rank) for rank in (1, 2))
    pieces = [dataclasses.replace(one, start=0, end=900), dataclasses.replace(two, start=900, end=1800)]
    assert len(merged(pieces, lambda _: long, 3)) == 2


def test_a_passage_between_two_joins_them_with_the_better():
    one, two, three = "Un premier passage.", "Un deuxième passage.", "Un titre"
    assert shown(hit("a.md", one, 1), hit("a.md", two, 2), hit("a.md", three, 3)) == [
        (1, "a.md", f"{one}\n\n{two}\n\n{three}")
    ]
    assert shown(hit("a.md", one, 1), hit("b.md", one, 2), k=1) == [(1, "a.md", one)]
