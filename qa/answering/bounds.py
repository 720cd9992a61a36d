"""What a figure is of: a least or a most, more or less than something, so much a day or a year."""

from __future__ import annotations

import re

_AT_LEAST = re.compile(
    r"(?:\b(?:more|no less|not less|no fewer) than|\bover|\bat least|\babove|\bexceed\w*|\bplus de|\bpas moins de|\bau moins|\bau-dessus de"
    r"|\bdépass\w+|\bsupérieure?s? à)\s*(?:de\s|d['’])?\s*$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:\b(?:(?<!no )(?<!not )(?:less|fewer)|no more) than|\bunder|\bbelow|\bat most|\bup to|\bjusqu['’]à|(?<!pas )\bmoins de|\bau plus|\bau maximum"
    r"|\bau-dessous de|\binférieure?s? à)\s*(?:de\s|d['’])?\s*$",
    re.IGNORECASE,
)
# The same behind the figure, which may be followed by what it counts: "900 personnes de moins", "8 jobs or more".
_BEHIND = r"[\d\s.,%]+(?:[^\W\d_]+\s){0,2}?"
_LEAST_OR_MOST = re.compile(
    rf"{_BEHIND}(?:(au moins|or more|ou plus|at least)|(?:au plus|or less|or fewer|ou moins|at most|au maximum))\b",
    re.IGNORECASE,
)
_MORE_OR_LESS = re.compile(rf"{_BEHIND}(?:(more|de plus|supplémentaires)|(?:less|fewer|de moins))\b", re.IGNORECASE)
_PERIODS = {
    "jour": "day", "day": "day", "semaine": "week", "week": "week", "mois": "month", "month": "month", "an": "year", "année": "year",
    "year": "year",
}  # fmt: skip
_EACH = re.compile(
    rf"[\d\s.,]*(?:[^\W\d_][\w'’-]*\s+){{1,4}}?(?:a|per|par|chaque|each|every)\s({'|'.join(_PERIODS)})\b", re.IGNORECASE
)


_OF = r"\s*(?:le|la|the|en|de|d['’]|début|fin|the end of|la fin de)?\s*$"
_UNTIL = re.compile(rf"(?:\bavant|\bjusqu['’](?:en|au|à)|\buntil|\bbefore){_OF}", re.IGNORECASE)
_FROM_ON = re.compile(rf"(?:\baprès|\bà partir d[eu]|\bdès|\bdepuis|\bafter|\bsince|\bfrom){_OF}", re.IGNORECASE)


def sides_differ(claim: str, start: int, sentence: str, at: int) -> bool:
    """Say whether what is said of a date of ``claim``, at ``start``, is before it and in ``sentence``, at ``at``, after it, or the reverse.

    >>> sides_differ("jusqu'en 2008", 9, "à partir de décembre 2008", 12), sides_differ("until 2008", 6, "en 2008", 3)
    (True, False)
    """
    ours, theirs = claim[:start], sentence[:at]
    return bool((_UNTIL.search(ours) and _FROM_ON.search(theirs)) or (_FROM_ON.search(ours) and _UNTIL.search(theirs)))


def bounds_differ(claim: str, start: int, sentence: str, at: int) -> bool:
    """Say whether a figure of ``claim``, at ``start``, is a least and that of ``sentence``, at ``at``, a most, or the reverse; whether one
    is so much more and the other so much less; or whether they are of different periods.

    >>> bounds_differ("moins de 8 milliards", 9, "more than 8 billion", 10)
    True
    >>> bounds_differ("1,250 cars a week", 0, "1 250 voitures par jour", 0), bounds_differ("55% more", 0, "55 % de moins", 0)
    (True, True)
    """
    both = ((claim[:start], claim[start:]), (sentence[:at], sentence[at:]))
    measures = ([of(before, behind) for before, behind in both] for of in (_bound, _difference, _period))
    return any(ours is not None and theirs is not None and ours != theirs for ours, theirs in measures)


def _bound(before: str, behind: str) -> bool | None:
    """Return whether a figure is a least, and not a most."""
    if _AT_LEAST.search(before) or _AT_MOST.search(before):
        return bool(_AT_LEAST.search(before))
    found = _LEAST_OR_MOST.match(behind)
    return bool(found[1]) if found else None


def _difference(_: str, behind: str) -> bool | None:
    """Return whether a figure is so much more, and not so much less."""
    found = _MORE_OR_LESS.match(behind)
    return bool(found[1]) if found else None


def _period(_: str, behind: str) -> str | None:
    found = _EACH.match(behind)
    return _PERIODS[found[1].lower()] if found else None
