"""Markdown with YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from yaml.composer import ComposerError
from yaml.nodes import Node

from qa.ingest.blocks import Block, Metadata, Parsed
from qa.ingest.tables import row_text
from qa.records import Source

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(?![ \t]*\n)(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HTML_UNREAD = "its blocks of HTML were not read: write them as Markdown, or save it as an HTML file"
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


class _Loader(yaml.SafeLoader):
    """Refuses aliases: a few lines of them can stand for more text than there is memory."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(
                None, None, "an alias (*name) is not read: write the value out", parent.start_mark if parent else None
            )
        return super().compose_node(parent, index)


def parse_markdown(text: str) -> Parsed:
    """Parse a Markdown file: what its front matter says, and its headings, paragraphs, list items and table rows.

    Raises ValueError, with what to mend, when the front matter is not YAML or a field of it cannot be used.
    """
    metadata, body = split_front_matter(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    html = any(token.type == "html_block" and not token.content.lstrip().startswith("<!--") for token in tokens)
    return Parsed(list(_blocks(tokens)), metadata, (_HTML_UNREAD,) if html else ())


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """Return what the front matter says and the text below it."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Metadata(), text
    try:
        fields = yaml.load(match[1] or "", Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 2}" if where else ""
        raise ValueError(f"its front matter is not YAML{line}: {getattr(error, 'problem', error)}") from error
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        raise ValueError("its front matter is not a list of `field: value` lines")  # noqa: TRY004 (a file's fault)
    return _metadata(fields), text[match.end() :]


def _metadata(fields: dict[str, Any]) -> Metadata:
    language = _string(fields, "language")
    if language not in (None, "fr", "en"):
        raise ValueError(f"its front matter says `language: {language}`; it has to be fr or en")
    sources = fields.get("sources") or {}
    if not isinstance(sources, dict) or not all(isinstance(about, dict) for about in sources.values()):
        raise ValueError("its front matter's `sources` are not keys with a title, publisher, date and url each")
    return Metadata(
        title=_string(fields, "title"), kind=_string(fields, "kind"), language=language, date=_date(fields),
        region=_string(fields, "region"), publisher=_string(fields, "publisher"), url=_string(fields, "url"),
        sources=tuple(
            Source(
                key=str(key), title=_string(about, "title") or "", publisher=_string(about, "publisher"),
                date=_string(about, "date"), url=_string(about, "url"),
            )
            for key, about in sources.items()
        ),
        replaces=_string(fields, "replaces"),
    )  # fmt: skip


def _string(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if isinstance(value, dict | list | set):
        raise ValueError(f"its front matter's `{name}` is a list; write one value")  # noqa: TRY004 (a file's fault)
    return None if value is None or value == "" else str(value)


def _date(fields: dict[str, Any]) -> str | None:
    value = _string(fields, "date")
    if value is not None and not _DATE.fullmatch(value):
        raise ValueError(f"its front matter says `date: {value}`; write 2013, 2013-11 or 2013-11-14")
    return value


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    containers: list[str] = []
    headings: list[str] = []
    cells: list[str] = []
    for token in tokens:
        kind = token.type.rsplit("_", 1)[0]
        if token.nesting == 1:
            containers.append(kind)
        elif token.nesting == -1:
            containers.pop()
            if kind == "tr":
                if containers[-1:] == ["thead"]:
                    headings = cells
                else:
                    yield Block("row", row_text(headings, cells))
                cells = []
        elif token.type == "inline":
            text = _inline_text(token)
            if containers[-1] in ("th", "td"):
                cells.append(text)
            elif text:
                yield Block(
                    "heading" if containers[-1] == "heading" else "item" if "list_item" in containers else "paragraph",
                    text,
                )
        elif token.type in ("code_block", "fence") and token.content.strip():
            yield from (Block("item", line) for line in token.content.split("\n") if line.strip())


def _inline_text(token: Token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak") or _LINE_BREAK.fullmatch(child.content):
            parts.append(" ")
        elif child.type != "html_inline":  # a tag, or a comment that nobody is to read
            parts.append(child.content)  # an image's content is its alternative text; markup has none
    return " ".join("".join(parts).split(" "))
