"""The passages that answer a question, best first."""

from __future__ import annotations

from collections.abc import Sequence

from qa.dates import years_in
from qa.embedding.model import Embedder
from qa.errors import FilterError
from qa.filters import Filters
from qa.index.reader import Generation
from qa.records import Hit
from qa.retrieval.fusion import convex_combination
from qa.retrieval.versions import Shown, current

DEFAULT_K = 10
MAX_K = 1000
CANDIDATES = 200  # how deep each of the two searches goes, at least
_SPARE = 50  # passages looked at beyond those asked for, in place of versions and copies that give way


def check_k(k: int) -> int:
    """Return ``k``, or raise FilterError when it is not in 1..1000."""
    if not 1 <= k <= MAX_K:
        raise FilterError(f"k is {k}; it has to be from 1 to {MAX_K}.")
    return k


def search(
    questions: Sequence[str], *, generation: Generation, embedder: Embedder, filters: Filters, limit: int
) -> list[list[tuple[str, float, dict[str, float]]]]:
    """Return, for each question, up to ``limit`` ``(passage id, score in 0..1, scores)``, best first.

    Dense and lexical scores are fused (``qa.retrieval.fusion``); ``scores`` holds the cosine (``dense``) and the BM25 score
    (``lexical``) where that search found the passage.
    """
    depth = max(limit, CANDIDATES)
    vectors = embedder.encode_queries(questions)
    results = []
    for question, dense in zip(questions, generation.vectors.search(vectors, depth, filters), strict=True):
        lexical = generation.lexical.search(question, depth, filters)
        parts = {"dense": dict(dense), "lexical": dict(lexical)}
        fused = convex_combination(parts["dense"], parts["lexical"])
        results.append([
            (passage_id, score, {name: part[passage_id] for name, part in parts.items() if passage_id in part})
            for passage_id, score in fused[:limit]
        ])  # fmt: skip
    return results


def retrieve_hits(
    question: str, *, generation: Generation, embedder: Embedder, filters: Filters, k: int
) -> tuple[Hit, ...]:
    """Return the ``k`` best hits for one question, fewer when the filters leave fewer.

    Superseded versions and near-copies give way to what stands for them (``qa.retrieval.versions``).
    """
    limit = check_k(k) + _SPARE
    found = search([question], generation=generation, embedder=embedder, filters=filters, limit=limit)[0]
    shown = current(found, generation=generation, filters=filters, k=k, years=years_in(question))
    return tuple(_hit(rank, passage) for rank, passage in enumerate(shown, start=1))


def _hit(rank: int, shown: Shown) -> Hit:
    passage, document = shown.passage, shown.document
    return Hit(
        rank=rank, score=round(shown.score, 6), scores={name: round(value, 6) for name, value in shown.scores.items()},
        passage_id=passage.id, document_id=document.id, title=document.title, kind=document.kind,
        language=document.language, date=document.date, region=document.region, publisher=document.publisher,
        url=document.url, section=passage.section, page=passage.page, start=passage.start, end=passage.end,
        text=passage.text, superseded_by=shown.superseded_by, also_in=tuple(shown.also_in),
    )  # fmt: skip
