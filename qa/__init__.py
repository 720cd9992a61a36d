"""Cited answers to French and English questions over a corpus of policy documents.

>>> from qa import retrieve
>>> for hit in retrieve("Quels sont les axes du pôle i-Trans ?", k=3):
...     line = f"{hit.rank}. {hit.title}: {hit.text}"

Importing this package is quick: models and indexes load at the first call that needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from qa.errors import (
    ClaimError,
    CorpusIndexError,
    DocumentError,
    FetchError,
    FilterError,
    IndexBrokenError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    LanguageModelError,
    ModelError,
    PolicyQAError,
    QuestionError,
    SettingsError,
    UsageError,
)
from qa.events import Event
from qa.filters import FilterOptions
from qa.records import Answer, Check, Citation, Claim, Document, Hit, ModelUse, Passage, Section, Source, Statement

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from qa.assistant import PolicyQA

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Check",
    "Citation",
    "Claim",
    "ClaimError",
    "CorpusIndexError",
    "Document",
    "DocumentError",
    "Event",
    "FetchError",
    "FilterError",
    "Hit",
    "IndexBrokenError",
    "IndexLockedError",
    "IndexMismatchError",
    "IndexMissingError",
    "LanguageModelError",
    "ModelError",
    "ModelUse",
    "Passage",
    "PolicyQAError",
    "QuestionError",
    "Section",
    "SettingsError",
    "Source",
    "Statement",
    "UsageError",
    "ask",
    "check",
    "document",
    "open_corpus",
    "retrieve",
    "retrieve_many",
]  # fmt: skip


def open_corpus(index_dir: str | Path | None = None) -> PolicyQA:
    """Open the index in ``index_dir``, or the one that the settings name, for asking.

    The returned object has ``retrieve``, ``ask``, ``check``, ``document`` and ``documents``, and may be shared between threads.
    Raises SettingsError for a setting that cannot be used; the index itself is opened at the first question.

    >>> open_corpus("indexes/default").settings.index_dir.name
    'default'
    """
    from qa.assistant import PolicyQA
    from qa.settings import get_settings

    settings = get_settings()
    if index_dir is not None:
        settings = settings.model_copy(update={"index_dir": Path(index_dir)})
    return PolicyQA(settings)


@cache
def _default_corpus() -> PolicyQA:
    return open_corpus()


def retrieve(question: str, *, k: int = 10, **filters: Unpack[FilterOptions]) -> tuple[Hit, ...]:
    """Return the ``k`` passages of the default corpus that answer ``question`` best, best first.

    Meaning (cosine of multilingual-e5-small vectors) and words (BM25 over French and English stems) each rank the
    passages, and the two scores are averaged. French questions find English passages and the reverse.

    ``k`` is from 1 to 1,000. The filters ``kind``, ``language`` (``fr`` or ``en``), ``region`` and ``publisher`` keep
    documents that have that value; ``since``, ``until`` and ``as_of`` take dates (``2013``, ``2013-11`` or
    ``2013-11-14``). Filters that nothing matches give an empty tuple.

    Raises QuestionError, FilterError, or an CorpusIndexError that says how to build the index.

    >>> hits = retrieve("Which areas was the i-Trans cluster evaluating?", k=3)
    >>> [hit.rank for hit in hits]
    [1, 2, 3]
    """
    return _default_corpus().retrieve(question, k=k, **filters)


def retrieve_many(questions: Iterable[str], *, k: int = 10, **filters: Unpack[FilterOptions]) -> list[tuple[Hit, ...]]:
    """Return what ``retrieve`` returns for each of ``questions``, in their order.

    The questions are embedded together, which is quicker than one after the other. Raises what ``retrieve`` raises, at
    the first question that cannot be asked.

    >>> found = retrieve_many(["Qu'est-ce que le CICE ?", "What is the CICE?"], k=2)
    >>> [len(hits) for hits in found]
    [2, 2]
    """
    return _default_corpus().retrieve_many(questions, k=k, **filters)


def ask(
    question: str,
    *,
    history: Sequence[str | Answer] = (),
    llm: str | BaseChatModel | None = None,
    translate: bool = False,
    **filters: Unpack[FilterOptions],
) -> Answer:
    """Return what the default corpus answers to ``question``: one to three quoted sentences, each with its citation.

    Every quote has been compared with its document to the letter. When the corpus does not answer,
    ``answer.abstained`` is true, ``answer.reason`` says so in the question's language and ``answer.nearest`` holds
    the passages that came closest. The filters are those of ``retrieve``.

    ``history`` is the conversation so far, oldest first: earlier questions, or better the answers to them. A follow-up
    ("What about its director?", « Et en 2013 ? ») is understood from it, and ``answer.understood_as`` says how; a
    question that says all it means is left as it is.

    ``llm`` names a language model as LangChain does (``openai:gpt-5-mini``), or is a LangChain chat model, that writes the
    statements; by default it is the one of the settings, and ``none`` switches that off. Each of its statements is proven by
    exact quotes or left out, and where nothing is left the quoted sentences answer: ``answer.mode``, ``answer.note`` and
    ``answer.model`` say so. With ``translate`` it also translates quotes that are not in the question's language.

    Raises QuestionError, FilterError, LanguageModelError, or an CorpusIndexError that says how to build the index.

    >>> answer = ask("How many companies in the region received strategic and operational advice?")
    >>> citation = answer.statements[0].citations[0]
    >>> document(citation.document_id).text[citation.start : citation.end] == citation.quote
    True
    """
    return _default_corpus().ask(question, history=history, llm=llm, translate=translate, **filters)


def check(text: str, **filters: Unpack[FilterOptions]) -> Check:
    """Return a verdict on each claim of ``text``, a sentence each: supported, contradicted, disputed or not found.

    Amounts, percentages, counts, dates, names and negations are compared, in both languages and however they are
    written. A contradicted claim has what the sources give in ``found``; disputed is what some documents support and
    others contradict. Questions and instructions in the text are left out. The filters are those of ``retrieve``.

    Raises ClaimError when there is nothing to check or too much, FilterError, or an CorpusIndexError that says how to
    build the index.

    >>> claim = check("The Automotive Plan of July 2012 raised the bonus for an electric car to EUR 6,000.").claims[0]
    >>> claim.verdict, claim.expected
    ('contradicted', 'EUR 6,000')
    """
    return _default_corpus().check(text, **filters)


def document(document_id: str) -> Document:
    """Return one document of the default corpus. Raises UsageError when it has none of that id."""
    return _default_corpus().document(document_id)
