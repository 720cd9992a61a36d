"""Documents: what the index holds, searched and filtered, with charts."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from qa.assistant import PolicyQA
from qa.errors import PolicyQAError
from qa.filters import Filters
from qa.index.analysis import without_accents
from qa.index.texts import Listed
from qa.records import Document
from qa.web.filter_panel import FilterPanel, chosen
from qa.web.html.library import charts, document_list, holdings
from qa.web.html.pieces import problem
from qa.web.labels import Labels
from qa.web.readers import reader_of
from qa.web.scripts import ON_CLICK


class DocumentsTab:
    """The tab's components; the list follows the filters and what is typed."""

    def __init__(self, corpus: PolicyQA, labels: Labels, language: gr.Radio, panel: FilterPanel) -> None:
        self._corpus = corpus
        self._listing: tuple[str, list[Listed]] = ("", [])
        self.search = labels.make(
            gr.Textbox, {"label": "search", "placeholder": "search_placeholder"}, elem_id="search", max_lines=1
        )
        with labels.make(gr.Accordion, {"label": "charts"}, open=False, elem_id="charts"):
            self.charts = gr.HTML("")
        self.list = gr.HTML("", elem_id="documents", js_on_load=ON_CLICK)
        self.edition = gr.State(None)  # which documents there are, in which words: the list follows it too
        # One event alone writes the list, the last asked for: a late reply would undo what was typed meanwhile.
        gr.on(
            [component.change for component in (self.search, *panel.inputs, self.edition)],
            self.shown,
            [language, self.search, *panel.inputs],
            [self.list, self.charts],
            api_visibility="private",
            show_progress="hidden",
            trigger_mode="always_last",
        )

    def current(self, language: str) -> tuple[str, str | None]:
        """Return the ``edition`` that is now to be listed."""
        try:
            return language, self._corpus.generation().name
        except PolicyQAError:  # ``shown`` says what is wrong
            return language, None

    def listing(self, request: gr.Request) -> list[Listed]:
        """Return every document of the current generation that the reader sees."""
        generation = self._corpus.generation()
        if self._listing[0] != generation.name:  # read once for each
            self._listing = generation.name, generation.texts.listing()
        seen = self._corpus.seen_by(reader_of(request).name)
        return [listed for listed in self._listing[1] if seen.sees(listed.id)]

    def shown(self, language: str, search: str | None, request: gr.Request, *values: str) -> tuple[str, str]:
        """Return the list and the charts of the documents that the filters and the search keep."""
        try:
            kept = self._kept(search, values, request)
        except PolicyQAError as error:
            return problem(error, language), ""
        return document_list(kept, language), charts(kept, language)

    def holdings(self, language: str, request: gr.Request) -> str:
        """Return what the index holds, and what could not be read."""
        seen = self._corpus.seen_by(reader_of(request).name)
        try:
            return holdings(self.listing(request), self._corpus.generation().manifest, seen.sees, language)
        except PolicyQAError as error:
            return problem(error, language)

    def _kept(self, search: str | None, values: Sequence[str], request: gr.Request) -> list[Listed]:
        wanted = Filters(**chosen(values))
        sought = without_accents(search or "").casefold().split()
        return [
            listed
            for listed in self.listing(request)
            if all(word in without_accents(" ".join(filter(None, listed[:7]))).casefold() for word in sought)
            and wanted.matches(_as_document(listed))
        ]


def _as_document(listed: Listed) -> Document:
    return Document(
        id=listed.id, title=listed.title, text="", kind=listed.kind, language=listed.language, date=listed.date,
        region=listed.region, publisher=listed.publisher,
    )  # fmt: skip
