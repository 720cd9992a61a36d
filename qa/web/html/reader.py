"""An open document, with the cited words marked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.records import Document
from qa.web.html.pieces import Span, particulars, source_links, words


def open_document(
    document: Document, start: int, end: int, spans: Sequence[Span], language: str, *, cited: bool
) -> str:
    """Return the whole document with ``text[start:end]`` marked and, inside it, the answering ``spans`` more strongly.

    ``cited`` puts buttons for the previous and the next citation above it.
    """
    headings = {section.start: section.start + len(section.title) for section in document.sections}
    blocks, offset = [], 0
    for line in document.text.split("\n"):
        if line:
            tag = "h4" if headings.get(offset) == offset + len(line) else "p"
            inside = [(a - offset, b - offset) for a, b in spans]
            blocks.append(f"<{tag}>{_marked(line, start - offset, end - offset, inside)}</{tag}>")
        offset += len(line) + 1
    step = "".join(
        f'<button type="button" data-step="{way}">{words(key, language)}</button>'
        for way, key in ((-1, "previous_citation"), (1, "next_citation"))
    )
    return (
        (f'<nav class="steps" aria-label="{words("citations", language)}">{step}</nav>' if cited else "")
        + f'<article lang="{document.language or ""}"><h2>{escape(document.title)}</h2>'
        f'<p class="about" lang="{language}">{particulars(document, language)}</p><div class="text">{"".join(blocks)}</div></article>'
        f"<h3>{words('sources', language)}</h3>{source_links(document.sources_of(start, end), language)}"
    )


def _marked(line: str, start: int, end: int, spans: Sequence[Span]) -> str:
    start, end = max(start, 0), min(end, len(line))
    if start >= end:
        return escape(line)
    pieces, at = [], start
    for first, last in sorted(spans):
        if start <= at <= first < last <= end:
            pieces += [escape(line[at:first]), f"<b>{escape(line[first:last])}</b>"]
            at = last
    return f"{escape(line[:start])}<mark>{''.join(pieces)}{escape(line[at:end])}</mark>{escape(line[end:])}"
