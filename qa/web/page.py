"""The page: ask, check and look through the documents on the left, read them on the right."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.assistant import PolicyQA
from qa.errors import PolicyQAError
from qa.index.background import BackgroundIndexing
from qa.languages import DEFAULT_LANGUAGE
from qa.web.api.gradio_api import add_endpoints
from qa.web.filter_panel import FilterPanel
from qa.web.html.conversation import conversation
from qa.web.html.pieces import Span, hint, logged_in, problem, words
from qa.web.html.reader import open_document
from qa.web.labels import Labels
from qa.web.readers import reader_of
from qa.web.scripts import PREFERRED_LANGUAGE, READER, SET_LANGUAGE
from qa.web.tabs.ask import AskTab
from qa.web.tabs.check import CheckTab
from qa.web.tabs.documents import DocumentsTab
from qa.web.tabs.uploads import UploadsPanel
from qa.web.texts import text

READING_AT_ONCE = 32

Opened = tuple[str, int, int, tuple[Span, ...], bool]  # document, start, end, spans, whether it was cited


def build_page(corpus: PolicyQA, indexing: BackgroundIndexing) -> gr.Blocks:
    """Return the page over ``corpus``; nothing is loaded until it is asked."""
    labels = Labels()
    with gr.Blocks(title=text("title", DEFAULT_LANGUAGE), analytics_enabled=False) as page:
        add_endpoints(corpus)  # first, so that no event of the page's own takes a name of theirs
        opened = gr.State(None)
        with gr.Row(equal_height=False, elem_id="top"):
            labels.make(gr.HTML, lambda language: {"value": _header(language)}, elem_id="header")
            chosen = labels.make(
                gr.Radio, {"label": "interface_language"}, choices=[("Français", "fr"), ("English", "en")],
                value=DEFAULT_LANGUAGE, elem_id="language", scale=0, container=False,
            )  # fmt: skip
        status = gr.HTML("", elem_id="status")
        with gr.Row(equal_height=False, elem_id="columns"):
            with gr.Column(scale=6, min_width=340):
                panel = FilterPanel(labels)
                with gr.Tabs(elem_id="tabs"):
                    with labels.make(gr.Tab, {"label": "tab_ask"}, id="ask"):
                        ask = AskTab(corpus, labels, chosen, panel)
                    with labels.make(gr.Tab, {"label": "tab_check"}, id="check"):
                        check = CheckTab(corpus, labels, chosen, panel)
                    with labels.make(gr.Tab, {"label": "tab_documents"}, id="documents"):
                        uploads = UploadsPanel(corpus, indexing, labels, chosen, status)
                        library = DocumentsTab(corpus, labels, chosen, panel)
            with gr.Column(scale=5, min_width=340):
                reader = gr.HTML(hint("reader_empty", DEFAULT_LANGUAGE), elem_id="reader", js_on_load=READER)
        footer = gr.HTML(elem_id="corpus")

        def read(language: str, event: gr.EventData, request: gr.Request) -> tuple[Opened, str]:
            spans = (
                [piece.partition("-") for piece in str(event.spans).split(",") if piece]
                if hasattr(event, "spans")
                else []
            )
            place = (
                str(event.document), int(event.start), int(event.end),
                tuple((int(first), int(last)) for first, _, last in spans), bool(event.cited),
            )  # fmt: skip
            return place, _read(corpus, place, language, request)

        def switch(
            language: str, told: list[Any], checked: Any, place: Opened | None, request: gr.Request
        ) -> list[Any]:
            return [
                *labels.updates(language), conversation(told, language), check.worded(checked, language),
                _read(corpus, place, language, request), uploads.listed(language, request),
                *held(language, request),
            ]  # fmt: skip

        def held(language: str, request: gr.Request) -> list[Any]:
            footer_shown = library.holdings(language, request) + logged_in(reader_of(request).name, language)
            return [library.current(language), footer_shown, *_choices(panel, library, language, request)]

        quick = {"concurrency_limit": READING_AT_ONCE, "api_visibility": "private", "show_progress": "hidden"}
        for cited in (ask.answer, check.verdicts, library.list, uploads.own):
            cited.select(read, chosen, [opened, reader], **quick)
        holding = [library.edition, footer, *panel.choosers]
        shown = [ask.answer, check.verdicts, reader, uploads.own, *holding]
        for changed in uploads.changed:
            changed.then(held, chosen, holding, **quick)
        worded = [chosen, ask.told, check.checked, opened]
        chosen.change(switch, worded, [*labels.components, *shown], **quick)
        # It gives nothing back: a late reply would undo the reader's next choice.
        chosen.change(None, chosen, None, js=SET_LANGUAGE, api_visibility="private")
        # In the browser, at once: a server's late reply would undo a choice made meanwhile.
        page.load(None, None, chosen, js=PREFERRED_LANGUAGE, api_visibility="private").then(
            held, chosen, holding, **quick
        ).then(
            ask.restored, [chosen, ask.kept],
            [ask.told, ask.kept, ask.answer, ask.question, ask.examples, *panel.inputs], **quick,
        ).then(uploads.listed, chosen, uploads.own, **quick).then(
            uploads.follow, chosen, status, **{**quick, "concurrency_limit": None}
        ).then(held, chosen, holding, **quick)  # fmt: skip
    return page


def _header(language: str) -> str:
    return f"<h1>{words('title', language)}</h1><p>{words('subtitle', language)}</p>"


def _choices(panel: FilterPanel, library: DocumentsTab, language: str, request: gr.Request) -> list[Any]:
    try:
        return panel.choices(library.listing(request), language)
    except PolicyQAError:  # the footer says what is wrong
        return [gr.skip()] * len(panel.choosers)


def _read(corpus: PolicyQA, place: Opened | None, language: str, request: gr.Request) -> str:
    if place is None:
        return hint("reader_empty", language)
    document_id, start, end, spans, cited = place
    try:
        document = corpus.seen_by(reader_of(request).name).document(document_id)
    except PolicyQAError as error:
        return problem(error, language)
    return open_document(document, start, end, spans, language, cited=cited)
