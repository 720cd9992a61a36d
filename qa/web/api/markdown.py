"""An answer as Markdown for a chat: numbered statements, then what each number cites. Documents never become markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from qa.languages import message
from qa.records import Answer, Citation, Hit, Statement

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


class ChatText:
    """An answer as Markdown, in parts as it comes: ``statement`` for each, then ``ending``; ``text`` is all so far.

    Numbers count the citations of the whole answer, from 1, and ``marks`` says where they stand.
    """

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[Mark] = []

    @classmethod
    def of(cls, answer: Answer) -> ChatText:
        """Return the text of a whole answer."""
        chat = cls()
        for statement in answer.statements:
            chat.statement(statement)
        chat.ending(answer)
        return chat

    def statement(self, statement: Statement) -> str:
        """Add a statement and return what that adds to the text."""
        part = ("\n\n" if self.text else "") + escape(statement.text) + " "
        for _ in statement.citations:
            number, start = len(self.marks) + 1, len(self.text) + len(part)
            part += f"[{number}]"
            self.marks.append(Mark(number, start, len(self.text) + len(part)))
        self.text += part
        return part

    def ending(self, answer: Answer) -> str:
        """Add what is to be known of the answer and its sources, or why there is none and the nearest passages."""
        by_a_model = answer.model if answer.mode == "generated" else None
        notes = (
            None
            if answer.is_as_asked
            else message("understood", answer.language).format(question=answer.understood_as),
            message("written_by", answer.language).format(name=by_a_model.name) if by_a_model else None,
            answer.note,
        )
        blocks = [escape(answer.reason or "")] if answer.abstained else []
        blocks += [f"*{_in_a_line(note)}*" for note in notes if note]
        if answer.abstained:
            blocks += [_sources(answer.nearest, answer.language, quoted=True)] if answer.nearest else []
        else:
            cited = [citation for statement in answer.statements for citation in statement.citations]
            blocks += [f"**{message('sources', answer.language)}**", _sources(cited, answer.language)]
        part = ("\n\n" if self.text else "") + "\n\n".join(blocks)
        self.text += part
        return part


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
    return "\n".join(_source(number, record, language, quoted=quoted) for number, record in enumerate(cited, start=1))


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
