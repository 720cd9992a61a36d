"""A follow-up, "Et en 2013 ?" or "Who runs it?", to the one question that it means after those before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answering.set_replies import set_reply
from qa.conversation import words
from qa.conversation.fragments import filled_in, possessed
from qa.conversation.phrases import Phrase, joined, opens_with_vowel
from qa.conversation.pointers import asks_whose, pointer
from qa.conversation.topics import nouns, topic
from qa.errors import QuestionError
from qa.questions import read_question
from qa.records import Answer

_ENDS = "?!.… \u00a0\u202f"
_MARKS = {"fr": " ?", "en": "?"}
_ASKS_WHO = re.compile(
    r"^\W*(?:qui|quel\s+(?:ministre|homme|responsable)|who|which\s+(?:minister|person))\b", re.IGNORECASE
)
_PERSON = re.compile(r"(?<![\w’'.-])(?<!la )(?<!le )(?<!the )(?<!The )(?:[A-ZÀ-Ý][a-zà-ÿ]+[- ])+[A-ZÀ-Ý][\w'’-]+")
_OF_PERSON = re.compile(r"\b(?:ils?|elles?|lui|son|sa|ses|he|she|his|her|him)\b", re.IGNORECASE)
_FRENCH_FRAME = re.compile(r"^(?:et\s+)?(?:qui|quel(?:le)?s?)\s+(?:est|sont|était|étaient|fut)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation as it was understood, its language, and what was answered where that is known."""

    question: str
    language: str
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question that says all it means. ``language`` is its words', ``wanted`` the one asked for ("and in English?")."""

    text: str
    language: str
    wanted: str | None = None


def turns(history: Iterable[str | Answer], *, default_language: str) -> list[Turn]:
    """Return the conversation so far: each question as it is understood after those before it, oldest first.

    An answer brings its question as it was understood, and what was answered. Greetings, and what could not have been
    asked, are no part of it.

    >>> [turn.question for turn in turns(["Qui dirige i-Trans ?", "Et Bpifrance ?"], default_language="fr")]
    ['Qui dirige i-Trans ?', 'Qui dirige Bpifrance ?']
    """
    told: list[Turn] = []
    for earlier in history:
        if isinstance(earlier, Answer):
            text, answered = earlier.understood_as, " ".join(statement.text for statement in earlier.statements)
        else:
            text, answered = earlier, ""
        try:
            asked = read_question(text, default_language=told[-1].language if told else default_language)
        except QuestionError:
            continue
        if set_reply(asked) is not None:
            continue
        if not isinstance(earlier, Answer):
            understood = understand(asked.text, told, asked.language)
            told.append(Turn(understood.text, understood.language))
        else:
            told.append(Turn(asked.text, asked.language, answered))
    return told


def understand(question: str, history: Sequence[Turn], language: str) -> Understood:
    """Return what ``question``, in ``language``, means after ``history``, oldest first; itself when it says it all.

    A fragment takes the place of its like in the last question; a word that points back is filled with that
    question's subject; a question word alone is put at its head.

    >>> understand("Et en 2013 ?", [Turn("Quel était le taux du CICE en 2014 ?", "fr")], "fr").text
    'Quel était le taux du CICE en 2013 ?'
    >>> understand("Who runs it?", [Turn("What does Nord France Invest offer?", "en")], "en").text
    'Who runs Nord France Invest?'
    """
    unchanged = Understood(question, language)
    if not history:
        return unchanged
    last, asked = history[-1], question.strip().rstrip(_ENDS)
    rest = words.OPENER.sub("", asked)
    other = words.IN_LANGUAGE.fullmatch(asked)
    if other is not None:
        return Understood(last.question, last.language, words.LANGUAGE_NAMES[other["language"].lower()])
    if words.BARE.fullmatch(rest):
        return Understood(_asked_anew(rest, last, language), last.language)
    text = _pointing(rest, last, language, opened=rest != asked)
    if text is not None:
        return Understood(text, language)
    if rest == asked and not _is_prepositional(rest, language):
        return unchanged
    filled = filled_in(words.ALSO.sub("", rest), last.question, fragment_language=language, language=last.language)
    return Understood(*filled) if filled is not None else unchanged


def _pointing(rest: str, last: Turn, language: str, *, opened: bool) -> str | None:
    """Return ``rest`` with what its pronoun or its « budget » is of; None when it points at nothing."""
    found = pointer(rest, language)
    if found is not None:
        return _resolved(rest + _MARKS[language], found, last, language, opened=opened)
    about = topic(last.question) if asks_whose(rest, language) else None
    if about is None:
        return None
    owner = joined("de" if language == "fr" else "of", *_in(about, last, language))
    return f"{rest} {owner}{_MARKS[language]}"


