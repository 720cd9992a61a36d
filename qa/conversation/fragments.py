"""A fragment ("Et en 2013 ?", "And for hybrids?") put into the question before it, in the place of its like."""

from __future__ import annotations

import re

from qa.conversation import words
from qa.conversation.phrases import Phrase, joined, opens_with_vowel, tokenised
from qa.conversation.slots import ASKED, slot_for
from qa.conversation.topics import names, topic

_MONTH = (
    r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|january|february|march|april"
    r"|may|june|july|august|september|october|november|december)"
)
_YEAR = r"(?<![\d/-])(?:19|20)\d{2}(?![\d/]|-\d{3})"
_DATE = re.compile(
    r"(?:\b(?P<lead>en|in|on|le|depuis|since|avant|before|après|after|jusqu['’]en|until|by|dès|pour|for|fin|début|from)\s+)?"
    rf"(?P<date>(?:de\s+|from\s+|entre\s+|between\s+)?{_YEAR}\s*(?:à|to|et|and|-|–)\s*{_YEAR}"
    rf"|(?:(?:\d{{1,2}}|1er|1st)\s+)?(?:{_MONTH}\s+(?:\d{{1,2}},?\s+)?)?{_YEAR})",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?:de|from|entre|between)\s", re.IGNORECASE)
_THE_ONE = re.compile(
    r"^(?:celui|celle|ceux|celles|that|those|the\s+ones?)\s+(?=d|of\b|in\b|at\b|à\b|au\b)", re.IGNORECASE
)
_KEEPS_LEAD = frozenset(("", "pour", "for"))
_FRAGMENT_WORDS = 9


def filled_in(fragment: str, before: str, *, fragment_language: str, language: str) -> tuple[str, str] | None:
    """Return the question ``before``, in ``language``, with ``fragment`` in it, and its language; None for no fragment.

    >>> filled_in("en 2013", "Quel était le bonus en 2012 ?", fragment_language="fr", language="fr")
    ('Quel était le bonus en 2013 ?', 'fr')
    """
    fragment = _THE_ONE.sub("", fragment)
    date = _DATE.fullmatch(re.sub(r"^(?:de|of)\s+(?=\d{4})", "", fragment))
    if date is not None:
        return _with_date(date, before, language), language
    phrase = _phrase(fragment)
    if phrase is None:
        return None
    if fragment_language != language and phrase.lead:
        lead = words.SAME_PREPOSITION.get(phrase.lead) if language == "en" else _FRENCH.get(phrase.lead)
        phrase = Phrase(lead or phrase.lead, phrase.determiner, phrase.words, name=phrase.name)
    slot = slot_for(phrase, before)
    if slot is not None:
        return _put(phrase, slot, before), language
    whose = _whose(phrase, before, fragment_language)
    if whose is not None:
        return whose, fragment_language
    return _appended(_loose(phrase, language), before), language


def possessed(thing: str, owner: Phrase, language: str) -> str:
    """Return the question for a part of ``owner``: « Qui est le directeur du pôle i-Trans ? ».

    >>> possessed("le budget", Phrase("", "", "i-Trans"), "fr")
    "Quel est le budget d'i-Trans ?"
    """
    determiner, _, noun = thing.rpartition(" ") if "'" not in thing else ("l'", "", thing.split("'", 1)[1])
    person = re.split(r"\s", thing.removeprefix("l'").removeprefix("the "))
    is_person = any(word.lower() in words.PEOPLE[language] for word in person) or noun.lower() in words.PEOPLE[language]
    if language == "en":
        return f"{'Who' if is_person else 'What'} is {thing} {joined('of', owner.determiner, owner.words)}?"
    asks = (
        "Qui est" if is_person else {"la": "Quelle est", "les": "Quels sont"}.get(determiner.split(" ")[0], "Quel est")
    )
    return f"{asks} {thing} {joined('de', owner.determiner, owner.words)} ?"


_FRENCH = {english: french for french, english in words.SAME_PREPOSITION.items()} | {"in": "en", "at": "à"}


