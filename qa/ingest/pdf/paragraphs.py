"""Lines to paragraphs, headings, list items and the rows of tables that have no rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from qa.ingest.pdf.layout import Line
from qa.ingest.pdf.words import Word

_HEADING_SIZE = 1.15  # times the size of the text
_LONGEST_HEADING = 200
_BULLET = re.compile(r"[•▪◦●■□‣·➢❖✓*–—-]\s+(?=\S)")
_COUNTED = re.compile(r"(?:\d{1,2}|[a-z])[.)]\s+\S")
_CELL_GAP = 1.5  # the least white between the cells of a table without rules, in the size of the text
_TABLE_ROWS = 3
_ENDS = tuple('.!?:;…»”"')
_HYPHEN = "\u00ad-"


@dataclass(slots=True)
class Paragraph:
    """What becomes one block, or several when it is a table: ``table`` is its number, ``rows`` are its cells."""

    kind: Literal["heading", "paragraph", "item", "table"]
    text: str
    page: int
    size: float
    table: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()


def paragraphs_of(
    lines: Sequence[Line], page: int, *, body: float, pitch: float, words: frozenset[str]
) -> Iterator[Paragraph]:
    """Return the paragraphs of one region of a page.

    ``body`` is the size of the document's text, ``pitch`` the distance of its lines in that size, and ``words`` are
    the words that it writes, in small letters, by which a hyphen at a line's end is told from that of a compound.
    """
    for group in _groups(lines, pitch):
        if group[0].table is not None:
            yield Paragraph("table", "", page, body, table=group[0].table)
            continue
        for part in _parts(group):
            if isinstance(part, tuple):
                yield Paragraph("table", "", page, body, rows=part)
                continue
            text = joined([line.text for line in part], words)
            size = part[0].size
            large = size >= _HEADING_SIZE * body
            bold = all(line.bold for line in part) and len(text) < 100 and not text.endswith(_ENDS)
            if (large or bold) and len(text) <= _LONGEST_HEADING:
                yield Paragraph("heading", text, page, size)
            elif _BULLET.match(text) or _COUNTED.match(text):
                yield Paragraph("item", _BULLET.sub("", text, count=1) if _BULLET.match(text) else text, page, size)
            else:
                yield Paragraph("paragraph", text, page, size)


def line_pitch(regions: Sequence[Sequence[Line]]) -> float:
    """Return the usual distance of two lines, in the size of the text."""
    ratios = [
        (below.baseline - above.baseline) / above.size
        for lines in regions for above, below in pairwise(lines)
        if above.size and abs(below.size - above.size) < 0.5 and below.table is above.table is None
    ]  # fmt: skip
    usual = [ratio for ratio in ratios if 0.8 < ratio < 2.5]
    return median(usual) if usual else 1.2


def joined(lines: Sequence[str], words: frozenset[str]) -> str:
    """Return lines as one, with the words together that were parted at a line's end.

    >>> joined(["la compéti-", "tivité du Nord-", "Pas-de-Calais"], frozenset())
    'la compétitivité du Nord-Pas-de-Calais'
    >>> joined(["un partenariat public-", "privé"], frozenset({"public-privé"}))
    'un partenariat public-privé'
    """
    text = ""
    for line in lines:
        if not text:
            text = line
        elif text[-1] in _HYPHEN and len(text) > 1 and text[-2].isalnum():
            first, second = re.search(r"[\w-]*$", text[:-1]), re.match(r"[\w-]*", line)
            before, after = (first[0] if first else "").lower(), (second[0] if second else "").lower()
            compound = text[-1] == "-" and (not line[:1].islower() or _is_compound(before, after, words))
            text = (text if compound else text[:-1]) + line
        else:
            text += " " + line
    return text.replace("\u00ad", "")


def _is_compound(before: str, after: str, words: frozenset[str]) -> bool:
    if before + after in words:
        return False
    return f"{before}-{after}" in words or "-" in before


def _groups(lines: Sequence[Line], pitch: float) -> Iterator[list[Line]]:
    """Return lines as they stand together: at the usual distance, in one size and weight."""
    group: list[Line] = []
    for line in lines:
        if group:
            above = group[-1]
            if (
                line.table is not None or above.table is not None
                or abs(line.size - above.size) > 0.08 * above.size
                or line.bold != above.bold
                or line.baseline - above.baseline > 1.3 * pitch * above.size
            ):  # fmt: skip
                yield group
                group = []
        group.append(line)
    if group:
        yield group


def _parts(group: list[Line]) -> Iterator[list[Line] | tuple[tuple[str, ...], ...]]:
    """Return a group's paragraphs, and its tables as rows of cells."""
    right = max(line.x1 for line in group)
    part: list[Line] = []
    index = 0
    while index < len(group):
        rows = _table_rows(group[index:])
        if rows:
            if part:
                yield part
            yield rows
            part, index = [], index + len(rows)
            continue
        line = group[index]
        if part and _starts(line, part, right):
            yield part
            part = []
        part.append(line)
        index += 1
    if part:
        yield part


def _starts(line: Line, part: list[Line], right: float) -> bool:
    """Return whether ``line`` starts a paragraph: by a bullet, an indent, or since the one above had room for its word."""
    above, size = part[-1], line.size
    is_item = bool(_BULLET.match(part[0].text) or _COUNTED.match(part[0].text))
    if _BULLET.match(line.text) or (_COUNTED.match(line.text) and (is_item or above.text.endswith(_ENDS))):
        return True
    if line.x0 > above.x0 + 0.8 * size and not (is_item and len(part) == 1) and above.text.endswith(_ENDS):
        return True
    if above.text[-1] in _HYPHEN:
        return False
    room = right - above.x1 - 0.3 * size
    return room > 1.2 * (line.words[0].x1 - line.words[0].x0) + 0.5 * size and (
        above.text.endswith(_ENDS) or not line.text[0].islower()
    )


def _table_rows(lines: list[Line]) -> tuple[tuple[str, ...], ...]:
    """Return the rows that ``lines`` begin with, when at least three have as many cells, one below the other."""
    first = _cells(lines[0])
    if len(first) < 2:
        return ()
    rows = [first]
    for line in lines[1:]:
        cells = _cells(line)
        if len(cells) != len(first) or not all(
            _overlap(cell, other) for cell, other in zip(cells, rows[-1], strict=True)
        ):
            break
        rows.append(cells)
    if len(rows) < _TABLE_ROWS:
        return ()
    return tuple(tuple(" ".join(word.text for word in cell) for cell in row) for row in rows)


def _cells(line: Line) -> list[list[Word]]:
    cells = [[line.words[0]]]
    for left, word in pairwise(line.words):
        if word.x0 - left.x1 > _CELL_GAP * line.size:
            cells.append([])
        cells[-1].append(word)
    return cells


def _overlap(cell: list[Word], other: list[Word]) -> bool:
    return cell[0].x0 < other[-1].x1 and other[0].x0 < cell[-1].x1
