"""The French and English words that figures are written with, each with what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable

GAP = r"[ \t\u00a0\u202f\u2009]"
WORD_GAP = rf"{GAP}"


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of ``words``, the longest first.

    >>> alternatives(["euro", "euros"])
    'euros|euro'
    """
    return "|".join(re.escape(word).replace(r"\ ", f"{GAP}+") for word in sorted(words, key=len, reverse=True))


def _by_word(meanings: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in meanings.items() for word in words.split("|")}


SPELLED = {
    "fr": "un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente "
    "quarante cinquante soixante septante huitante nonante cent cents mille".split(),
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand".split(),
}

_SHARED_SCALES = {
    "k": 10**3, "m": 10**6, "md": 10**9, "mds": 10**9, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9,
}  # fmt: skip
SCALES: dict[str, dict[str, int]] = {
    "fr": {**_SHARED_SCALES, "mille": 10**3, "billion": 10**12, "billions": 10**12, "bn": 10**9},
    "en": {
        **_SHARED_SCALES, "thousand": 10**3, "bn": 10**9, "mn": 10**6, "billion": 10**9, "billions": 10**9, "trillion": 10**12,
    },
}  # fmt: skip

CURRENCIES = _by_word({
    "EUR": "€|euro|euros|eur|k€|m€|md€|mds€",
    "USD": "$|dollar|dollars|usd|us$",
    "GBP": "£|gbp|livres sterling|pounds",
    "FRF": "franc|francs|frf|ff",
})  # fmt: skip
for _symbol in ("k€", "m€", "md€", "mds€"):  # read as a scale and a sign
    del CURRENCIES[_symbol]

UNITS = _by_word({
    "job": "emploi|emplois|job|jobs|poste|postes|position|positions|post|posts",
    "employee": "salarié|salariés|employé|employés|employee|employees|worker|workers|ouvrier|ouvriers|staff|effectifs",
    "person": "personne|personnes|people|person|persons|habitant|habitants|inhabitant|inhabitants|mineur|mineurs|miner|miners",
    "company": "entreprise|entreprises|société|sociétés|company|companies|firm|firms|business|businesses|pme|sme|smes",
    "supplier": "fournisseur|fournisseurs|équipementier|équipementiers|supplier|suppliers|sous-traitants|subcontractors",
    "vehicle": "véhicule|véhicules|voiture|voitures|vehicle|vehicles|car|cars|automobiles|utilitaires|camionnettes|fourgons|van|vans",
    "engine": "moteur|moteurs|engine|engines",
    "plant": "usine|usines|site|sites|plant|plants|factory|factories",
    "charging point": "borne|bornes|points de charge|points de recharge|charging points|chargers",
    "commune": "commune|communes|municipality|municipalities",
    "cluster": "pôle|pôles|cluster|clusters",
    "project": "projet|projets|project|projects",
    "plan": "plan|plans",
    "member": "membre|membres|member|members|adhérent|adhérents",
    "researcher": "chercheur|chercheurs|researcher|researchers",
    "year": "an|ans|année|années|year|years",
    "month": "mois|month|months",
    "day": "jour|jours|day|days",
    "hour": "heure|heures|hour|hours",
    "second": "secondes|seconds",
    "week": "semaine|semaines|week|weeks",
    "metre": "m|mètre|mètres|metre|metres|meter|meters",
    "kilometre": "km|kilomètre|kilomètres|kilometre|kilometres|kilometer|kilometers",
    "gram": "g|gramme|grammes|gram|grams|g/km",
    "tonne": "tonne|tonnes|ton|tons",
    "hectare": "ha|hectare|hectares",
    "square metre": "m²|m2|mètres carrés|square metres|square meters",
    "square kilometre": "km²|km2|kilomètres carrés|square kilometres|square kilometers",
    "litre": "litre|litres|liter|liters",
    "kilowatt-hour": "kwh",
    "gigawatt-hour": "gwh|gigawattheures|gigawatt-heures|gigawatt-hours",
    "megawatt": "mw",
    "point": "point|points",
    "times": "fois|times",
})  # fmt: skip

ORDINALS = _by_word({
    "1": "premier|première|premiers|premières|first",
    "2": "deuxième|deuxièmes|second|seconde",
    "3": "troisième|troisièmes|third",
    "4": "quatrième|quatrièmes|fourth",
    "5": "cinquième|cinquièmes|fifth",
    "6": "sixième|sixièmes|sixth",
    "7": "septième|septièmes|seventh",
    "8": "huitième|huitièmes|eighth",
    "9": "neuvième|neuvièmes|ninth",
    "10": "dixième|dixièmes|tenth",
})  # fmt: skip

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        "janvier january jan janv|février fevrier february feb févr|mars march mar|avril april apr avr|mai may|juin june jun"
        "|juillet july jul juil|août aout august aug|septembre september sept sep|octobre october oct|novembre november nov"
        "|décembre decembre december dec déc".split("|"),
        start=1,
    )
    for name in names.split()
}
