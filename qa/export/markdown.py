"""Markdown: each answer with numbered notes. What comes from documents and questions never becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.export.wording import made, source_line, words
from qa.records import Answer, Citation

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$^=-]|(?<=\w):(?=//)|(?<=www)\.)")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)


def write(answers: Sequence[Answer], language: str) -> bytes:
    """Return ``answers`` as Markdown."""
    numbered = iter(range(1, 1 + sum(len(s.citations) for a in answers for s in a.statements)))
    blocks = [f"# {words('title', language)}"]
    notes: list[str] = []
    for answer in answers:
        blocks += _answer(answer, language, numbered, notes)
    if notes:
        blocks += [f"## {words('sources', language)}", "\n".join(notes)]
    blocks.append(f"---\n\n{escape(made(list(answers), language))}")
    return ("\n\n".join(blocks) + "\n").encode()


def escape(text: str) -> str:
    r"""Return ``text`` with everything that Markdown would read as markup escaped.

    >>> escape("1. *Oui* <b>")
    '1\\. \\*Oui\\* \\<b\\>'
    """
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text))


def _answer(answer: Answer, language: str, numbers: Iterator[int], notes: list[str]) -> Iterator[str]:
    yield f"## {escape(' '.join(answer.question.split()))}"
    if not answer.is_as_asked:
        yield f"*{escape(words('understood', language, text=answer.understood_as))}*"
    if answer.abstained:
        yield f"**{words('not_answered', language)}.** {escape(answer.reason or '')}"
        return
    for statement in answer.statements:
        cited = []
        for citation in statement.citations:
            number = next(numbers)
            cited.append(f"[\\[{number}\\]](#n{number})")
            notes.append(f'{number}. <a id="n{number}"></a>{_note(citation, statement.text, language)}')
        yield f"{_lines(statement.text)} {' '.join(cited)}"
    yield words("confidence", language, percent=round(100 * answer.confidence))


def _note(citation: Citation, statement: str, language: str) -> str:
    quote = "" if citation.quote == statement else f" « {escape(' '.join(citation.quote.split()))} »"
    address = f" <{citation.url}>" if citation.url and re.fullmatch(r"https?://[^\s<>]+", citation.url) else ""
    return f"{escape(source_line(citation, language))}.{quote}{address} (`{citation.document_id.replace('`', '')}`, {citation.start}\u2013{citation.end})"


def _lines(text: str) -> str:
    return "\\\n".join(escape(line) for line in text.split("\n"))
