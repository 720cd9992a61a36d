"""A conversation: each question with its answer, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from qa.export import FORMATS
from qa.feedback import LONGEST_TEXT, VERDICTS
from qa.filters import FilterOptions
from qa.languages import message
from qa.records import Answer, Citation, Statement
from qa.web.html.pieces import cards, hint, reference, words
from qa.web.texts import text

_SURE, _FAIRLY = 0.8, 0.6  # from here an answer is called sure, or fairly sure


class Turn(NamedTuple):
    """An answer, and the filters that it was asked with."""

    answer: Answer
    filters: FilterOptions


def conversation(turns: Sequence[Turn], language: str, *, pending: str = "") -> str:
    """Return ``turns``, oldest first, as a conversation with its newest turn on top and ``pending`` above it."""
    shown = [_turn(turns[:number], language, opened=number == len(turns)) for number in range(1, len(turns) + 1)]
    return pending + "".join(reversed(shown)) or hint("answer_empty", language)


def step(question: str, key: str, language: str, **values: object) -> str:
    """Return a turn that is still being answered: its question, and what is being done."""
    return (
        f'<article class="turn"><h2 class="asked">{escape(question)}</h2>'
        f'<p class="step"><span class="dot" aria-hidden="true"></span>{words(key, language, **values)}</p></article>'
    )


def failed(question: str, told: str) -> str:
    """Return a turn that could not be answered, with what to do."""
    return f'<article class="turn"><h2 class="asked">{escape(question)}</h2>{told}</article>'


def suggested(questions: Sequence[str], language: str) -> str:
    """Return follow-up questions as buttons."""
    buttons = "".join(
        f'<li><button type="button" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in questions
    )
    return f'<h3>{words("suggestions", language)}</h3><ul class="suggestions">{buttons}</ul>' if buttons else ""


def citations_of(answer: Answer) -> tuple[Citation, ...]:
    """Return the answer's citations in the order of their numbers."""
    return tuple(citation for statement in answer.statements for citation in statement.citations)


def _turn(told: Sequence[Turn], language: str, *, opened: bool) -> str:
    number, answer = len(told), told[-1].answer
    group = f"turn{number}"
    understood = (
        ""
        if answer.is_as_asked
        else f'<p class="understood">{words("understood", language, question=answer.understood_as)}</p>'
    )
    body = _abstained(answer, group, language) if answer.abstained else _answered(answer, group, language)
    inside = f"{understood}{body}{_tools(told, language)}{_judging(number, answer, language)}"
    if opened:
        return f'<article class="turn"><h2 class="asked">{escape(answer.question)}</h2>{inside}</article>'
    return f'<details class="turn"><summary class="asked">{escape(answer.question)}</summary>{inside}</details>'


def _answered(answer: Answer, group: str, language: str) -> str:
    numbers = iter(range(1, 1 + sum(len(statement.citations) for statement in answer.statements)))
    sentences = "".join(
        f'<p lang="{_language_of(statement, answer)}">{escape(statement.text).replace(chr(10), "<br>")} '
        + " ".join(reference(next(numbers), group, language) for _ in statement.citations)
        + "</p>"
        for statement in answer.statements
    )
    return (
        f'<section class="statements">{sentences}</section>{_sureness(answer, language)}{_notes(answer)}'
        f"<h3>{words('evidence', language)}</h3>{cards(group, citations_of(answer), language)}"
    )


def _abstained(answer: Answer, group: str, language: str) -> str:
    nearest = f"<h3>{words('nearest', language)}</h3>{cards(group, answer.nearest, language)}" if answer.nearest else ""
    reason = f'<p class="reason" lang="{answer.language}">{escape(answer.reason or "")}</p>'
    return f'<section class="abstained">{reason}</section>{_notes(answer)}{nearest}'


def _sureness(answer: Answer, language: str) -> str:
    level = "sure" if answer.confidence >= _SURE else "fairly" if answer.confidence >= _FAIRLY else "unsure"
    percent = text("confidence", language, percent=round(100 * answer.confidence))
    return f'<p class="confidence {level}"><span class="dot" aria-hidden="true"></span>{words(level, language)} · {escape(percent)}</p>'


def _language_of(statement: Statement, answer: Answer) -> str:
    """Return the language of a statement's words: the source's where they are a quote."""
    citation = statement.citations[0]
    return (citation.language if statement.text == citation.quote else None) or answer.language


def _notes(answer: Answer) -> str:
    """Return what the reader should know of a language model's part."""
    written = answer.mode == "generated" and answer.model is not None
    notes = [message("written_by", answer.language).format(name=answer.model.name)] if written and answer.model else []
    notes += [answer.note] if answer.note else []
    return "".join(f'<p class="note" lang="{answer.language}">{escape(note)}</p>' for note in notes)


def _tools(told: Sequence[Turn], language: str) -> str:
    """Return the links that export an answer or, where one set of filters can ask it, all until here; and ask it again."""
    asked, filters = told[-1].answer.question, told[-1].filters
    given = [(name, str(value)) for name, value in filters.items() if value]
    wanted = [("question", asked), *(("history", turn.answer.question) for turn in told[:-1]), *given]
    again = f'<a class="again" href="?{escape(urlencode([("q", asked), *given]))}">{words("link_again", language)}</a>'
    one = _exports("export_as", wanted, language)
    whole = ""
    if len(told) > 1 and all(turn.filters == filters for turn in told):
        whole = _exports("export_whole_as", [*wanted, ("whole", "true")], language)
    return f'<p class="tools">{one} {again}</p>' + (f'<p class="tools whole">{whole}</p>' if whole else "")


def _exports(key: str, wanted: Sequence[tuple[str, str]], language: str) -> str:
    links = " ".join(
        f'<a href="api/v1/export?{escape(urlencode([*wanted, ("format", form)]))}" download>{_FORMAT_NAMES[form]}</a>'
        for form in FORMATS
    )
    return f"<span>{words(key, language)}</span> {links}"


def _judging(number: int, answer: Answer, language: str) -> str:
    """Return the buttons by which a reader judges an answer, with room for a word."""
    verdicts = ("right", "wrong", "missing_document") if answer.abstained else VERDICTS
    buttons = " ".join(
        f'<button type="button" data-judge="{verdict}" data-turn="{number}">{words(f"judge_{verdict}", language)}</button>'
        for verdict in verdicts
    )
    label = words("judge_text", language)
    return (
        f'<div class="judging" role="group" aria-label="{words("judge", language)}"><span>{words("judge", language)}</span> {buttons} '
        f'<input type="text" maxlength="{LONGEST_TEXT}" placeholder="{label}" aria-label="{label}"></div>'
    )


_FORMAT_NAMES = {"md": "Markdown", "docx": "Word", "csv": "CSV", "bibtex": "BibTeX", "ris": "RIS", "csl": "CSL-JSON"}
