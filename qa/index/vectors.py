"""The dense index: the passages' vectors in Chroma, by cosine, in the generation's folder or in a Chroma server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from qa.embedding.model import Vectors
from qa.index.embedded import FOLDER, EmbeddedVectors
from qa.index.server import LISTED, ChromaServer, ServerVectors


class VectorIndex(Protocol):
    """The passages' vectors of one generation."""

    def __len__(self) -> int:
        """Return how many there are."""

    def search(self, vectors: Vectors, limit: int) -> list[list[tuple[str, float]]]:
        """Return, for each row of ``vectors``, up to ``limit`` ``(passage id, cosine)``, nearest first.

        There is no filter here: Chroma's looks at every passage (``qa.retrieval.dense`` goes another way).
        Raises IndexBrokenError when Chroma cannot, and IndexUnreachableError when its server does not answer.
        """

    def update(self, removed: Sequence[str], added: int, ids: Sequence[str], vectors: Vectors) -> None:
        """Take the passages ``removed`` out and put the last ``added`` of ``ids`` in, with the last of ``vectors``.

        ``ids`` and ``vectors`` are all that there shall be then, those that were there before in the order they were in:
        from them everything is written anew where too little of it is there.
        """

    def reach(self) -> None:
        """Raise IndexUnreachableError when they could not be searched now."""

    def close(self) -> None:
        """Let go of what is open."""


def open_vectors(folder: Path, server: ChromaServer | None = None) -> VectorIndex:
    """Return the vectors of the generation in ``folder``: in ``server``, or without one in the folder itself."""
    return EmbeddedVectors(folder) if server is None else ServerVectors(folder, server)


def holds_vectors(folder: Path, server: ChromaServer | None = None) -> bool:
    """Return whether the vectors of the generation in ``folder`` were put where ``open_vectors`` looks for them."""
    return (folder / _written(server)).exists()


def elsewhere(server: ChromaServer | None = None) -> str:
    """Return the name, in a generation's folder, of what ``open_vectors`` has no use for: the other store's."""
    return LISTED if server is None else FOLDER


def _written(server: ChromaServer | None) -> str:
    return FOLDER if server is None else LISTED
