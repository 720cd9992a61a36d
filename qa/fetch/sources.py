"""The list of public sources, ``corpus/sources.toml``, and the choice of some of them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from qa.errors import SettingsError, UsageError
from qa.records import Record

SOURCES_FILE = Path(__file__).resolve().parents[2] / "corpus" / "sources.toml"
_KEY = re.compile(r"\w{1,40}")  # it becomes part of a file's name


@dataclass(frozen=True, slots=True)
class PublicSource(Record):
    """One public original.

    ``language`` is ``fr``, ``en``, another code, or ``fr/en`` where it is in both. ``date`` is ISO 8601, or what is
    known of it in words.
    """

    key: str
    title: str
    publisher: str
    language: str
    kind: str
    date: str
    url: str


def read_sources(path: Path = SOURCES_FILE) -> tuple[PublicSource, ...]:
    """Return the sources of a list, in its order.

    Raises SettingsError, naming the file and the table, when it cannot be used.

    >>> read_sources()[0].publisher
    'just-auto'
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"The list of sources {path} cannot be opened: {error.strerror}.") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise SettingsError(f"The list of sources {path} is not TOML: {error}. Mend it there.") from error
    names = [field.name for field in fields(PublicSource)][1:]
    sources = []
    for key, table in tables.items():
        values = [table.get(name) if isinstance(table, dict) else None for name in names]
        if not _KEY.fullmatch(key) or not all(isinstance(value, str) and value for value in values):
            raise SettingsError(
                f"In the list of sources {path}, [{key}] has to have {', '.join(names)}, each in quotes."
            )
        sources.append(PublicSource(key, *map(str, values)))
    return tuple(sources)


def select_sources(
    sources: Sequence[PublicSource],
    *,
    keys: Sequence[str] = (),
    kind: str | None = None,
    language: str | None = None,
    match: str | None = None,
) -> tuple[PublicSource, ...]:
    """Return those of ``sources`` that have one of ``keys`` (any, when there are none) and pass every filter.

    ``match`` is looked for in title, publisher and address, whatever the case and accents. Raises UsageError for a
    key that is not in the list, and when nothing is left.

    >>> [source.key for source in select_sources(read_sources(), match="pole i-trans")]
    ['S207']
    """
    unknown = sorted(set(keys) - {source.key for source in sources})
    if unknown:
        raise UsageError(f"There is no source {', '.join(unknown)}. See: python -m qa corpus list")
    wanted = plain(match or "")
    chosen = tuple(
        source
        for source in sources
        if (not keys or source.key in keys)
        and kind in (None, source.kind)
        and (language is None or language in source.language.split("/"))
        and wanted in plain(f"{source.title}\n{source.publisher}\n{source.url}")
    )
    if not chosen:
        raise UsageError("No source is like that. Ask for less, and see: python -m qa corpus list")
    return chosen


def plain(text: str) -> str:
    """Return ``text`` in small letters without accents.

    >>> plain("Pôle : mise en Œuvre")
    'pole : mise en oeuvre'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
