"""Making a backup: a ZIP file whose ``backup.json`` lists every file with its size and SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.audit import open_audit
from qa.errors import SettingsError
from qa.feedback import open_feedback
from qa.index import generations
from qa.index.checksums import check_files
from qa.records import Record
from qa.settings import Settings
from qa.uploads import uploads_folder
from qa.users import open_users

LISTING, INDEX, UPLOADS, FEEDBACK, USERS, AUDIT = (
    "backup.json", "index", "uploads", "feedback.sqlite", "users.json", "audit.jsonl",
)  # fmt: skip
FORMAT = 1


@dataclass(frozen=True, slots=True)
class BackupReport(Record):
    """What is in a backup: the ``generation``, how many ``files`` and ``bytes``, and which other ``parts``."""

    file: str
    generation: str
    files: int
    bytes: int
    parts: tuple[str, ...]


def places(settings: Settings) -> dict[str, Path]:
    """Return where each part of the state beside the index lives."""
    return {
        UPLOADS: uploads_folder(settings), FEEDBACK: open_feedback(settings.index_dir).path,
        USERS: open_users(settings).path, AUDIT: open_audit(settings).path,
    }  # fmt: skip


def back_up(settings: Settings, file: Path) -> BackupReport:
    """Write the current generation of the index of ``settings``, and what stands beside it, to ``file``, whole or not at all.

    No build goes on meanwhile. Raises a CorpusIndexError when there is no whole index, and SettingsError when ``file`` is
    there already or cannot be written.
    """
    if file.exists():
        raise SettingsError(f"{file} is there already: name another file, and keep more than one backup.")
    if not file.parent.is_dir():
        raise SettingsError(
            f"The backup {file} cannot be written: there is no folder {file.parent}. Nothing was changed."
        )
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with generations.writing(settings.index_dir):
            name = generations.current_generation(settings.index_dir)
            folder = settings.index_dir / name
            check_files(folder, generations.read_manifest(settings.index_dir, name).checksums)
            listed = _write(aside, folder, places(settings))
        aside.replace(file)
    except OSError as error:
        raise SettingsError(f"The backup {file} cannot be written ({error.strerror}). Nothing was changed.") from error
    finally:
        aside.unlink(missing_ok=True)
    parts = tuple(sorted({path.partition("/")[0] for path in listed} - {INDEX}))
    return BackupReport(str(file), name, len(listed), sum(one["size"] for one in listed.values()), parts)


def _write(target: Path, folder: Path, others: dict[str, Path]) -> dict[str, dict[str, Any]]:
    listed: dict[str, dict[str, Any]] = {}
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for path, name in _files(folder, others):
            with tempfile.TemporaryDirectory() as scratch:
                source = _settled(path, Path(scratch)) if name == FEEDBACK else path
                digest, size = hashlib.sha256(), 0
                with source.open("rb") as read, archive.open(name, "w", force_zip64=True) as written:
                    while piece := read.read(1 << 20):
                        digest.update(piece)
                        size += len(piece)
                        written.write(piece)
                listed[name] = {"sha256": digest.hexdigest(), "size": size}
        made = datetime.now(UTC).isoformat(timespec="seconds")
        archive.writestr(LISTING, json.dumps({"format": FORMAT, "made": made, "files": listed}, ensure_ascii=False))
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    return listed


def _files(folder: Path, others: dict[str, Path]) -> Iterator[tuple[Path, str]]:
    for part, root in ((INDEX, folder), *others.items()):
        if root.is_file():
            yield root, part
        elif root.is_dir():
            for path in sorted(root.rglob("*")):
                name = path.relative_to(root)
                if path.is_file() and not path.is_symlink() and not name.name.startswith("."):
                    yield path, f"{part}/{name.as_posix()}"


def _settled(path: Path, scratch: Path) -> Path:
    """Return a copy of a SQLite file as it is between two transactions."""
    copy = scratch / path.name
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy
