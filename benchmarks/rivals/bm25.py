"""bm25s as in its README: whole documents, with the stop words and the Snowball stemmer of each text's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from qa.records import Document

_STEMMERS = {"fr": "french", "en": "english"}


class Bm25:
    """Words alone."""

    def __init__(self) -> None:
        import bm25s

        self._engine: Any = bm25s.BM25()
        self._ids: list[str] = []
        self._languages = np.array([])

    def index(self, documents: Sequence[Document]) -> None:
        self._ids = [document.id for document in documents]
        self._languages = np.array([document.language for document in documents])
        terms: list[list[str]] = [[]] * len(documents)
        for language in sorted(set(self._languages)):
            rows = np.flatnonzero(self._languages == language)
            made = _terms([f"{documents[row].title}\n{documents[row].text}" for row in rows], language)
            for row, of_row in zip(rows, made, strict=True):
                terms[row] = of_row
        self._engine.index(terms, show_progress=False)

    def search(
        self, queries: Sequence[str], *, asked_in: str, language: str | None, depth: int
    ) -> Iterator[Sequence[str]]:
        wanted = np.full(len(self._ids), 1.0) if language is None else (self._languages == language).astype(float)
        for terms in _terms(queries, asked_in):
            if not terms:  # nothing but stop words
                yield []
                continue
            rows, scores = self._engine.retrieve(
                [terms], k=min(depth, len(self._ids)), weight_mask=wanted, show_progress=False
            )
            yield [self._ids[row] for row, score in zip(rows[0], scores[0], strict=True) if score > 0]


def _terms(texts: Sequence[str], language: str) -> list[list[str]]:
    import bm25s
    import Stemmer

    made: list[list[str]] = bm25s.tokenize(
        list(texts), stopwords=language, stemmer=Stemmer.Stemmer(_STEMMERS[language]),
        return_ids=False, show_progress=False,
    )  # fmt: skip
    return made
