"""Your documents: files that a reader adds, found from then on by the questions that she asks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import gradio as gr

from qa.assistant import PolicyQA
from qa.audit import open_audit
from qa.errors import PolicyQAError, UsageError
from qa.index.background import BackgroundIndexing
from qa.ingest.formats import SUFFIXES
from qa.uploads import Uploads, open_uploads
from qa.web.html.pieces import hint
from qa.web.html.uploads import own_documents, progress, refused
from qa.web.labels import Labels
from qa.web.readers import reader_of
from qa.web.scripts import ON_CLICK
from qa.web.texts import text

_LOOK_EVERY = 0.3  # seconds


class UploadsPanel:
    """The panel's components; ``changed`` are the events after which what the index holds may be another."""

    def __init__(
        self, corpus: PolicyQA, indexing: BackgroundIndexing, labels: Labels, language: gr.Radio, status: gr.HTML
    ) -> None:
        self._corpus, self._indexing = corpus, indexing
        with labels.make(gr.Accordion, {"label": "uploads"}, open=False, elem_id="uploads"):
            file = labels.make(
                gr.File, {"label": "upload"}, file_count="multiple", file_types=sorted(SUFFIXES), height=150, elem_id="upload",
            )  # fmt: skip
            self._refused = gr.HTML("", elem_id="refused")
            self.own = gr.HTML("", elem_id="own", js_on_load=ON_CLICK)
        quick = {"api_visibility": "private", "show_progress": "hidden"}
        taken = file.upload(self._taken, [file, language], [file, self._refused, self.own], **quick)
        removed = self.own.delete(self._removed, language, [self._refused, self.own], **quick)
        self.changed = [
            event.then(self.follow, language, status, concurrency_limit=None, **quick).then(
                self.listed, language, self.own, **quick
            )
            for event in (taken, removed)
        ]

    def listed(self, language: str, request: gr.Request) -> str:
        """Return the reader's own files with what became of each, or that she may have none."""
        if not reader_of(request).may("upload"):
            return hint("may_not_upload", language)
        uploads = self._uploads(request)
        try:
            generation = self._corpus.generation()
        except PolicyQAError:  # the page's foot says what is wrong
            return own_documents(uploads.names(), uploads.name, {}, {}, language)
        passages = {listed.id: listed.passages for listed in generation.texts.listing()}
        return own_documents(uploads.names(), uploads.name, passages, generation.manifest.failures, language)

    def follow(self, language: str) -> Iterator[str]:
        """Yield how far indexing is, until it is at rest."""
        shown = None
        while True:
            state = self._indexing.state
            if (now := progress(state, language)) != shown:
                yield now
                shown = now
            if state.step is None:
                return
            time.sleep(_LOOK_EVERY)

    def _taken(self, files: Sequence[str] | None, language: str, request: gr.Request) -> tuple[None, str, str]:
        uploads, errors = self._uploads(request), []
        for file in map(Path, files or ()):
            try:
                self._record(request, "upload", file.name)
                uploads.add(file)
            except PolicyQAError as error:
                errors.append(error)
            finally:
                file.unlink(missing_ok=True)  # the copy that came in
        if len(errors) < len(files or ()):
            self._indexing.uploads_of(uploads.name)
        return None, refused(errors, language), self.listed(language, request)

    def _removed(self, language: str, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        uploads = self._uploads(request)
        try:
            self._record(request, "remove upload", str(event.name))
            uploads.remove(str(event.name))
        except PolicyQAError as error:
            return refused([error], language), self.listed(language, request)
        self._indexing.uploads_of(uploads.name)
        return "", self.listed(language, request)

    def _uploads(self, request: gr.Request) -> Uploads:
        return open_uploads(self._corpus.settings, reader_of(request).owner)

    def _record(self, request: gr.Request, did: str, what: str) -> None:
        """Raise UsageError where the reader may not change anything, and note in the audit log that she asks to."""
        user = reader_of(request)
        if not user.may("upload"):
            raise UsageError(
                text("may_not_upload", "en"),
                french=text("may_not_upload", "fr"),
            )
        open_audit(self._corpus.settings).record(user.owner, did, what, address=request.client.host)
