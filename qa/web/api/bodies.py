"""What a request may say, and how long it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.filters import FilterOptions
from qa.ingest.limits import MEGABYTE, Limits

MAX_BODY = 1024 * 1024  # bytes; the longest text to check and its history are far below
MAX_HISTORY = 100

Name = Annotated[str, Field(max_length=200)]
Date = Annotated[str, Field(max_length=10, examples=["2013", "2013-11", "2013-11-14"])]


class Request(BaseModel):
    """A request in which a field that does not exist is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class FilterFields(Request):
    """Which documents count. Names are compared whatever their case."""

    kind: Name | None = Field(default=None, description="Documents of this kind: article, plan, cluster, ...")
    language: Literal["fr", "en"] | None = Field(default=None, description="Documents in this language.")
    region: Name | None = Field(default=None, description="Documents about this region.")
    publisher: Name | None = Field(default=None, description="Documents of this publisher.")
    since: Date | None = Field(default=None, description="Documents dated on or after this day, month or year.")
    until: Date | None = Field(default=None, description="Documents dated on or before this day, month or year.")
    as_of: Date | None = Field(default=None, description="Documents that were out by this day, month or year.")

    def filters(self) -> FilterOptions:
        """Return the filters as the corpus takes them.

        >>> FilterFields(kind="plan").filters()["kind"]
        'plan'
        """
        return chosen_filters(dict(self))


def chosen_filters(given: Mapping[str, Any]) -> FilterOptions:
    """Return the filters among the arguments ``given``.

    >>> chosen_filters({"question": "Quel plan ?", **dict.fromkeys(FilterOptions.__annotations__), "kind": "plan"})["kind"]
    'plan'
    """
    return cast("FilterOptions", {name: given[name] for name in FilterOptions.__annotations__})


class RetrieveRequest(FilterFields):
    """A question, and how many passages to return."""

    question: str = Field(description="In French or English, at most 2,000 characters.")
    k: int = Field(10, ge=1, le=1000, description="How many passages.")


class AskRequest(FilterFields):
    """A question, and those asked before it."""

    question: str = Field(description="In French or English, at most 2,000 characters.")
    history: list[str] = Field(
        [],
        max_length=MAX_HISTORY,
        description="The questions asked before, oldest first: a follow-up is read after them.",
    )
    llm: Literal["none"] | None = Field(
        None, description="`none` asks no language model, even where the server has one: the answer is quotes."
    )
    translate: bool = Field(
        default=False,
        description="Whether the server's language model, if any, is to translate quotes into the question's language.",
    )


class ExportRequest(FilterFields):
    """A question, those asked before it, and the file to write."""

    question: str = Field(description="In French or English, at most 2,000 characters.")
    history: list[str] = Field([], max_length=MAX_HISTORY, description="The questions asked before, oldest first.")
    format: Literal["md", "docx", "csv", "bibtex", "ris", "csl"] = Field(description="What to write.")
    whole: bool = Field(default=False, description="Whether the answers to the questions before are written too.")


class CheckRequest(FilterFields):
    """A text whose claims are to be checked."""

    text: str = Field(description="In French or English, at most 20 claims and 20,000 characters.")


class ListRequest(FilterFields):
    """Which part of the list of documents to return."""

    offset: int = Field(0, ge=0, description="How many to pass over.")
    limit: int = Field(100, ge=1, le=1000, description="How many to return.")


class BodyLimit:
    """ASGI middleware that refuses a body of more than ``MAX_BODY`` bytes, or of a file's most, declared or not, with 413."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what is read of it."""
        if scope.get("path", "").startswith("/gradio_api/upload"):  # Gradio itself counts what a file holds
            await self._app(scope, receive, send)
            return
        read = 0
        most = Limits().megabytes * MEGABYTE if "/v1/uploads/" in scope.get("path", "") else MAX_BODY

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413, f"The request is larger than {most // 1024} KiB: send less at a time.")
            return message

        await self._app(scope, counted, send)
