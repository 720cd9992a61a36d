"""Where the words that a model quotes stand in a passage: exactly, or nowhere.

White space and quotation marks are written in one form first, since models do not keep « » and no-break spaces; nothing
else is forgiven, neither a case nor an accent nor a comma.
"""

from __future__ import annotations

import re

_DOUBLE = '"“”„‟«»″'
_SINGLE = "'’‘‚‛‹›′`´"
_INSIDE = re.compile(r"(?<=[«‹])\s+|\s+(?=[»›])")  # French sets its marks apart from the words
MAX_QUOTE = 2000  # characters; a longer one is a copy of the passage


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    r"""Return the ``(start, end)`` of ``quote`` in ``text``, of the source's own characters, or None.

    >>> text = "Le «\u202fplan\u202f» porte le bonus\nà 7\u00a0000 €."
    >>> start, end = find_quote('"plan" porte le bonus à 7 000 €', text)
    >>> text[start:end]
    '«\u202fplan\u202f» porte le bonus\nà 7\xa0000 €'
    >>> find_quote("le bonus à 7 001 €", text) is None
    True
    """
    if not quote.strip() or len(quote) > MAX_QUOTE:
        return None
    written, places = _normalised(text)
    for wanted in _forms(quote):
        at = written.find(wanted) if wanted else -1
        while at >= 0:
            if _ends_words(written, at, at + len(wanted)):
                return _trimmed(text, places[at], places[at + len(wanted) - 1] + 1)
            at = written.find(wanted, at + 1)
    return None


def _ends_words(written: str, start: int, end: int) -> bool:
    """Say whether the span cuts no word: « 7 000 » is no quote from « 17 000 »."""
    cut_before = written[start - 1 : start].isalnum() and written[start].isalnum()
    return not cut_before and not (written[end : end + 1].isalnum() and written[end - 1].isalnum())


def _forms(quote: str) -> list[str]:
    """Return the quote in one form, and without the marks that a model put around it."""
    written = _normalised(quote)[0].strip()
    forms = [written]
    if len(written) > 2 and written[0] in "\"'" and written[-1] == written[0]:
        forms.append(written[1:-1].strip())
    return forms


def _normalised(text: str) -> tuple[str, list[int]]:
    """Return ``text`` with plain marks and single spaces, and where each of its characters came from."""
    dropped = {place for match in _INSIDE.finditer(text) for place in range(*match.span())}
    written: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if place in dropped:
            continue
        if char.isspace():
            if written and written[-1] == " ":
                continue
            plain = " "
        else:
            plain = '"' if char in _DOUBLE else "'" if char in _SINGLE else char
        written.append(plain)
        places.append(place)
    return "".join(written), places


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
