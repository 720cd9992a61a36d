"""HTML: the article of a page, without its menus, advertisements, cookie banners and comments."""

from __future__ import annotations

import codecs
import copy
import re
from collections.abc import Iterator
from typing import Any, Literal

from qa.ingest.blocks import Block, Metadata, Parsed
from qa.ingest.properties import day_or_none, language_or_none, title_or_none
from qa.ingest.tables import table_blocks
from qa.ingest.text import decoded

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_CHARSET_WITHIN = 4096
_LANGUAGE = re.compile(r"<html\b[^>]*?\blang\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
# what trafilatura leaves in when it stands inside the article: whole words of a class, and of an identifier where that cannot be
# made of a heading, as « Consent » and « Share » are
_NOT_THE_ARTICLE = (
    "ad ads advert advertisement advertising publicite pub sponsored cookie-banner cookie-consent cookies cookie-notice "
    "consent newsletter newsletter-signup related share social-share breadcrumb"
).split()
_INLINE = frozenset({"hi", "ref", "lb", "del", "code", "graphic"})  # of trafilatura's elements
_BREAK = "\x0b"  # a line break, among white space that says nothing
_LOWER = "translate(@{name}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
_PRUNED = [
    f"//*[contains(concat(' ', {_LOWER.format(name=name)}, ' '), ' {word} ')]"
    "[not(self::html or self::body or self::main or self::article or .//article or .//h1)]"
    for word in _NOT_THE_ARTICLE
    for name in (("class", "id") if "-" in word else ("class",))
]


def parse_html(data: bytes | str) -> Parsed:
    """Parse an HTML page: its article and what the page says about it.

    The date is the one that the page declares; none is guessed from its text.
    """
    import trafilatura

    text = data if isinstance(data, str) else decoded(data, declared=_declared_charset(data))
    page: Any = trafilatura.bare_extraction(
        text, config=_config(), include_tables=True, include_comments=False, with_metadata=True, favor_recall=True,
        prune_xpath=_PRUNED, date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip
    language = _LANGUAGE.search(text)
    metadata = Metadata(language=language_or_none(language[1]) if language else None)
    if page is None:
        return Parsed([], metadata)
    metadata = Metadata(
        title=title_or_none(page.title), language=metadata.language, date=day_or_none(page.date),
        publisher=page.sitename or None, url=page.url or None,
    )  # fmt: skip
    return Parsed(list(_blocks(page.body)), metadata)


def _config() -> Any:
    """Return trafilatura's settings, but that a short text counts too: its last resort for them loses the markup."""
    from trafilatura.settings import DEFAULT_CONFIG

    config = copy.deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    return config


def _declared_charset(data: bytes) -> str | None:
    match = _CHARSET.search(data[:_CHARSET_WITHIN])
    if match is None:
        return None
    name = match[1].decode("ascii")
    try:
        return "cp1252" if codecs.lookup(name).name in ("iso8859-1", "ascii") else name  # as browsers do
    except LookupError:
        return None


def _blocks(container: Any, kind: Literal["paragraph", "item"] = "paragraph") -> Iterator[Block]:
    """Return the blocks of a container of trafilatura's; words that stand in it alone are a paragraph."""
    loose = container.text or ""
    for element in container:
        if element.tag in _INLINE:
            loose += _text(element) + (element.tail or "")
            continue
        yield from _block(kind, loose)
        if element.tag == "head":
            yield from _block("heading", _text(element))
        elif element.tag == "p":
            yield from _block(kind, _text(element))
        elif element.tag == "table":
            yield from _table(element)
        elif element.tag in ("list", "item"):
            yield from _blocks(element, "item")
        else:
            yield from _blocks(element, kind)
        loose = element.tail or ""
    yield from _block(kind, loose)


def _block(kind: Literal["heading", "paragraph", "item"], text: str) -> Iterator[Block]:
    """Return a block, or several where two line breaks stand for an empty line."""
    for part in re.split(rf"{_BREAK}(?:\s*{_BREAK})+", text):
        line = " ".join(part.replace(_BREAK, " ").split())
        if line:
            yield Block(kind, line)


def _text(element: Any) -> str:
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    yield _BREAK if element.tag == "lb" else element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""


def _table(table: Any) -> list[Block]:
    rows: list[list[str]] = []
    headings = 0
    for row in table.iter("row"):
        cells = list(row.iter("cell"))
        if headings == len(rows) and cells and all(cell.get("role") == "head" for cell in cells):
            headings += 1
        rows.append([_text(cell).replace(_BREAK, " ") for cell in cells])
    return table_blocks(rows, headings=headings or None)