def _with_date(date: re.Match[str], before: str, language: str) -> str:
    lead, day = (date["lead"] or "").lower(), date["date"]
    lead = (words.SAME_PREPOSITION if language == "en" else _FRENCH).get(lead, lead)
    found = list(_DATE.finditer(before))
    if not found:
        return _appended(f"{lead if lead not in _KEEPS_LEAD else 'in' if language == 'en' else 'en'} {day}", before)
    old = found[-1]
    old_lead, is_range = old["lead"] or "", _RANGE.match(old["date"]) is not None
    if lead not in _KEEPS_LEAD and (old_lead or is_range):
        put = f"{lead} {day}"
    elif is_range or (old_lead.lower() in ("le", "on") and len(day) == 4):
        put = f"{'in' if language == 'en' else 'en'} {day}"
    else:
        put = f"{old_lead} {day}".strip()
    if old.start() == 0:
        put = put[0].upper() + put[1:]
    return before[: old.start()] + put + before[old.end() :]


def _phrase(fragment: str) -> Phrase | None:
    """Return ``fragment`` as a phrase, or None when it is a clause or more than one phrase."""
    tokens = tokenised(fragment)
    if not tokens or len(tokens) > _FRAGMENT_WORDS or words.CLAUSE.search(fragment):
        return None
    index, lead, determiner = 0, "", ""
    if fragment.lower().startswith("according to "):
        index, lead = 2, "according to"
    elif tokens[0].low in words.CONTRACTED and len(tokens) > 1 and tokens[0].low != "des":
        index, (lead, determiner) = 1, words.CONTRACTED[tokens[0].low]
    elif tokens[0].low in words.PREPOSITIONS["fr"] | words.PREPOSITIONS["en"]:
        index, lead = 1, tokens[0].low
    if not determiner and index < len(tokens) and tokens[index].low in words.DETERMINERS:
        determiner, index = tokens[index].low, index + 1
    rest = tokens[index:]
    if not rest or not any(token.is_content for token in rest):
        return None
    if any(
        not token.is_content and token.low not in words.JOINERS | {"la", "l'", "et", "and", "the", "à"}
        for token in rest
    ):
        return None
    text = fragment[rest[0].start :]
    return Phrase({"d'": "de"}.get(lead, lead), determiner, text, name=bool(names(f"… {text}")))


def _put(phrase: Phrase, slot: Phrase, before: str) -> str:
    own_lead = phrase.lead in words.PLACE_PREPOSITIONS | words.SPOKEN_BY or not slot.name
    lead = phrase.lead if phrase.lead and own_lead else slot.lead
    put = joined(lead, *_in_place(phrase, slot))
    return before[: slot.start] + (put if slot.start else put[0].upper() + put[1:]) + before[slot.end :]


def _in_place(phrase: Phrase, slot: Phrase) -> tuple[str, str]:
    """Return the article and the words of ``phrase`` when it stands where ``slot`` stood."""
    if slot.determiner == ASKED:
        return "", phrase.words
    if phrase.determiner:
        return phrase.determiner, phrase.words
    first, last = slot.words.split()[0], slot.words.split()[-1]
    if slot.name and slot.determiner and first in words.SITES:
        return slot.determiner, f"{first} {phrase.words}"
    if slot.name and slot.determiner and last in words.SITES:
        return slot.determiner, f"{phrase.words} {last}"
    bare = phrase.name or phrase.lead or slot.determiner in words.INDEFINITE
    elides = slot.determiner == "l'" and not opens_with_vowel(phrase.words)
    return ("" if bare or elides else slot.determiner), phrase.words


def _whose(phrase: Phrase, before: str, language: str) -> str | None:
    """Return the question for what the last topic has: « Et le budget ? »."""
    head = phrase.words.split()[0].lower()
    about = topic(before)
    if phrase.lead or about is None or head not in words.HAD[language] | words.PEOPLE[language]:
        return None
    return possessed(
        joined("", phrase.determiner or ("the" if language == "en" else "le"), phrase.words), about, language
    )


def _loose(phrase: Phrase, language: str) -> str:
    lead = phrase.lead or ("for" if language == "en" else "pour")
    return joined(lead, phrase.determiner, phrase.words)


def _appended(text: str, before: str) -> str:
    question = re.match(r"(.*?)(\s*[?!.…]*)$", before, re.DOTALL)
    return f"{question[1]} {text}{question[2] or '?'}" if question else f"{before} {text}"
