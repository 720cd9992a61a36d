"""Two rankings of the same passages, by meaning and by words, into one."""

from __future__ import annotations

from collections.abc import Mapping

DENSE_WEIGHT = 0.6  # benchmarks/fusion.py swept it


def convex_combination(
    dense: Mapping[str, float], lexical: Mapping[str, float], *, dense_weight: float = DENSE_WEIGHT
) -> list[tuple[str, float]]:
    """Return ``(passage id, score in 0..1)``, best first, for the passages that either search found.

    Each search's scores are stretched to 0..1 over what it found, a passage it did not find has 0 there, and the two
    are averaged with ``dense_weight`` (Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval",
    TOIS 2023, where this beats reciprocal rank fusion). Equal scores keep the order of ``dense``.

    >>> convex_combination({"a": 0.9, "b": 0.7}, {"b": 4.0}, dense_weight=0.6)
    [('a', 0.6), ('b', 0.4)]
    """
    by_meaning, by_words = _stretched(dense), _stretched(lexical)
    scores = {
        passage_id: dense_weight * by_meaning.get(passage_id, 0.0) + (1 - dense_weight) * by_words.get(passage_id, 0.0)
        for passage_id in (*by_meaning, *by_words)
    }
    return sorted(scores.items(), key=lambda item: -item[1])


def _stretched(scores: Mapping[str, float]) -> dict[str, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {passage_id: (score - low) / (high - low) for passage_id, score in scores.items()}
