"""Dates as precise as their source is, and the days they can mean."""

from __future__ import annotations

import calendar
import re
from datetime import date

from qa.errors import FilterError

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def day_bounds(value: str) -> tuple[int, int]:
    """Return the first and last day that ``value`` can mean, as ``YYYYMMDD`` numbers.

    Raises ValueError when it is not ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    >>> day_bounds("2013-11")
    (20131101, 20131130)
    """
    match = _DATE.fullmatch(value)
    if match is None:
        raise ValueError(f"not a date: {value!r}")
    year, month, day = match.groups()
    first = date(int(year), int(month or 1), int(day or 1))
    last_month = int(month or 12)
    last = date(first.year, last_month, int(day or calendar.monthrange(first.year, last_month)[1]))
    return int(first.strftime("%Y%m%d")), int(last.strftime("%Y%m%d"))


def years_in(text: str) -> frozenset[str]:
    """Return the years that ``text`` names.

    >>> sorted(years_in("Le CICE de 2013 à 2018, loi 2012-1559, 1 500 euros"))
    ['2012', '2013', '2018']
    """
    return frozenset(_YEAR.findall(text))


def parse_day(value: str, name: str) -> tuple[int, int]:
    """Return ``day_bounds(value)``, or raise FilterError naming the filter."""
    try:
        return day_bounds(value)
    except ValueError:
        raise FilterError(
            f"{name} is not a date: {value!r}. Write 2013, 2013-11 or 2013-11-14.",
            french=f"« {value} » n'est pas une date. Écrivez 2013, 2013-11 ou 2013-11-14.",
        ) from None


def date_text(date: str, language: str) -> str:
    """Return an ISO date as it is written in ``language``, as precise as it is.

    >>> date_text("2013-11-14", "fr"), date_text("2013-11", "en")
    ('14 novembre 2013', 'November 2013')
    """
    year, *rest = date.split("-")
    if not rest:
        return year
    month = _MONTHS[language][int(rest[0]) - 1]
    if len(rest) == 1:
        return f"{month} {year}"
    day = int(rest[1])
    return f"{'1er' if day == 1 and language == 'fr' else day} {month} {year}"
