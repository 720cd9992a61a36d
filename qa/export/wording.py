"""What an exported answer says in our own words, in French and in English."""

from __future__ import annotations

from datetime import UTC, datetime

from qa.dates import date_text
from qa.records import Answer, Citation

_WORDS = {
    "title": {"fr": "Réponses et leurs preuves", "en": "Answers and their proof"},
    "understood": {"fr": "Question comprise : {text}", "en": "Understood as: {text}"},
    "confidence": {"fr": "Confiance : {percent} %", "en": "Confidence: {percent}%"},
    "not_answered": {"fr": "Sans réponse", "en": "Not answered"},
    "sources": {"fr": "Sources", "en": "Sources"},
    "page": {"fr": "page {page}", "en": "page {page}"},
    "superseded": {"fr": "remplacé depuis par {document}", "en": "since replaced by {document}"},
    "made": {
        "fr": "Exporté le {date} ; index {generation}. Chaque citation a été comparée mot pour mot avec son document.",
        "en": "Exported on {date}; index {generation}. Every quote was compared word for word with its document.",
    },
}


def words(key: str, language: str, **values: object) -> str:
    """Return our words for ``key`` in ``language``, with ``values`` filled in.

    >>> words("confidence", "fr", percent=90)
    'Confiance : 90 %'
    """
    return _WORDS[key][language].format(**values)


def made(answers: list[Answer], language: str) -> str:
    """Return when the file was made and from which build of the index."""
    today = datetime.now(UTC).date().isoformat()
    generations = ", ".join(dict.fromkeys(answer.generation for answer in answers))
    return words("made", language, date=date_text(today, language), generation=generations)


def source_line(citation: Citation, language: str) -> str:
    """Return the citation's source in one line: title, publisher, date, page, what replaced it."""
    parts = (
        citation.title or citation.document_id,
        citation.publisher,
        date_text(citation.date, language) if citation.date else None,
        words("page", language, page=citation.page) if citation.page else None,
        words("superseded", language, document=citation.superseded_by) if citation.superseded_by else None,
    )
    return ", ".join(part for part in parts if part)
