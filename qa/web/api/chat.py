"""The messages of OpenAI's chat completions, as far as a corpus has use for them."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from fastapi import HTTPException
from pydantic import BaseModel, Field

from qa.events import Event
from qa.filters import FilterOptions
from qa.records import Answer
from qa.web.api.bodies import MAX_HISTORY, FilterFields
from qa.web.api.markdown import ChatText, is_web_address

MODEL = "policy-qa"
_TOKEN = re.compile(r"\w+|[^\w\s]")


class TextPart(BaseModel):
    """A part of a message that is text."""

    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """One message of the conversation; only the user's are read."""

    role: str
    content: str | list[TextPart | dict[str, Any]] | None = None

    def text(self) -> str:
        """Return the words of the message. Raises HTTPException 400 for a picture, a sound or a file in it."""
        if not isinstance(self.content, list):
            return self.content or ""
        texts = [part.text for part in self.content if isinstance(part, TextPart)]
        if len(texts) < len(self.content):
            raise HTTPException(400, "A message can only hold text: leave pictures, sounds and files out.")
        return "\n".join(texts)


class StreamOptions(BaseModel):
    """What a stream brings beside the text."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A conversation. What steers a language model (temperature, tools, ...) is taken and has nothing to steer."""

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1000)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(None, description="There is one answer.")
    filters: FilterFields = Field(
        default_factory=FilterFields, description="Which documents count; ours, not OpenAI's."
    )

    def asked(self) -> tuple[str, list[str], FilterOptions]:
        """Return the last question, the user's questions before it as far as they may matter, and the filters."""
        questions = [message.text() for message in self.messages if message.role == "user"]
        if not questions:
            raise HTTPException(400, "The conversation holds no message of the user: add one that asks a question.")
        return questions[-1], questions[:-1][-MAX_HISTORY:], self.filters.filters()


class Completion:
    """An answer in the forms of OpenAI's chat completions: whole, or in chunks as it comes."""

    def __init__(self, request: ChatRequest) -> None:
        self._head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        self._with_usage = request.stream_options is not None and request.stream_options.include_usage
        self._prompt = [message.text() for message in request.messages if message.role == "user"]

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return the completion as one object, with ``citations`` and ``answer`` beside ``choices``."""
        chat = ChatText.of(answer)
        notes = _annotations(answer, chat)
        message = {"role": "assistant", "content": chat.text, "refusal": None, "annotations": notes}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage(answer, chat),
            **_structured(answer),
        }  # fmt: skip

    def chunks(self, events: Iterable[Event]) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a stream: each statement when it is proven, the sources, a last one with the citations."""
        chat = ChatText()
        yield self._chunk({"role": "assistant", "content": ""})
        for event in events:
            if event.statement is not None:
                yield self._chunk({"content": chat.statement(event.statement)})
            if event.answer is not None:
                yield self._chunk({"content": chat.ending(event.answer)})
                last = self._chunk({"annotations": _annotations(event.answer, chat)}, "stop")
                yield {**last, **_structured(event.answer)}
                if self._with_usage:
                    yield {**self._chunk({}), "choices": [], "usage": self._usage(event.answer, chat)}

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        usage = {"usage": None} if self._with_usage else {}
        return {**self._head, "object": "chat.completion.chunk", "choices": [choice], **usage}

    def _usage(self, answer: Answer, chat: ChatText) -> dict[str, int]:
        """Return the language model's tokens, or where none was asked the words and marks of question and answer."""
        prompt, completion = sum(map(_count, self._prompt)), _count(chat.text)
        if answer.model is not None:
            prompt, completion = answer.model.prompt_tokens, answer.model.completion_tokens
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


_ABOUT = (
    "understood_as",
    "language",
    "confidence",
    "abstained",
    "reason",
    "nearest",
    "mode",
    "note",
    "model",
    "generation",
)


def _structured(answer: Answer) -> dict[str, Any]:
    """Return the citations by number, and what the answer says of itself; the nearest passages are no citations."""
    record = answer.to_dict()
    cited = [citation for statement in record["statements"] for citation in statement["citations"]]
    return {
        "citations": [{"number": number, **citation} for number, citation in enumerate(cited, start=1)],
        "answer": {name: record[name] for name in _ABOUT},
    }


def _annotations(answer: Answer, chat: ChatText) -> list[dict[str, Any]]:
    """Return the citations that have an address as OpenAI's annotations of their number in the text."""
    cited = [citation for statement in answer.statements for citation in statement.citations]
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start, "end_index": mark.end, "title": citation.title, "url": citation.url,
            },
        }
        for mark, citation in zip(chat.marks, cited, strict=True)
        if is_web_address(citation.url)
    ]  # fmt: skip


def _count(text: str) -> int:
    return len(_TOKEN.findall(text))
