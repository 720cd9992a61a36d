"""Haystack's in-memory store: its splitter's defaults, BM25 and vectors joined by reciprocal rank fusion."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from qa.embedding.model import Embedder
from qa.records import Document


class HaystackHybrid:
    """Passages by vectors and words, without the reranker of its tutorial, whose weights are not in a package."""

    def __init__(self, embedder: Embedder) -> None:
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self._embedder = embedder
        self._store: Any = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self._words: Any = InMemoryBM25Retriever(self._store)
        self._dense: Any = InMemoryEmbeddingRetriever(self._store)
        self._joiner: Any = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def index(self, documents: Sequence[Document]) -> None:
        from haystack import Document as Page
        from haystack.components.preprocessors import DocumentSplitter

        splitter = DocumentSplitter()
        splitter.warm_up()
        pages = [
            Page(content=f"{d.title}\n{d.text}", meta={"document": d.id, "language": d.language}) for d in documents
        ]
        passages = splitter.run(documents=pages)["documents"]
        vectors = self._embedder.encode_passages([passage.content or "" for passage in passages])
        self._store.write_documents(
            [replace(passage, embedding=v.tolist()) for passage, v in zip(passages, vectors, strict=True)]
        )

    def search(
        self, queries: Sequence[str], *, asked_in: str, language: str | None, depth: int
    ) -> Iterator[Sequence[str]]:
        filters = {"field": "meta.language", "operator": "==", "value": language} if language else None
        for query, vector in zip(queries, self._embedder.encode_statements(queries), strict=True):
            words = self._words.run(query=query, filters=filters, top_k=depth)["documents"]
            dense = self._dense.run(query_embedding=vector.tolist(), filters=filters, top_k=depth)["documents"]
            joined = self._joiner.run(documents=[words, dense], top_k=depth)["documents"]
            yield [passage.meta["document"] for passage in joined]
