"""A follow-up that the rules could not resolve, as one question that says all it means; checked before it is used."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.generation.calls import Calls
from qa.answering.generation.failures import CallFailed
from qa.answering.generation.names import missing_names
from qa.answering.generation.prompts import condense_prompt, new_fence
from qa.answering.generation.sentence import is_in_language
from qa.answering.set_replies import says_nothing, without_orders
from qa.conversation import words
from qa.conversation.pointers import pointer
from qa.conversation.resolution import Turn
from qa.figures import find_figures
from qa.index.analysis import terms
from qa.questions import Question

_LAST = 5  # questions that are told
_LONGEST = 300  # characters of a condensed question, and of an earlier answer
_KNOWN = 0.8  # share of its words that were said before


def needs_condensing(question: Question) -> bool:
    """Say whether ``question``, which the rules left as it is, still points at something outside it.

    >>> needs_condensing(Question("Et pour les autres, c'est pareil ?", "fr"))
    True
    >>> needs_condensing(Question("Quel est le montant du bonus en 2013 ?", "fr"))
    False
    """
    opened = words.OPENER.match(question.text)
    return bool(
        (opened and opened.end()) or pointer(question.text, question.language) is not None or says_nothing(question)
    )


def condensed(question: Question, history: Sequence[Turn], calls: Calls) -> Question | None:
    """Return ``question`` with what it points at, as the model understands it, or None where that cannot be trusted."""
    earlier = [f"{turn.question} {turn.answered[:_LONGEST]}".strip() for turn in history[-_LAST:]]
    prompt = condense_prompt(earlier, question.text, question.language, new_fence())
    try:
        text = calls.whole(prompt)
    except CallFailed:
        return None
    lines = [line.strip(" \"'«»“”*-") for line in text.splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    asked = lines[0].rstrip(" ?.") + (" ?" if question.language == "fr" else "?")
    told = [(turn.question + " " + turn.answered, turn.language) for turn in history[-_LAST:]]
    return Question(asked, question.language) if _is_faithful(asked, question, told) else None


def _is_faithful(asked: str, question: Question, told: Sequence[tuple[str, str]]) -> bool:
    """Say whether ``asked`` is a question in the language of ``question``, made of what was said and of nothing else."""
    said = [*told, (question.text, question.language)]
    known = {term for text, language in said for term in terms(text, language)}
    values = {figure.value for text, language in said for figure in find_figures(text, language)}
    own = terms(asked, question.language)
    return (
        len(asked) <= _LONGEST
        and len(set(own)) > 1
        and sum(term in known for term in own) >= _KNOWN * len(own)
        and all(figure.value in values for figure in find_figures(asked, question.language))
        and not missing_names(asked, question.language, said)
        and is_in_language(asked, question.language)
        and without_orders(asked) == asked
    )
