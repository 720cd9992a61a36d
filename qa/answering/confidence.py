"""How sure it is that the best sentence answers the question, and whether that is enough to show it."""

from __future__ import annotations

import math

from qa.answering.candidates import Candidate

THRESHOLD = 0.35  # a little below where right answers and right silence are best together: .4 answers a tenth less

# A logistic regression on the questions kept for tuning, and on some of other subjects, of whether the best sentence holds
# the answer: training/answering.py. docs/benchmarks.md says how well it is calibrated on the questions kept for reporting.
_INTERCEPT = -38.72
_SIMILARITY, _ACROSS = 42.61, 1.56
_IN_TITLE = 2.17
_MISSES_YEAR = -4.19
_MOST = 0.99  # measured features are never a certainty


def confidence(best: Candidate, *, misses_year: bool) -> float:
    """Return how likely the best sentence is to answer, in 0..0.99; it is shown when that is ``THRESHOLD`` or more.

    ``misses_year`` says that the question names a year and the sentence's passage, title and date do not.
    """
    logit = _INTERCEPT + _SIMILARITY * best.similarity + _ACROSS * best.across + _IN_TITLE * best.in_title
    logit += _MISSES_YEAR * misses_year
    return min(1 / (1 + math.exp(-logit)), _MOST)
