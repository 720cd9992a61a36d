"""ODT: headings, paragraphs, list items, tables and notes, in the order that they stand in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Literal

from qa.ingest.blocks import DAMAGED, Block, Metadata, Parsed, UnreadableError
from qa.ingest.properties import day_or_none, language_or_none, title_or_none
from qa.ingest.tables import table_blocks

_UNSEEN = {"text:tracked-changes", "office:annotation", "text:table-of-content", "office:forms"}
_APART = {"text:note", "draw:text-box"}
_SPACES = {"text:s", "text:tab", "text:line-break"}
_MOST_REPEATED = 100  # spreadsheets fill their last row with a million empty cells


def parse_odt(data: bytes) -> Parsed:
    """Parse an ODT file; a note follows the paragraph or table that refers to it, as ``(1) its text``.

    Not kept: headers and footers, the table of contents, comments, deleted text and pictures.
    """
    from odf.opendocument import load

    document = load(io.BytesIO(data))
    if document.text is None:
        raise UnreadableError(DAMAGED)
    return Parsed(list(_Body().blocks(document.text)), _metadata(document.meta))


def _metadata(meta: Any) -> Metadata:
    said = {element.tagName: _text(element) for element in meta.childNodes}
    return Metadata(
        title=title_or_none(said.get("dc:title")),
        language=language_or_none(said.get("dc:language")),
        date=day_or_none(said.get("meta:creation-date") or said.get("dc:date")),
    )


class _Body:
    def __init__(self) -> None:
        self._note_number = 0

    def blocks(self, container: Any, kind: Literal["paragraph", "item"] = "paragraph") -> Iterator[Block]:
        for element in _children(container):
            if element.tagName in ("text:h", "text:p"):
                text = _text(element)
                if text:
                    yield Block("heading" if element.tagName == "text:h" else kind, text)
                for box in _seen(element, "draw:text-box"):
                    yield from self.blocks(box)
                yield from self._notes_of(element)
            elif element.tagName == "table:table":
                headings = sum(len(_rows(part)) for part in _seen(element, "table:table-header-rows"))
                yield from table_blocks(_rows(element), headings=headings or None)
                yield from self._notes_of(element)
            elif element.tagName == "text:list":
                yield from self.blocks(element, "item")
            else:  # sections, list items, indexes, frames
                yield from self.blocks(element, kind)

    def _notes_of(self, element: Any) -> Iterator[Block]:
        for body in _seen(element, "text:note-body"):
            self._note_number += 1
            text = " ".join(_text(paragraph) for paragraph in _seen(body, "text:p"))
            yield Block("paragraph", f"({self._note_number}) {text}")


def _children(element: Any) -> Iterator[Any]:
    """Return the elements in ``element`` that a reader sees."""
    return (
        child for child in element.childNodes if child.nodeType == child.ELEMENT_NODE and child.tagName not in _UNSEEN
    )


def _seen(element: Any, tag: str) -> Iterator[Any]:
    """Return the elements of that ``tag`` below ``element``, but for those inside one another."""
    for child in _children(element):
        if child.tagName == tag:
            yield child
        else:
            yield from _seen(child, tag)


def _text(element: Any) -> str:
    """Return the text of a paragraph on one line, without that of its notes and text boxes."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Any) -> Iterator[str]:
    for child in element.childNodes:
        if child.nodeType in (child.TEXT_NODE, child.CDATA_SECTION_NODE):
            yield child.data
        elif child.tagName in _SPACES:
            yield " "
        elif child.tagName not in _UNSEEN and child.tagName not in _APART:
            yield from _pieces(child)


def _rows(table: Any) -> list[list[str]]:
    """Return the cells' texts; a cell over several rows stands on its first one, so its text is put on the others."""
    rows: list[list[str]] = []
    spans: dict[int, tuple[int, str]] = {}  # column: how many more rows, the text on them
    for row in _seen(table, "table:table-row"):
        cells: list[str] = []
        for cell in _children(row):
            text = " ".join(filter(None, (_text(paragraph) for paragraph in _paragraphs(cell))))
            if cell.tagName == "table:covered-table-cell":
                left, above = spans.get(len(cells), (0, ""))
                text = above if left else text
                spans[len(cells)] = (left - 1, above)
            else:
                spans[len(cells)] = (_number(cell, "number-rows-spanned") - 1, text)
            cells += [text] * min(_number(cell, "number-columns-repeated"), _MOST_REPEATED)
        rows.append(cells)
    return rows


def _paragraphs(cell: Any) -> Iterator[Any]:
    for child in _children(cell):
        if child.tagName in ("text:p", "text:h"):
            yield child
        else:
            yield from _paragraphs(child)


def _number(cell: Any, name: str) -> int:
    from odf.namespaces import TABLENS

    return int(cell.getAttrNS(TABLENS, name) or 1)
