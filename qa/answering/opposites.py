"""Whether two sentences say opposite things: one denies, falls, is less than or ends what the other affirms, rises, ..."""

from __future__ import annotations

import re

_NOT_NEGATION = re.compile(
    r"\bno\.?\s*(?=\d)|\b(?:no|not) (?:less|fewer|more|later|earlier|sooner) than\b|\bnot only\b|\bnot exceed\w*"
    r"|\bne (?:dépass|excèd)\w+ pas\b|\b(?:pas|non) (?:seulement|moins de|plus de)\b|\bn['’e]\s?\w+(?:\s\w+)?\splus\s(?:que\b|qu['’])",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:ne|n['’])\s?(?:[\w’'-]+\s+){1,3}?(?:pas|plus|jamais|rien|ni|guère)\b|\b(?:aucune?|nul(?:le)?|jamais|refus\w+|rejet\w+)\b"
    r"|\b(?:not|cannot|no|never|none|neither|nor|refus\w+|reject\w+|declin(?:es|ed) to|ruled out)\b|n['’]t\b",
    re.IGNORECASE,
)
# Verbs and words that deny in themselves: to give up a plan is not to go on with it, and not to give it up is.
_GIVEN_UP = re.compile(
    r"\b(?:abandon\w*|renonc\w+|écart(?:e|é|er|ent|ait|ée|ées|és)|suspend\w*|annul\w+|oppos(?:e|ed|es|é|ée|er|ent|ait|ition)|objections?"
    r"|objected|g(?:a|i)ven? up|giv(?:es|ing) up|drop(?:s|ped)? (?=its|the|their|his|her|plans)|cancel\w*|scrapp(?:ed|ing)"
    r"|gratuit\w*|free of charge|for free)\b",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"\bneither\b(.*?)\bnor\b", re.IGNORECASE | re.DOTALL)

_RISES = (
    r"rise|rises|rose|risen|rising|increas\w*|grew|grows?|grown|growing|growth|gain(?:s|ed|ing)?|climb\w*|rais(?:e|es|ed|ing)"
    r"|went up|going up|augment\w*|hausses?|progress(?:é|e|ent|er|ait|aient|ion)|relev(?:é|ée|és|ées|e|er|ait)|gagn(?:é|e|er|ent|ait)"
    r"|croît|croissance|bond(?:i|it)|grimp\w*|accr(?:u|oît|oître|oissement)"
)
_FALLS = (
    r"falls?|fell|fallen|falling|drop(?:s|ped|ping)?|declin\w*|decreas\w*|lower(?:s|ed|ing)|reduc\w*|lost|los(?:e|es|ing)"
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
        (r"maximum|maximal\w*|ceiling|plafond\w*", r"minimum|minimal\w*|floor|plancher"),
    )
]
_AT_LEAST = re.compile(
    r"(?:\b(?:more|no less|not less|no fewer) than|\bover|\bat least|\babove|\bexceed\w*|\bplus de|\bpas moins de|\bau moins|\bau-dessus de"
    r"|\bdépass\w+|\bsupérieure?s? à)\s*(?:de\s|d['’])?\s*$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:\b(?:(?<!no )(?<!not )(?:less|fewer)|no more) than|\bunder|\bbelow|\bat most|\bup to|\bjusqu['’]à|(?<!pas )\bmoins de|\bau plus|\bau maximum"
    r"|\bau-dessous de|\binférieure?s? à)\s*(?:de\s|d['’])?\s*$",
    re.IGNORECASE,
)


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
    return _denials(claim) % 2 == _denials(sentence) % 2 and not _opposite(claim, sentence)


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


def bounds_differ(claim: str, start: int, sentence: str, at: int) -> bool:
    """Say whether a figure of ``claim``, at ``start``, is a least and that of ``sentence``, at ``at``, a most, or the reverse.

    >>> bounds_differ("moins de 8 milliards", 9, "more than 8 billion", 10)
    True
    """
    ours, theirs = claim[:start], sentence[:at]
    return bool(
        (_AT_LEAST.search(ours) and _AT_MOST.search(theirs)) or (_AT_MOST.search(ours) and _AT_LEAST.search(theirs))
    )


def _denials(text: str) -> int:
    text = _DOUBLE.sub(r"not \1", _NOT_NEGATION.sub(" ", text))
    return len(_NEGATION.findall(text)) + len(_GIVEN_UP.findall(text))


def _opposite(claim: str, sentence: str) -> bool:
    directions = ((_direction(pair, claim), _direction(pair, sentence)) for pair in _PAIRS)
    return any(ours and ours == -theirs for ours, theirs in directions)


def _direction(pair: tuple[re.Pattern[str], re.Pattern[str]], text: str) -> int:
    """Return 1 or -1 for a text with words of the first or of the second of ``pair``, 0 for one with neither or both."""
    one, other = pair
    return bool(one.search(text)) - bool(other.search(text))
