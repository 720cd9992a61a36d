"""What a question asks for, as far as its words say: a figure, a date, a year that the answer has to be about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answering.proper_names import names
from qa.dates import years_in

_DATE = re.compile(
    r"\b(?:19|20)\d{2}\b|\b(?:\d{1,2}|1er)\s+(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre"
    r"|novembre|décembre|january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|moitié)\b",
    re.IGNORECASE,
)
_ASKS_FIGURE = re.compile(
    r"\b(?:combien|co[uû]t\w*|pib|gdp|costs?|enveloppe|jusqu'à\s+quel\s+montant|quel(?:le)?s?\s+(?:est\s+|sont\s+|était\s+|étaient\s+)?(?:le\s+|la\s+|les\s+)?"
    r"(?:montants?|taux|pourcentages?|parts?|budgets?|plafonds?|prix|coûts?|nombres?|chiffres?|malus|bonus|capacités?)"
    r"|how\s+(?:much|many|large|big|high)"
    r"|what\s+(?:is\s+|was\s+|were\s+|are\s+)?(?:the\s+)?(?:annual\s+)?"
    r"(?:total\s+)?(?:share|rate|amount|percentage|budget|ceiling|price|cost|number|capacity|salary|investment))\b",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(
    r"\b(?:quand|dates?|(?:en\s+)?quelle\s+année|quel\s+(?:jour|mois)|when|(?:what|which)\s+(?:day|month|year))\b",
    re.IGNORECASE,
)


# Who may have something is a kind of people or of firms, not one person: « Qui peut toucher le bonus ? »
_MAY_HAVE = (
    r"(?!\s+(?:peu(?:t|vent)|pourra|pourront|a\s+droit|ont\s+droit|bénéficient?|(?:est|sont)\s+(?:éligible|concernée?)s?"
    r"|can|may|could|benefits?|qualif(?:y|ies)|(?:is|are)\s+(?:eligible|entitled|concerned))\b)"
)
_ASKS_PERSON = re.compile(
    rf"(?:^|[,:;]\s*)(?:et\s+|mais\s+|(?:à|de|par|avec|pour|chez)\s+)?qui\b{_MAY_HAVE}|\b(?:who\b{_MAY_HAVE}|whom\b|whose\b)",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(
    r"\b(?:où|where|quel(?:le)?s?\s+(?:\w+\s+)?(?:entreprises?|sociétés?|villes?|communes?|organismes?|organisations?|associations?"
    r"|banques?|groupes?|constructeurs?|usines?|pays|régions?|pôles?|cabinets?|lieux?|ministres?|écoles?|universités?)"
    r"|(?:which|what)\s+(?:\w+\s+)?(?:compan(?:y|ies)|firms?|towns?|cit(?:y|ies)|organi[sz]ations?|associations?|banks?|groups?"
    r"|carmakers?|plants?|factor(?:y|ies)|countr(?:y|ies)|regions?|clusters?|places?|venue|ministers?|schools?|universit(?:y|ies)))\b",
    re.IGNORECASE,
)
_ASKS_DEFINITION = re.compile(
    r"\b(?:qu['’]est-ce que?|c['’]est quoi|que\s+(?:veut dire|signifie|désigne)|à quoi (?:(?:ça|cela)\s+)?(?:sert|correspond)|définition)\b"
    r"|^(?:what\s+(?:is|are)|define)\s+(?:an?\s+|the\s+)?[\w'’-]+(?:\s+(?!of\b|for\b|in\b|from\b|at\b)[\w'’-]+){0,3}\s*\?*$"
    r"|\bwhat\s+does\b.*\b(?:mean|stand for)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(?:est|sont|désigne|is|are|means)\s+(?:(?:l['’])|(?:une?|le|la|les|des|an?|the)\b)|\((?:[A-Z][\w-]*)\)|, (?:une?|le|la|l['’]|an?|the)\b"
)
_ASKS_CAUSE = re.compile(
    r"\b(?:pourquoi|quelles?\s+(?:est|était|sont|étaient)?\s*(?:la|les)?\s*(?:raisons?|causes?)|pour\s+quelles?\s+raisons?|why|how come"
    r"|what\s+(?:is|was|are|were)\s+the\s+(?:reasons?|causes?))\b",
    re.IGNORECASE,
)
_GIVES_CAUSE = re.compile(
    r"\b(?:because|since (?:it|they|he|she|there)|due to|owing to|thanks to|reasons?|caus\w+|driven by|so that|in order to|in response to|blam\w+|given that"
    r"|explain\w*|to (?:help|meet|make|keep|avoid|save|support|reduce|replace|protect|spare)|for (?:lack|want) of"
    r"|parce qu|puisqu|en effet|car (?:il|elle|le|la|les|l['’])|en raison|raisons?|à cause|faute de|grâce à|afin (?:de|d['’]|que)|face à|en réponse|motifs?|expliqu\w+|tient à"
    r"|d[uû]e?s? à|pour (?:l['’]|le |la |les |se |s['’]|ne pas |en |y )?\w+(?:er|ir|re)\b)",
    re.IGNORECASE,
)
_ASKS_SEVERAL = re.compile(
    r"\b(?:quel(?:le)?s|(?:which|what)\s+(?:\w+\s+)?(?:companies|firms|towns|cities|organi[sz]ations|associations|banks|groups"
    r"|carmakers|plants|factories|countries|regions|clusters|places|ministers|schools|universities))\b",
    re.IGNORECASE,
)
# Who says so is no part of what is said: "according to Eco121", "Eco121 reported".
_ATTRIBUTION = re.compile(
    r"\b(?:selon|d['’]après|according to|in the words of)\s+[^,.;:]*"
    r"|(?:^|,)\s*(?:\w+\s+){1,4}(?:said|says|wrote|reports?|reported|recalls?|rapporte|indique|écrit|rappelle|précise|affirme|relève)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:aujourd['’]hui|actuel(?:le)?(?:s|ment)?|maintenant|en ce moment|où en (?:est|sont)|devien(?:t|nent)|devenue?s?|avenir|encore|toujours|today|now|current(?:ly)?"
    r"|nowadays|latest|at present|happened to|became of|still|future|will)\b",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(
    r"\b(?!(?:Les?|La|Un|Une|Du|Des|Au|Aux|En|The|An?|In|By|At)\b)[A-ZÀ-Þ][\w-]+ (?:(?:de|d'|du|von|van|le|la) )?[A-ZÀ-Þ][\w'’-]+"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """``figure``, ``date`` and ``person`` say whether the answer has to hold one, ``name`` whether it is likely to name
    a place or an organisation, ``several`` that it asks for more than one, ``cause`` that it asks why, ``now`` that it asks
    how things are or will be; ``years`` are those that the question names, and ``text`` its own words.
    """

    figure: bool
    date: bool
    years: frozenset[str]
    person: bool = False
    name: bool = False
    definition: bool = False
    several: bool = False
    cause: bool = False
    now: bool = False
    text: str = ""

    def kind_in(self, sentence: str, language: str | None = None) -> int:
        """Return 1 when ``sentence`` holds the kind of thing that is asked for, -1 when it does not, 0 if none is.

        Where several are asked for by name, a sentence that gives one name is 0. With its ``language``, a name that opens
        the sentence is told from a common word.

        >>> what_is_asked("Qui dirige i-Trans ?").kind_in("Paul Terrien dirige le pôle.")
        1
        """
        if self.definition:
            return 1 if _DEFINES.search(sentence) else -1
        if self.cause:
            return 1 if _GIVES_CAUSE.search(sentence) else -1
        if self.name and not (self.figure or self.date or self.person):
            count = self._new_names(sentence, language)
            return min(count, 2) - 1 if self.several else min(2 * count, 2) - 1
        if not (self.figure or self.date or self.person):
            return 0
        holds = not (self.figure and not _NUMBER.search(_DATE.sub("", sentence))) and not (
            self.date and not _DATE.search(sentence)
        )
        if self.person and not (self.figure or self.date):
            holds = any(name not in self.text for name in _FULL_NAME.findall(sentence))
        return 1 if holds else -1

    def _new_names(self, sentence: str, language: str | None) -> int:
        """Return how many proper names ``sentence`` gives that the question does not, but for who says so."""
        told = _ATTRIBUTION.sub(" ", _DATE.sub(" ", sentence))
        known = set(re.findall(r"\w+", self.text.lower()))
        return sum(
            known.isdisjoint(re.findall(r"\w+", name.lower())) for name in set(names(told.strip(), language=language))
        )

    def year_agrees(self, sentence: str) -> int:
        """Return 1 when ``sentence`` names a year that is asked for, -1 when it names only others, else 0.

        When somebody said so counts only where no other year is named.

        >>> asked = what_is_asked("Combien de voitures en 2013 ?")
        >>> asked.year_agrees("200,800 cars in 2012, according to a relay of May 2013."), asked.year_agrees("Selon Eco121 en 2013, 55 000.")
        (-1, 1)
        """
        if not self.years:
            return 0
        named = years_in(_ATTRIBUTION.sub(" ", sentence)) or years_in(sentence)
        if not named:
            return 0
        return 1 if named & self.years else -1


def what_is_asked(question: str) -> Asked:
    """Return what ``question`` asks for.

    >>> asked = what_is_asked("Combien de pôles ont été labellisés en 2005 ?")
    >>> asked.figure, asked.date, asked.person, asked.years
    (True, False, False, frozenset({'2005'}))
    """
    return Asked(
        figure=bool(_ASKS_FIGURE.search(question)),
        date=bool(_ASKS_DATE.search(question)),
        years=years_in(question),
        person=bool(_ASKS_PERSON.search(question)),
        name=bool(_ASKS_NAME.search(question)),
        definition=bool(_ASKS_DEFINITION.search(question)),
        several=bool(_ASKS_SEVERAL.search(question)),
        cause=bool(_ASKS_CAUSE.search(question)),
        now=bool(_NOW.search(question)),
        text=question,
    )
