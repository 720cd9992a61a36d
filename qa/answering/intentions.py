"""Whether a sentence says what someone wants, or what may be, rather than what is."""

from __future__ import annotations

import re

_INTENDS = re.compile(
    r"\b(?:aim(?:s|ed|ing)? to|hop(?:e|es|ed|ing) to|want(?:s|ed|ing)? to|wish(?:es|ed)? to|seek(?:s|ing)? to|sought to|intend(?:s|ed)? to"
    r"|ambition|could|might|would"
    r"|vis(?:e|ent|ait|ant) à|veut|veulent|voulai(?:t|ent)|souhait\w+|esp(?:ère|èrent|érait)|ambitionn\w+|cherch(?:e|ent|ait) à"
    r"|pourrai(?:t|ent)|serai(?:t|ent)|envisag\w+)\b",
    re.IGNORECASE,
)


def intends(text: str) -> bool:
    """Say whether ``text`` tells of a wish or a possibility.

    >>> intends("The region aims to become the first of France."), intends("La région est la première de France.")
    (True, False)
    """
    return bool(_INTENDS.search(text))
