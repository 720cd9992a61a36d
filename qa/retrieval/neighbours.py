"""Passages that follow each other in one document, shown as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.records import Document, Hit

LONGEST = 1200  # characters of what is shown as one


def merged(hits: Sequence[Hit], document: Callable[[str], Document], k: int) -> tuple[Hit, ...]:
    """Return up to ``k`` hits in their order, those next to each other in a document as one where the best of them stood.

    The one has the scores of the best and the text from the first's start to the last's end; ranks count anew.
    """
    spans: list[Hit] = []
    for hit in hits:
        for place, other in enumerate(spans):
            if other.document_id == hit.document_id and _adjacent(other, hit, document(hit.document_id)):
                start, end = min(other.start, hit.start), max(other.end, hit.end)
                first = other if other.start <= hit.start else hit
                spans[place] = replace(
                    other, start=start, end=end, text=document(hit.document_id).text[start:end], page=first.page,
                    passage_id=f"{hit.document_id}#{start}-{end}", section=first.section,
                )  # fmt: skip
                break
        else:
            spans.append(hit)
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(spans[:k], start=1))


def _adjacent(one: Hit, other: Hit, document: Document) -> bool:
    """Say whether nothing but white space is between the two, and together they are not too long to be read at a glance."""
    first, second = sorted((one, other), key=lambda hit: hit.start)
    if max(first.end, second.end) - first.start > LONGEST:
        return False
    return second.start <= first.end or not document.text[first.end : second.start].strip()
