"""Records to HTML. Nothing from a document or a question becomes markup: it all goes through ``escape``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

from qa.index.generations import Manifest
from qa.languages import message
from qa.records import Answer, Citation, Document, Hit, Source, Statement
from qa.web.texts import TEXTS, shown_date, text


def answer_html(answer: Answer, language: str) -> str:
    """Return the answer with a numbered button for each citation, and a card for each below.

    The labels are in ``language``, the page's; the answer's own words are in the question's.
    """
    understood = "" if answer.is_as_asked else _understood(answer, language)
    if answer.abstained:
        cards = "".join(_card(number, hit, hit.text, language) for number, hit in enumerate(answer.nearest, start=1))
        nearest = f"<h3>{_t('nearest', language)}</h3>{cards}" if cards else ""
        return f'{understood}<section class="abstained" lang="{answer.language}"><p class="reason">{escape(answer.reason or "")}</p></section>{_notes(answer)}{nearest}'
    citations = citations_of(answer)
    numbers = iter(range(1, len(citations) + 1))
    sentences = "".join(
        f'<p lang="{_language_of(statement, answer)}">{_lines(statement.text)} '
        + "".join(_number(next(numbers), language) for _ in statement.citations)
        + "</p>"
        for statement in answer.statements
    )
    cards = "".join(
        _card(number, citation, citation.quote, language) for number, citation in enumerate(citations, start=1)
    )
    confidence = text("confidence", language, percent=round(100 * answer.confidence))
    return (
        f'{understood}<section class="statements">{sentences}<p class="confidence">{confidence}</p></section>{_notes(answer)}'
        f"<h3>{_t('evidence', language)}</h3>{cards}"
    )


def _language_of(statement: Statement, answer: Answer) -> str:
    """Return the language of a statement's words: the source's where they are a quote."""
    citation = statement.citations[0]
    return (citation.language if statement.text == citation.quote else None) or answer.language


def _notes(answer: Answer) -> str:
    """Return what the reader should know of a language model's part."""
    written = answer.mode == "generated" and answer.model is not None
    notes = [message("written_by", answer.language).format(name=answer.model.name)] if written and answer.model else []
    notes += [answer.note] if answer.note else []
    return "".join(f'<p class="note" lang="{answer.language}">{escape(note)}</p>' for note in notes)


def _understood(answer: Answer, language: str) -> str:
    return f'<p class="understood">{escape(text("understood", language, question=answer.understood_as))}</p>'


def citations_of(answer: Answer) -> tuple[Citation, ...]:
    """Return the answer's citations in the order of their numbers."""
    return tuple(citation for statement in answer.statements for citation in statement.citations)


def reader_html(document: Document, start: int, end: int, sources: Sequence[Source], language: str) -> str:
    """Return the whole document with ``text[start:end]`` marked, its particulars above and its sources below."""
    headings = {section.start: section.start + len(section.title) for section in document.sections}
    blocks, offset = [], 0
    for line in document.text.split("\n"):
        if line:
            tag = "h4" if headings.get(offset) == offset + len(line) else "p"
            blocks.append(f"<{tag}>{_marked(line, start - offset, end - offset)}</{tag}>")
        offset += len(line) + 1
    links = "".join(f"<li>{_source(source)}</li>" for source in sources)
    listed = f"<ul>{links}</ul>" if links else f"<p>{_t('no_source', language)}</p>"
    return (
        f'<article lang="{document.language or ""}"><h2>{escape(document.title)}</h2>'
        f'<p class="about" lang="{language}">{_about(document, language)}</p><div class="text">{"".join(blocks)}</div></article>'
        f"<h3>{_t('sources', language)}</h3>{listed}"
    )


def notice_html(message: str) -> str:
    """Return a message for the reader, such as what to do about a question that cannot be asked."""
    return f'<p class="notice" role="alert">{escape(message)}</p>'


def hint_html(key: str, language: str) -> str:
    """Return the words that stand where nothing is to be seen yet."""
    return f'<p class="hint">{_t(key, language)}</p>'


def corpus_html(manifest: Manifest, language: str) -> str:
    """Return what the index holds, and the files that could not be read with their reasons."""
    held = text(
        "corpus",
        language,
        documents=manifest.documents,
        passages=manifest.passages,
        date=shown_date(manifest.built[:10], language),
    )
    problems = _problems("not_read", manifest.failures, language) + _problems(
        "read_in_part", manifest.warnings, language
    )
    return f"<p>{escape(held)}</p>{problems}"


def _problems(key: str, reasons: Mapping[str, str], language: str) -> str:
    if not reasons:
        return ""
    listed = "".join(f"<li><code>{escape(path)}</code> {escape(reason)}</li>" for path, reason in reasons.items())
    return f"<details><summary>{escape(text(key, language, count=len(reasons)))}</summary><ul>{listed}</ul></details>"


def header_html(language: str) -> str:
    """Return the page's title and what it is for."""
    return f"<h1>{_t('title', language)}</h1><p>{_t('subtitle', language)}</p>"


def _card(number: int, record: Citation | Hit, quote: str, language: str) -> str:
    return (
        f'<div class="card"><div class="about">{_number(number, language)} <strong>{escape(record.title)}</strong><br>'
        f'{_about(record, language)}{_versions(record, language)}</div><blockquote lang="{record.language or ""}">{_lines(quote)}</blockquote>{_translated(record)}'
        f'<button type="button" class="open" data-citation="{number}">{_t("open_document", language)}</button></div>'
    )


def _translated(record: Citation | Hit) -> str:
    """Return the quote's translation, said to be one, where there is one."""
    if not isinstance(record, Citation) or not record.translation:
        return ""
    language = "fr" if record.language == "en" else "en"
    mark = escape(message("translation", language))
    return f'<p class="translation" lang="{language}"><em>{mark}</em> {escape(record.translation)}</p>'


def _number(number: int, language: str) -> str:
    label = escape(text("open_citation", language, number=number))
    return f'<button type="button" class="number" data-citation="{number}" aria-label="{label}" title="{label}">{number}</button>'


def _about(record: Citation | Hit | Document, language: str) -> str:
    kind = f"kind_{record.kind}"
    parts = (
        text(kind, language) if kind in TEXTS else record.kind,
        record.publisher,
        shown_date(record.date, language),
        record.region,
        text(f"language_{record.language}", language) if record.language else None,
        text("page", language, page=record.page) if not isinstance(record, Document) and record.page else None,
    )
    return " · ".join(escape(part) for part in parts if part)


def _versions(record: Citation | Hit, language: str) -> str:
    notes = [("superseded", (record.superseded_by,) if record.superseded_by else ()), ("also_in", record.also_in)]
    return "".join(
        f'<br><span class="{key}">{escape(text(key, language, documents=", ".join(names)))}</span>'
        for key, names in notes
        if names
    )


def _source(source: Source) -> str:
    label = escape(
        " · ".join(part for part in (source.title, source.publisher, source.date) if part) or source.url or source.key
    )
    if source.url is None or urlsplit(source.url).scheme not in ("http", "https"):
        return label
    return f'<a href="{escape(source.url)}" target="_blank" rel="noopener noreferrer">{label}</a>'


def _marked(line: str, start: int, end: int) -> str:
    start, end = max(start, 0), min(end, len(line))
    if start >= end:
        return escape(line)
    return f"{escape(line[:start])}<mark>{escape(line[start:end])}</mark>{escape(line[end:])}"


def _lines(quote: str) -> str:
    return "<br>".join(escape(line) for line in quote.split("\n"))


def _t(key: str, language: str) -> str:
    return escape(text(key, language))
