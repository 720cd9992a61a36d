"""The named endpoints of the page's server, for ``gradio_client``: retrieve, ask, check and document."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from qa.assistant import PolicyQA
from qa.errors import PolicyQAError
from qa.web.api.bodies import chosen_filters
from qa.web.api.problems import UNEXPECTED
from qa.web.readers import reader_of

logger = logging.getLogger(__name__)

_AT_ONCE = 8  # calls computed side by side; more wait their turn


def add_endpoints(corpus: PolicyQA) -> None:
    """Add the endpoints to the page that is being built, inside its ``gr.Blocks``.

    Each takes what the function of that name in ``qa`` takes, the filters one by one, and returns ``to_dict()`` of what
    that returns.
    """

    def as_seen(request: gr.Request) -> PolicyQA:
        return corpus.seen_by(reader_of(request).name)

    def retrieve(
        request: gr.Request, question: str, k: int = 10, kind: str | None = None, language: str | None = None, region: str | None = None,
        publisher: str | None = None, since: str | None = None, until: str | None = None, as_of: str | None = None,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Return the k passages that answer a question best, best first."""
        return [hit.to_dict() for hit in as_seen(request).retrieve(question, k=k, **chosen_filters(locals()))]

    def ask(
        request: gr.Request, question: str, history: list[str] | None = None, kind: str | None = None, language: str | None = None,
        region: str | None = None, publisher: str | None = None, since: str | None = None, until: str | None = None,
        as_of: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Answer a question in quoted sentences with their citations; history holds the questions asked before it."""
        return as_seen(request).ask(question, history=history or (), **chosen_filters(locals())).to_dict()

    def check(
        request: gr.Request, text: str, kind: str | None = None, language: str | None = None, region: str | None = None,
        publisher: str | None = None, since: str | None = None, until: str | None = None, as_of: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Say of each claim of a text whether the documents support it."""
        return as_seen(request).check(text, **chosen_filters(locals())).to_dict()

    def document(request: gr.Request, document_id: str) -> dict[str, Any]:
        """Return one document whole."""
        return as_seen(request).document(document_id).to_dict()

    for function in (retrieve, ask, check, document):
        gr.api(_guarded(function), api_name=function.__name__, concurrency_limit=_AT_ONCE, concurrency_id="api")


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with its errors as messages that reach the caller."""

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except PolicyQAError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:  # the caller must hear something, whatever happened; the log has the rest
            logger.exception("A call failed")
            raise gr.Error(UNEXPECTED, print_exception=False) from error

    return call
