"""An embedder that remembers questions, and the few texts of documents that an index has no vector of."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from qa.embedding.model import Embedder, Logits, Vectors

QUESTIONS, PASSAGES = 1_000, 1_000  # a vector is 1.5 KB with the default model: 5 MB in all


class Remembered:
    """``embedder``, remembering the vectors of the last so many texts of each kind; safe to share between threads.

    Each text is embedded by itself. In int8 what stands beside it in a batch changes its vector by a hair, which may
    change places of near ties: so a question has one answer, whatever was asked before it.
    """

    def __init__(self, embedder: Embedder, *, questions: int = QUESTIONS, passages: int = PASSAGES) -> None:
        self._embedder = embedder
        self._queries, self._statements, self._passages = _Known(questions), _Known(questions), _Known(passages)

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    @property
    def form(self) -> str:
        return self._embedder.form

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._rows([self._queries.get(text, self._embedder.encode_queries) for text in texts])

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        return self._rows([self._statements.get(text, self._embedder.encode_statements) for text in texts])

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:  # noqa: ARG002 (few texts)
        return self._rows([self._passages.get(text, self._embedder.encode_passages) for text in texts])

    def read(self, question: str, sentences: Sequence[str]) -> Logits:
        return self._embedder.read(question, sentences)

    def _rows(self, rows: list[Vectors]) -> Vectors:
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)


class _Known:
    """Texts with their vectors, the least lately used forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str, encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
        with self._lock:
            known = self._vectors.get(text)
            if known is not None:
                self._vectors.move_to_end(text)
                return known
        vector: Vectors = encode([text])[0].copy()  # a view would keep what it was made of
        with self._lock:
            self._vectors[text] = vector
            if len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
        return vector
