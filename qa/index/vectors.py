"""The dense index: one Chroma collection of the passages' vectors, by cosine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import chromadb
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from qa.embedding.model import Vectors
from qa.errors import IndexBrokenError

COLLECTION = "passages"
# ef_search: chromadb's default of 100 loses a tenth of the neighbours at 100,000 passages, 300 a fiftieth. sync_threshold: each batch
# is written through, since what waits in Chroma's queue is written again, differently, whenever the index is read.
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 500, "max_neighbors": 32, "sync_threshold": 1}


class VectorIndex:
    """The passages' vectors under ``folder``, made if it is not there yet.

    ``embedding_function=None`` everywhere: Chroma's default would download an English model.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._copy = None if _writable(folder) else _readable_copy(folder)
        opened = str(self._copy.name if self._copy else folder)
        self._client = chromadb.PersistentClient(opened, settings=ChromaSettings(anonymized_telemetry=False))
        self._collection = self._client.get_or_create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={"hnsw": _HNSW},  # type: ignore[arg-type]
        )
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = self._collection.count()  # it reads the whole store: milliseconds at 100,000 passages
        return self._count

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()  # type: ignore[attr-defined]
        if self._copy is not None:
            self._copy.cleanup()

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Take passages out; those that are not there are ignored."""
        self._count = None
        for start, end in self._batches(len(passage_ids)):
            self._collection.delete(ids=list(passage_ids[start:end]))

    def add(self, passage_ids: Sequence[str], vectors: Vectors) -> None:
        """Put passages in, or in place of those with the same id."""
        self._count = None
        for start, end in self._batches(len(passage_ids)):
            self._collection.upsert(ids=list(passage_ids[start:end]), embeddings=vectors[start:end])

    def search(self, vectors: Vectors, limit: int) -> list[list[tuple[str, float]]]:
        """Return, for each row of ``vectors``, up to ``limit`` ``(passage id, cosine)``, nearest first.

        There is no filter here: Chroma's looks at every passage (``qa.retrieval.dense`` goes another way).
        Raises IndexBrokenError when Chroma cannot: it opens its files again and again, and a swap may have cleared them away.
        """
        try:
            limit = min(limit, len(self))
            if limit < 1:
                return [[] for _ in vectors]
            result = self._collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        except ChromaError as error:
            raise IndexBrokenError(f"Chroma cannot search the index ({error}). Run: python -m qa doctor") from error
        distances = result["distances"] or []
        return [
            [(passage_id, 1.0 - float(distance)) for passage_id, distance in zip(ids, row, strict=True)]
            for ids, row in zip(result["ids"], distances, strict=True)
        ]

    def _batches(self, count: int) -> Iterator[tuple[int, int]]:
        size = self._client.get_max_batch_size()
        return ((start, min(start + size, count)) for start in range(0, count, size))


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
