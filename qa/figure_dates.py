"""Dates in French and English text, each as precise as it is written."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

from qa.figure_words import GAP, MONTHS, alternatives

_MONTH = rf"(?P<{{}}>{alternatives(MONTHS)})\b\.?"
_YEAR = r"(?P<{}>(?:18|19|20)\d{{2}})(?![\d,]\d|\d)"
_DATE = re.compile(
    rf"\b(?P<iso>(?:19|20)\d{{2}}-\d{{2}}(?:-\d{{2}})?)(?![\d-])"
    rf"|\b(?P<d1>\d{{1,2}})[/.](?P<n1>\d{{1,2}})[/.]{_YEAR.format('y1')}"
    rf"|(?<![\d.,])(?P<d2>\d{{1,2}})(?:er|st|nd|rd|th)?{GAP}+(?:of{GAP}+)?{_MONTH.format('m2')}(?:,?{GAP}+{_YEAR.format('y2')})?"
    rf"|\b{_MONTH.format('m3')}{GAP}+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?{GAP}+{_YEAR.format('y3')})?"
    rf"|\b{_MONTH.format('m4')},?{GAP}+(?:de{GAP}+|of{GAP}+)?{_YEAR.format('y4')}"
    rf"|\bannées{GAP}+(?P<decade_fr>(?:(?:19|20)\d|[3-9])0)\b|\b(?P<decade_en>(?:19|20)\d0)s\b"
    rf"|(?:(?<![\w.,/€$£-])|(?<=\bmi-)|(?<=\bmid-))(?<!(?<![TQ])\d[ \u00a0\u202f])(?P<y5>(?:18|19|20)\d{{2}})(?=(?:[-–/](?:19|20)\d{{2}}\b)|(?![\w%€$£/-]|[.,]\d|{GAP}?[%€$£]"
    rf"|{GAP}\d{{3}}\b|{GAP}(?:euros?|emplois?|jobs?|salariés?|employees|people|entreprises|companies|véhicules|vehicles|milli|billion)\b))"
    rf"|(?<=[-–/])(?<=\d[-–/])(?P<y6>(?:19|20)\d{{2}})\b(?!-)",
    re.IGNORECASE,
)


def find_dates(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield ``(start, end, ISO date)``: a day, a month, or a year; a day without a year is ``--07-25``, a decade ``199``.

    Numbers are read as day and month, as in Europe, unless only the other order makes a date.

    >>> [value for _, _, value in find_dates("Le 25/07/2012, puis en septembre 2012 et en 2013; July 1, 2012")]
    ['2012-07-25', '2012-09', '2013', '2012-07-01']
    """
    for match in _DATE.finditer(text):
        value = _iso(match)
        if value is not None:
            yield match.start(), match.end(), value


def _iso(match: re.Match[str]) -> str | None:
    if match["iso"]:
        year, month, *rest = (int(part) for part in match["iso"].split("-"))
        return _date(year, month, rest[0] if rest else None)
    if match["d1"]:
        day, month = int(match["d1"]), int(match["n1"])
        return _date(int(match["y1"]), month, day) or _date(int(match["y1"]), day, month)
    for form in ("2", "3"):
        if match[f"m{form}"]:
            written = match[f"y{form}"]
            return _date(int(written) if written else None, MONTHS[match[f"m{form}"].lower()], int(match[f"d{form}"]))
    decade = match["decade_fr"] or match["decade_en"]
    if decade:
        return f"{'' if len(decade) == 4 else '19'}{decade[:-1]}"
    if match["m4"]:
        return _date(int(match["y4"]), MONTHS[match["m4"].lower()], None)
    return match["y5"] or match["y6"]


def _date(year: int | None, month: int, day: int | None) -> str | None:
    """Return the date in ISO 8601, or ``None`` when there is no such day. A leap year stands for one not given."""
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= calendar.monthrange(year or 2000, month)[1]):
        return None
    days = f"-{day:02}" if day is not None else ""
    return f"{year or '-'}-{month:02}{days}"
