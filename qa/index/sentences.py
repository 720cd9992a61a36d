"""The vectors of what answers can quote, so that a question embeds nothing but itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.model import Embedder, Logits, Vectors
from qa.index.arrays import load, save

Keys = NDArray[np.uint64]


class SentenceVectors:
    """Vectors by the text that was embedded, those of each passage in the order of the table's rows, in ``folder``.

    A vector is kept in 8 bits with a scale of its own, a quarter of its size; cosines change by some 0.0002.
    """

    def __init__(self, folder: Path, dimension: int = 0) -> None:
        self._folder = folder
        self._open(dimension)

    def _open(self, dimension: int) -> None:
        folder = self._folder
        self._counts: NDArray[np.int32] = load(folder / "counts.npy", np.int32, (0,))  # sentences of each passage
        self._starts = np.cumsum(self._counts, dtype=np.int64) - self._counts
        self._keys: Keys = load(folder / "keys.npy", np.uint64, (0,))
        self._order: NDArray[np.int64] = load(folder / "order.npy", np.int64, (0,))  # of the keys, least first
        self._vectors: NDArray[np.int8] = load(folder / "vectors.npy", np.int8, (0, dimension))
        self._scales: NDArray[np.float32] = load(folder / "scales.npy", np.float32, (0,))

    def __len__(self) -> int:
        """Return how many passages these are the sentences of."""
        return len(self._counts)

    def rows(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return where each text's vector is, -1 for a text that has none."""
        return self._rows(_keys(texts))

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of ``rows``."""
        return np.asarray(self._vectors[rows] * self._scales[rows, None], dtype=np.float32)

    def nearest(self, passages: NDArray[np.integer], vector: Vectors) -> Vectors:
        """Return, for each of ``passages``, the cosine of its sentence nearest to ``vector``; nan for one that has none."""
        counts = self._counts[passages].astype(np.int64)
        last = np.cumsum(counts)
        rows = np.repeat(self._starts[passages] + counts - last, counts) + np.arange(last[-1] if len(last) else 0)
        result, some = np.full(len(passages), np.nan, np.float32), counts > 0
        if some.any():
            result[some] = np.maximum.reduceat(self.vectors(rows) @ vector, (last - counts)[some])
        return result

    def update(self, kept: NDArray[np.bool_], added: Sequence[Sequence[str]], made: dict[str, Vectors]) -> None:
        """Keep those of the passages ``kept``, and put those of the ``added`` passages behind them.

        ``made`` has the vectors of the texts that have none here yet.
        """
        flat = [text for texts in added for text in texts]
        keys = _keys(flat)
        rows, dimension = self._rows(keys), self._vectors.shape[1]
        vectors, scales = np.zeros((len(flat), dimension), np.int8), np.zeros(len(flat), np.float32)
        known = rows >= 0
        vectors[known], scales[known] = self._vectors[rows[known]], self._scales[rows[known]]
        if not known.all():
            vectors[~known], scales[~known] = _in_8_bits(np.stack([made[flat[one]] for one in np.flatnonzero(~known)]))
        stays = np.repeat(kept, self._counts)
        whole = {
            "counts": np.concatenate([self._counts[kept], np.array([len(texts) for texts in added], np.int32)]),
            "keys": np.concatenate([self._keys[stays], keys]),
            "vectors": np.concatenate([self._vectors[stays], vectors]),
            "scales": np.concatenate([self._scales[stays], scales]),
        }
        whole["order"] = np.argsort(whole["keys"], kind="stable")
        for name, array in whole.items():
            save(self._folder / f"{name}.npy", array)
        self._open(dimension)

    def _rows(self, keys: Keys) -> NDArray[np.int64]:
        if not len(self._keys):
            return np.full(len(keys), -1)
        places = np.searchsorted(self._keys, keys, sorter=self._order)
        rows = self._order[np.minimum(places, len(self._order) - 1)]
        return np.where(self._keys[rows] == keys, rows, -1)


class Foreseen:
    """``embedder``, but for the passages that ``sentences`` has the vectors of."""

    def __init__(self, embedder: Embedder, sentences: SentenceVectors) -> None:
        self._embedder, self._sentences = embedder, sentences
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.form, self.dimension = embedder.form, embedder.dimension
        self.encode_queries, self.encode_statements = embedder.encode_queries, embedder.encode_statements

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        rows = self._sentences.rows(texts)
        result = np.zeros((len(texts), self.dimension), np.float32)
        known = rows >= 0
        result[known] = self._sentences.vectors(rows[known])
        others = np.flatnonzero(~known)
        if len(others):
            result[others] = self._embedder.encode_passages([texts[int(one)] for one in others], progress=progress)
        return result

    def read(self, question: str, sentences: Sequence[str]) -> Logits:
        return self._embedder.read(question, sentences)


def _keys(texts: Sequence[str]) -> Keys:
    """Return 64 bits of each text's digest: of ten million sentences, two that differ have the same in one case of 400,000."""
    digests = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(digests), np.uint64)


def _in_8_bits(vectors: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    scales = np.maximum(np.abs(vectors).max(axis=1) / 127, 1e-12)
    return np.round(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)
