"""Indexing in a thread of its own, while the generation before goes on answering."""

from __future__ import annotations

import logging
import threading
from contextlib import nullcontext
from dataclasses import dataclass

from qa.embedding.model import Embedder
from qa.errors import IndexLockedError, IndexMissingError, PolicyQAError
from qa.index.corpus import index_corpus, index_uploads
from qa.index.server import get_server
from qa.memory import give_memory_back
from qa.progress import Progress, progress_bar, silent
from qa.settings import Settings
from qa.uploads import uploads_folder

logger = logging.getLogger(__name__)

EVERYTHING = ""  # what there is to do: all, or the uploads in one reader's folder


@dataclass(frozen=True, slots=True)
class IndexingState:
    """How far it is: the ``step`` under way, or ``None`` at rest, ``done`` of ``total``; ``error`` is what ended the last one.

    The steps are ``waiting`` (another process builds), ``reading``, ``embedding`` and ``finishing``.
    """

    step: str | None = None
    done: int = 0
    total: int = 0
    error: PolicyQAError | None = None


class BackgroundIndexing:
    """One thread that does what it is asked, one thing after another; what is asked twice while it waits is done once."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self._settings, self._embedder = settings, embedder
        self._changed = threading.Condition()
        self._wanted: list[str] = []
        self._thread: threading.Thread | None = None
        self._state = IndexingState()
        self._shown = False

    @property
    def state(self) -> IndexingState:
        """How far it is now."""
        return self._state

    def everything(self, *, shown: bool = False) -> None:
        """Bring the whole index up to date, ``shown`` as a bar on standard error."""
        self._shown = shown
        self._ask(EVERYTHING)

    def uploads_of(self, owner: str) -> None:
        """Bring what is indexed of the uploads in the folder ``owner`` up to date."""
        self._ask(owner)

    def catch_up(self) -> None:
        """Bring every reader's uploads up to date: a kill may have come between an upload and its indexing."""
        folder = uploads_folder(self._settings)
        for path in sorted(folder.glob("@*/")) if folder.is_dir() else ():
            self._ask(path.name)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until there is nothing left to do; return whether it came to that within ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, seconds)

    def _ask(self, what: str) -> None:
        with self._changed:
            if what not in self._wanted:
                self._wanted.append(what)
            if self._thread is None:
                self._state = IndexingState("reading")
                self._thread = threading.Thread(target=self._work, name="indexing", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        error: PolicyQAError | None = None
        while True:
            with self._changed:
                if not self._wanted:
                    self._state, self._thread = IndexingState(error=error), None
                    self._changed.notify_all()
                    return
                what = EVERYTHING if EVERYTHING in self._wanted else self._wanted[0]
                self._wanted = [] if what == EVERYTHING else self._wanted[1:]
            error = self._done(what) or error
            give_memory_back()

    def _done(self, what: str) -> PolicyQAError | None:
        try:
            with progress_bar() if self._shown else nullcontext(silent) as shown:
                self._shown = False

                def progress(step: str, done: int, total: int) -> None:
                    finished = step == "sentences" and done == total
                    self._state = IndexingState("finishing") if finished else IndexingState(step, done, total)
                    shown(step, done, total)

                self._index(what, progress)
        except IndexLockedError:
            self._state = IndexingState("waiting")
            self._ask(what)
        except PolicyQAError as error:
            logger.error("The index was not brought up to date: %s", error)  # noqa: TRY400 (its message says it all)
            return error
        except Exception:  # the thread goes on: the next file may be read where this one was not foreseen
            logger.exception("The index was not brought up to date")
            return PolicyQAError(
                "The index was not brought up to date; the server's log says why.",
                french="L'index n'a pas été mis à jour ; le journal du serveur dit pourquoi.",
            )
        return None

    def _index(self, what: str, progress: Progress) -> None:
        settings, embedder = self._settings, self._embedder
        uploads, server = uploads_folder(settings), get_server(settings)
        if what != EVERYTHING:
            try:
                index_uploads(uploads, what, settings.index_dir, embedder, server=server, progress=progress)
            except IndexMissingError:  # there is nothing yet that they could be added to
                logger.info("There is no index to add the uploads to: everything is indexed.")
            else:
                return
        report = index_corpus(
            settings.corpus_dir, settings.index_dir, embedder, uploads=uploads, server=server, progress=progress
        )
        for failure in report.failures:
            logger.warning("Not read: %s: %s", failure["path"], failure["reason"])
