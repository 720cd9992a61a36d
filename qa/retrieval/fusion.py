"""How well a passage fits, by meaning and by words, as one number that compares across languages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# benchmarks/fusion.py swept these on the tuning halves of the public sets.
DENSE_WEIGHT = 3.0  # of a cosine, which e5 squeezes into 0.7..0.95, against words' scores in 0..1
DOCUMENT_SHARE = 0.5  # of the words' score: what the whole document holds, beside the passage
ACROSS = 0.02  # what a cosine across languages is short of one within a language
# The logistic curve of probability(): benchmarks/fusion.py --logistic fitted it on gov_articles and fquad_dev, whose
# questions are most like a user's. Of the passages that it gives 0.4-0.5, .464 answer; of 0.7-0.8, .753.
INTERCEPT, SLOPE, GAP = -9.22, 3.53, -5.55

Floats = NDArray[np.float32]
Constants = tuple[float, float, float]


def fuse(
    dense: Floats,
    passage_words: Floats,
    document_words: Floats,
    across: NDArray[np.bool_],
    constants: Constants = (DENSE_WEIGHT, DOCUMENT_SHARE, ACROSS),
) -> Floats:
    """Return the sum that passages are ordered by, higher is better.

    ``dense`` are cosines, the words' scores BM25 as a share of the most that is possible, ``across`` whether a passage
    is in another language than the question. A weighted sum of scores keeps what ranks throw away (Bruch, Gai and
    Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023); dividing BM25 by its maximum instead of
    the best one found keeps it comparable from question to question.
    """
    dense_weight, document_share, addition = constants
    words = (1 - document_share) * passage_words + document_share * document_words
    return np.asarray(dense_weight * (dense + addition * across) + words, dtype=np.float32)


def probability(fused: Floats) -> Floats:
    """Return how likely each passage is to answer its question, in 0..1, given the sums of all that were found for it.

    Platt's logistic curve over the sum and over what it is short of the best one's.

    >>> [f"{p:.2f}" for p in probability(np.array([3.0, 2.7], np.float32))]
    ['0.80', '0.21']
    """
    short = fused.max(initial=-np.inf) - fused
    return np.asarray(1 / (1 + np.exp(-(INTERCEPT + SLOPE * fused + GAP * short))), dtype=np.float32)
