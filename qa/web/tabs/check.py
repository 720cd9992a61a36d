"""Check a fact: a text, and a verdict on each of its claims."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import gradio as gr

from qa.assistant import PolicyQA
from qa.errors import PolicyQAError
from qa.records import Check
from qa.web.filter_panel import FilterPanel, chosen
from qa.web.html.pieces import hint, notice, problem, words
from qa.web.html.verdicts import verdicts
from qa.web.labels import Labels
from qa.web.readers import reader_of
from qa.web.scripts import ANNOUNCING
from qa.web.tabs.ask import ASKING_AT_ONCE
from qa.web.texts import CLAIMS, text

logger = logging.getLogger(__name__)


class CheckTab:
    """The tab's components; ``checked`` holds what was checked last."""

    def __init__(self, corpus: PolicyQA, labels: Labels, language: gr.Radio, panel: FilterPanel) -> None:
        self._corpus = corpus
        self.checked = gr.State(None)
        claim = labels.make(
            gr.Textbox, {"label": "claim", "placeholder": "claim_placeholder"}, lines=3, max_lines=12, elem_id="claim"
        )
        button = labels.make(gr.Button, {"value": "check"}, variant="primary", elem_id="check", size="md")
        with labels.make(gr.Accordion, {"label": "examples"}, open=True, elem_id="claims") as examples:
            buttons = [gr.Button(example, size="sm", variant="secondary") for example in CLAIMS]
        self.verdicts = gr.HTML(hint("verdicts_empty", language.value), elem_id="verdicts", js_on_load=ANNOUNCING)
        checking = {
            "fn": self._verdicts, "inputs": [claim, language, *panel.inputs],
            "outputs": [self.checked, self.verdicts, examples], "concurrency_limit": ASKING_AT_ONCE,
            "concurrency_id": "ask", "api_visibility": "private", "show_progress": "hidden",
        }  # fmt: skip
        claim.submit(**checking)
        button.click(**checking)
        for example in buttons:
            example.click(lambda value: value, example, claim, api_visibility="private", show_progress="hidden").then(
                **checking
            )

    def _verdicts(
        self, claim: str, language: str, request: gr.Request, *values: str
    ) -> Iterator[tuple[Check | None, str, gr.Accordion]]:
        closed = gr.Accordion(open=False)
        yield (
            None,
            f'<p class="step"><span class="dot" aria-hidden="true"></span>{words("step_checking", language)}</p>',
            closed,
        )
        try:
            checked = self._corpus.seen_by(reader_of(request).name).check(
                claim, default_language=language, **chosen(values)
            )
        except PolicyQAError as error:
            yield None, problem(error, language), closed
        except Exception:  # a page must say something, whatever happened; the log has the rest
            logger.exception("A check failed")
            yield None, notice(text("unexpected", language)), closed
        else:
            yield checked, verdicts(checked, language), closed

    def worded(self, checked: Check | None, language: str) -> str:
        """Return the verdicts in the page's ``language``."""
        return verdicts(checked, language) if checked else hint("verdicts_empty", language)
