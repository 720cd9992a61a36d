"""The passages that answer a question, best first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from qa.dates import years_in
from qa.embedding.model import Embedder
from qa.errors import FilterError
from qa.filters import Filters
from qa.index.lexical import Scores
from qa.index.reader import Generation
from qa.languages import LANGUAGES
from qa.questions import Question
from qa.records import Hit
from qa.retrieval.dense import nearest_rows
from qa.retrieval.fusion import Measured, fuse, probability
from qa.retrieval.related import searched_groups
from qa.retrieval.versions import Shown, current

DEFAULT_K = 10
MAX_K = 1000
CANDIDATES = 100  # how deep each of the two searches goes, at least: deeper no set finds more (docs/benchmarks.md)
_SPARE = 50  # passages looked at beyond those asked for, in place of versions and copies that give way
# Chroma searches in a thread of its own, beside the words: it holds no lock of Python's meanwhile.
_BESIDE = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="nearest")

Found = tuple[str, float, dict[str, float]]  # passage id, score in 0..1, scores


def check_k(k: int) -> int:
    """Return ``k``, or raise FilterError when it is not in 1..1000."""
    if not 1 <= k <= MAX_K:
        raise FilterError(f"k is {k}; it has to be from 1 to {MAX_K}.")
    return k


def search(
    questions: Sequence[Question], *, generation: Generation, embedder: Embedder, filters: Filters, limit: int
) -> list[list[Found]]:
    """Return, for each question, up to ``limit`` passages within the filters, best first.

    The nearest by meaning and the best by words, in the question's language and translated, are candidates; each
    candidate is measured both ways and ordered by ``qa.retrieval.fusion``.
    """
    return [
        _ordered(measured, generation, limit)
        for measured in measure(questions, generation=generation, embedder=embedder, filters=filters, depth=limit)
    ]


def measure(
    questions: Sequence[Question], *, generation: Generation, embedder: Embedder, filters: Filters, depth: int
) -> Iterator[Measured]:
    """Yield the candidates for each question: the ``depth`` or more best by meaning and by words, measured both ways."""
    kept = generation.table.kept_by(filters)
    vectors = embedder.encode_queries([question.text for question in questions])
    depth = max(depth, CANDIDATES)
    own = {language: generation.table.language_rows(language) for language in LANGUAGES}
    for question, vector in zip(questions, vectors, strict=True):
        nearest = _BESIDE.submit(nearest_rows, generation, vector, depth, kept)
        passage_words, document_words = _words(question, generation)
        words = passage_words + document_words
        if kept is not None:
            words = np.where(kept, words, 0)
        by_words = np.argpartition(-words, depth)[:depth] if len(words) > depth else np.arange(len(words))
        rows = np.union1d(nearest.result(), by_words[words[by_words] > 0])
        dense, sentence = generation.matrix.cosines(rows, vector), generation.sentences.nearest(rows, vector)
        yield Measured(
            rows, dense, np.where(np.isnan(sentence), dense, sentence), passage_words[rows], document_words[rows],
            ~own[question.language][rows],
        )  # fmt: skip


def _ordered(found: Measured, generation: Generation, limit: int) -> list[Found]:
    fused = fuse(found)
    best = np.argsort(-fused, kind="stable")[:limit]
    likely = probability(fused)
    return [
        (
            passage_id,
            float(likely[i]),
            {"dense": float(found.dense[i]), "lexical": float(found.passage_words[i]), "fused": float(fused[i])},
        )
        for passage_id, i in zip(generation.table.ids(found.rows[best]), best, strict=True)
    ]


def _words(question: Question, generation: Generation) -> tuple[Scores, Scores]:
    """Return the words' score of every row's passage and document, each language's words looked up in its own."""
    lexical = generation.lexical
    parts = [
        lexical.scores(searched_groups(question.text, question.language, language, holds=lexical.holds), language)
        for language in LANGUAGES
    ]
    return parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]  # a row is of one language, and 0 in the other


def retrieve_hits(
    questions: Sequence[Question], *, generation: Generation, embedder: Embedder, filters: Filters, k: int
) -> list[tuple[Hit, ...]]:
    """Return, for each question, its ``k`` best hits, fewer when the filters leave fewer.

    Superseded versions and near-copies give way to what stands for them (``qa.retrieval.versions``); where too few are left, it
    is looked deeper.
    """
    limit = check_k(k) + _SPARE
    found = search(questions, generation=generation, embedder=embedder, filters=filters, limit=limit)
    hits = []
    for question, first in zip(questions, found, strict=True):
        passages, deep, years = first, limit, years_in(question.text)
        shown = current(passages, generation=generation, filters=filters, k=k, years=years)
        while len(shown) < k and len(passages) == deep:
            deep *= 2
            [passages] = search([question], generation=generation, embedder=embedder, filters=filters, limit=deep)
            shown = current(passages, generation=generation, filters=filters, k=k, years=years)
        hits.append(tuple(_hit(rank, one) for rank, one in enumerate(shown, start=1)))
    return hits


def _hit(rank: int, shown: Shown) -> Hit:
    passage, document = shown.passage, shown.document
    return Hit(
        rank=rank, score=round(shown.score, 6), scores={name: round(value, 6) for name, value in shown.scores.items()},
        passage_id=passage.id, document_id=document.id, title=document.title, kind=document.kind,
        language=document.language, date=document.date, region=document.region, publisher=document.publisher,
        url=document.url, section=passage.section, page=passage.page, start=passage.start, end=passage.end,
        text=passage.text, superseded_by=shown.superseded_by, also_in=tuple(shown.also_in),
    )  # fmt: skip
