"""Whether two sentences say opposite things: one denies, falls or ends what the other affirms, raises or begins."""

from __future__ import annotations

import re

_NOT_NEGATION = re.compile(
    r"\bno\.?\s*(?=\d)|\b(?:no|not) (?:less|fewer|more|later|earlier|sooner) than\b|\bnot only\b|\bnot exceed\w*"
    r"|\bne (?:dépass|excèd)\w+ pas\b|\b(?:pas|non) (?:seulement|moins de|plus de)\b|\bn['’e]\s?\w+(?:\s\w+)?\splus\s(?:que\b|qu['’])",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:ne|n['’])\s?(?:[\w’'-]+\s+){1,3}?(?:pas|plus|jamais|rien|ni|guère)\b"
    r"(?:\s+(?:[\w’'-]+\s+){0,2}?(?:aucune?|nul(?:le)?|jamais|plus|rien)\b)*"  # « n'a plus aucun » denies once
    r"|\bni\b[^.;,]*?\bni\b|\b(?:aucune?|nul(?:le)?|jamais|refus\w+|rejet\w+)\b"
    r"|\b(?:not|cannot|no|never|none|neither|nor|refus\w+|reject\w+|declin(?:es|ed) to|fail(?:s|ed) to|ruled out)\b|n['’]t\b",
    re.IGNORECASE,
)
# Verbs and words that deny in themselves: to give up a plan is not to go on with it, and not to give it up is.
_GIVEN_UP = re.compile(
    r"\b(?:abandon\w*|renonc\w+|écart(?:e|é|er|ent|ait|ée|ées|és)|suspend\w*|annul\w+|oppos(?:e|ed|es|é|ée|er|ent|ait|ition)|objections?"
    r"|objected|g(?:a|i)ven? up|giv(?:es|ing) up|drop(?:s|ped)? (?=its|the|their|his|her|plans)|cancel\w*|scrapp(?:ed|ing)"
    r"|gratuit\w*|free of charge|for free)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r";|\b(?:et|and|ou|or|mais|but)\b", re.IGNORECASE)
_DOUBLE = re.compile(r"\bneither\b(.*?)\bnor\b", re.IGNORECASE | re.DOTALL)

_RISES = (
    r"doubl(?:e|es|ed|ing|é|ée|és|ées|er)|tripl(?:e|es|ed|é|ée|er)|quadrupl\w*|multipli(?:é|ée|és|ed)"
    r"|rise|rises|rose|risen|rising|increas\w*|grew|grows?|grown|growing|growth|gain(?:s|ed|ing)?|climb\w*|rais(?:e|es|ed|ing)"
    r"|went up|going up|augment\w*|hausses?|progress(?:é|e|ent|er|ait|aient|ion)|relev(?:é|ée|és|ées|e|er|ait)|gagn(?:é|e|er|ent|ait)"
    r"|croît|croissance|bond(?:i|it)|grimp\w*|accr(?:u|oît|oître|oissement)|port(?:é|ée|és|ées|er|e) à"
)
_FALLS = (
    r"halv(?:e|es|ed|ing)|divis(?:é|ée|és|ées)"
    r"|falls?|fell|fallen|falling|drop(?:s|ped|ping)?|declin\w*|decreas\w*|lower(?:s|ed|ing)|reduc\w*|lost|los(?:e|es|ing)"
    r"|shr[aiu]nk\w*|went down|going down|cut|cuts|baiss\w*|recul\w*|dimin\w*|rédui\w*|réduction|chut\w*|perd(?:u|re|ait|ent)|perte"
    r"|ramen(?:é|ée|er|és)|tomb(?:é|e|er|ent|és|ée|ées)"
)
_OPENS = r"open(?:s|ed|ing)?|inaugurat\w*|ouv(?:re|rir|ert|erte|rait|rent|erture)|inaugur\w*"
_CLOSES = r"clos(?:e|es|ed|ing|ure)|ferm(?:e|er|é|ée|ent|ait|eture)"
_EVENTS = (
    (_OPENS, _CLOSES),
    (r"joined|joins|rejoin\w*|adhér\w*", r"left|leav(?:es|ing)|quitt\w*"),
    (r"buy(?:s|ing)?|bought|achet\w*|achat", r"sell(?:s|ing)?|sold|vend(?:u|re|ue|ait)|vente"),
)
# Words of one direction, and of the other. A text with words of both has no direction.
_PAIRS = [
    (re.compile(rf"\b(?:{one})\b", re.IGNORECASE), re.compile(rf"\b(?:{other})\b", re.IGNORECASE))
    for one, other in (
        *_EVENTS,
        (_RISES, _FALLS),
        (r"exports?|export(?:ed|er|e|ent|ait|ation)", r"imports?|import(?:ed|er|e|ent|ait|ation)"),
        (r"bonus(?:es)?", r"malus(?:es)?"),
        (r"profits?|bénéfices?", r"loss(?:es)?|pertes?"),
        (r"new|neu(?:f|fs|ve|ves)", r"used|second-hand|d['’]occasion"),
        (r"permanent\w*|CDI", r"temporary|temporaires?|intérimaires?|CDD"),
        (r"recrut\w+|embauch\w+|hir(?:e|es|ed|ing)|recruit\w*", r"licenci\w+|laid off|lay(?:s|ing)? off|dismiss\w*"),
        (
            r"approv\w+|approuv\w+|authoris\w+|autoris\w+|clear(?:s|ed)",
            r"block(?:s|ed|ing)?|bloqu\w+|prohibit\w*|interdi(?:t|te|sent|re)",
        ),
        (r"go(?:es|ing)? on|continu\w+|poursui\w+", r"stop(?:s|ped|ping)?|arrêt\w+|cess(?:e|er|é|ée|ent|ait|ation)"),
        (r"starts|started|starting|begins|began|commenc\w+", r"ends|ended|ending|termin(?:e|er|é|ée|ent|ait)"),
        (r"earlier|plus tôt|auparavant", r"later|plus tard"),
        (r"pr[eé]sence", r"absence"),
        (r"maximum|maximal\w*|ceiling|plafond\w*", r"minimum|minimal\w*|floor|plancher"),
    )
]


def denies(text: str) -> bool:
    """Say whether ``text`` denies something; « ne ... que » and "no less than" do not.

    >>> denies("L'usine ne fermera pas"), denies("It has no plant"), denies("Il n'a que 12 ans"), denies("Law No. 5")
    (True, True, False, False)
    """
    return bool(_NEGATION.search(_NOT_NEGATION.sub(" ", text)))


def affirms_alike(claim: str, sentence: str) -> bool:
    """Say whether both affirm, or both deny, and in one direction; denying what denies, as "did not give up", affirms.

    >>> affirms_alike("PSA n'a pas abandonné son projet.", "PSA gave up its project.")
    False
    >>> affirms_alike("PSA ne poursuit pas son projet.", "PSA gave up its project.")
    True
    >>> affirms_alike("Jobs rose by 30 %.", "L'emploi a reculé de 30 %.")
    False
    """
    return _denies_in_all(claim) == _denies_in_all(sentence) and not _opposite(claim, sentence)


def keeps_direction(claim: str, sentence: str) -> bool:
    """Say whether what opens, closes, is sold, ... in ``claim`` does so in ``sentence`` too.

    >>> keeps_direction("L'usine a fermé en 2015.", "The plant closed in 2019.")
    True
    >>> keeps_direction("L'usine a fermé en 2015.", "The plant dates from 1970.")
    False
    """
    return all(
        not (ours := _direction(pair, claim)) or ours == _direction(pair, sentence) for pair in _PAIRS[: len(_EVENTS)]
    )


def _denies_in_all(text: str) -> bool:
    """Say whether any clause denies: two that do are no affirmation, but denying what denies is."""
    text = _DOUBLE.sub(r"not \1", _NOT_NEGATION.sub(" ", text))
    clauses = _CLAUSE.split(text)
    return any((len(_NEGATION.findall(part)) + len(_GIVEN_UP.findall(part))) % 2 for part in clauses)


def _opposite(claim: str, sentence: str) -> bool:
    directions = ((_direction(pair, claim), _direction(pair, sentence)) for pair in _PAIRS)
    return any(ours and ours == -theirs for ours, theirs in directions)


def _direction(pair: tuple[re.Pattern[str], re.Pattern[str]], text: str) -> int:
    """Return 1 or -1 for a text with words of the first or of the second of ``pair``, 0 for one with neither or both."""
    one, other = pair
    return bool(one.search(text)) - bool(other.search(text))
