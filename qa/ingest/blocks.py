"""What every format is parsed into, and how that becomes a Document with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from qa.records import Document, Section, Source

SOURCE_MARK = re.compile(r"(?<![ \u00a0\u202f])[ \u00a0\u202f]*+\[(S\d{3,})\]")


DAMAGED = "it is damaged or cut short: fetch or save it again."


class UnreadableError(ValueError):
    """A file cannot be read: the message says why and what to do. Whoever knows its path makes a DocumentError of it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row of a file, on one line, in reading order."""

    kind: Literal["heading", "paragraph", "item", "row"]
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says about itself; ``None`` where it does not."""

    title: str | None = None
    kind: str | None = None
    language: str | None = None
    date: str | None = None
    region: str | None = None
    publisher: str | None = None
    url: str | None = None
    sources: tuple[Source, ...] = ()
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's blocks, what it says about itself, and what of it could not be read, a sentence each."""

    blocks: Sequence[Block]
    metadata: Metadata = field(default_factory=Metadata)
    warnings: tuple[str, ...] = ()


def assemble(document_id: str, parsed: Parsed, *, title: str, kind: str | None, language: str | None) -> Document:
    r"""Join the blocks into one text and note where sections, pages and source marks are.

    Blocks are joined by an empty line, list items and table rows by a line's end. The marks of sources (``[S012]``)
    are taken out of the text and kept as ``(offset, key)``.

    >>> parsed = Parsed([Block("heading", "Aides"), Block("paragraph", "Oui [S001]. Non.")])
    >>> document = assemble("a.md", parsed, title="A", kind=None, language="fr")
    >>> document.text, document.source_marks
    ('Aides\n\nOui. Non.', ((11, 'S001'),))
    """
    text = ""
    sections: list[Section] = []
    marks: list[tuple[int, str]] = []
    pages: list[int] = []
    previous: Block | None = None
    for block in parsed.blocks:
        if previous is not None:
            together = block.kind in ("item", "row") and previous.kind in (block.kind, "paragraph")
            text += "\n" if together else "\n\n"
        while block.page is not None and len(pages) < block.page:
            pages.append(len(text))
        if block.kind == "heading":
            sections.append(Section(len(text), block.text))
        clean, found = _without_marks(block.text)
        marks += [(len(text) + offset, key) for offset, key in found]
        text += clean
        previous = block
    about = parsed.metadata
    return Document(
        id=document_id, title=title, text=text, kind=kind, language=language, date=about.date, region=about.region,
        publisher=about.publisher, url=about.url or next((source.url for source in about.sources if source.url), None),
        sources=about.sources, source_marks=tuple(marks), sections=tuple(sections), pages=tuple(pages),
        replaces=about.replaces,
    )  # fmt: skip


def _without_marks(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return ``text`` without its marks, and each mark's key with the offset just past the sentence it ends."""
    clean, found, last = "", [], 0
    for match in SOURCE_MARK.finditer(text):
        clean += text[last : match.start()]
        last = match.end()
        following = text[last : last + 1]
        found.append((len(clean) + (1 if following in (".", "!", "?") else 0), match[1]))
    return clean + text[last:], found
