"""Tables that have rules: pdfplumber finds their cells, and the page's own words are put into them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.ingest.pdf.layout import lines_of
from qa.ingest.pdf.paragraphs import joined
from qa.ingest.pdf.words import Word

_FEWEST_RULES, _MOST_RULES = 3, 3_000  # fewer are no table, more are a drawing
_LONGEST_CELL = 1_000  # characters; more is a page laid out in boxes
MOST_PAGES = 300  # finding tables takes a tenth of a second a page

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table, row by row, and how many rows at its top are set in bold while the others are not."""

    rows: list[list[str]]
    bold_rows: int


class TableFinder:
    """Finds the tables of a PDF's pages; pdfplumber opens the file at the first page that has rules."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pdf: Any = None
        self.pages_searched = 0

    def tables(self, index: int, rules: int, words: list[Word]) -> tuple[list[Table], list[Word]]:
        """Return the tables of a page and its words, with one in the place of each table that says which it is.

        ``rules`` is how many paths are drawn on the page.
        """
        if not _FEWEST_RULES <= rules <= _MOST_RULES or self.pages_searched >= MOST_PAGES:
            return [], words
        self.pages_searched += 1
        if self._pdf is None:
            import pdfplumber

            self._pdf = pdfplumber.open(io.BytesIO(self._data))
        plumbed = self._pdf.pages[index]
        tables: list[Table] = []
        for found in plumbed.find_tables():
            inside = [word for word in words if _holds(found.bbox, word)]
            cells = [row.cells for row in found.rows]
            if not inside or len(cells) < 2 or max(map(len, cells)) < 2:
                continue
            table = _filled(cells, inside)
            if max(len(text) for row in table.rows for text in row) > _LONGEST_CELL:
                continue
            words = [word for word in words if not _holds(found.bbox, word)]
            words.append(_stand_in(found.bbox, inside, len(tables)))
            tables.append(table)
        plumbed.close()
        return tables, words

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()


def _holds(box: Box, word: Word) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _stand_in(box: Box, inside: Sequence[Word], number: int) -> Word:
    size = inside[0].size
    return Word("\ufffc", box[0], box[2], box[1], box[3], box[3], size, table=number)


def _filled(cells: list[list[Box | None]], words: Sequence[Word]) -> Table:
    """Return the table's texts; a cell over several rows is put on each, one over several columns of the first row too."""
    rows: list[list[str]] = []
    bold: list[bool] = []
    for index, row in enumerate(cells):
        held = [[word for word in words if _holds(box, word)] if box else [] for box in row]
        texts = [joined([line.text for line in lines_of(cell)], frozenset()) for cell in held]
        for column, box in enumerate(row):
            if box is not None:
                continue
            above = _box_above(cells, index, column)
            middle = _middle(row)
            if above is not None and middle is not None and above[3] > middle:
                texts[column] = rows[index - 1][column]
            elif index == 0 and column:
                texts[column] = texts[column - 1]
        rows.append(texts)
        bold.append(all(word.bold for cell in held for word in cell))
    heads = next((count for count, flag in enumerate(bold) if not flag), 0)
    return Table(rows, heads)


def _middle(row: list[Box | None]) -> float | None:
    box = min((box for box in row if box), key=lambda box: box[3] - box[1], default=None)
    return (box[1] + box[3]) / 2 if box else None


def _box_above(cells: list[list[Box | None]], index: int, column: int) -> Box | None:
    for row in reversed(cells[:index]):
        if column < len(row) and row[column] is not None:
            return row[column]
    return None
