"""Chat models for tests: what a real one might do, on purpose."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import RunnableLambda
from pydantic import Field

Reply = str | BaseException | Callable[[str], str]


class Scripted(BaseChatModel):
    """Gives its replies in turn, the last one for ever; an error is raised, a function is given the prompt.

    ``prompts`` are what it was asked, ``chunk`` the characters of each piece that it streams.
    """

    replies: list[Any]
    chunk: int = 7
    finish_reason: str = "stop"
    usage: bool = True
    prompts: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _next(self, messages: Sequence[BaseMessage]) -> str:
        self.prompts.append("\n\n".join(message.text for message in messages))
        reply: Reply = self.replies[min(len(self.prompts), len(self.replies)) - 1]
        if isinstance(reply, BaseException):
            raise reply
        return reply(self.prompts[-1]) if callable(reply) else reply

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._next(messages)))])

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        text = self._next(messages)
        for start in range(0, len(text), self.chunk):
            yield ChatGenerationChunk(message=AIMessageChunk(text[start : start + self.chunk]))
        usage = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110} if self.usage else None
        yield ChatGenerationChunk(
            message=AIMessageChunk("", usage_metadata=usage, response_metadata={"finish_reason": self.finish_reason})
        )


class Structured(Scripted):
    """One that takes a schema, and writes JSON."""

    def with_structured_output(self, schema: Any, **_: Any) -> Any:
        return self | RunnableLambda(lambda message: json.loads(message.text))


class Hanging(Scripted):
    """One that never answers, until ``let_go`` is set."""

    let_go: Any = Field(default_factory=threading.Event)

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=AIMessageChunk(self._next(messages)))
        self.let_go.wait(30)


class StatusError(Exception):
    """An error as providers raise it."""

    def __init__(self, status_code: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"HTTP {status_code}")
        self.status_code = status_code
        self.response = type("Response", (), {"headers": headers or {}, "status_code": status_code})()


def as_json(*statements: tuple[str, list[tuple[int, str]]]) -> str:
    """Return statements with their proofs as structured output."""
    return json.dumps(
        {"statements": [
            {"proofs": [{"passage": number, "quote": quote} for number, quote in proofs], "text": text}
            for text, proofs in statements
        ]},
        ensure_ascii=False,
    )  # fmt: skip


def as_lines(*statements: tuple[str, list[tuple[int, str]]]) -> str:
    """Return statements with their proofs as plain lines."""
    return "\n".join(
        f"STATEMENT: {text}\n" + "".join(f'PROOF [{number}]: "{quote}"\n' for number, quote in proofs)
        for text, proofs in statements
    )
