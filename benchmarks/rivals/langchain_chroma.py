"""LangChain's splitter and its Chroma store, as in its tutorial on retrieval: passages of 1,000 characters, 200 shared."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

from langchain_core.documents import Document as Page
from langchain_core.embeddings import Embeddings

from qa.embedding.model import Embedder
from qa.records import Document

_AT_ONCE = 5_000  # Chroma refuses more in one call


class LangChainChroma:
    """Passages by their vectors alone."""

    def __init__(self, embedder: Embedder) -> None:
        from langchain_chroma import Chroma

        self._store = Chroma(collection_name=f"rival-{uuid.uuid4().hex}", embedding_function=_Vectors(embedder))

    def index(self, documents: Sequence[Document]) -> None:
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        pages = [Page(f"{d.title}\n{d.text}", metadata={"document": d.id, "language": d.language}) for d in documents]
        passages = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(pages)
        for start in range(0, len(passages), _AT_ONCE):
            self._store.add_documents(passages[start : start + _AT_ONCE])

    def search(
        self, queries: Sequence[str], *, asked_in: str, language: str | None, depth: int
    ) -> Iterator[Sequence[str]]:
        chosen = {"language": language} if language else None
        for query in queries:
            found = self._store.similarity_search(query, k=depth, filter=chosen)
            yield [passage.metadata["document"] for passage in found]


class _Vectors(Embeddings):
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.encode_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._embedder.encode_statements([text])[0].tolist()
        return vector
