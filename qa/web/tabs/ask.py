"""Ask: a conversation, its evidence, and what could be asked next."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from qa.assistant import PolicyQA
from qa.errors import PolicyQAError
from qa.feedback import open_feedback
from qa.records import Answer
from qa.web.filter_panel import NAMES, FilterPanel, chosen, values_of
from qa.web.html import conversation as html
from qa.web.html.conversation import Turn
from qa.web.html.pieces import hint, notice, problem, words
from qa.web.labels import Labels
from qa.web.readers import reader_of
from qa.web.scripts import ANNOUNCING, ON_CLICK
from qa.web.suggestions import suggestions
from qa.web.texts import EXAMPLES, text

logger = logging.getLogger(__name__)

ASKING_AT_ONCE = 8  # questions computed side by side; more wait their turn
REMEMBERED = 8  # turns of a conversation that stay on the page, and that a follow-up can mean

Asked = list[Any]  # a question and the values of its filters, as the browser keeps them


class AskTab:
    """The tab's components; ``answer`` and ``said`` are what the page listens to and words anew."""

    def __init__(self, corpus: PolicyQA, labels: Labels, language: gr.Radio, panel: FilterPanel) -> None:
        self._corpus, self._language, self._panel = corpus, language, panel
        self.told = gr.State([])  # the turns of this visit's conversation; each browser tab has its own
        self.kept = gr.BrowserState([], storage_key="policy-qa-conversation")
        self.question = labels.make(
            gr.Textbox, {"label": "question", "placeholder": "placeholder"}, lines=1, max_lines=4, elem_id="question",
            autofocus=True,
        )  # fmt: skip
        with gr.Row(elem_id="actions"):
            self._clear = labels.make(gr.Button, {"value": "clear"}, elem_id="clear", size="md", min_width=80)
            self._stop = labels.make(gr.Button, {"value": "stop"}, elem_id="stop", size="md", min_width=80)
            self._ask = labels.make(
                gr.Button, {"value": "ask"}, variant="primary", elem_id="ask", size="md", min_width=120
            )
        with labels.make(gr.Accordion, {"label": "examples"}, open=True, elem_id="examples") as self.examples:
            self._examples = [gr.Button(example, size="sm", variant="secondary") for example in EXAMPLES]
        self.answer = gr.HTML(hint("answer_empty", language.value), elem_id="answer", js_on_load=ANNOUNCING)
        self.judged = gr.HTML("", elem_id="judged")
        self.next = gr.HTML("", elem_id="next", js_on_load=ON_CLICK)
        self._listen()

    def _listen(self) -> None:
        inputs = [self.question, self._language, self.told, self.kept, *self._panel.inputs]
        outputs = [self.told, self.kept, self.answer, self.next, self.examples]
        asking = {
            "fn": self._asked, "inputs": inputs, "outputs": outputs, "concurrency_limit": ASKING_AT_ONCE,
            "concurrency_id": "ask", "api_visibility": "private", "show_progress": "hidden",
        }  # fmt: skip
        started = [self.question.submit(**asking), self._ask.click(**asking)]
        quick = {"api_visibility": "private", "show_progress": "hidden"}
        started += [
            button.click(lambda value: value, button, self.question, **quick).then(**asking)
            for button in self._examples
        ]
        started.append(self.next.submit(_question_of, None, self.question, **quick).then(**asking))
        for event in started:
            event.then(
                self._suggested, [self._language, self.told, *self._panel.inputs], self.next, concurrency_limit=ASKING_AT_ONCE,
                **quick,
            )  # fmt: skip
        self.answer.like(self._judged, [self._language, self.told], self.judged, **quick).then(
            None, None, self.judged, js="() => new Promise((done) => setTimeout(() => done(''), 4000))", **quick
        )
        self._stop.click(
            lambda language, told: html.conversation(told, language), [self._language, self.told], self.answer,
            cancels=started, **quick,
        )  # fmt: skip
        self._clear.click(
            lambda language: ([], [], hint("answer_empty", language), "", gr.Accordion(open=True), ""), self._language,
            [*outputs, self.question], cancels=started, **quick,
        )  # fmt: skip

    def _asked(
        self, question: str, language: str, told: list[Turn], kept: list[Asked], request: gr.Request, *values: str
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the conversation as it grows by ``question``: what is being done, then the answer or what to do."""
        filters = chosen(values)

        def shown(pending: str) -> str:
            return html.conversation(told, language, pending=pending)

        answer = None
        corpus = self._corpus.seen_by(reader_of(request).name)
        try:
            for event in corpus.ask_stream(question, history=_answers(told), default_language=language, **filters):
                if event.answer is not None:
                    answer = event.answer
                elif event.step in ("searching", "reading", "writing", "translating"):
                    step = html.step(question, f"step_{event.step}", language, count=event.passages)
                    yield gr.skip(), gr.skip(), shown(step), "", gr.Accordion(open=False)
        except PolicyQAError as error:
            yield gr.skip(), gr.skip(), shown(html.failed(question, problem(error, language))), "", gr.skip()
            return
        except Exception:  # a page must say something, whatever happened; the log has the rest
            logger.exception("A question failed")
            yield (
                gr.skip(),
                gr.skip(),
                shown(html.failed(question, notice(text("unexpected", language)))),
                "",
                gr.skip(),
            )
            return
        told = [*told, *([Turn(answer, filters)] if answer else [])][-REMEMBERED:]
        kept = [*kept, [question, *values]][-REMEMBERED:]
        yield told, kept, shown(""), "", gr.Accordion(open=False)

    def _judged(self, language: str, told: Sequence[Turn], event: gr.EventData) -> str:
        number = int(event.turn)
        if not 1 <= number <= len(told):
            return ""
        turn = told[number - 1]
        given = {name: str(value) for name, value in turn.filters.items()}
        try:
            feedback = open_feedback(self._corpus.settings.index_dir)
            feedback.add(turn.answer, event.verdict, text=str(event.text), filters=given)
        except PolicyQAError as error:
            return problem(error, language)
        return f'<p role="status">{words("judged", language)}</p>'

    def _suggested(self, language: str, told: Sequence[Turn], request: gr.Request, *values: str) -> str:
        if not told or told[-1].answer.abstained:
            return ""
        try:
            return html.suggested(
                suggestions(self._corpus.seen_by(reader_of(request).name), told[-1].answer, **chosen(values)), language
            )
        except PolicyQAError:  # the index went away: the next question will say so
            return ""

    def restored(self, language: str, kept: list[Asked], request: gr.Request) -> tuple[Any, ...]:
        """Return the conversation that the browser kept, asked again, or the question that the page's address holds.

        What it returns goes to ``told``, ``kept``, ``answer``, ``question``, ``examples`` and the filters.
        """
        given = dict(request.query_params)
        linked = given.get("q")
        if not linked and not kept:  # leave what the reader may have begun meanwhile
            return tuple([gr.skip()] * (5 + len(NAMES)))
        asked: list[Asked] = [[linked, *values_of(given)]] if linked else kept
        told: list[Turn] = []
        corpus = self._corpus.seen_by(reader_of(request).name)
        for question, *values in asked[-REMEMBERED:]:
            try:
                filters = chosen(values)
                answer = corpus.ask(question, history=_answers(told), default_language=language, **filters)
            except (PolicyQAError, ValueError):  # what cannot be asked again is left out
                continue
            told.append(Turn(answer, filters))
        values = values_of(given) if linked else [gr.skip()] * len(NAMES)
        shown = html.conversation(told, language)
        return told, asked if linked else kept, shown, linked or gr.skip(), gr.Accordion(open=not told), *values


def _answers(told: Sequence[Turn]) -> list[Answer]:
    return [turn.answer for turn in told]


def _question_of(event: gr.EventData) -> str:
    return str(event.question)
