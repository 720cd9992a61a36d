"""What the Chroma in a folder and the one in a server are opened with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings

from qa.embedding.model import Vectors

# ef_search: chromadb's default of 100 loses a tenth of the neighbours at 100,000 passages, 300 a fiftieth. sync_threshold: each batch
# is written through, since what waits in Chroma's queue is written again, differently, whenever the index is read.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 500, "max_neighbors": 32, "sync_threshold": 1}
# Without an embedding function: Chroma's default would download an English model.
COLLECTION: dict[str, Any] = {"embedding_function": None, "configuration": {"hnsw": HNSW}}


def chroma_settings() -> Settings:
    """Return Chroma's own settings: it is not to tell anybody that it is used."""
    return Settings(anonymized_telemetry=False)


def put(collection: Collection, ids: Sequence[str], vectors: Vectors, size: int) -> None:
    """Put ``vectors`` in, ``size`` at a time.

    They come in an order of chance, the same each time: of a graph that saw one subject after the other, as folders hold them,
    searches lose a third more of the nearest (docs/benchmarks.md).
    """
    order = np.random.default_rng(0).permutation(len(ids))
    for start, end in batches(len(ids), size):
        some = order[start:end]
        collection.upsert(ids=[ids[row] for row in some], embeddings=vectors[some])


def batches(count: int, size: int) -> Iterator[tuple[int, int]]:
    """Return the start and end of each batch of at most ``size``.

    >>> list(batches(5, 2))
    [(0, 2), (2, 4), (4, 5)]
    """
    return ((start, min(start + size, count)) for start in range(0, count, size))
