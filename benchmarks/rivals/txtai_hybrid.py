"""txtai with ``hybrid=True``, as in its first pages: texts whole, its own BM25 and its own weights, filters by SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qa.embedding.model import Embedder, Vectors
from qa.records import Document


class TxtaiHybrid:
    """Documents by vectors and words."""

    def __init__(self, embedder: Embedder) -> None:
        from txtai import Embeddings

        self._asking = False

        def transform(texts: Sequence[str]) -> Vectors:  # txtai does not say which of the two it wants
            return embedder.encode_statements(texts) if self._asking else embedder.encode_passages(texts)

        self._engine: Any = Embeddings(method="external", transform=transform, hybrid=True, content=True)

    def index(self, documents: Sequence[Document]) -> None:
        self._asking = False
        self._engine.index([(d.id, {"text": f"{d.title}\n{d.text}", "language": d.language}, None) for d in documents])

    def search(
        self, queries: Sequence[str], *, asked_in: str, language: str | None, depth: int
    ) -> Iterator[Sequence[str]]:
        self._asking = True
        chosen = " and language = :language" if language else ""
        # The filter comes after the candidates: ten times as many, so that it does not empty the page.
        sql = f"select id, score from txtai where similar(:query, {10 * depth}){chosen}"  # noqa: S608 - no text in it
        for query in queries:
            found = self._engine.search(sql, depth, parameters={"query": query, "language": language})
            yield [row["id"] for row in found]
