"""An answer as Markdown for a chat: numbered statements, then what each number cites. Documents never become markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from qa.languages import message
from qa.records import Answer, Citation, Hit

# What could make a link, an image, a tag, a table or emphasis of a document's words, or a block at the start of a line.
_INLINE = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)")
_BLOCK = re.compile(r"^(?:(?=[#=]|[+-](?:\s|-|$))|(\d{1,9})(?=[.)](?:\s|$)))", re.MULTILINE)
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>\\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a citation in a text: ``text[start:end] == f"[{number}]"``."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ChatText:
    """An answer's Markdown in the ``parts`` that it can be sent in, its number marks, and what they cite."""

    parts: tuple[str, ...]
    marks: tuple[Mark, ...]
    cited: tuple[Citation | Hit, ...]

    @property
    def text(self) -> str:
        return "".join(self.parts)


def chat_text(answer: Answer) -> ChatText:
    """Return ``answer`` as Markdown: a part for each statement, and a last one with the sources.

    Numbers count the citations of the whole answer, from 1. Where the corpus does not answer, the reason comes first and
    the nearest passages stand in the place of sources.
    """
    understood = (
        [] if answer.is_as_asked else [message("understood", answer.language).format(question=answer.understood_as)]
    )
    parts = [f"*{escape(note)}*\n\n" for note in understood]
    if answer.abstained:
        parts.append(escape(answer.reason or ""))
        nearest = _sources(answer.nearest, answer.language, quoted=True)
        return ChatText((*parts, nearest), (), answer.nearest)
    marks: list[Mark] = []
    for index, statement in enumerate(answer.statements):
        part = ("\n\n" if index else "") + escape(statement.text) + " "
        for _ in statement.citations:
            mark = f"[{len(marks) + 1}]"
            start = sum(map(len, parts)) + len(part)
            marks.append(Mark(len(marks) + 1, start, start + len(mark)))
            part += mark
        parts.append(part)
    cited = tuple(citation for statement in answer.statements for citation in statement.citations)
    return ChatText((*parts, _sources(cited, answer.language)), tuple(marks), cited)


def escape(text: str) -> str:
    r"""Return ``text`` so that Markdown shows it as it is.

    >>> escape("![x](javascript:alert(1)) <b>")
    '!\\[x\\](javascript:alert(1)) \\<b\\>'
    """
    text = _INLINE.sub(lambda match: f"\\{match[0]}", text)
    return _BLOCK.sub(r"\1\\", "\n".join(line.strip(" \t") for line in text.splitlines()))


def is_web_address(url: str | None) -> bool:
    """Say whether ``url`` may be followed by a click.

    >>> is_web_address("https://example.org/plan"), is_web_address("javascript:alert(1)"), is_web_address(None)
    (True, False, False)
    """
    return url is not None and urlsplit(url).scheme in ("http", "https") and not _UNSAFE_IN_ADDRESS.search(url)


def _sources(cited: Sequence[Citation | Hit], language: str, *, quoted: bool = False) -> str:
    if not cited:
        return ""
    heading = "" if quoted else f"**{message('sources', language)}**\n\n"
    return f"\n\n{heading}" + "\n".join(
        _source(number, record, language, quoted=quoted) for number, record in enumerate(cited, start=1)
    )


def _source(number: int, record: Citation | Hit, language: str, *, quoted: bool) -> str:
    title = _in_a_line(record.title)
    about = (
        f"[{title}](<{record.url}>)" if is_web_address(record.url) else title,
        _in_a_line(record.publisher or ""),
        _in_a_line(record.date or ""),
        message(f"in_{record.language}", language) if record.language else None,
        message("page", language).format(page=record.page) if record.page else None,
        message("superseded", language).format(document=_in_a_line(record.superseded_by))
        if record.superseded_by
        else None,
    )
    line = f"- [{number}] " + " · ".join(part for part in about if part)
    quote = record.text if isinstance(record, Hit) else record.quote
    return f"{line}\n  > {_in_a_line(quote)}" if quoted else line


def _in_a_line(text: str) -> str:
    return escape(" ".join(text.splitlines()))
