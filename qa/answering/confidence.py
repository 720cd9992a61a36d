"""How sure it is that the chosen sentences answer the question, and whether that is enough to show them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qa.answering.asked import Asked
from qa.answering.candidates import Candidate

THRESHOLD = 0.42  # where right answers and right silence are best together, on the questions kept for tuning

# A logistic regression on the questions kept for tuning, on the same without the documents that prove their answers, and
# on some of other subjects: training/answering.py. docs/benchmarks.md says how well it is calibrated on the others.
_INTERCEPT = -34.12
_SIMILARITY, _ACROSS = 36.13, 2.04
_IN_TITLE = 2.82
_MISSES_YEAR = -6.42
_SCORE = 1.48
_MOST = 0.99  # measured features are never a certainty


@dataclass(frozen=True, slots=True)
class Measures:
    """What tells how sure an answer is.

    ``misses_year`` says that the question names a year and the best sentence's passage, title and date do not;
    ``score`` is its passage's, the rest its own.
    """

    similarity: float
    across: bool
    in_title: float
    misses_year: bool
    score: float


def measures(asked: Asked, best: Candidate) -> Measures:
    """Return what is measured of an answer whose best sentence is ``best``."""
    return Measures(
        similarity=best.similarity,
        across=best.across,
        in_title=best.in_title,
        misses_year=bool(asked.years) and best.passage_year != 1,
        score=best.hit.score,
    )


def confidence(measured: Measures) -> float:
    """Return how likely it is that the chosen sentences answer, in 0..0.99; they are shown at ``THRESHOLD`` or more."""
    logit = _INTERCEPT + _SIMILARITY * measured.similarity + _ACROSS * measured.across + _IN_TITLE * measured.in_title
    logit += _MISSES_YEAR * measured.misses_year + _SCORE * measured.score
    return min(1 / (1 + math.exp(-logit)), _MOST)
