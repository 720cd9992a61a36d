"""Who is at the page or behind a program, and the corpus as that reader sees it."""

from __future__ import annotations

from contextvars import ContextVar

import gradio as gr

from qa.assistant import PolicyQA
from qa.users.roles import NOBODY, User

READER: ContextVar[User] = ContextVar("reader", default=NOBODY)
"""The user of the request that is being answered; set by ``qa.web.security.gate``."""


def seen(corpus: PolicyQA) -> PolicyQA:
    """Return the corpus as the reader of the request sees it."""
    return corpus.seen_by(READER.get().name)


def reader_of(request: gr.Request) -> User:
    """Return who is at the page: its events are computed apart from the request that they came with."""
    user = getattr(getattr(request.request, "state", None), "reader", NOBODY)
    return user if isinstance(user, User) else NOBODY
