"""The words of a question that point at something said before it: it, its, this plan, elle, son, cela, « qui la dirige ».

A self-contained question taken for one that points back would be ruined, so whatever could be meant inside the
question itself is: only what cannot is looked for outside.
"""

from __future__ import annotations

import re

from qa.conversation import words
from qa.conversation.phrases import tokenised
from qa.conversation.topics import names, nouns

MAX_WORDS = 18  # a longer text says what it is about

_POINTER = {
    "fr": re.compile(
        r"(?P<whole>\b(?:cela|ça|ceci)\b)"
        r"|(?-i:(?P<owner>\b(?:son|sa|ses|leurs?)\s+(?=[^\W\d])))"
        r"|\b(?P<this>(?<!-)(?:ce|cet|cette|ces)\s+(?!qu|dont\b|n['’]|sont\b|ser|fut\b|furent\b|une?\b|jour|mois|soir|matin|"
        r"année|semaine|dernières?\s+(?:année|temps|mois)|derniers\s+(?:temps|mois))(?P<thing>[^\W\d]\w*)(?:[-‑](?:ci|là))?)"
        r"|\b(?:celui|celle|ceux|celles)-(?:ci|là)\b|\b(?:lui|eux)\b"
        r"|(?P<inverted>\b[^\W\d]+-(?:t-)?(?:ils?|elles?)\b)"
        r"|(?<![\w’'-])(?:ils?|elles?)\b(?!\s+(?:faut|existe|y\s+a|fait|s['’]agit|(?:est|serait|sera|était)\s+[\w\s]+?(?:de\b|d['’]|que\b|qu['’])))"
        r"|(?<=qu['’])(?:ils?|elles?)\b(?!\s+(?:faut|existe|y\s+a|fait|s['’]agit|(?:est|serait|sera|était)\s+[\w\s]+?(?:de\b|d['’]|que\b|qu['’])))"
        r"|^qui\s+(?P<after_who>(?-i:l['’]|(?:le|la|les|y|en)\s+)(?-i:[a-zà-ÿ]+)(?:\s+(?-i:[a-zà-ÿ]+))?\s*\??$)"  # no article can stand there
        r"|\b(?:l['’]|(?:le|la|les)\s+)[^\W\d]+-(?:t-)?on\b"
        r"|(?<!où\s)\ben\s+(?:ont|a|avait|avaient|est|sont|font|bénéfici\w+)\b"
        r"|\by\s+(?!a\b|a-|avai|aura|ont\b|eut\b|ait\b|en\b)[a-zà-ÿ]+",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?P<owner>\b(?:its|their|his|her)\s+(?=[^\W\d]))"
        r"|\b(?P<this>(?:this|these|those)\s+(?!the\b|an?\b|year|month|week|day|time|summer|winter|spring|autumn|is\b|was\b|are\b|were\b|have\b|has\b|mean|represent|cost|change|happen)"
        r"(?P<thing>[^\W\d]\w*))"
        r"|\b(?P<that>that\s+(?:plan|law|fund|bank|company|cluster|plant|aid|measure|scheme|programme|contract|deal|project)\b)"
        r"|\b(?P<subject>it|they|them|he|she|him|these|those)\b(?!['’]|\s+(?:year|month|week|day|time|summer|winter|spring|autumn))"
        r"|\b(?:(?<=does )|(?<=did )|(?<=will )|(?<=can ))(?P<what>this)\b|\bthis(?=\s*\??$)"
        r"|\bthat(?=\s*\??$)|(?<!\bis\s)(?<!\bare\s)(?<!\bwas\s)(?<!\bwere\s)\bthere(?=\s*\??$|\s+(?:in|now|today)\b)",
        re.IGNORECASE,
    ),
}  # fmt: skip
# « il » and "it" that stand for nothing.
_EMPTY = {
    "fr": re.compile(
        r"\b(?:y[ -]a(?:vait|ura)?(?:-t)?-il|(?:se\s+passe|s['’]est|arrive|s['’]agit|faut|faudra|faudrait|fallait|fera|fait|existe|"
        r"existait|reste|restait|suffit|convient|semble|vaut)-(?:t-)?il|a-t-il\s+fallu|"
        r"(?:est|était|sera|serait)-il\s+(?:vrai|possible|nécessaire|prévu|question|interdit|obligatoire|temps|[\w-]+é\s+d)|comment\s+ça)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:(?:is|was|will|would)\s+it\s+(?:be\s+)?\w+\s+(?:to|that|if|for)\b|is\s+it\s+true"
        r"|(?:does|did|do|will|would)\s+it\s+(?:take|cost)\s+(?:\w+\s+)?to\b|what\s+time\s+is\s+it|how\s+long\s+does\s+it\s+take)",
        re.IGNORECASE,
    ),
}  # fmt: skip
_AUXILIARIES = frozenset("is are was were do does did has have had can could will would should".split())
_WHO_DID = re.compile(r"^(?:qui\s+(?!est\b|sont\b|était\b|fut\b)|who\s+(?!is\b|are\b|was\b|were\b))\w+", re.IGNORECASE)
_WHICH_DID = re.compile(
    r"^(?:quel(?:le)?s?|which)\s+(?!est\b|sont\b|était\b|étaient\b|fut\b|is\b|are\b|was\b|were\b)\w+\s+\w+",
    re.IGNORECASE,
)
_ANYONE = re.compile(
    r"\bon\b|-on\b|\bje\b|\bj['’]|\b\w{3,}(?:er|ir|re)\b", re.IGNORECASE
)  # « comment connaître ses droits »
_ASKED_PLURAL = re.compile(r"^(?:how\s+many\b|which\b|what\b|combien\s+d(?:e\b|['’])|quel(?:le)?s\b)", re.IGNORECASE)
_ASKED_NOUN = re.compile(
    r"^(?:(?:à|de|dans|par|pour|en|sur|sous|depuis|selon|avec)\s+)?(?:combien\s+d(?:e\s+|['’])|quel(?:le)?s?\s+|what\s+|which\s+|how\s+many\s+)"
    r"\w+(?:\s+\w*(?:el|elle|els|al|ale|aux|que|ques|if|ive|aire)\b)*",
    re.IGNORECASE,
)


