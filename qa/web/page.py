"""The page: ask, read the answer with its numbered citations, open each in its document."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

import gradio as gr

from qa.assistant import PolicyQA
from qa.errors import PolicyQAError
from qa.languages import DEFAULT_LANGUAGE, LANGUAGES
from qa.records import Answer, Citation, Hit
from qa.web import rendering
from qa.web.api.gradio_api import add_endpoints
from qa.web.texts import EXAMPLES, text

logger = logging.getLogger(__name__)

ASKING_AT_ONCE = 4  # questions computed side by side; more wait their turn
READING_AT_ONCE = 32
REMEMBERED = 5  # answers of a conversation that a follow-up can mean

# A click on anything that carries data-citation opens that citation, and its card is shown as the current one.
_OPEN_CITATION = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-citation]');
  if (!button) return;
  const number = Number(button.dataset.citation);
  element.querySelectorAll('.card').forEach((card) => {
    card.classList.toggle('current', Boolean(card.querySelector(`[data-citation="${number}"]`)));
  });
  trigger('select', {number});
});
"""
_SHOW_MARK = """
watch('value', () => {
  const mark = element.querySelector('mark');
  if (!mark) { element.scrollTop = 0; return; }
  const box = element.closest('#reader') || element;
  box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  if (box.getBoundingClientRect().top > window.innerHeight * 0.7) box.scrollIntoView({block: 'start'});
});
"""
_PREFERRED_LANGUAGE = """() => {
    const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
    const language = spoken.find((tag) => LANGUAGES.includes(tag)) ?? DEFAULT;
    document.documentElement.lang = language;
    return language;
}""".replace("LANGUAGES", json.dumps(LANGUAGES)).replace("DEFAULT", json.dumps(DEFAULT_LANGUAGE))
_SET_LANGUAGE = "(language) => { document.documentElement.lang = language; return []; }"


def build_page(corpus: PolicyQA) -> gr.Blocks:
    """Return the page over ``corpus``; nothing is loaded until it is asked."""
    language = DEFAULT_LANGUAGE
    with gr.Blocks(title=text("title", language), analytics_enabled=False) as page:
        add_endpoints(corpus)  # first, so that no event of the page's own takes a name of theirs
        shown = gr.State(None)  # the answer on the page
        opened = gr.State(None)  # the number of the open citation
        told = gr.State([])  # the answers of this visit's conversation; each browser tab has its own
        with gr.Row(equal_height=False):
            header = gr.HTML(rendering.header_html(language), elem_id="header")
            chosen = gr.Radio(
                [("Français", "fr"), ("English", "en")], value=language, elem_id="language", scale=0, container=False,
                label=text("interface_language", language),
            )  # fmt: skip
        with gr.Row(equal_height=False):
            with gr.Column(scale=6):
                question = gr.Textbox(
                    label=text("question", language), placeholder=text("placeholder", language), lines=1, max_lines=4,
                    elem_id="question", autofocus=True,
                )  # fmt: skip
                button = gr.Button(text("ask", language), variant="primary", elem_id="ask")
                with gr.Accordion(text("examples", language), open=True, elem_id="examples") as examples:
                    example_buttons = [gr.Button(example, size="sm", variant="secondary") for example in EXAMPLES]
                answer = gr.HTML(
                    rendering.hint_html("answer_empty", language), elem_id="answer", js_on_load=_OPEN_CITATION
                )
            with gr.Column(scale=5):
                reader = gr.HTML(rendering.hint_html("reader_empty", language), elem_id="reader", js_on_load=_SHOW_MARK)

        footer = gr.HTML(elem_id="corpus")

        def ask(asked: str, language: str, told: list[Answer]) -> tuple[Any, ...]:
            found, html = _answered(corpus, asked, language, told)
            told = [*told, found][-REMEMBERED:] if found else told
            return found, told, None, html, rendering.hint_html("reader_empty", language), gr.Accordion(open=False)

        def open_citation(found: Answer | None, language: str, event: gr.EventData) -> tuple[Any, ...]:
            number = int(event.number)
            return number, _opened(corpus, found, number, language)

        def switch(language: str, found: Answer | None, number: int | None) -> tuple[Any, ...]:
            return (
                gr.Radio(label=text("interface_language", language)),
                rendering.header_html(language),
                gr.Textbox(label=text("question", language), placeholder=text("placeholder", language)),
                gr.Button(text("ask", language)),
                gr.Accordion(label=text("examples", language)),
                rendering.answer_html(found, language) if found else rendering.hint_html("answer_empty", language),
                _opened(corpus, found, number, language) if number else rendering.hint_html("reader_empty", language),
                _corpus(corpus, language),
            )

        labels = [chosen, header, question, button, examples, answer, reader, footer]
        asking = {
            "fn": ask, "inputs": [question, chosen, told], "outputs": [shown, told, opened, answer, reader, examples],
            "concurrency_limit": ASKING_AT_ONCE, "concurrency_id": "ask", "api_visibility": "private",
        }  # fmt: skip
        reading = {"concurrency_limit": READING_AT_ONCE, "api_visibility": "private", "show_progress": "hidden"}
        question.submit(**asking)
        button.click(**asking)
        for example_button in example_buttons:
            example_button.click(lambda value: value, example_button, question, **reading).then(**asking)
        answer.select(open_citation, [shown, chosen], [opened, reader], **reading)
        chosen.change(switch, [chosen, shown, opened], labels, js=None, **reading)
        # It gives nothing back: a late reply would undo the reader's next choice.
        chosen.change(None, chosen, None, js=_SET_LANGUAGE, api_visibility="private")
        # In the browser, at once: a server's late reply would undo a choice made meanwhile.
        page.load(None, None, chosen, js=_PREFERRED_LANGUAGE, api_visibility="private").then(
            lambda language: _corpus(corpus, language), chosen, footer, **reading
        )
    return page


def _answered(corpus: PolicyQA, asked: str, language: str, told: Sequence[Answer]) -> tuple[Answer | None, str]:
    try:
        found = corpus.ask(asked, history=told, default_language=language)
    except PolicyQAError as error:
        return None, rendering.notice_html(str(error))
    except Exception:  # a page must say something, whatever happened; the log has the rest
        logger.exception("A question failed")
        return None, rendering.notice_html(text("unexpected", language))
    return found, rendering.answer_html(found, language)


def _opened(corpus: PolicyQA, found: Answer | None, number: int, language: str) -> str:
    citations: tuple[Citation | Hit, ...] = (rendering.citations_of(found) or found.nearest) if found else ()
    if not 1 <= number <= len(citations):
        return rendering.hint_html("reader_empty", language)
    cited = citations[number - 1]
    try:
        document = corpus.document(cited.document_id)
    except PolicyQAError as error:
        return rendering.notice_html(str(error))
    return rendering.reader_html(
        document, cited.start, cited.end, document.sources_of(cited.start, cited.end), language
    )


def _corpus(corpus: PolicyQA, language: str) -> str:
    try:
        return rendering.corpus_html(corpus.generation().manifest, language)
    except PolicyQAError as error:
        return rendering.notice_html(str(error))
