"""How sure it is that the best sentence answers the question, and whether that is enough to show it."""

from __future__ import annotations

import math
from dataclasses import dataclass

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is measured of the best sentence.

    ``similarity`` is its cosine with the question; ``coverage`` the share of the question's terms, by rarity, in its
    passage; ``same_language`` whether it is in the question's language.
    """

    similarity: float
    coverage: float
    same_language: bool


@dataclass(frozen=True, slots=True)
class Confidence:
    """``value`` is in 0..1; the corpus ``answers`` when it reaches the threshold."""

    value: float

    @property
    def answers(self) -> bool:
        return self.value >= THRESHOLD


def confidence(evidence: Evidence) -> Confidence:
    logit = 40 * (evidence.similarity - 0.85) + 4 * (evidence.coverage - 0.5)
    return Confidence(1 / (1 + math.exp(-logit)))
