"""PDF: paragraphs with their pages, columns in reading order, tables as rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qa.ingest.blocks import DAMAGED, Block, Metadata, Parsed, UnreadableError
from qa.ingest.limits import Limits
from qa.ingest.pdf.drawings import page_drawings
from qa.ingest.pdf.flow import flowing
from qa.ingest.pdf.layout import regions
from qa.ingest.pdf.paragraphs import Paragraph, line_pitch, paragraphs_of
from qa.ingest.pdf.running import without_running_lines
from qa.ingest.pdf.tables import MOST_PAGES, Table, TableFinder
from qa.ingest.pdf.words import Word, page_text
from qa.ingest.properties import day_or_none, language_or_none, title_or_none
from qa.ingest.tables import looks_like_headings, table_blocks

_SCAN_CHARACTERS = 50  # a page with less text than this ...
_SCAN_AREA = 0.4  # ... and pictures over this share of it is a scan
_MOST_UNMAPPED = 0.3  # of a page's characters, when it can still be read
_OCR = "Recognise its text with an OCR program, such as `ocrmypdf -l fra+eng`, and put the result in its place"
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_BROWSERS = re.compile(r"mozilla|chrom|firefox|safari|webkit", re.IGNORECASE)


@dataclass(slots=True)
class _Page:
    words: list[Word]
    tables: list[Table]
    unmapped: bool
    pictured: bool


def parse_pdf(data: bytes, limits: Limits) -> Parsed:
    """Parse a PDF file; a page that is a scan without text, or cannot be decoded, is named in the warnings.

    Not kept: running heads and feet, page numbers, pictures, text across the direction of the page's.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError("it is protected by a password: save it without one.") from error
        raise UnreadableError(DAMAGED) from error
    finder = TableFinder(data)
    try:
        limits.check_pages(len(document))
        metadata = _metadata(document)
        pages = [_read(document, index, finder) for index in range(len(document))]
    finally:
        finder.close()
        document.close()
    return _assembled(pages, metadata, cut_short=b"%%EOF" not in data[-2048:], most_tables=finder.pages_searched)


def _metadata(document: Any) -> Metadata:
    import ctypes

    import pypdfium2.raw as pdfium

    about = document.get_metadata_dict()
    units = pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0)
    language = (ctypes.c_ushort * max(1, units))()
    pdfium.FPDFCatalog_GetLanguage(document.raw, language, units)
    created = _DATE.match(about.get("CreationDate", ""))
    printed = _BROWSERS.search(about.get("Creator", ""))  # then the date is the day of printing
    return Metadata(
        title=title_or_none(about.get("Title")),
        language=language_or_none(bytes(language).decode("utf-16-le").rstrip("\0")),
        date=day_or_none("-".join(created.groups())) if created and not printed else None,
    )


def _read(document: Any, index: int, finder: TableFinder) -> _Page:
    page = document[index]
    try:
        text = page_text(page)
        if text.unmapped > _MOST_UNMAPPED:
            return _Page([], [], unmapped=True, pictured=False)
        drawn = page_drawings(page)
        tables, words = finder.tables(index, drawn.paths, text.words) if text.upright else ([], text.words)
        area: float = page.get_width() * page.get_height()
        return _Page(words, tables, unmapped=False, pictured=drawn.pictures >= _SCAN_AREA * area > 0)
    finally:
        page.close()


def _assembled(pages: Sequence[_Page], metadata: Metadata, *, cut_short: bool, most_tables: int) -> Parsed:
    kept = without_running_lines([page.words for page in pages])
    lengths = [sum(len(word.text) for word in words) for words in kept]
    scans = [
        number for number, (page, length) in enumerate(zip(pages, lengths, strict=True), 1)
        if page.pictured and length < _SCAN_CHARACTERS and not page.tables
    ]  # fmt: skip
    unmapped = [number for number, page in enumerate(pages, 1) if page.unmapped]
    if not any(lengths) or len(scans) == len(pages):
        if scans:
            raise UnreadableError(f"it is a scan without text: its pages are pictures. {_OCR}.")
        if unmapped:
            raise UnreadableError(f"its fonts do not say which letters they draw, so its text cannot be read. {_OCR}.")
    warnings = []
    if scans:
        warnings.append(f"{_named(scans, len(pages))} a scan without text. {_OCR}")
    if unmapped:
        warnings.append(f"{_named(unmapped, len(pages))} in a font that does not say which letters it draws. {_OCR}")
    if cut_short:
        warnings.append("it has no end mark and may be cut short: compare its last page, or fetch it again")
    if most_tables >= MOST_PAGES:
        warnings.append(f"tables were looked for on its first {MOST_PAGES} pages with rules only")
    return Parsed(list(_blocks(pages, kept)), metadata, tuple(warnings))


def _named(numbers: Sequence[int], pages: int) -> str:
    shown = ", ".join(map(str, numbers[:20])) + (f" and {len(numbers) - 20} more" if len(numbers) > 20 else "")
    return f"page {shown} of {pages} is" if len(numbers) == 1 else f"pages {shown} of {pages} are each"


def _blocks(pages: Sequence[_Page], kept: Sequence[Sequence[Word]]) -> Iterator[Block]:
    sizes: Counter[float] = Counter()
    for words in kept:
        for word in words:
            sizes[round(word.size * 2) / 2] += len(word.text)
    body = sizes.most_common(1)[0][0] if sizes else 12.0
    written = frozenset(word.text.strip(".,;:!?()«»“”\"'’").lower() for words in kept for word in words)
    laid_out = [list(regions(words)) for words in kept]
    pitch = line_pitch([lines for page in laid_out for lines in page])
    paragraphs = [
        paragraph
        for number, page in enumerate(laid_out, 1)
        for lines in page
        for paragraph in paragraphs_of(lines, number, body=body, pitch=pitch, words=written)
    ]
    names: list[str] = []  # of the columns of the table before, which may go on
    for paragraph in flowing(paragraphs, body=body, words=written):
        if paragraph.kind != "table":
            names = []
            yield Block(paragraph.kind, paragraph.text, paragraph.page)
            continue
        rows, bold = _rows(paragraph, pages)
        headings = bold if 0 < bold < len(rows) else int(looks_like_headings(rows))
        if not headings and len(names) == max(map(len, rows)):
            rows, headings = [names, *rows], 1
        names = rows[0] if headings else []
        yield from table_blocks(rows, headings=headings, page=paragraph.page)


def _rows(paragraph: Paragraph, pages: Sequence[_Page]) -> tuple[list[list[str]], int]:
    if paragraph.table is None:
        return [list(row) for row in paragraph.rows], 0
    table = pages[paragraph.page - 1].tables[paragraph.table]
    return table.rows, table.bold_rows
