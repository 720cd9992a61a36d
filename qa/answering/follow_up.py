"""A follow-up, "Et en 2013 ?" or "Who runs it?", to the one question that it means after those before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answering.set_replies import set_reply
from qa.conversation import words
from qa.conversation.fragments import filled_in
from qa.conversation.pointers import asks_whose, pointer
from qa.conversation.resolution import ENDS, MARKS, Turn, belonging, resolved
from qa.conversation.topics import topic
from qa.errors import QuestionError
from qa.questions import read_question
from qa.records import Answer


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
    last, asked = history[-1], question.strip().rstrip(ENDS)
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
        return resolved(rest + MARKS[language], found, last, language, opened=opened)
    about = topic(last.question) if asks_whose(rest, language) else None
    if about is None:
        return None
    return f"{rest} {belonging(about, last, language)}{MARKS[language]}"


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
    return f"{last.question.rstrip(ENDS)}, {both} {asks}{MARKS[last.language]}"
