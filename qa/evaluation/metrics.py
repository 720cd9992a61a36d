"""What a ranking of documents is worth, given which of them answer."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence


def hit_at(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return 1 when one of the first ``k`` answers, else 0.

    >>> hit_at(["a", "b"], {"b"}, 1), hit_at(["a", "b"], {"b"}, 2)
    (0.0, 1.0)
    """
    return float(any(document in relevant for document in ranking[:k]))


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return 1 / the rank of the first that answers within ``k``, or 0 (averaged over questions: MRR@k).

    >>> reciprocal_rank(["a", "b"], {"b"}, 10)
    0.5
    """
    return next((1 / rank for rank, document in enumerate(ranking[:k], start=1) if document in relevant), 0.0)


def recall_at(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the share of those that answer that stand among the first ``k``.

    >>> recall_at(["a", "b"], {"b", "c"}, 10)
    0.5
    """
    return sum(document in relevant for document in ranking[:k]) / len(relevant)


def ndcg_at(
    ranking: Sequence[str], relevant: Collection[str], k: int, grades: Mapping[str, int] | None = None
) -> float:
    """Return the discounted cumulative gain at ``k`` over the best possible (Järvelin and Kekäläinen, TOIS 2002).

    A document that answers gains 1, or 1 / its grade where grades are given (1 is the best); the gain at a rank is
    divided by log2(rank + 1).

    >>> round(ndcg_at(["a", "b"], {"b"}, 10), 3)
    0.631
    """
    grades = grades or {}
    gains = {document: 1 / grades.get(document, 1) for document in relevant}
    found = sum(gains.get(document, 0.0) / math.log2(rank + 1) for rank, document in enumerate(ranking[:k], start=1))
    ideal = sum(
        gain / math.log2(rank + 1) for rank, gain in enumerate(sorted(gains.values(), reverse=True)[:k], start=1)
    )
    return found / ideal
