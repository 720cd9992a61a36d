"""Words that turn a statement round: a rise for a fall, an opening for a closure, before for after."""

from __future__ import annotations

import re

_PAIRS = [
    (
        r"hauss\w*|augment\w*|accr[oiu]\w*|progress\w*|increas\w*|ris(?:e|es|en|ing)|rose|grew|grow\w*|doubl\w*|relev\w+|rais\w+",
        r"baiss\w*|diminu\w*|rédui\w*|réduction\w*|recul\w*|chut\w*|decreas\w*|f[ae]ll\w*|drop\w*|declin\w*|cuts?|reduc\w*|lower\w*|abaiss\w*|halv\w*",
    ),
    (
        r"ouvr\w*|ouvert\w*|open\w*|lanc[eé]\w*|launch\w*|maint\w+|keep|keeps|kept",
        r"ferm(?:e|er|é|ée|és|ées|era|ent|eture|ait)\b|clos\w*|supprim\w*|suppress\w*|abolish\w*|annul\w*|cancel\w*|abandon\w*|arrêt\w*|stop\w*|scrap\w*",
    ),
    (r"avant|before", r"après|after"),
    (
        r"plus de|plus que|more than|over|above|au moins|at least|au-delà|exceed\w*|dépass\w*",
        r"moins de|moins que|less than|fewer than|under|below|au plus|at most|maximum|plafonn\w*|jusqu\w*|up to",
    ),
    (
        r"accept\w*|approuv\w*|approv\w*|autoris\w*|authori[sz]\w*|valid\w*|agre\w+|adopt\w*",
        r"rejet\w*|reject\w*|refus\w*|veto\w*|interdi\w*|prohibit\w*|ban|bans|banned|forbid\w*|forbad\w*",
    ),
    (r"create[sd]?|cré[eé]\w*|creat\w+|embauch\w*|hir(?:e|es|ed|ing)", r"supprim\w*|détrui\w*|destroy\w*|cut|cuts|licenci\w*|lay\w*|laid|los[et]\w*|perd\w*|perte\w*"),
    (r"gagn\w*|gain\w*|bénéfice\w*|profit\w*|excédent\w*|surplus", r"perd\w*|perte\w*|los[st]\w*|déficit\w*|deficit\w*"),
    (r"export\w*", r"import(?!an)\w*"),
    (r"minimum|minimal\w*|floor", r"maximum|maximal\w*|plafond\w*|ceiling"),
]  # fmt: skip
_SIDES = [
    (re.compile(rf"\b(?:{one})\b", re.IGNORECASE), re.compile(rf"\b(?:{other})\b", re.IGNORECASE))
    for one, other in _PAIRS
]


def says_the_opposite(statement: str, quotes: str) -> bool:
    """Say whether ``statement`` has a word of one side where ``quotes`` have only those of the other.

    >>> says_the_opposite("Le taux augmente de 2 points.", "The rate fell by 2 points.")
    True
    >>> says_the_opposite("Le taux baisse de 2 points.", "The rate fell by 2 points.")
    False
    """
    for side in _SIDES:
        for own, other in (side, side[::-1]):
            if (
                own.search(statement)
                and not own.search(quotes)
                and other.search(quotes)
                and not other.search(statement)
            ):
                return True
    return False