def pointer(question: str, language: str) -> re.Match[str] | None:
    """Return the first word that points out of ``question``, or None when all it says is in it.

    The groups tell the kind: ``owner`` (its, son), ``this`` with its ``thing`` (this plan), ``subject`` (it, they).

    >>> pointer("Who runs it?", "en")["subject"]
    'it'
    >>> pointer("Quand la Banque publique d'investissement a-t-elle été créée ?", "fr") is None
    True
    """
    if len(question.split()) > MAX_WORDS or re.search(r"[.!?;:]\s+\S", question):
        return None
    if not words.ASKS.match(question) and not re.match(
        r"(?:son|sa|ses|leurs?|its|their|his|her|ce|cet|cette|ces|this|these)\s", question
    ):
        return None
    empty = [match.span() for match in _EMPTY[language].finditer(question)]
    for match in _POINTER[language].finditer(question):
        if any(start < match.end() and match.start() < end for start, end in empty):
            continue
        if not _is_settled(question, match, language):
            return match
    return None


def asks_whose(question: str, language: str) -> bool:
    """Say whether ``question`` asks for a part of something without saying of what: « Quel est le budget ? ».

    >>> asks_whose("Who is the director?", "en"), asks_whose("Who is the director of i-Trans?", "en")
    (True, False)
    """
    framed = words.WHOSE[language].fullmatch(question.strip())
    return framed is not None and framed["had"].lower() in words.HAD[language] | words.PEOPLE[language]


def _is_settled(question: str, match: re.Match[str], language: str) -> bool:
    """Say whether what the pointer means is in the question itself."""
    before, after = question[: match.start()], question[match.end() :]
    kinds = match.groupdict()
    if kinds.get("after_who"):
        return False
    if "," in before or (", " in after and names(f"a {after}")):
        return True
    if _names_a_thing(before, language, any_noun=bool(kinds.get("inverted"))):
        return True
    counted = _ASKED_PLURAL.match(before) is not None
    if kinds.get("owner"):
        return _owner_is_settled(before, counted=counted)
    if kinds.get("inverted"):
        asked = _ASKED_NOUN.match(before)
        has_subject = any(token.is_content for token in tokenised(before[asked.end() if asked else 0 :]))
        return has_subject or (counted and match[0].lower().endswith("s"))
    plural = match[0].lower() in ("they", "them", "ils", "elles")
    return plural and counted and before.split()[-1].lower() not in _AUXILIARIES


def _owner_is_settled(before: str, *, counted: bool) -> bool:
    """Say whether « son » after ``before`` is that of who is asked for, or of anyone (« peut-on vendre sa voiture »)."""
    length = len(before.split())
    others = _WHO_DID.match(before) or _WHICH_DID.match(before) or _ANYONE.search(before)
    return length > 3 or (counted and length > 2) or others is not None


def _names_a_thing(text: str, language: str, *, any_noun: bool) -> bool:
    """Say whether ``text`` names what a pointer after it can mean; « le montant » alone is nothing yet, unless ``any_noun``."""
    had = frozenset[str]() if any_noun else words.HAD[language] | words.PEOPLE[language]
    return bool(names(f"{text} …")) or any(noun.words.split()[0].lower() not in had for noun in nouns(text))
