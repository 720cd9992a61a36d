"""DOCX: headings, paragraphs, list items, tables and notes, in the order that they stand in.

python-docx opens the file and knows its parts; the text is taken from the XML below it, since its paragraphs leave
out tracked insertions, content controls and text boxes, and it has no footnotes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from qa.ingest.blocks import DAMAGED, Block, Metadata, Parsed, UnreadableError
from qa.ingest.properties import day_or_none, language_or_none, title_or_none
from qa.ingest.tables import table_blocks

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says again what stands before it
_UNSEEN = {f"{_W}del", f"{_W}moveFrom", _FALLBACK}
_WRAPPERS = {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_SPACES = {f"{_W}{name}" for name in ("tab", "br", "cr", "ptab")}
_NOTE_REFERENCES = {f"{_W}footnoteReference": "footnotes", f"{_W}endnoteReference": "endnotes"}
_HEADING_STYLE = re.compile(r"(?:heading|title|subtitle|titre|sous-titre)\b", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"(?:toc|tm|table of figures)\b(?! heading)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list (?!paragraph)", re.IGNORECASE)
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_TEMPLATE_CREATED = "2013-12-23T23:15:00Z"  # what python-docx's own template says, and so every file made from it


def parse_docx(data: bytes) -> Parsed:
    """Parse a DOCX file; a footnote follows the paragraph or table that refers to it, as ``(1) its text``.

    Not kept: headers and footers, tables of contents, comments, deleted and hidden text, pictures, and the numbers
    that lists and headings count by themselves.
    """
    import docx

    document = docx.Document(io.BytesIO(data))
    body = getattr(document.element, "body", None)
    if body is None:
        raise UnreadableError(DAMAGED)
    return Parsed(list(_Body(document).blocks(body)), _metadata(document))


def _metadata(document: Document) -> Metadata:
    from docx.oxml import parse_xml

    said: dict[str, str] = {}
    for relation in document.part.package.rels.values():  # python-docx does not know the address that LibreOffice uses
        if relation.reltype.endswith("/core-properties") and not relation.is_external:
            said = {element.tag: element.text or "" for element in parse_xml(relation.target_part.blob).iter("*")}
    created = said.get(f"{_TERMS}created")
    return Metadata(
        title=title_or_none(said.get(f"{_DC}title")),
        language=language_or_none(said.get(f"{_DC}language")),
        date=None if created == _TEMPLATE_CREATED else day_or_none(created),
    )


class _Body:
    def __init__(self, document: Document) -> None:
        self._styles = {style.get(f"{_W}styleId"): style for style in document.styles.element.iter(f"{_W}style")}
        self._notes = _notes(document)
        self._note_number = 0

    def blocks(self, container: Iterable[Any]) -> Iterator[Block]:
        for element in container:
            if element.tag == f"{_W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                yield from table_blocks(_rows(element), headings=_heading_rows(element) or None)
                yield from self._notes_of(element)
            elif element.tag in _WRAPPERS:
                yield from self.blocks(element)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        text = _text(paragraph)
        styles = list(self._styles_of(paragraph))
        names = [_value(style, "name") or "" for style in styles]
        if text and not any(_CONTENTS_STYLE.match(name) for name in names):
            if _outline_level(paragraph, styles) or any(_HEADING_STYLE.match(name) for name in names):
                yield Block("heading", text)
            elif _is_numbered(paragraph, styles) or any(_LIST_STYLE.match(name) for name in names):
                yield Block("item", text)
            else:
                yield Block("paragraph", text)
        for box in _seen(paragraph, f"{_W}txbxContent"):
            yield from self.blocks(box)
        yield from self._notes_of(paragraph)

    def _styles_of(self, paragraph: Any) -> Iterator[Any]:
        """Return the paragraph's style and those that it is based on."""
        style_id, met = _value(paragraph, "pPr/pStyle"), set[str]()
        while style_id is not None and style_id in self._styles and style_id not in met:
            met.add(style_id)
            yield self._styles[style_id]
            style_id = _value(self._styles[style_id], "basedOn")

    def _notes_of(self, element: Any) -> Iterator[Block]:
        for tag, part in _NOTE_REFERENCES.items():
            for reference in _seen(element, tag):
                text = self._notes.get((part, reference.get(f"{_W}id")))
                if text:
                    self._note_number += 1
                    yield Block("paragraph", f"({self._note_number}) {text}")


def _notes(document: Document) -> dict[tuple[str, str], str]:
    """Return the text of each footnote and endnote, by its part and identifier."""
    from docx.oxml import parse_xml

    notes = {}
    for relation in document.part.rels.values():
        part = relation.reltype.rsplit("/", 1)[-1]
        if part in _NOTE_REFERENCES.values() and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(f"{_W}type") in (None, "normal"):
                    notes[part, note.get(f"{_W}id")] = _paragraphs_text(note)
    return notes


def _value(element: Any, path: str) -> str | None:
    """Return the ``w:val`` of the element below ``element`` at ``path``."""
    found = element.find("/".join(f"{_W}{name}" for name in path.split("/")))
    return None if found is None else found.get(f"{_W}val")


def _outline_level(paragraph: Any, styles: list[Any]) -> bool:
    level = next((value for value in (_value(item, "pPr/outlineLvl") for item in [paragraph, *styles]) if value), None)
    return level is not None and level != "9"  # 9 is body text


def _is_numbered(paragraph: Any, styles: list[Any]) -> bool:
    number = next(
        (value for value in (_value(item, "pPr/numPr/numId") for item in [paragraph, *styles]) if value), None
    )
    return number is not None and number != "0"  # 0 takes a style's numbers away


def _seen(element: Any, tag: str) -> Iterator[Any]:
    """Return the elements of that ``tag`` below ``element`` that a reader sees, but for those inside one another."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _UNSEEN:
            yield from _seen(child, tag)


def _text(element: Any) -> str:
    """Return the text of a paragraph on one line, as a reader sees it."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SPACES:
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag == f"{_W}r" and _is_on(child.find(f"{_W}rPr/{_W}vanish")):
            continue
        elif child.tag not in _UNSEEN and child.tag not in (f"{_W}txbxContent", f"{_W}pPr"):
            yield from _pieces(child)


def _paragraphs_text(element: Any) -> str:
    return " ".join(filter(None, (_text(paragraph) for paragraph in _seen(element, f"{_W}p"))))


def _is_on(mark: Any) -> bool:
    """Say whether a property is there and not turned off."""
    return mark is not None and mark.get(f"{_W}val") not in ("0", "false", "off")


def _heading_rows(table: Any) -> int:
    """Return how many rows at the table's top are marked to be repeated on each page."""
    count = 0
    for row in _seen(table, f"{_W}tr"):
        if not _is_on(row.find(f"{_W}trPr/{_W}tblHeader")):
            break
        count += 1
    return count


def _rows(table: Any) -> list[list[str]]:
    """Return the cells' texts, a cell over several rows on each of them; one over several columns names each heading."""
    rows: list[list[str]] = []
    headings = _heading_rows(table)
    for row in _seen(table, f"{_W}tr"):
        cells = [""] * int(_value(row, "trPr/gridBefore") or 0)
        for cell in _seen(row, f"{_W}tc"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else ""
            text = above if goes_on else _paragraphs_text(cell)
            columns = min(int(_value(cell, "tcPr/gridSpan") or 1), 100)
            cells += [text] + [text if len(rows) < headings else ""] * (columns - 1)
        rows.append(cells)
    return rows
