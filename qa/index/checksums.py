"""Whether the files of a generation are as they were built.

Every file counts by its bytes but Chroma's database: Chroma notes in it that it was opened, so what it holds counts,
table by table, without that note.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from qa.errors import IndexBrokenError

REBUILD = "Run: python -m qa index --rebuild"
_CHROMA = "chroma/chroma.sqlite3"
_NOTES = "acquire_write"  # the table that each opening adds a row to


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below ``folder``, by its path in it."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name: _checksum(folder, name) for name in names}


def check_files(folder: Path, expected: Mapping[str, str]) -> None:
    """Raise IndexBrokenError, naming the file, unless each file of ``expected`` is in ``folder`` with its checksum.

    A damaged file of Chroma's can crash the process that opens it: nothing is opened before this.
    An empty checksum, as earlier versions wrote of Chroma's database, is one that is not compared.
    """
    for name, checksum in expected.items():
        path = folder / name
        try:
            whole = path.is_file() and (not checksum or _checksum(folder, name) == checksum)
        except (OSError, sqlite3.Error) as error:
            raise IndexBrokenError(f"The index is damaged: {path} cannot be read ({error}). {REBUILD}") from error
        if not whole:
            state = "is not as it was built" if path.is_file() else "is missing"
            raise IndexBrokenError(f"The index is damaged: {path} {state}. {REBUILD}")


def _checksum(folder: Path, name: str) -> str:
    if name == _CHROMA:
        return _content_checksum(folder / name)
    with (folder / name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content_checksum(path: Path) -> str:
    """Return the SHA-256 of all rows of all tables but ``_NOTES``, read without changing the file.

    Raises sqlite3.Error when the file cannot be read as a database, or an index in it does not agree with its table.
    """
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        schema = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        digest.update(repr(schema).encode())
        for kind, name, sql in schema:
            if kind == "table" and name != _NOTES and not (sql or "").startswith("CREATE VIRTUAL"):
                for row in database.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 (its own table)
                    digest.update(repr(row).encode("utf-8", "surrogatepass"))
        problems = [problem for (problem,) in database.execute("PRAGMA integrity_check(1)")]
    if problems != ["ok"]:
        raise sqlite3.DatabaseError(problems[0])
    return digest.hexdigest()
