"""How sure it is that the best sentence answers the question, and whether that is enough to show it."""

from __future__ import annotations

import math
from dataclasses import dataclass

THRESHOLD = 0.5

# Where an answer is as likely as not, and how fast that changes, as read off tests/data/questions.jsonl: e5's cosines
# are squeezed between 0.75 and 0.95, and lower across languages, where words cannot agree.
_SLOPE = 60.0
_SAME_LANGUAGE_MIDDLE, _ACROSS_LANGUAGES_MIDDLE = 0.87, 0.852
_MOST = 0.99  # measured features are never a certainty
_MISSING = 1.5  # what a missing figure, date or year costs
_COVERAGE_SLOPE, _COVERAGE_MIDDLE = 5.0, 0.45


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is measured of the best sentence.

    ``similarity`` is its cosine with the question; ``coverage`` the share of the question's terms, by rarity, in its
    passage, in 0..1; ``same_language`` whether it is in the question's language; ``holds_kind`` whether it holds the
    figure or date that is asked for, and ``holds_year`` whether its passage names the year that is.
    """

    similarity: float
    coverage: float
    same_language: bool
    holds_kind: bool = True
    holds_year: bool = True


def confidence(evidence: Evidence) -> float:
    """Return how sure it is, in 0..0.99; the corpus answers when that is ``THRESHOLD`` or more.

    A logistic function of the similarity, of the coverage within one language, and of what is missing.

    >>> confidence(Evidence(similarity=0.90, coverage=0.8, same_language=True)) > THRESHOLD
    True
    >>> confidence(Evidence(similarity=0.80, coverage=0.1, same_language=True)) < THRESHOLD
    True
    """
    if evidence.same_language:
        logit = _SLOPE * (evidence.similarity - _SAME_LANGUAGE_MIDDLE)
        logit += _COVERAGE_SLOPE * (evidence.coverage - _COVERAGE_MIDDLE)
    else:
        logit = _SLOPE * (evidence.similarity - _ACROSS_LANGUAGES_MIDDLE)
    logit -= _MISSING * ((not evidence.holds_kind) + (not evidence.holds_year))
    return min(1 / (1 + math.exp(-logit)), _MOST)
