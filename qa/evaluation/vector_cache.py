"""Vectors kept from one evaluation to the next, by text and model."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from qa.embedding import questions
from qa.embedding.model import Embedder, Logits, Vectors
from qa.settings import DEFAULT_MODEL

_AT_ONCE = 512


class CachedEmbedder:
    """An embedder that computes each text once and keeps its vector in a file under ``folder``."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._embedder = embedder
        self.name, self.fingerprint, self.dimension = embedder.name, embedder.fingerprint, embedder.dimension
        self.form = embedder.form
        self._taught = f"query {questions.SHA256}" if embedder.name == DEFAULT_MODEL else "query"
        made_by = f"{embedder.fingerprint} {embedder.form}".removesuffix(" torch")
        model = hashlib.sha256(made_by.encode()).hexdigest()[:16]
        self._database = sqlite3.connect(folder / f"{model}.sqlite")
        self._database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._cached(self._taught, texts, self._embedder.encode_queries)

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        return self._cached("query", texts, self._embedder.encode_statements)

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        return self._cached(
            "passage", texts, lambda missing: self._embedder.encode_passages(missing, progress=progress)
        )

    def read(self, question: str, sentences: Sequence[str]) -> Logits:
        return self._embedder.read(question, sentences)

    def _cached(self, task: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
        keys = [hashlib.sha256(f"{task}\0{text}".encode()).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if self._stored(key) is None}
        pending = list(missing.items())
        for start in tqdm(
            range(0, len(pending), _AT_ONCE),
            desc=f"Embedding ({task.split(maxsplit=1)[0]})",
            disable=len(pending) <= _AT_ONCE,
        ):
            batch = pending[start : start + _AT_ONCE]
            made = encode([text for _, text in batch])
            with self._database:
                self._database.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                    [(key, vector.astype("<f4").tobytes()) for (key, _), vector in zip(batch, made, strict=True)],
                )
        vectors = [np.frombuffer(self._stored(key) or b"", "<f4") for key in keys]
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def _stored(self, key: bytes) -> bytes | None:
        row = self._database.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None
