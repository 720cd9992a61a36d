"""How sure it is that the chosen sentences answer the question, and whether that is enough to show them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qa.answering.asked import Asked
from qa.answering.candidates import Candidate

THRESHOLD = 0.42  # where right answers and right silence are best together, on the questions kept for tuning

# A logistic regression on the questions kept for tuning, on the same without the documents that prove their answers, and
# on some of other subjects: training/answering.py. docs/benchmarks.md says how well it is calibrated on the others.
# The similarity weighs no more than twelve times the log-odds: left free, it wins on our questions and loses on others.
_INTERCEPT = -10.89
_PASSAGE, _SIMILARITY = 0.89, 10.68
_ACROSS, _IN_TITLE, _MISSES_YEAR = 1.44, 2.11, -6.74
_LEAST = 1e-4
_MOST = 0.99  # measured features are never a certainty


@dataclass(frozen=True, slots=True)
class Measures:
    """What tells how sure an answer is.

    ``passage`` is the log-odds of the best sentence's passage, as retrieval sees it; ``misses_year`` says that the
    question names a year and that passage, its title and date do not.
    """

    similarity: float
    across: bool
    in_title: float
    misses_year: bool
    passage: float


def measures(asked: Asked, best: Candidate) -> Measures:
    """Return what is measured of an answer whose best sentence is ``best``."""
    odds = min(max(best.hit.score, _LEAST), 1 - _LEAST)
    return Measures(
        similarity=best.similarity,
        across=best.across,
        in_title=best.in_title,
        misses_year=bool(asked.years) and best.passage_year != 1,
        passage=math.log(odds / (1 - odds)),
    )


def confidence(measured: Measures) -> float:
    """Return how likely it is that the chosen sentences answer, in 0..0.99; they are shown at ``THRESHOLD`` or more."""
    logit = _INTERCEPT + _PASSAGE * measured.passage + _SIMILARITY * measured.similarity + _ACROSS * measured.across
    logit += _IN_TITLE * measured.in_title + _MISSES_YEAR * measured.misses_year
    return min(1 / (1 + math.exp(-logit)), _MOST)
