"""Whether two figures are one, or one stands in the place of the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.figures import Figure

_ALIKE = ({"job", "employee", "person"}, {"company", "supplier"})  # what a translation may swap
MEASURES = frozenset(  # never left out after their number, so that a bare number is none of them
    "year month week day hour second metre kilometre hectare tonne litre gram megawatt gigawatt-hour point times".split()
) | {"square metre", "square kilometre"}
YEARLESS = "--"  # what the value of a day begins with that has no year
_ROUGHLY = 10  # the part of a value that rounding takes or adds at most
_MOST = 30  # how many times another a figure in its place is; more, and it is of another thing
_DIFFERENCE = re.compile(
    r"\b(?:lost|los(?:es|ing)|shed(?:s|ding)?|cut(?:s|ting)?|gain(?:ed|s|ing)?|perd\w*|supprim\w+|gagn\w+"
    r"|(?:rise|fall|drop|increase|decrease|decline|loss|cut|gain|reduction) (?:of|by)|(?:rose|fell|dropped|grew) by"
    r"|(?:hausse|baisse|perte|recul|augmentation|diminution|suppression|gain) (?:de|d['’]))"
    r"\s*(?:about|some|nearly|almost|more than|over|around|près de|environ|quelque|plus de|presque)?\s*$",
    re.IGNORECASE,
)


def same(value: Figure, given: Sequence[Figure]) -> Figure | None:
    """Return the figure among ``given`` that is ``value``; one with its unit before a bare number."""
    equal = [figure for figure in given if figure.value == value.value]
    exact = next((figure for figure in equal if _alike(value, figure)), None)
    if exact is not None or any(figure.unit == value.unit for figure in given if value.unit):
        return exact
    return next((figure for figure in equal if _one_is_bare(value, figure)), None)


def rounded(value: Figure, given: Sequence[Figure]) -> Figure | None:
    """Return the figure among ``given`` that ``value`` rounds, up or down, to as many digits as it has.

    >>> found = rounded(Figure(0, 1, "count", "1200000", "vehicle"), [Figure(0, 1, "count", "1259450", "vehicle")])
    >>> found.value if found else None
    '1259450'
    """
    step = Decimal(10) ** (len(value.value) - len(value.value.rstrip("0")))
    if value.kind in ("reference", "ordinal", "date") or step == 1:
        return None
    return next(
        (
            figure
            for figure in given
            if (_alike(value, figure) or _one_is_bare(value, figure))
            and abs(Decimal(figure.value) - Decimal(value.value)) < min(step, Decimal(value.value) / _ROUGHLY)
        ),
        None,
    )


def gives(given: Sequence[Figure], figure: Figure) -> bool:
    """Say whether ``figure`` is among those ``given``, or a date of them is a day of its month or year."""
    if figure.kind == "date":
        return any(within(other, figure) for other in given if other.kind == "date")
    return same(figure, given) is not None


def is_difference(text: str, figure: Figure) -> bool:
    """Say whether a figure of ``text`` is by how much something changed: it is in no level's place.

    >>> text = "The region lost 14,000 jobs."
    >>> is_difference(text, Figure(16, 27, "count", "14000", "job"))
    True
    """
    return bool(_DIFFERENCE.search(text[: figure.start]))


def rivals(value: Figure, figure: Figure) -> bool:
    """Say whether one figure stands in the place of another; a bare number is in no count's place.

    >>> rivals(Figure(0, 1, "amount", "80000000", "EUR"), Figure(0, 1, "amount", "13000", "EUR"))
    False
    """
    return value.value != figure.value and _alike(value, figure) and _comparable(value, figure)


def competes(figure: Figure, other: Figure) -> bool:
    """Say whether two figures of one sentence could be taken for each other."""
    return figure.value != other.value and _alike(figure, other)


def within(given: Figure, date: Figure) -> bool:
    """Say whether the date given is the claimed one, or a day in the claimed month or year."""
    return given.value.startswith(date.value) or (
        date.value.startswith(YEARLESS) and given.value[4:] == date.value[1:] and len(given.value) > 4
    )


def _alike(one: Figure, other: Figure) -> bool:
    if one.kind != other.kind:
        return False
    return one.unit == other.unit or any(one.unit in group and other.unit in group for group in _ALIKE)


def _one_is_bare(one: Figure, other: Figure) -> bool:
    """Say whether one of two counts has no unit that we know: it can be a count of anything but a measure."""
    units = {one.unit, other.unit}
    return {one.kind, other.kind} == {"count", "number"} and not units & MEASURES


def _comparable(one: Figure, other: Figure) -> bool:
    """Say whether two values are of one magnitude, or differ by it alone: 8 million where it is 8 billion."""
    if one.kind in ("reference", "ordinal", "date"):
        return True
    low, high = sorted((Decimal(one.value), Decimal(other.value)))
    return high <= low * _MOST or one.value.rstrip("0") == other.value.rstrip("0")
