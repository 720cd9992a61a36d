"""Running heads, running feet and page numbers: what stands on page after page and is no part of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from qa.ingest.pdf.layout import Line, lines_of
from qa.ingest.pdf.words import Word

_EDGE = 3  # how many lines at the top and at the bottom of a page can be running ones
_SAME_HEIGHT = 8  # points
_MOST_NUMBERS = 10  # of a line that can be its page's
_NUMBER = re.compile(r"\d{1,9}")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s+|p\.\s*)?(\d{1,4})(?:\s*(?:/|sur|of|de)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE
)


def without_running_lines(pages: Sequence[Sequence[Word]]) -> list[list[Word]]:
    """Return each page's words without its running lines.

    A line at the edge of a page runs when the same stands at the edge of at least half of the pages, or of three: the
    same words in the same size and at the same height, in which one number may go up with the pages, or any words beside such a number. A lone page number goes in any case.
    """
    edges = [_edge_lines(words) for words in pages]
    counts = Counter(
        key for number, lines in enumerate(edges, 1) for key in {k for line in lines for k in _keys(line, number)}
    )
    enough = max(2, min(3, (len(pages) + 1) // 2))
    kept = []
    for number, (words, lines) in enumerate(zip(pages, edges, strict=True), 1):
        running = [
            line for line in lines
            if any(counts[key] >= enough for key in _keys(line, number)) or _is_number_of(line, number)
        ]  # fmt: skip
        dropped = {id(word) for line in running for word in line.words}
        kept.append([word for word in words if id(word) not in dropped])
    return kept


def _edge_lines(words: Sequence[Word]) -> list[Line]:
    lines = [line for line in lines_of(words) if line.table is None]
    return lines if len(lines) <= 2 * _EDGE else lines[:_EDGE] + lines[-_EDGE:]


def _keys(line: Line, page: int) -> list[tuple[str, int, float]]:
    """Return what a line is compared by: its words, and its words with each number counted from the page's; size; height.

    >>> word = Word("12/40", 0, 9, 0, 9, 9, 9)
    >>> [key for key, _, height in _keys(Line([word]), 12) if height == 1]
    ['12/40', '<0>/40', '...<0>', '12/<28>', '...<28>']
    """
    text, size = line.text, round(line.size)
    counted = []
    for match in list(_NUMBER.finditer(text))[:_MOST_NUMBERS]:
        counted.append(f"{text[: match.start()]}<{int(match[0]) - page}>{text[match.end() :]}")
        if match.start() == 0 or match.end() == len(text):  # a page number beside a chapter's name
            counted.append(f"...<{int(match[0]) - page}>")
    height = line.baseline / _SAME_HEIGHT
    heights = round(height), round(height + 0.5) + 0.5  # of two lines as good as level, one of these is the same
    return [(key, size, height) for key in [text, *counted] for height in heights]


def _is_number_of(line: Line, page: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(line.text)
    return match is not None and int(match[1]) == page
