"""The documents and passages themselves, in SQLite: what is quoted comes from here and nowhere else."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from qa.index.relations import near_copies, replacements, signature
from qa.records import Document, Passage, Section, Source

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL, record TEXT NOT NULL, replaces TEXT, signature BLOB NOT NULL,
    near_copies TEXT, superseded_by TEXT
);
CREATE TABLE IF NOT EXISTS passages (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents(id),
    start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT, page INTEGER, vector_key TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_of_document ON passages(document_id);
CREATE INDEX IF NOT EXISTS passages_by_vector ON passages(vector_key);
"""
_CACHED_DOCUMENTS = 512


class Listed(NamedTuple):
    """What a list says of one document: its particulars, what supersedes it, and how many passages it has."""

    id: str
    title: str
    kind: str | None
    language: str | None
    date: str | None
    region: str | None
    publisher: str | None
    superseded_by: str | None
    passages: int


class TextStore:
    """The documents and passages of one generation, in the file ``path``; safe to read from many threads."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        uri = f"{path.resolve().as_uri()}?mode={'rwc' if writable else 'ro&immutable=1'}"
        # One for all threads, which SQLite keeps apart itself: it is open before its generation can be cleared away.
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        if writable:
            self._connection.executescript(_SCHEMA)
        self.document = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._document)

    def close(self) -> None:
        """Close the file, and let go of the documents that were read."""
        self.document.cache_clear()
        self._connection.close()

    def document_hashes(self) -> dict[str, str]:
        """Return the content hash of each document, by its id."""
        return dict(self._connection.execute("SELECT id, hash FROM documents"))

    def document_ids(self) -> list[str]:
        """Return the documents' ids, in order."""
        return [row[0] for row in self._connection.execute("SELECT id FROM documents ORDER BY id")]

    def listing(self) -> list[Listed]:
        """Return what a list of documents shows, by id."""
        fields = ", ".join(f"json_extract(record, '$.{name}')" for name in Listed._fields[1:-2])
        count = "(SELECT count(*) FROM passages WHERE document_id = documents.id)"
        query = f"SELECT id, {fields}, superseded_by, {count} FROM documents ORDER BY id"  # noqa: S608 (names of ours)
        return [Listed(*row) for row in self._connection.execute(query)]

    def copies(self) -> dict[str, str]:
        """Return, for each place where a document stands as well, the id by which it is held."""
        query = "SELECT also.value, documents.id FROM documents, json_each(record, '$.also_at') AS also"
        return dict(self._connection.execute(query))

    def _document(self, document_id: str) -> Document:
        """Return one document. Raises KeyError when there is none of that id."""
        row = self._connection.execute("SELECT record FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            raise KeyError(document_id)
        return document_from_dict(json.loads(row[0]))

    def passage(self, passage_id: str) -> Passage:
        """Return one passage. Raises KeyError when there is none of that id."""
        row = self._connection.execute(
            "SELECT document_id, start, end, section, page FROM passages WHERE id = ?", (passage_id,)
        ).fetchone()
        if row is None:
            raise KeyError(passage_id)
        document_id, start, end, section, page = row
        text = self.document(document_id).text[start:end]
        return Passage(passage_id, document_id, start, end, text, section, page)

    def passage_ids(self) -> list[str]:
        """Return the ids of all passages."""
        return [row[0] for row in self._connection.execute("SELECT id FROM passages ORDER BY rowid")]

    def passage_ids_of(self, document_id: str) -> list[str]:
        """Return the ids of one document's passages, in order."""
        query = "SELECT id FROM passages WHERE document_id = ? ORDER BY start"
        return [row[0] for row in self._connection.execute(query, (document_id,))]

    def vector_keys(self) -> Iterator[tuple[str, str]]:
        """Yield ``(vector key, passage id)`` for each passage, in the order of ``passage_ids``."""
        yield from self._connection.execute("SELECT vector_key, id FROM passages ORDER BY rowid")

    def counts(self) -> tuple[int, int]:
        """Return how many documents and how many passages there are."""
        row = self._connection.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
        ).fetchone()
        return int(row[0]), int(row[1])

    def update(self, removed: Iterable[str], added: Iterable[tuple[Document, list[Passage], list[str]]]) -> None:
        """Take documents and their passages out and put others in, in one transaction."""
        with self._connection as connection:
            for document_id in removed:
                connection.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
                connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))
            for document, passages, vector_keys in added:
                record = json.dumps(document.to_dict(), ensure_ascii=False)
                row = (document.id, document_hash(document), record, document.replaces, signature(document))
                connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, NULL, NULL)", row)
                connection.executemany(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        (p.id, p.document_id, p.start, p.end, p.section, p.page, key)
                        for p, key in zip(passages, vector_keys, strict=True)
                    ],
                )
            self._relate(connection)

    def _relate(self, connection: sqlite3.Connection) -> None:
        """Work out anew which documents are near-copies of each other and which are superseded."""
        rows = connection.execute("SELECT id, replaces, signature FROM documents").fetchall()
        groups = near_copies({document_id: sketch for document_id, _, sketch in rows})
        newer = replacements({document_id: replaces for document_id, replaces, _ in rows})
        connection.executemany(
            "UPDATE documents SET near_copies = ?, superseded_by = ? WHERE id = ?",
            [(groups.get(document_id), newer.get(document_id), document_id) for document_id, _, _ in rows],
        )

    def relations(self, document_id: str) -> tuple[str | None, str | None]:
        """Return the group of near-copies that a document is in, and the document that replaces it, if any."""
        query = "SELECT near_copies, superseded_by FROM documents WHERE id = ?"
        group, newer = self._connection.execute(query, (document_id,)).fetchone()
        return group, newer


def document_hash(document: Document) -> str:
    """Return the SHA-256 of everything a document says."""
    return hashlib.sha256(json.dumps(document.to_dict(), sort_keys=True).encode()).hexdigest()


def document_from_dict(fields: dict[str, Any]) -> Document:
    """Return the Document that ``to_dict()`` made ``fields`` of."""
    return Document(**{
        **fields,
        "sources": tuple(Source(**source) for source in fields["sources"]),
        "sections": tuple(Section(**section) for section in fields["sections"]),
        "source_marks": tuple((offset, key) for offset, key in fields["source_marks"]),
        "pages": tuple(fields["pages"]),
        "also_at": tuple(fields["also_at"]),
    })  # fmt: skip
