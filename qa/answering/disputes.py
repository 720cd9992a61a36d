"""Sources that differ over one thing: two documents, two values, one scope and time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.answering.evidence import Evidence
from qa.figures import Figure

# Sources that differ over one thing give values within this factor, or years within so many; more is another thing.
_MOST, _YEARS = Decimal("1.5"), 3
_ON_THE_SAME = -0.2  # nearness from which a sentence with such a value speaks of the same thing
# How much less near than the best one such a sentence may be, and one with another year: years stand everywhere.
_AS_NEAR, _AS_NEAR_DATED = 2.0, 1.0
_ATTRIBUTED = re.compile(
    r"\b(?:selon|d['’]après|à en croire|according to|report(?:s|ed)|wr(?:o|i)tes?|said|says|estimated|reckon\w*|counts|counted"
    r"|estim(?:e|é|ait)|chiffr(?:e|ait)|écri(?:t|vait))\b",
    re.IGNORECASE,
)


def is_attributed(claim: str) -> bool:
    """Say whether ``claim`` tells who says so: that others say otherwise does not change that.

    >>> is_attributed("Selon France 3, la région compte 38 000 emplois."), is_attributed("La région compte 38 000 emplois.")
    (True, False)
    """
    return bool(_ATTRIBUTED.search(claim))


def differs_from(item: Evidence, supporting: Sequence[Evidence]) -> bool:
    """Say whether a sentence of another document gives another value of the thing that those that support speak of."""
    backers = {other.candidate.document.id for other in supporting}
    found = item.comparison
    if item.candidate.document.id in backers or not found.polarity:
        return False
    if (
        not item.names_in_sentence
        or found.missing
        or found.dates_missing
        or bool(found.others) == bool(found.dates_other)
    ):
        return False
    short = max(other.nearness for other in supporting) - item.nearness
    if found.dates_other:
        return item.contradicts and short <= _AS_NEAR_DATED and all(map(_years_apart, found.dates_other))
    given = item.candidate.figures
    others = [pair for pair in found.others if pair[0].value not in given]  # who gives it too differs over nothing
    return item.nearness >= _ON_THE_SAME and short <= _AS_NEAR and any(map(_alike, others))


def _alike(pair: tuple[Figure, tuple[Figure, ...]]) -> bool:
    """Say whether one of the values given could be another estimate of the claimed one."""
    claimed, figures = pair
    if claimed.kind in ("reference", "number"):  # numbers without a unit are of anything
        return False
    values = [Decimal(claimed.value), *(Decimal(figure.value) for figure in figures)]
    return any(
        min(values[0], value) > 0 and max(values[0], value) <= _MOST * min(values[0], value) for value in values[1:]
    )


def _years_apart(pair: tuple[Figure, tuple[Figure, ...]]) -> bool:
    """Say whether one of the years given could be another dating of what the claim dates."""
    claimed, figures = pair
    return any(
        len(figure.value) == len(claimed.value) == len("2012") and abs(int(figure.value) - int(claimed.value)) <= _YEARS
        for figure in figures
    )
