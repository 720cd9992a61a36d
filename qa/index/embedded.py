"""The vectors of a generation in its own folder, with Chroma in this process."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import chromadb
from chromadb.errors import ChromaError

from qa.embedding.model import Vectors
from qa.errors import IndexBrokenError
from qa.index.chroma import COLLECTION, batches, chroma_settings, put

FOLDER = "chroma"
_NAME = "passages"


class EmbeddedVectors:
    """The vectors in ``chroma/`` of the generation ``folder``, made if it is not there yet; a ``VectorIndex``."""

    def __init__(self, folder: Path) -> None:
        chroma = folder / FOLDER
        chroma.mkdir(parents=True, exist_ok=True)
        self._copy = None if _writable(chroma) else _readable_copy(chroma)
        opened = str(self._copy.name if self._copy else chroma)
        self._client = chromadb.PersistentClient(opened, settings=chroma_settings())
        self._collection = self._client.get_or_create_collection(_NAME, **COLLECTION)
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = self._collection.count()  # it reads the whole store: milliseconds at 100,000 passages
        return self._count

    def reach(self) -> None:
        """They are in this process."""

    def close(self) -> None:
        self._client.close()  # type: ignore[attr-defined]
        if self._copy is not None:
            self._copy.cleanup()

    def update(self, removed: Sequence[str], added: int, ids: Sequence[str], vectors: Vectors) -> None:
        size = self._client.get_max_batch_size()
        start = len(ids) - added
        for first, last in batches(len(removed), size):
            self._collection.delete(ids=list(removed[first:last]))
        if self._collection.count() != start:  # the vectors were elsewhere
            self._client.delete_collection(_NAME)
            self._collection = self._client.create_collection(_NAME, **COLLECTION)
            start = 0
        put(self._collection, ids[start:], vectors[start:], size)
        self._count = None

    def search(self, vectors: Vectors, limit: int) -> list[list[tuple[str, float]]]:
        try:
            limit = min(limit, len(self))
            if limit < 1:
                return [[] for _ in vectors]
            result = self._collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        except ChromaError as error:  # it opens its files again and again, and a swap may have cleared them away
            raise IndexBrokenError(f"Chroma cannot search the index ({error}). Run: python -m qa doctor") from error
        return [
            [(passage_id, 1.0 - float(distance)) for passage_id, distance in zip(found, row, strict=True)]
            for found, row in zip(result["ids"], result["distances"] or [], strict=True)
        ]


def _writable(folder: Path) -> bool:
    return all(os.access(path, os.W_OK) for path in (folder, *folder.glob("*.sqlite3")))


def _readable_copy(folder: Path) -> tempfile.TemporaryDirectory[str]:
    """Return a folder that Chroma, which writes a note when it opens one, can open in place of one that is read-only."""
    copy = tempfile.TemporaryDirectory(prefix="policy-qa-chroma-")
    for path in folder.resolve().iterdir():
        target = Path(copy.name) / path.name
        if path.is_dir():
            target.symlink_to(path)
        else:
            shutil.copyfile(path, target)
    return copy
