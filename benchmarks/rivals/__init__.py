"""What a user would pick instead, one library per file, each used as its own first pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from benchmarks.rivals import bm25, haystack_hybrid, langchain_chroma, minilm, txtai_hybrid
from qa.embedding.model import Embedder
from qa.records import Document

Caching = Callable[[Embedder], Embedder]
"""Makes an embedder keep its vectors on disk, so that two systems with one model pay for a text once."""


class Rival(Protocol):
    """A search engine over documents."""

    def index(self, documents: Sequence[Document]) -> None:
        """Take in the documents, once."""

    def search(
        self, queries: Sequence[str], *, asked_in: str, language: str | None, depth: int
    ) -> Iterable[Sequence[str]]:
        """Return for each query the ids of the documents of its ``depth`` best passages, best first.

        The queries are in ``asked_in``; with ``language`` only documents in it are searched. A document cut in
        passages stands once for each of them.
        """


def makers(e5: Embedder, caching: Caching) -> dict[str, Callable[[], Rival]]:
    """Return what makes each rival by its name; a maker raises ImportError where its library is not installed.

    They read questions as the model was published (``encode_statements``): what it was taught is ours.
    """
    return {
        "LangChain + Chroma, MiniLM": lambda: langchain_chroma.LangChainChroma(caching(minilm.MiniLM())),
        "LangChain + Chroma, e5": lambda: langchain_chroma.LangChainChroma(e5),
        "bm25s": bm25.Bm25,
        "txtai hybrid, e5": lambda: txtai_hybrid.TxtaiHybrid(e5),
        "Haystack hybrid, e5": lambda: haystack_hybrid.HaystackHybrid(e5),
    }
