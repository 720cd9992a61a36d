"""What a question asks of its subject, such as how many people or at what price, and whether a text tells it.

Most questions name it right after the question word. A text tells it by the same words, in either language; some things
it may say otherwise: staff, jobs and employees are all people, and what money it was is told by a currency.
"""

from __future__ import annotations

import re

from qa.answering.wanted import Wanted
from qa.index.lexical import LexicalIndex
from qa.questions import Question

_PEOPLE = (
    "personnes?|gens|salari[ée]s?|employ[ée]s?|effectifs?|emplois?|postes?|embauches?"
    "|people|persons?|employees?|staff|jobs?|workers?|workforce|headcount|hires?"
)
_SAYS_PEOPLE = (
    r"\b(?:personnes?\b|salari|employ|effectif|emplois?\b|postes?\b|travaill|ouvri|embauch|recrut|habitants?\b"
    r"|people\b|persons?\b|staff\b|jobs?\b|work(?:s|ed|ers?|force)?\b|hir(?:e|es|ed|ing)\b)"
)
_MONEY = (
    "montants?|sommes?|argent|cr[ée]dits?|enveloppes?|co[uû]ts?|budgets?|investissements?"
    "|amounts?|sums?|money|costs?|investments?|funding"
)
_SAYS_MONEY = r"[€$£]|\b(?:euros?|eur|francs?|[eé]cus?|dollars?)\b"
_VEHICLES = "voitures?|v[ée]hicules?|automobiles?|cars?|vehicles?"
_SHARE = "parts?|pourcentages?|proportions?|taux|shares?|percentages?|rates?"
_WHO = r"(?:qui|whom?)\b(?:\W+\w+){0,4}?\W+"
_CONTACT = "num[ée]ro de t[ée]l[ée]phone|courriel|adresse|phone|e-?mail|address"
# What a question may ask for right after the question word, and what tells it in either language.
_NAMED_THERE = (
    (_PEOPLE, _SAYS_PEOPLE),
    ("habitants?|population|inhabitants?", r"\b(?:habitants?|population|inhabitants?|people)\b"),
    (_VEHICLES, rf"\b(?:{_VEHICLES}|utilitaires?|fourgons?|immatriculations?|vans?|registrations?)\b"),
    ("dates?|jours?|mois|ann[ée]es?|days?|months?|years?", r"\b(?:1[89]|20)\d{2}\b"),
    (_SHARE, r"%|\b(?:pour cent|per ?cent|quarts?|tiers|moiti[ée]|quarter|third|half)\b"),
    (_MONEY, _SAYS_MONEY),
    ("surface|superficie|area|m[èe]tres carr[ée]s|square met(?:re|er)s", r"\b(?:hectares?|k?m2|carr[ée]s|square)\b|m²"),
)
# The same, wherever in the question it is named.
_NAMED_ANYWHERE = (
    (
        "salaires?|r[ée]mun[ée]rations?|salar(?:y|ies)|wages?|paid|pay|earns?",
        r"\b(?:salaires?\b|r[ée]mun[ée]r|gagne|salar(?:y|ies)\b|wages?\b|paid\b|earn)",
    ),
    ("quel [âa]ge|how old|what age", r"\b(?:[âa]g[ée]e?s?|ans|years? old|n[ée]e? (?:en|le)|born)\b"),
    (r"n[ée]e?s?|born|birth\w*|naissance", r"\b(?:n[ée]e? (?:en|le|à)|born|birth|naissance)\b"),
    (_CONTACT, rf"@|\b(?:t[ée]l[ée]phone|{_CONTACT})\b|\b\d{{2}}(?:[ .]\d{{2}}){{4}}\b"),
    ("budgets?", r"\bbudg[eé]t|\b(?:financ|funds?\b|funded|funding|dot[ée]|endow)"),
    (
        rf"{_WHO}(?:pr[ée]sid|chair)\w*",
        r"\b(?:pr[ée]sid|chair)",
    ),
    (rf"{_WHO}(?:maires?|mayors?)", r"\b(?:maires?|mayors?)\b"),
    (
        rf"{_WHO}(?:dirige\w*|direct(?:eur|rice|ors?)|heads?|runs?|leads?|pdg|ceo)",
        r"\b(?:dirig|direct(?:eur|rice|or)|head|r[au]n\b|runs\b|le(?:a)?d|pdg|ceo|patron|boss|t[êe]te\b|responsable|g[ée]rant|pr[ée]sid|chair|manag)",
    ),
    ("prix|price", r"\b(?:prix|tarif|vendue?s?|price[ds]?|sold|sells?)\b"),
)


def _compiled(table: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (re.compile(rf"\b(?:{asks})\b", re.IGNORECASE), re.compile(says, re.IGNORECASE)) for asks, says in table
    )


