"""A word that points back, replaced by what it means in the last question, or with that put before the question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.conversation import words
from qa.conversation.fragments import possessed
from qa.conversation.phrases import Phrase, joined, opens_with_vowel
from qa.conversation.topics import nouns, topic
from qa.languages import FUNCTION_WORDS

ENDS = "?!.… \u00a0\u202f"
_COLONS = {"fr": " : ", "en": ": "}
MARKS = {"fr": " ?", "en": "?"}
_ASKS_WHO = re.compile(
    r"^\W*(?:qui|quel\s+(?:ministre|homme|responsable)|who|which\s+(?:minister|person))\b", re.IGNORECASE
)
_PERSON = re.compile(r"(?<![\w’'.-])(?<!la )(?<!le )(?<!the )(?<!The )(?:[A-ZÀ-Ý][a-zà-ÿ]+[- ])+[A-ZÀ-Ý][\w'’-]+")
_OF_PERSON = re.compile(r"\b(?:ils?|elles?|lui|son|sa|ses|he|she|his|her|him)\b", re.IGNORECASE)
_FRENCH_FRAME = re.compile(r"^(?:et\s+)?(?:qui|quel(?:le)?s?)\s+(?:est|sont|était|étaient|fut)\s+$", re.IGNORECASE)


_ADDED = re.compile(r"\b(?:en|à|au|aux|pour|depuis|selon|dans|chez|avec|qui|que)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation as it was understood, its language, and what was answered where that is known."""

    question: str
    language: str
    answered: str = ""


def resolved(question: str, found: re.Match[str], last: Turn, language: str, *, opened: bool) -> str:
    """Return ``question`` with what its word ``found`` means: in its place where grammar is simple, else at the head.

    ``opened`` says that an « et » or "what about" came before it.

    >>> from qa.conversation.pointers import pointer
    >>> last = Turn("Quand la Banque publique d'investissement a-t-elle été créée ?", "fr")
    >>> resolved("Qui la dirige ?", pointer("Qui la dirige ?", "fr"), last, "fr", opened=False)
    "La Banque publique d'investissement : qui la dirige ?"
    """
    kinds, before, after = found.groupdict(), question[: found.start()], question[found.end() :]
    thing = (kinds.get("thing") or "").lower()
    meant = _person(last, found[0]) or _pointed_at(thing, last.question)
    if meant is None:
        return f"{last.question.rstrip(ENDS)}{_COLONS[language]}{question[0].lower()}{question[1:]}"
    about = _placed(meant, last, language)
    if kinds.get("owner"):
        owned = _owned(found[0], before, after.rstrip(ENDS), about, language, opened=opened)
        if owned is not None:
            return owned
    names_it = kinds.get("this") and (language == "en" or thing in about.words.lower().split())
    if kinds.get("subject") or kinds.get("what") or kinds.get("that") or names_it:
        return _with(before, about.alone, after)
    head = about.alone
    return f"{head[0].upper() if about.determiner else head[0]}{head[1:]}{_COLONS[language]}{question[0].lower()}{question[1:]}"


def belonging(about: Phrase, last: Turn, language: str) -> str:
    """Return "of the plan" for a question in ``language``.

    >>> belonging(Phrase("", "le", "plan"), Turn("Que dit le plan ?", "fr"), "fr")
    'du plan'
    """
    placed = _placed(about, last, language)
    return joined("de" if language == "fr" else "of", placed.determiner, placed.words)


def _owned(possessive: str, before: str, thing: str, about: Phrase, language: str, *, opened: bool) -> str | None:
    """Return the question with « son ... » as « le ... de », or None where French has no simple place for it."""
    if opened and not before:
        return possessed(_without_owner(possessive, thing, language), about, language)
    if language == "en":
        return _with(before, f"{about.alone}{chr(39) if about.words.endswith('s') else chr(39) + 's'} ", f"{thing}?")
    if not _FRENCH_FRAME.match(before) or _ADDED.search(thing):
        return None
    return f"{before}{_without_owner(possessive, thing, language)} {joined('de', about.determiner, about.words)} ?"


def _person(last: Turn, pointing: str) -> Phrase | None:
    """Return who was answered, when the last question asked who and the pointer can mean a person."""
    if not _ASKS_WHO.match(last.question) or not _OF_PERSON.search(pointing):
        return None
    named = (match[0] for match in _PERSON.finditer(last.answered))
    asked = last.question.lower()
    person = next(
        (name for name in named if name.lower() not in asked and name.split()[0].lower() not in FUNCTION_WORDS), None
    )
    return Phrase("", "", person, name=True) if person else None


def _pointed_at(thing: str, question: str) -> Phrase | None:
    """Return the topic of ``question``, or the phrase whose noun is ``thing``: « ce plafond » in « le plafond du leasing »."""
    about = topic(question)
    if not thing or (about is not None and thing in about.words.lower().split()):
        return about
    return next((noun for noun in nouns(question) if thing in noun.words.lower().split()), about)


def _placed(about: Phrase, last: Turn, language: str) -> Phrase:
    """Return ``about`` for a question in ``language``: an article of the other language comes off."""
    return Phrase("", about.determiner if last.language == language else "", about.words, name=about.name)


def _without_owner(possessive: str, noun: str, language: str) -> str:
    """Return « son directeur » as « le directeur », whoever's it is."""
    word = possessive.strip().lower()
    if language == "en":
        return f"the {noun}"
    if word in ("ses", "leurs"):
        return f"les {noun}"
    return f"l'{noun}" if opens_with_vowel(noun) else f"{'la' if word == 'sa' else 'le'} {noun}"


def _with(before: str, phrase: str, after: str) -> str:
    """Return the three as one text, with « de le » written « du » and a capital at its start."""
    for contracted, (lead, determiner) in words.CONTRACTED.items():
        if before.lower().endswith(f" {lead} ") and phrase.startswith(f"{determiner} "):
            before, phrase = before[: -len(lead) - 1], f"{contracted} {phrase[len(determiner) + 1 :]}"
    text = before + phrase + after
    return text[0].upper() + text[1:] if not before.strip() else text
