"""The messages of OpenAI's chat completions, as far as a corpus has use for them."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import HTTPException
from pydantic import BaseModel, Field

from qa.filters import FilterOptions
from qa.records import Answer
from qa.web.api.bodies import FilterFields
from qa.web.api.markdown import ChatText, chat_text, is_web_address

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
        """Return the last question, the user's questions before it, and the filters."""
        questions = [message.text() for message in self.messages if message.role == "user"]
        if not questions:
            raise HTTPException(400, "The conversation holds no message of the user: add one that asks a question.")
        return questions[-1], questions[:-1], self.filters.filters()


class Completion:
    """An answer in the forms of OpenAI's chat completions: whole, or in chunks."""

    def __init__(self, request: ChatRequest, answer: Answer) -> None:
        self._answer = answer
        self._chat: ChatText = chat_text(answer)
        self._head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        self._with_usage = request.stream_options is not None and request.stream_options.include_usage
        self._prompt = [message.text() for message in request.messages if message.role == "user"]

    def whole(self) -> dict[str, Any]:
        """Return the completion as one object, with ``citations`` and ``answer`` beside ``choices``."""
        message = {"role": "assistant", "content": self._chat.text, "refusal": None, "annotations": self._annotations()}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage(),
            **self._structured(),
        }  # fmt: skip

    def chunks(self) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a stream: a statement each, the sources, and a last one with the citations."""
        yield self._chunk({"role": "assistant", "content": ""})
        for part in self._chat.parts:
            if part:
                yield self._chunk({"content": part})
        yield {**self._chunk({"annotations": self._annotations()}, "stop"), **self._structured()}
        if self._with_usage:
            yield {**self._head, "object": "chat.completion.chunk", "choices": [], "usage": self._usage()}

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        usage = {"usage": None} if self._with_usage else {}
        return {**self._head, "object": "chat.completion.chunk", "choices": [choice], **usage}

    def _structured(self) -> dict[str, Any]:
        """Return the citations by number, and what the answer says of itself; the nearest passages are no citations."""
        cited = () if self._answer.abstained else self._chat.cited
        about = self._answer.to_dict()
        kept = ("understood_as", "language", "confidence", "abstained", "reason", "nearest", "generation")
        return {
            "citations": [{"number": number, **record.to_dict()} for number, record in enumerate(cited, start=1)],
            "answer": {name: about[name] for name in kept},
        }

    def _annotations(self) -> list[dict[str, Any]]:
        """Return the citations that have an address as OpenAI's annotations of their number in the text."""
        marked = ((mark, self._chat.cited[mark.number - 1]) for mark in self._chat.marks)
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": mark.start,
                    "end_index": mark.end,
                    "title": cited.title,
                    "url": cited.url,
                },
            }
            for mark, cited in marked
            if is_web_address(cited.url)
        ]

    def _usage(self) -> dict[str, int]:
        prompt, completion = sum(map(_count, self._prompt)), _count(self._chat.text)
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _count(text: str) -> int:
    """Return how many words and marks ``text`` has: no language model reads it, so these are its tokens."""
    return len(_TOKEN.findall(text))