_THERE, _ANYWHERE = _compiled(_NAMED_THERE), _compiled(_NAMED_ANYWHERE)
_MONEY_TOLD = re.compile(_SAYS_MONEY, re.IGNORECASE)
# What is told by a name or a list, whatever it is called there: nothing to look for.
_ANY = re.compile(
    r"\b(?:quoi|noms?|listes?|entreprises?|soci[ée]t[ée]s?|organismes?|organisations?|associations?|banques?|groupes?|cabinets?"
    r"|agences?|partenaires?|villes?|communes?|lieux?|sites?|pays|names?|lists?|compan(?:y|ies)|firms?|organi[sz]ations?"
    r"|banks?|groups?|bod(?:y|ies)|agenc(?:y|ies)|partners?|cit(?:y|ies)|towns?|countr(?:y|ies))\b",
    re.IGNORECASE,
)
_VERB = (
    r"(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|may|might|shall|should|must|in|at|of|by|for|on|with|to"
    r"|a|an|the|per|from|since|between|during|that)"
)
_NAMED = {
    "fr": re.compile(
        r"\b(?:combien\s+(?:d['’]|de\s+)|quel(?:le)?s?\s+(?:(?:est|sont|était|étaient|fut|furent|sera|seront|a\s+été)\s+)?"
        r"(?:l['’]|le\s+|la\s+|les\s+|son\s+|sa\s+|leur\s+)?)(?:(?:nombre|nom)\s+(?:total\s+)?d(?:e\s+|['’]))?"
        r"(?P<named>numéro de téléphone|mètres carrés|[^\W\d_][\w-]*(?:\s+(?:de\s+|d['’])(?-i:(?!l[ae]?\b|ces?\b|cette\b|s[aeo]|leurs?\b|tou)[a-zà-ÿ][a-zà-ÿ-]*(?![\w-])))?)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"\b(?:how\s+many|(?:what|which)(?:\s+(?:is|was|were|are))?)\s+(?:the\s+|its\s+|their\s+)?(?:(?:total\s+)?number\s+of\s+)?"
        rf"(?!{_VERB}\b)"
        rf"(?-i:[A-ZÀ-Þ][\w-]*(?:['’]s)?\s+)*(?P<named>[^\W\d_][\w-]*(?:\s+(?!{_VERB}\b)[^\W\d_][\w-]*){{0,2}})",
        re.IGNORECASE,
    ),
}  # fmt: skip
_COSTS = re.compile(
    r"\bcombien\s+(?:\S+\s+){0,3}?(?:co[uû]t|investi|vers[ée])|\bhow\s+much\s+(?:money|do|does|did|has|have|had|will|would|was|is|may)\b"
    r"|\bwhat\s+(?:does|did|do|will)\b.*\bcost\b",
    re.IGNORECASE,
)


class Attribute:
    """What ``question`` asks of its subject; ``lexical`` tells how rare its words are."""

    def __init__(self, question: Question, lexical: LexicalIndex) -> None:
        self.named = named_in(question)
        self._says, rest = _said_otherwise(question, self.named)
        self._words = None
        if rest and not _ANY.search(rest):
            self._words = Wanted(Question(rest, question.language), lexical)

    def surely_lacks(self, text: str) -> bool:
        """Say whether what tells it is known and ``text`` has nothing of that, or the index nothing of the words for it."""
        if self._words and self._words.total and not self._words.knows_some:
            return True
        return self._says is not None and not self._says.search(text)

    def lacks(self, text: str, language: str) -> float:
        """Return the share of the words for it that ``text`` does not say, in 0..1; 0 where the question names nothing."""
        return 1.0 - self._words.coverage(text, language) if self._words and self._words.total else 0.0


def named_in(question: Question) -> str:
    """Return the words by which ``question`` names what it asks for, "" where it does not.

    >>> named_in(Question("Combien de salariés compte Toyota ?", "fr"))
    'salariés'
    >>> named_in(Question("What is the annual turnover of Verkor?", "en"))
    'annual turnover'
    """
    found = _NAMED[question.language].search(question.text)
    return found["named"] if found else ""


def _said_otherwise(question: Question, named: str) -> tuple[re.Pattern[str] | None, str]:
    """Return what tells it otherwise, and the words of ``named`` that are told by themselves: of an unemployment rate the first."""
    anywhere = next((says for asks, says in _ANYWHERE if asks.search(question.text)), None)
    if anywhere is not None:
        return anywhere, ""
    if _COSTS.search(question.text):
        return _MONEY_TOLD, ""
    for asks, says in _THERE:
        if asks.search(named):
            return says, asks.sub(" ", named).strip()
    return None, named
