"""CSV: a row for each citation, and one for each question that the documents do not answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from qa.records import Answer

COLUMNS = (
    "question", "understood_as", "answered", "confidence", "reason", "statement", "quote", "title", "kind", "language",
    "publisher", "date", "page", "url", "document_id", "start", "end", "generation",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(answers: Sequence[Answer], language: str) -> bytes:  # noqa: ARG001 (columns are field names, in any language)
    """Return ``answers`` as CSV (RFC 4180, with a byte order mark, which spreadsheets need to read accents)."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in _rows(answers):
        writer.writerow({name: inert(value) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig")


def inert(value: object) -> object:
    """Return ``value``, with an apostrophe before a text that a spreadsheet would run as a formula.

    >>> inert("=1+1"), inert("7 000 euros"), inert(-1)
    ("'=1+1", '7 000 euros', -1)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _rows(answers: Sequence[Answer]) -> Iterator[dict[str, object]]:
    for answer in answers:
        common = {
            "question": answer.question, "understood_as": answer.understood_as, "confidence": answer.confidence,
            "generation": answer.generation,
        }  # fmt: skip
        if answer.abstained:
            yield {**common, "answered": "no", "reason": answer.reason}
        for statement in answer.statements:
            for cited in statement.citations:
                yield {
                    **common, "answered": "yes", "statement": statement.text, "quote": cited.quote, "title": cited.title,
                    "kind": cited.kind, "language": cited.language, "publisher": cited.publisher, "date": cited.date,
                    "page": cited.page, "url": cited.url, "document_id": cited.document_id, "start": cited.start,
                    "end": cited.end,
                }  # fmt: skip