def _is_prepositional(text: str, language: str) -> bool:
    """Say whether ``text`` is a year, or opens with a preposition and is no clause: "in 2013", « pour les hybrides »."""
    phrase = words.PREPOSITIONAL[language].fullmatch(text)
    return phrase is not None and not words.CLAUSE.search(text)


def _asked_anew(asks: str, last: Turn, language: str) -> str:
    """Return the last question with the question word ``asks``: at its head, or after it where that cannot be."""
    asks = asks.lower()
    if language != last.language:
        asks = words.SAME_QUESTION_WORD[last.language].get(asks, asks)
    head, counted = words.HEADS.match(last.question), words.HOW_MANY.match(last.question)
    capital = asks[0].upper() + asks[1:]
    if words.HEADS.fullmatch(asks) and head is not None:
        return capital + last.question[head.end() :]
    if words.HEADS.fullmatch(asks) and counted is not None:
        return f"{capital} des {last.question[counted.end() :]}"
    both = "et" if last.language == "fr" else "and"
    return f"{last.question.rstrip(_ENDS)}, {both} {asks}{_MARKS[last.language]}"


def _resolved(question: str, found: re.Match[str], last: Turn, language: str, *, opened: bool) -> str:
    """Return ``question`` with what ``found`` points at, in its place where grammar is simple, else before it."""
    kinds = found.groupdict()
    thing = (kinds.get("thing") or "").lower()
    about = _person(last, found[0]) or _pointed_at(thing, last.question)
    if about is None:
        stem = last.question.rstrip(_ENDS)
        return f"{stem} : {question[0].lower()}{question[1:]}"
    determiner, noun = _in(about, last, language)
    before, after = question[: found.start()], question[found.end() :]
    ending = after.rstrip(" ?")
    if kinds.get("owner"):
        if opened and not before:
            article = "the" if language == "en" else _article(found[0], ending)
            owned = f"{article}{'' if article.endswith(chr(39)) else ' '}{ending}"
            return possessed(owned, Phrase("", determiner, noun), language)
        if language == "en":
            return f"{before}{_capital(joined('', determiner, noun), before)}{'’' if noun.endswith('s') else '’s'} {after}".replace(
                "’", "'"
            )
        if _FRENCH_FRAME.match(before) and not re.search(r"\b(?:en|à|au|pour|depuis|selon|dans|chez|avec)\b", ending):
            article = _article(found[0], ending)
            return f"{before}{article}{'' if article.endswith(chr(39)) else ' '}{ending} {joined('de', determiner, noun)} ?"
    in_place = (
        kinds.get("subject")
        or kinds.get("that")
        or (kinds.get("this") and (language == "en" or thing in about.words.lower().split()))
    )
    if in_place:
        return _contracted(before, _capital(joined("", determiner, noun), before)) + after
    opens = joined("", determiner, noun)
    return f"{opens[0].upper() if determiner else opens[0]}{opens[1:]} : {question[0].lower()}{question[1:]}"


def _person(last: Turn, pointing: str) -> Phrase | None:
    """Return who was answered, when the last question asked who and the pointer can mean a person."""
    if not _ASKS_WHO.match(last.question) or not _OF_PERSON.search(pointing):
        return None
    named = (match[0] for match in _PERSON.finditer(last.answered))
    person = next((name for name in named if name not in last.question), None)
    return Phrase("", "", person, name=True) if person else None


def _pointed_at(thing: str, question: str) -> Phrase | None:
    """Return the topic of ``question``, or the phrase whose noun is ``thing``: « ce plafond » in « le plafond du leasing »."""
    about = topic(question)
    if not thing or (about is not None and thing in about.words.lower().split()):
        return about
    return next((noun for noun in nouns(question) if thing in noun.words.lower().split()), about)


def _in(about: Phrase, last: Turn, language: str) -> tuple[str, str]:
    """Return the article and words of ``about`` in a question in ``language``: the other language's article comes off."""
    return (about.determiner if last.language == language else "", about.words)


def _article(possessive: str, noun: str) -> str:
    word = possessive.strip().lower()
    if word in ("ses", "leurs"):
        return "les"
    if opens_with_vowel(noun):
        return "l'"
    return "la" if word == "sa" else "le"


def _contracted(before: str, phrase: str) -> str:
    """Return ``before`` and ``phrase`` with « de le » written « du »."""
    text = before + phrase
    for contracted, parts in words.CONTRACTED.items():
        spelt = f"{' '.join(parts)} "
        if phrase.startswith(f"{parts[1]} ") and before.endswith(f" {parts[0]} "):
            text = text.replace(f" {spelt}", f" {contracted} ", 1)
    return text


def _capital(phrase: str, before: str) -> str:
    return phrase if before.strip() else phrase[0].upper() + phrase[1:]
