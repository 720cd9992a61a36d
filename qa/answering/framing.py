"""Words that questions are put with and that answers hardly repeat: how is it *organised*, what *kinds* are there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from qa.index.analysis import terms
from qa.index.lexical import Group

_WORDS = {
    "fr": (
        "organisé organise organisation fonctionne fonctionnent marche sert servent prévoit prévoient pense pensent cherche cherchent veut "
        "veulent devient deviennent devenu différence sorte sortes type types genre genres principal principale principaux principales "
        "existe existent concerne concernent rôle but objet raison raisons cause avenir stratégie critiques critique défauts défaut mesures "
        "chose choses exactement passé arrivé quoi actuel actuelle actuellement aujourd hui reproche dit disent travaille voit comprend "
        "contient signifie correspond impact effet conséquences résultat résultats"
    ),
    "en": (
        "organised organized works work working kind kinds type types sort sorts main happen happened happening purpose role aim future exist "
        "exists terms thing things reason reasons cause strategy criticism criticisms weakness weaknesses measures think thinks say says "
        "said mean means difference current currently today now become became done used use uses want wants look tell give given offer "
        "offers exactly impact effect consequences result results"
    ),
}


def without_framing(groups: Sequence[Group], own: Sequence[str], language: str) -> list[Group]:
    """Return the ``groups`` of a question's terms but for those that only put it; all, where it has no others.

    ``own`` has the term of each in the question's ``language``.

    >>> without_framing([{"fmea": 1.0}, {"organis": 1.0}], ["fmea", "organis"], "en")
    [{'fmea': 1.0}]
    """
    kept = [group for group, term in zip(groups, own, strict=True) if term not in _framing(language)]
    return kept or list(groups)


@cache
def _framing(language: str) -> frozenset[str]:
    return frozenset(terms(_WORDS[language], language))
