"""One open generation, and the reader that follows ``current`` from one to the next."""

from __future__ import annotations

import threading
from pathlib import Path

from qa.embedding.model import Embedder
from qa.errors import IndexBrokenError, IndexMismatchError
from qa.index import generations
from qa.index.generations import Manifest
from qa.index.lexical import LexicalIndex
from qa.index.matrix import VectorMatrix
from qa.index.table import PassageTable
from qa.index.texts import TextStore
from qa.index.vectors import VectorIndex


class Generation:
    """The stores of one complete generation, open for reading.

    Raises IndexBrokenError when a file is missing or damaged.
    """

    def __init__(self, index_dir: Path, name: str) -> None:
        self.manifest: Manifest = generations.read_manifest(index_dir, name)
        generations.check_files(index_dir, self.manifest)
        folder = index_dir / name
        try:
            self.texts = TextStore(folder / generations.TEXTS)
            self.vectors = VectorIndex(folder / generations.CHROMA)
            self.table = PassageTable(folder / generations.TABLE)
            self.matrix = VectorMatrix(folder / generations.MATRIX)
            self.lexical = LexicalIndex(folder / generations.LEXICAL, self.table)
            stores = (self.vectors, self.table, self.matrix, self.lexical)
            counts = {self.texts.counts()[1], self.manifest.passages, *(len(store) for store in stores)}
        except Exception as error:  # several libraries, each with errors of its own for a damaged file
            raise IndexBrokenError(
                f"The index is damaged: {folder} cannot be opened ({error}). {generations.REBUILD}"
            ) from error
        if len(counts) != 1:
            raise IndexBrokenError(
                f"The index is damaged: the parts of {folder} do not hold the same passages. {generations.REBUILD}"
            )

    @property
    def name(self) -> str:
        return self.manifest.generation

    def close(self) -> None:
        """Let go of the files."""
        self.texts.close()
        self.vectors.close()


class IndexReader:
    """The index in ``index_dir`` as it is now: ``generation()`` is the current one, reopened after a swap.

    Raises IndexMissingError, IndexBrokenError, or IndexMismatchError when the index was built with another model.
    """

    def __init__(self, index_dir: Path, embedder: Embedder) -> None:
        self._index_dir = index_dir
        self._embedder = embedder
        self._lock = threading.Lock()
        self._open: Generation | None = None

    def generation(self) -> Generation:
        """Return the current generation, open. It stays usable after the next swap."""
        with self._lock:
            name = generations.current_generation(self._index_dir)
            if self._open is None or self._open.name != name:
                try:
                    self._open = self._opened(name)
                except IndexBrokenError:
                    swapped = generations.current_generation(self._index_dir)
                    if swapped == name:
                        raise
                    self._open = self._opened(swapped)  # the one before was cleared away while it was being opened
            return self._open

    def _opened(self, name: str) -> Generation:
        manifest = generations.read_manifest(self._index_dir, name)
        if manifest.model_fingerprint != self._embedder.fingerprint:
            raise IndexMismatchError(
                f"The index in {self._index_dir} was built with the embedding model {manifest.model!r}, not with "
                f"{self._embedder.name!r} as it is here. Set QA_EMBEDDING_MODEL back, or run: python -m qa index"
            )
        if manifest.versions != generations.VERSIONS:
            raise IndexMismatchError(
                f"The index in {self._index_dir} was built by another version of this program. Run: python -m qa index"
            )
        return Generation(self._index_dir, name)
