"""How well a passage fits, by meaning and by words, as one number that compares across languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# The logistic curve of probability(): benchmarks/fusion.py --logistic fitted it on gov_articles and fquad_dev, whose
# questions are most like a user's. Of the passages that it gives 0.4-0.5, .430 answer; of 0.7-0.8, .771.
INTERCEPT, SLOPE, GAP = -9.42, 2.75, -4.59

Floats = NDArray[np.float32]


class Constants(NamedTuple):
    """What the sum counts how much; benchmarks/fusion.py swept it on the tuning halves of the public sets."""

    dense_weight: float = 4.0  # of a cosine, which e5 squeezes into 0.7..0.95, against words' scores in 0..1
    sentence_share: float = 1 / 3  # of the cosine: the passage's sentence that is nearest, beside the passage whole
    document_share: float = 0.5  # of the words' score: what the whole document holds, beside the passage
    across: float = 0.01  # what a cosine across languages is short of one within a language


CONSTANTS = Constants()


@dataclass(frozen=True, slots=True)
class Measured:
    """The candidates for one question, and what is measured of each.

    ``rows`` are the passages' in the index; ``dense`` their cosines with the question, ``sentence`` those of the sentence of
    each that is nearest to it; the words' scores BM25 as a share of the most that is possible; ``across`` whether a passage
    is in another language than the question.
    """

    rows: NDArray[np.integer]
    dense: Floats
    sentence: Floats
    passage_words: Floats
    document_words: Floats
    across: NDArray[np.bool_]


def fuse(found: Measured, constants: Constants = CONSTANTS) -> Floats:
    """Return the sum that candidates are ordered by, higher is better.

    A weighted sum of scores keeps what ranks throw away (Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid
    retrieval", TOIS 2023); dividing BM25 by its maximum instead of the best one found keeps it comparable from question to
    question. A passage's best sentence tells of a small thing in it what the passage's one vector blurs.
    """
    of_sentence, of_document = constants.sentence_share, constants.document_share
    meaning = (1 - of_sentence) * found.dense + of_sentence * found.sentence + constants.across * found.across
    words = (1 - of_document) * found.passage_words + of_document * found.document_words
    return np.asarray(constants.dense_weight * meaning + words, dtype=np.float32)


def probability(fused: Floats) -> Floats:
    """Return how likely each passage is to answer its question, in 0..1, given the sums of all that were found for it.

    Platt's logistic curve over the sum and over what it is short of the best one's.

    >>> [f"{p:.2f}" for p in probability(np.array([4.0, 3.7], np.float32))]
    ['0.83', '0.35']
    """
    short = fused.max(initial=-np.inf) - fused
    return np.asarray(1 / (1 + np.exp(-(INTERCEPT + SLOPE * fused + GAP * short))), dtype=np.float32)
