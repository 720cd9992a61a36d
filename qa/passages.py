"""Documents to passages: runs of whole sentences, each within one section, with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.records import Document, Passage
from qa.sentences import sentence_spans

CUTTING_VERSION = "1"  # raise it when the same document would be cut otherwise: an index of another version is rebuilt

MAX_CHARACTERS = 800  # about 200 tokens of French; the model reads 512
LONGEST_SENTENCE = 1600  # a longer one is cut where a clause ends, or the model would not read its end


def cut_passages(document: Document) -> list[Passage]:
    """Cut ``document`` into passages of at most ``MAX_CHARACTERS``, each made of whole sentences.

    A heading starts a passage and stays with what follows it. A single sentence longer than the limit is a passage
    of its own.

    >>> document = Document(id="a.md", title="A", text="Un plan. Une banque.")
    >>> [passage.id for passage in cut_passages(document)]
    ['a.md#0-20']
    """
    headings = {section.start for section in document.sections}
    passages: list[Passage] = []
    start: int | None = None
    end = 0
    only_headings = True
    for first, last in _pieces(document.text):
        is_heading = first in headings
        if start is not None and (
            (is_heading and not only_headings) or (last - start > MAX_CHARACTERS and not only_headings)
        ):
            passages.append(_passage(document, start, end))
            start = None
        if start is None:
            start, only_headings = first, True
        only_headings = only_headings and is_heading
        end = last
    if start is not None:
        passages.append(_passage(document, start, end))
    return passages


def _passage(document: Document, start: int, end: int) -> Passage:
    return Passage(
        id=f"{document.id}#{start}-{end}", document_id=document.id, start=start, end=end, text=document.text[start:end],
        section=document.section_at(start), page=document.page_at(start),
    )  # fmt: skip


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for first, end in sentence_spans(text):
        start = first
        while end - start > LONGEST_SENTENCE:
            cut = _clause_end(text, start, start + LONGEST_SENTENCE)
            yield start, cut
            start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
        yield start, end


def _clause_end(text: str, start: int, limit: int) -> int:
    """Return where to cut a sentence too long to read: after its last ``;``, ``:`` or ``,``, or else between words."""
    middle = start + (limit - start) // 2
    for pattern in (r";(?=\s)", r":(?=\s)", r",(?=\s)", r"(?=\s)"):
        ends = [match.end() for match in re.finditer(pattern, text[middle:limit])]
        if ends:
            return middle + ends[-1]
    return limit
