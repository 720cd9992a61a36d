"""Paragraphs that go on in the next column or on the next page."""

from __future__ import annotations

from collections.abc import Iterable

from qa.ingest.pdf.paragraphs import Paragraph, joined
from qa.languages import FUNCTION_WORDS
from qa.sentences import sentence_spans

_NOTE_SIZE = 0.92  # text smaller than this at a page's foot is a note, and what goes on is above it
_ENDS = tuple('.!?:;…»”"')


def flowing(paragraphs: Iterable[Paragraph], *, body: float, words: frozenset[str]) -> list[Paragraph]:
    """Return the paragraphs with what goes on joined to what it goes on from.

    Over a page's end only the sentence is joined, to the page that it begins on: what follows it is on its own page.
    """
    flowed: list[Paragraph] = []
    for paragraph in paragraphs:
        before = _before(flowed, paragraph, body)
        if before is None:
            flowed.append(paragraph)
            continue
        whole = joined([before.text, paragraph.text], words)
        if before.page == paragraph.page:
            before.text = whole
            continue
        inside = len(before.text) - 1
        cut = next(end for _, end in sentence_spans(whole) if end >= inside)
        before.text = whole[:cut]
        rest = whole[cut:].lstrip()
        if rest:
            paragraph.text = rest
            flowed.append(paragraph)
    return flowed


def _before(flowed: list[Paragraph], paragraph: Paragraph, body: float) -> Paragraph | None:
    """Return the paragraph that ``paragraph`` goes on from, if it does."""
    if paragraph.kind != "paragraph":
        return None
    for candidate in reversed(flowed):
        if candidate.page not in (paragraph.page, paragraph.page - 1):
            return None
        if candidate.size < _NOTE_SIZE * body <= paragraph.size:
            continue
        same_text = candidate.kind in ("paragraph", "item") and abs(candidate.size - paragraph.size) < 0.08 * body
        return candidate if same_text and _goes_on(candidate.text, paragraph.text) else None
    return None


def _goes_on(text: str, following: str) -> bool:
    if text.endswith(_ENDS):
        return False
    last = text.rsplit(maxsplit=1)[-1].lower()
    return following[:1].islower() or text.endswith(("-", "\u00ad", ",")) or last in FUNCTION_WORDS
