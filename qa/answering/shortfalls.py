"""Whether a sentence says less than a claim: what someone wants rather than what is, or nothing of the first place."""

from __future__ import annotations

import re

_INTENDS = re.compile(
    r"\b(?:aim(?:s|ed|ing)? to|hop(?:e|es|ed|ing) to|want(?:s|ed|ing)? to|wish(?:es|ed)? to|seek(?:s|ing)? to|sought to|intend(?:s|ed)? to"
    r"|ambition|could|might|would"
    r"|vis(?:e|ent|ait|ant) à|veut|veulent|voulai(?:t|ent)|souhait\w+|esp(?:ère|èrent|érait)|ambitionn\w+|cherch(?:e|ent|ait) à"
    r"|pourrai(?:t|ent)|serai(?:t|ent)|envisag\w+)\b",
    re.IGNORECASE,
)
_RANKS_FIRST = re.compile(
    r"\b(?:first|leading|largest|biggest|highest|greatest|top|number one|no\. 1|the most"
    r"|premi(?:er|ère)s?(?! ministre)|numéro un|n° 1|les? plus|la plus|principa(?:l|le|les|ux)|leader|en tête|record|main(?!-)|chief|foremost)\b",
    re.IGNORECASE,
)


def falls_short(claim: str, sentence: str) -> bool:
    """Say whether ``sentence`` tells of a wish or a possibility where ``claim`` tells of a fact, or ranks nothing first where it does.

    >>> falls_short("The region is the first of France.", "The region aims to become the first of France.")
    True
    >>> falls_short("The region is the first of France.", "La région a perdu 14 000 emplois.")
    True
    >>> falls_short("Le Premier ministre vient.", "The Prime Minister comes."), falls_short("La main-d'œuvre.", "Workers.")
    (False, False)
    """
    wishes = bool(_INTENDS.search(sentence)) and not _INTENDS.search(claim)
    return wishes or (bool(_RANKS_FIRST.search(claim)) and not _RANKS_FIRST.search(sentence))
