"""What several parts of the page show: a citation's card, a document's particulars, notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

from qa.errors import PolicyQAError
from qa.index.texts import Listed
from qa.languages import message
from qa.records import Citation, Document, Hit, Source
from qa.web.texts import TEXTS, shown_date, text

Span = tuple[int, int]


def words(key: str, language: str, **values: object) -> str:
    """Return the page's words for ``key``, escaped."""
    return escape(text(key, language, **values))


def notice(told: str) -> str:
    """Return a message for the reader, such as what to do about a question that cannot be asked."""
    return f'<p class="notice" role="alert">{escape(told)}</p>'


def problem(error: PolicyQAError, language: str) -> str:
    """Return what is wrong and what to do about it, in ``language``; of the server's own troubles only that there are some."""
    key = f"error_{type(error).__name__}"
    return notice(text(key, language) if key in TEXTS else error.in_language(language))


def logged_in(name: str | None, language: str) -> str:
    """Return who is logged in, with the way out, where anybody has to be."""
    if not name:
        return ""
    out = f'<button class="open">{words("log_out", language)}</button>'
    return f'<form method="post" action="logout" id="logged-in">{escape(name)} · {out}</form>'


def hint(key: str, language: str) -> str:
    """Return the words that stand where nothing is to be seen yet."""
    return f'<p class="hint">{words(key, language)}</p>'


def card(number: int, group: str, record: Citation | Hit, quote: str, language: str) -> str:
    """Return the card of a citation or a hit: its document, the quote with the answering words marked, a way into it.

    ``group`` names the cards that the reader steps through with "previous" and "next".
    """
    spans = [(a - record.start, b - record.start) for a, b in getattr(record, "answer_spans", ())]
    opens = _opens(record, f"{group}-{number}")
    label = words("read_document", language, title=record.title)
    return (
        f'<li class="card" id="{group}-{number}"><div class="about">'
        f'<button type="button" class="number" {opens} aria-label="{words("open_citation", language, number=number)}">{number}</button>'
        f"<div><strong>{escape(record.title)}</strong><br>{particulars(record, language)}{versions(record, language)}</div></div>"
        f'<blockquote lang="{record.language or ""}">{lines(quote, spans)}</blockquote>{_translated(record)}'
        f'<button type="button" class="open" {opens} aria-label="{label}">{words("open_document", language)}</button></li>'
    )


def cards(group: str, records: Sequence[Citation | Hit], language: str) -> str:
    """Return the list of the cards of ``records``, numbered from 1."""
    listed = (
        card(number, group, record, record.quote if isinstance(record, Citation) else record.text, language)
        for number, record in enumerate(records, start=1)
    )
    return f'<ol class="cards">{"".join(listed)}</ol>'


def reference(number: int, group: str, language: str) -> str:
    """Return the numbered button in a sentence that leads to its card."""
    label = words("see_citation", language, number=number)
    return f'<button type="button" class="number" data-card="{group}-{number}" aria-label="{label}" title="{label}">{number}</button>'


def particulars(record: Citation | Hit | Document | Listed, language: str) -> str:
    """Return kind, publisher, date, region, language and page, as far as they are known."""
    page = getattr(record, "page", None)
    parts = (
        kind_name(record.kind, language),
        record.publisher,
        shown_date(record.date, language),
        record.region,
        text(f"language_{record.language}", language) if f"language_{record.language}" in TEXTS else record.language,
        text("page", language, page=page) if page else None,
    )
    return " · ".join(escape(part) for part in parts if part)


def kind_name(kind: str | None, language: str) -> str | None:
    """Return the page's word for a kind of document, or the kind itself where there is none."""
    return text(f"kind_{kind}", language) if f"kind_{kind}" in TEXTS else kind


def versions(record: Citation | Hit | Listed, language: str) -> str:
    """Return which document replaces this one, and which say the same."""
    notes = [
        ("superseded", (record.superseded_by,) if record.superseded_by else ()),
        ("also_in", getattr(record, "also_in", ())),
    ]
    return "".join(
        f'<br><span class="{key}">{words(key, language, documents=", ".join(names))}</span>'
        for key, names in notes
        if names
    )


def lines(quote: str, spans: Iterable[Span] = ()) -> str:
    """Return a quote with its line breaks, and with ``spans`` of it marked."""
    pieces, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            pieces += [escape(quote[end:start]), f"<mark>{escape(quote[start:stop])}</mark>"]
            end = stop
    pieces.append(escape(quote[end:]))
    return "".join(pieces).replace("\n", "<br>")


def source_links(sources: Sequence[Source], language: str) -> str:
    """Return the public sources as a list of links."""
    listed = "".join(f"<li>{_source(source)}</li>" for source in sources)
    return f"<ul>{listed}</ul>" if listed else f"<p>{words('no_source', language)}</p>"


def _opens(record: Citation | Hit, card_id: str) -> str:
    spans = ",".join(f"{start}-{end}" for start, end in getattr(record, "answer_spans", ()))
    return (
        f'data-document="{escape(record.document_id)}" data-start="{record.start}" data-end="{record.end}" '
        f'data-spans="{spans}" data-from="{card_id}"'
    )


def _translated(record: Citation | Hit) -> str:
    """Return the quote's translation, said to be one, where there is one."""
    if not isinstance(record, Citation) or not record.translation:
        return ""
    language = "fr" if record.language == "en" else "en"
    return f'<p class="translation" lang="{language}"><em>{escape(message("translation", language))}</em> {escape(record.translation)}</p>'


def _source(source: Source) -> str:
    label = escape(
        " · ".join(part for part in (source.title, source.publisher, source.date) if part) or source.url or source.key
    )
    if source.url is None or urlsplit(source.url).scheme not in ("http", "https"):
        return label
    return f'<a href="{escape(source.url)}" target="_blank" rel="noopener noreferrer">{label}</a>'
