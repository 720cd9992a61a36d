"""One open generation, and the reader that follows ``current`` from one to the next."""

from __future__ import annotations

import logging
import threading
import weakref
from pathlib import Path

from qa.embedding.model import Embedder
from qa.errors import CorpusIndexError, IndexBrokenError, IndexMismatchError
from qa.index import generations
from qa.index.checksums import REBUILD, check_files
from qa.index.generations import Manifest
from qa.index.lexical import LexicalIndex
from qa.index.matrix import VectorMatrix
from qa.index.sentences import SentenceVectors
from qa.index.server import ChromaServer
from qa.index.table import PassageTable
from qa.index.texts import TextStore
from qa.index.vectors import VectorIndex, holds_vectors, open_vectors

logger = logging.getLogger(__name__)


class Generation:
    """The stores of one complete generation, open for reading; they are let go of when nobody holds it any more.

    Every file is compared with its checksum first; the vectors may be in ``server``. ``problem`` says, where this is not the newest generation, what is wrong
    with the one that is. Raises IndexBrokenError when a file is missing or damaged, and IndexUnreachableError when the server does not answer.
    """

    problem: str | None = None

    def __init__(self, index_dir: Path, name: str, server: ChromaServer | None = None) -> None:
        self.manifest: Manifest = generations.read_manifest(index_dir, name)
        folder = index_dir / name
        check_files(folder, self.manifest.checksums)
        try:
            self.texts = TextStore(folder / generations.TEXTS)
            self.vectors = open_vectors(folder, server)
            self.table = PassageTable(folder / generations.TABLE)
            self.matrix = VectorMatrix(folder / generations.MATRIX)
            self.lexical = LexicalIndex(folder / generations.LEXICAL, self.table)
            self.sentences = SentenceVectors(folder / generations.SENTENCES)
            stores = (self.vectors, self.table, self.matrix, self.lexical, self.sentences)
            counts = {self.texts.counts()[1], self.manifest.passages, *(len(store) for store in stores)}
        except CorpusIndexError:
            raise
        except Exception as error:  # several libraries, each with errors of its own for a damaged file
            raise IndexBrokenError(f"The index is damaged: {folder} cannot be opened ({error}). {REBUILD}") from error
        if len(counts) != 1:
            raise IndexBrokenError(
                f"The index is damaged: the parts of {folder} do not hold the same passages. {REBUILD}"
            )
        self.close = weakref.finalize(self, _let_go, self.texts, self.vectors)

    @property
    def name(self) -> str:
        return self.manifest.generation


def _let_go(texts: TextStore, vectors: VectorIndex) -> None:
    texts.close()
    vectors.close()


class IndexReader:
    """The index in ``index_dir`` as it is now: ``generation()`` is the current one, reopened after a swap.

    Where the current one is damaged, the newest before it that is whole answers in its place, and its ``problem`` says so.
    Raises IndexMissingError, IndexBrokenError when none is whole, IndexMismatchError when the index was built with another model or its
    vectors are elsewhere, and IndexUnreachableError when they are in ``server`` and it does not answer.
    """

    def __init__(self, index_dir: Path, embedder: Embedder, *, server: ChromaServer | None = None) -> None:
        self._index_dir = index_dir
        self._embedder = embedder
        self._server = server
        self._lock = threading.Lock()
        self._open: Generation | None = None
        self._pointed: str | None = None  # what ``current`` held when that was opened

    def generation(self) -> Generation:
        """Return the current generation, open. It stays usable after the next swap."""
        with self._lock:
            pointed, broken = self._current()
            if self._open is not None and self._pointed == pointed:
                return self._open
            opened: Generation | None = None
            while opened is None and broken is None:
                try:
                    opened = self._opened(pointed)
                except IndexBrokenError as error:
                    before, (pointed, broken) = pointed, self._current()
                    if pointed == before:  # else it was cleared away while it was being opened
                        broken = error
            self._open = opened or self._before(broken)
            self._pointed = pointed
            return self._open

    def _current(self) -> tuple[str, IndexBrokenError | None]:
        """Return what ``current`` holds, or "" and why it cannot be told."""
        try:
            return generations.current_generation(self._index_dir), None
        except IndexBrokenError as error:
            return "", error

    def _before(self, broken: IndexBrokenError | None) -> Generation:
        """Return the newest generation that is whole, or raise ``broken``, what is wrong with the current one."""
        for name in generations.complete_generations(self._index_dir):
            try:
                found = self._opened(name)
            except (IndexBrokenError, IndexMismatchError) as error:
                logger.info("%s", error)
                continue
            found.problem = str(broken)
            logger.warning("%s. Until then the generation before it answers, built %s.", broken, found.manifest.built)
            return found
        raise broken or IndexBrokenError(f"The index in {self._index_dir} is damaged. {REBUILD}")

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
        if not holds_vectors(self._index_dir / name, self._server):
            elsewhere = (
                "in a Chroma server, and QA_CHROMA_URL names none"
                if self._server is None
                else (f"in its folder, and not in the Chroma server at {self._server.url} that QA_CHROMA_URL names")
            )
            raise IndexMismatchError(
                f"The vectors of the index in {self._index_dir} are {elsewhere}. Run: python -m qa index, which moves "
                "them without computing any, or set QA_CHROMA_URL as it was."
            )
        return Generation(self._index_dir, name, self._server)
