"""A conversation: each question with its answer, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from qa.export import FORMATS
from qa.feedback import LONGEST_TEXT, VERDICTS
from qa.filters import FilterOptions
from qa.languages import message
from qa.records import Answer, Citation, Statement
from qa.web.html.pieces import cards, hint, notice, reference, words
from qa.web.texts import text

_SURE, _FAIRLY = 0.8, 0.6  # from here an answer is called sure, or fairly sure


def conversation(
    answers: Sequence[Answer], language: str, *, pending: str = "", filters: FilterOptions | None = None
) -> str:
    """Return ``answers``, oldest first, as a conversation with its newest turn on top and ``pending`` above it."""
    turns = [
        _turn(
            answers[: index + 1],
            language,
            number=index + 1,
            opened=index == len(answers) - 1,
            filters=filters or FilterOptions(),
        )
        for index in range(len(answers))
    ]
    return pending + "".join(reversed(turns)) or hint("answer_empty", language)


def step(question: str, key: str, language: str, **values: object) -> str:
    """Return a turn that is still being answered: its question, and what is being done."""
    return (
        f'<article class="turn"><h2 class="asked">{escape(question)}</h2>'
        f'<p class="step"><span class="dot" aria-hidden="true"></span>{words(key, language, **values)}</p></article>'
    )


def failed(question: str, told: str) -> str:
    """Return a turn that could not be answered, with what to do."""
    return f'<article class="turn"><h2 class="asked">{escape(question)}</h2>{notice(told)}</article>'


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


def _turn(told: Sequence[Answer], language: str, *, number: int, opened: bool, filters: FilterOptions) -> str:
    answer, group = told[-1], f"turn{number}"
    understood = (
        ""
        if answer.is_as_asked
        else f'<p class="understood">{words("understood", language, question=answer.understood_as)}</p>'
    )
    body = _abstained(answer, group, language) if answer.abstained else _answered(answer, group, language)
    inside = f"{understood}{body}{_tools(told, language, number, filters)}{_judging(number, answer, language)}"
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


def _tools(told: Sequence[Answer], language: str, number: int, filters: FilterOptions) -> str:
    """Return the links that export an answer, and the one that asks it again."""
    asked = told[-1].question
    given = [(name, str(value)) for name, value in filters.items() if value]
    before = [("history", answer.question) for answer in told[:-1]]
    links = " ".join(
        f'<a href="api/v1/export?{escape(urlencode([("question", asked), ("format", name), *before, *given]))}" '
        f'download="{words("file_name", language)}-{number}.{form.ending}">{_FORMAT_NAMES[name]}</a>'
        for name, form in FORMATS.items()
    )
    again = f'<a class="again" href="?{escape(urlencode([("q", asked), *given]))}">{words("link_again", language)}</a>'
    return f'<p class="tools"><span>{words("export_as", language)}</span> {links} {again}</p>'


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
