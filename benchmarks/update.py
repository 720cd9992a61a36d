"""What an update of one document costs in a large corpus: ``python -m benchmarks.update --passages 100000``.

The corpus is made up, of words drawn with the frequencies of natural text, and so are the vectors, in clusters: what is
measured is the index, not the model. The index stays in ``--index``, where a second run finds it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from qa.embedding.model import Vectors
from qa.filters import Filters
from qa.index.build import build_index
from qa.index.reader import IndexReader
from qa.index.server import ChromaServer
from qa.questions import Question
from qa.records import Document
from qa.retrieval.retriever import retrieve_hits

PARAGRAPHS = 10  # of a document, each a passage
WORDS = 60_000


class MadeUp:
    """Vectors around 2,000 centres, told by the text alone."""

    name, fingerprint, form, dimension = "made-up", "made-up", "numpy", 384

    def __init__(self) -> None:
        self._centres = np.random.default_rng(0).normal(size=(2000, self.dimension)).astype(np.float32)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts)

    encode_statements = encode_queries

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:  # noqa: ARG002
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
            row[:] = self._centres[seed % 2000] + np.random.default_rng(seed).normal(size=self.dimension)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def documents(passages: int, version: int = 0) -> Iterator[Document]:
    """Yield the made-up corpus; of its documents, number 7 has another text in each ``version``."""
    weights = np.cumsum(1 / np.arange(1, WORDS + 1))
    for number in range(passages // PARAGRAPHS):
        chance = random.Random(f"{number} {version if number == 7 else 0}")
        drawn = chance.choices(range(WORDS), cum_weights=_listed(weights), k=60 * PARAGRAPHS)
        words = [f"mot{word:x}" for word in drawn]
        text = "\n\n".join("Le " + " ".join(words[start : start + 60]) + "." for start in range(0, len(words), 60))
        yield Document(id=f"{number:06d}.md", title=f"Document {number}", text=text, language="fr", date="2020")


_LISTED: list[float] = []


def _listed(weights: np.ndarray) -> list[float]:
    if not _LISTED:
        _LISTED.extend(weights.tolist())
    return _LISTED


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--chroma-url", help="a Chroma server to have the vectors in")
    options = parser.parse_args()
    server = ChromaServer(options.chroma_url) if options.chroma_url else None
    embedder = MadeUp()
    for version in range(3):
        corpus = list(documents(options.passages, version))
        report = build_index(options.index, corpus, embedder, server=server)
        print(f"version {version}: {report.documents}, {report.passages}, {report.seconds:.1f} s")
    started = time.perf_counter()
    generation = IndexReader(options.index, embedder, server=server).generation()
    opened = time.perf_counter()
    for _ in range(20):
        retrieve_hits(
            [Question("Que dit le mot1 du mot2f ?", "fr")],
            generation=generation,
            embedder=embedder,
            filters=Filters(),
            k=10,
        )
    asked = time.perf_counter()
    print(f"opened and checked in {opened - started:.2f} s; a search takes {(asked - opened) / 20 * 1000:.0f} ms")
    size = sum(path.stat().st_size for path in (options.index / generation.name).rglob("*") if path.is_file())
    print(f"{size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
