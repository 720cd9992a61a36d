"""What could be asked next: questions that the cited documents are known to answer."""

from __future__ import annotations

from typing import Unpack

from qa.assistant import PolicyQA
from qa.filters import FilterOptions
from qa.records import Answer, Document

MOST = 3
_TRIED = 6  # headings tried, each by asking


def suggestions(corpus: PolicyQA, answer: Answer, **filters: Unpack[FilterOptions]) -> list[str]:
    """Return up to three questions, each made of a heading of a cited document, that the corpus answers from there.

    Each has been asked: one that is not answered, or from another document, is not suggested.
    """
    cited = {citation.document_id: citation for statement in answer.statements for citation in statement.citations}
    found: list[str] = []
    tried = 0
    for document_id, citation in cited.items():
        document = corpus.document(document_id)
        for section in document.sections:
            if len(found) == MOST or tried == _TRIED:
                return found
            if section.title == citation.section or not section.title.strip():
                continue
            tried += 1
            question = _question(document, section.title)
            answered = corpus.ask(
                question, default_language=document.language or answer.language, llm="none", **filters
            )
            if any(
                cited.document_id == document_id for statement in answered.statements for cited in statement.citations
            ):
                found.append(question)
    return found


def _question(document: Document, heading: str) -> str:
    heading = heading.rstrip(" ?:.")
    return f"{document.title} : {heading} ?" if document.language == "fr" else f"{document.title}: {heading}?"
