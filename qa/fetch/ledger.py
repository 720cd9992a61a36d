"""``fetched.json``: what was downloaded into a folder, from where, when, and with which checksum."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path

from qa.dates import day_bounds
from qa.errors import SettingsError
from qa.fetch.sources import PublicSource

LEDGER = "fetched.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One downloaded file.

    ``source`` is what the list of sources said of it; ``final_url`` is where its redirects led. ``retrieved`` is when
    its bytes arrived, ``checked`` when the server last confirmed them (ISO 8601, UTC).
    """

    source: PublicSource
    file: str
    final_url: str
    retrieved: str
    checked: str
    sha256: str
    content_type: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class FetchedMetadata:
    """What is known of a downloaded file from outside it; ``None`` where that is nothing ``index`` can use."""

    title: str
    kind: str
    language: str | None
    date: str | None
    publisher: str
    url: str


class Ledger:
    """The entries of one folder, by source key."""

    def __init__(self, folder: Path) -> None:
        """Read the folder's ledger, if it has one. Raises SettingsError, naming the file, when it is damaged."""
        self._path = folder / LEDGER
        self._entries = {entry.source.key: entry for entry in _read(self._path)}

    def whole(self, source: PublicSource) -> Entry | None:
        """Return the entry of ``source`` if it came from the same address and its file is as it was downloaded."""
        entry = self._entries.get(source.key)
        if entry is None or entry.source.url != source.url:
            return None
        path = self._path.parent / entry.file
        return entry if path.is_file() and sha256(path) == entry.sha256 else None

    def put(self, entry: Entry) -> None:
        """Keep ``entry`` in place of its source's earlier one, durably, and remove that one's file if it is another."""
        earlier = self._entries.get(entry.source.key)
        self._entries[entry.source.key] = entry
        record = {"files": [asdict(self._entries[key]) for key in sorted(self._entries)]}
        scratch = self._path.with_name(f".{LEDGER}.new")
        with scratch.open("w", encoding="utf-8") as file:
            json.dump(record, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self._path)
        if earlier is not None and earlier.file != entry.file:
            (self._path.parent / earlier.file).unlink(missing_ok=True)


def fetched_metadata(path: Path) -> FetchedMetadata | None:
    """Return what the list of sources says of a file that ``corpus fetch`` downloaded; ``None`` for any other file.

    For qa/ingest: it fills what the file does not say of itself. ``language`` is ``fr``, ``en`` or ``None``, ``date``
    an ISO 8601 date or ``None``; ``url`` is the address that the list gives. Raises SettingsError when the folder's
    ledger is damaged. The ledger is read again only when it has changed.

    >>> fetched_metadata(Path("README.md")) is None
    True
    """
    ledger = path.parent / LEDGER
    if not ledger.is_file():
        return None
    state = ledger.stat()
    source = _by_file(ledger, state.st_mtime_ns, state.st_size).get(path.name)
    if source is None:
        return None
    return FetchedMetadata(
        title=source.title,
        kind=source.kind,
        language=source.language if source.language in ("fr", "en") else None,
        date=source.date if _is_iso(source.date) else None,
        publisher=source.publisher,
        url=source.url,
    )


def sha256(path: Path) -> str:
    """Return a file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=8)
def _by_file(ledger: Path, _changed: int, _size: int) -> dict[str, PublicSource]:
    return {entry.file: entry.source for entry in _read(ledger)}


def _read(path: Path) -> list[Entry]:
    try:
        files = json.loads(path.read_text("utf-8"))["files"]
        names = [field.name for field in fields(Entry)][1:]
        entries = [Entry(PublicSource(**file["source"]), *(file[name] for name in names)) for file in files]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError) as error:
        raise SettingsError(f"{path} is damaged. Remove it: `corpus fetch` makes it anew.") from error
    if any(Path(entry.file).name != entry.file for entry in entries):  # it is ours to overwrite and remove
        raise SettingsError(f"{path} names a file outside its folder. Remove it: `corpus fetch` makes it anew.")
    return entries


def _is_iso(date: str) -> bool:
    try:
        day_bounds(date)
    except ValueError:
        return False
    return True
