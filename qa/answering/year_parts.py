"""Which part of a year a date is in: its beginning, its middle or its end."""

from __future__ import annotations

import re

from qa.answering.same_figures import YEARLESS
from qa.figures import Figure

_OF = r"\s*(?:de l['’]année |de |d['’]|du mois de |of |in )?$"
_PARTS = tuple(
    re.compile(rf"(?:{words}){_OF}", re.IGNORECASE)
    for words in (
        r"\bdébut|\bcommencement|\bpremier (?:trimestre|semestre)|\bbeginning|\bstart|\bearly|\bfirst (?:quarter|half)",
        r"\bmi-|\bmilieu|\bmid-|\bmiddle",
        r"\bfin|\bdernier (?:trimestre|mois)|\bquatrième trimestre|\bsecond semestre|\bend|\blate|\b(?:last|fourth) quarter",
    )
)
_YEAR, _MONTH = len("2012"), len("2012-07")
_EARLY, _LATE = 3, 10  # months that are at the beginning, up to here, and at the end, from here on


def parts_differ(claim: str, date: Figure, sentence: str, given: Figure) -> bool:
    """Say whether ``date``, a year of ``claim``, and the one ``given`` by ``sentence`` are of different parts of it, as far as both say.

    >>> from qa.figures import find_figures
    >>> claim, sentence = "début 2025", "à la fin de 2025"
    >>> parts_differ(claim, find_figures(claim, "fr")[0], sentence, find_figures(sentence, "fr")[0])
    True
    """
    if len(date.value) != _YEAR:
        return False
    ours, theirs = _part(claim, date), _part(sentence, given)
    return ours is not None and theirs is not None and ours != theirs


def _part(text: str, date: Figure) -> int | None:
    """Return 0, 1 or 2 for a date that is said to be, or by its month is, at the beginning, in the middle or at the end of a year."""
    said = (number for number, words in enumerate(_PARTS) if words.search(text[: date.start]))
    if (number := next(said, None)) is not None:
        return number
    if len(date.value) < _MONTH or date.value.startswith(YEARLESS):
        return None
    month = int(date.value[5:7])
    return 0 if month <= _EARLY else 2 if month >= _LATE else None
