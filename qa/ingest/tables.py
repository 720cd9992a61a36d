"""Tables of every format: rows on which each figure stands beside its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.ingest.blocks import Block

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d")


def row_text(headings: Sequence[str], cells: Sequence[str]) -> str:
    """Return a table's row as one line in which each figure stands beside its heading.

    >>> row_text(["Année", "Taux"], ["2013", "4 %"])
    'Année : 2013 ; Taux : 4 %'
    """
    padded = [*headings, *[""] * (len(cells) - len(headings))]
    named = [f"{heading} : {cell}" if heading else cell for heading, cell in zip(padded, cells, strict=False) if cell]
    return " ; ".join(named)


def table_blocks(rows: Sequence[Sequence[str]], *, headings: int | None = None, page: int | None = None) -> list[Block]:
    """Return a table as blocks; ``headings`` says how many rows at its top are headings, ``None`` that it is not known.

    What is not known is told from the cells (see ``looks_like_headings``). A table of one column, and one of one
    row, is a frame around paragraphs.

    >>> [block.text for block in table_blocks([["Année", "Taux"], ["2013", "4 %"]])]
    ['Année : 2013 ; Taux : 4 %']
    """
    filled = [[" ".join(cell.split()) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    above: list[Block] = []
    if headings is None:
        while len(filled) > 2 and len(filled[1]) > 1 and filled[0][0] and not any(filled[0][1:]):
            above.append(Block("paragraph", filled.pop(0)[0], page))  # the table's title, over all its columns
        headings = 1 if looks_like_headings(filled) else 0
    if len(filled) <= 1 or max(map(len, filled)) == 1:
        return above + [Block("paragraph", cell, page) for row in filled for cell in row if cell]
    names = _joined(filled[:headings])
    return above + [Block("row", row_text(names, row), page) for row in filled[headings:]]


def looks_like_headings(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first of ``rows`` names the columns: it has no figures but years, and a column below it has.

    Where no column is of figures, short names over three columns or more are taken for headings.

    >>> looks_like_headings([["", "2012", "2013"], ["Emplois", "5 900", "5 700"]])
    True
    >>> looks_like_headings([["Usine de Douai", "5 900"], ["Usine de Maubeuge", "2 100"]])
    False
    """
    if len(rows) < 2:
        return False
    first, others = rows[0], rows[1:]
    if sum(map(bool, first)) < max(2, len(first) - 1):
        return False
    if any(_DIGIT.search(_YEAR.sub("", cell)) for cell in first[1:]):
        return False
    figures = any(all(index < len(row) and _DIGIT.search(row[index]) for row in others) for index in range(len(first)))
    return figures or (len(first) > 2 and all(len(cell) < 40 for cell in first))


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the columns' names where they stand on several rows: a name over several columns, then each one's own."""
    width = max(map(len, rows), default=0)
    columns = [[row[index] for row in rows if index < len(row) and row[index]] for index in range(width)]
    return [", ".join(dict.fromkeys(column)) for column in columns]
