"""The check that each citation passes before anyone sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qa.records import Citation, Document, Statement


def is_verbatim(citation: Citation, document: Document) -> bool:
    """Say whether the quote is, to the letter, what the document says at the cited place.

    The words marked as answering have to lie inside it.
    """
    inside = all(citation.start <= start < end <= citation.end for start, end in citation.answer_spans)
    return bool(citation.quote) and inside and document.text[citation.start : citation.end] == citation.quote


def verified(statements: Iterable[Statement], document: Callable[[str], Document]) -> tuple[Statement, ...]:
    """Return the statements that have a citation and whose citations are all verbatim; ``document`` finds one by id."""
    return tuple(
        statement
        for statement in statements
        if statement.citations
        and all(is_verbatim(citation, document(citation.document_id)) for citation in statement.citations)
    )
