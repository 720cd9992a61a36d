"""The runner behind ``python -m qa evaluate``: a test set through the same index and the same search as a question."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from qa.embedding.model import Embedder
from qa.evaluation.datasets import Dataset, Query, halved, load_dataset, sampled
from qa.evaluation.metrics import hit_at, ndcg_at, recall_at, reciprocal_rank
from qa.evaluation.vector_cache import CachedEmbedder
from qa.filters import Filters
from qa.index.build import build_index
from qa.index.reader import Generation, IndexReader
from qa.languages import LANGUAGES, detect_language
from qa.questions import Question
from qa.retrieval.retriever import search

PASSAGES_DEEP = 500  # enough passages for a hundred documents


@dataclass(frozen=True, slots=True)
class View:
    """One row of the result: questions of one type and language, against the documents of one view.

    ``same`` searches the documents in the question's language, ``cross`` those in the other, ``all`` both.
    """

    type: str
    view: str
    language: str
    context: bool
    queries: tuple[Query, ...]

    def filters(self) -> Filters:
        """Return what the documents of this view have to be."""
        if self.view == "all":
            return Filters()
        other = LANGUAGES[1 - LANGUAGES.index(self.language)]
        return Filters(language=self.language if self.view == "same" else other)

    def relevant(self, query: Query) -> frozenset[str]:
        """Return the documents of this view that answer ``query``."""
        chosen = {"same": query.relevant_same, "cross": query.relevant_cross, "all": query.relevant}[self.view]
        return chosen or frozenset()


def evaluate(
    folder: Path,
    embedder: Embedder,
    cache: Path,
    *,
    sample: int | None = None,
    seed: int = 0,
    half: str | None = None,
) -> dict[str, Any]:
    """Return how well the test set in ``folder`` is retrieved: ``set, documents, queries, seconds, views[]``.

    With ``sample`` that many queries of each type are taken, with their documents and four times as many others;
    with ``half``, ``tuning`` or ``reporting``, the queries in it are asked of the same documents (after the sample).
    Vectors are kept under ``cache``, so that a second run costs a search only.
    """
    started = time.perf_counter()
    dataset = load_dataset(folder)
    if sample is not None:
        dataset = sampled(dataset, sample, seed)
    if half is not None:
        dataset = halved(dataset, half)
    cached = CachedEmbedder(embedder, cache / "vectors")
    with tempfile.TemporaryDirectory(prefix="policy-qa-evaluate-") as scratch:
        build_index(Path(scratch), dataset.documents, cached, corpus=dataset.name)
        generation = IndexReader(Path(scratch), cached).generation()
        rows = [score(view, generation, cached) for view in views(dataset)]
        generation.close()
    return {
        "set": dataset.name,
        "documents": len(dataset.documents),
        "queries": len(dataset.queries),
        "seconds": round(time.perf_counter() - started, 1),
        "views": rows,
    }


def views(dataset: Dataset) -> Iterator[View]:
    """Yield the rows that a test set can fill: each type and language, each view that has answers, with and without
    context where there is one.
    """
    for kind, language in sorted({(query.type, query.language) for query in dataset.queries}):
        queries = tuple(query for query in dataset.queries if (query.type, query.language) == (kind, language))
        bilingual = any(query.relevant_cross for query in queries)
        for view in ("same", "cross", "all"):
            if view != "all" and not bilingual:
                continue
            row = View(kind, view, language, False, queries)
            answered = tuple(query for query in queries if row.relevant(query))
            if view == "all" and not any(query.relevant_same for query in queries) and bilingual:
                continue  # the text stands word for word in its own language's document: only the other is a test
            for context in (False, True):
                if answered and (not context or any(query.context for query in answered)):
                    yield View(kind, view, language, context, answered)


def as_asked(view: View) -> list[Question]:
    """Return the view's queries as questions, their language told as it is when one is asked."""
    texts = [
        f"{query.context} — {query.text}" if view.context and query.context else query.text for query in view.queries
    ]
    told = [detect_language(text, default=view.language) for text in texts]
    return [
        Question(text, language if language in LANGUAGES else view.language)
        for text, language in zip(texts, told, strict=True)
    ]


def score(view: View, generation: Generation, embedder: Embedder) -> dict[str, Any]:
    """Search for each of the view's queries and return its row of averages."""
    found = search(
        as_asked(view), generation=generation, embedder=embedder, filters=view.filters(), limit=PASSAGES_DEEP
    )
    rankings = [documents_of([passage_id for passage_id, _, _ in passages]) for passages in found]
    pairs = [(ranking, query, view.relevant(query)) for ranking, query in zip(rankings, view.queries, strict=True)]
    return {
        "type": view.type,
        "view": view.view,
        "language": view.language,
        "context": view.context,
        "n": len(pairs),
        "hit@1": round(fmean(hit_at(ranking, relevant, 1) for ranking, _, relevant in pairs), 4),
        "hit@10": round(fmean(hit_at(ranking, relevant, 10) for ranking, _, relevant in pairs), 4),
        "mrr@10": round(fmean(reciprocal_rank(ranking, relevant, 10) for ranking, _, relevant in pairs), 4),
        "ndcg@10": round(fmean(ndcg_at(ranking, relevant, 10, query.grades) for ranking, query, relevant in pairs), 4),
        "recall@100": round(fmean(recall_at(ranking, relevant, 100) for ranking, _, relevant in pairs), 4),
    }


def documents_of(passage_ids: Sequence[str]) -> list[str]:
    """Return the documents of ranked passages, each at the rank of its best passage.

    >>> documents_of(["a.md#0-9", "b.md#0-4", "a.md#10-20"])
    ['a.md', 'b.md']
    """
    return list(dict.fromkeys(passage_id.rpartition("#")[0] for passage_id in passage_ids))
