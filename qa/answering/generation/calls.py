"""The calls of a model for one answer: one time limit, retries with back-off, a count of tokens; text as it is written.

A call runs in a thread of its own, since a server that sends nothing cannot be interrupted: past the limit it is left
behind, and stops at the next piece it gets.
"""

from __future__ import annotations

import json
import logging
import queue
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from qa.answering.generation.failures import TRANSIENT, CallFailed, outcome_of, wait_before
from qa.answering.generation.models import LanguageModel
from qa.answering.generation.prompts import SCHEMA, Message

MAX_CALLS = 6  # for one answer, retries counted
MAX_ATTEMPTS = 3  # of one request
MAX_CHARACTERS = 40_000  # of one reply; a model that goes on is cut off
CHARACTERS_PER_TOKEN = 3.0  # on the safe side for French and English; used for the budget, and where no usage is told

logger = logging.getLogger(__name__)


def tokens_in(text: str) -> int:
    """Return about how many tokens ``text`` has, rather too many than too few.

    >>> tokens_in("Le bonus est de 7 000 euros.")
    10
    """
    return int(len(text) / CHARACTERS_PER_TOKEN) + 1


class Calls:
    """The account of one answer: what was asked of ``model``, how long that may take, and what it took."""

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self.count = self.prompt_tokens = self.completion_tokens = 0
        self.estimated = False  # whether some of the tokens are our own count
        self._ends = time.monotonic() + model.seconds

    @property
    def seconds_left(self) -> float:
        return self._ends - time.monotonic()

    @property
    def structured(self) -> bool:
        """Whether the model takes a schema for its reply; some, and servers without tools, do not."""
        try:
            _structured(self.model.chat)
        except (NotImplementedError, AttributeError, TypeError, ValueError):
            return False
        return True

    @property
    def seconds_taken(self) -> float:
        return self.model.seconds - self.seconds_left

    @property
    def cost(self) -> float | None:
        """What the tokens cost by the settings' prices, or None where they name none."""
        if self.model.prices is None:
            return None
        read, written = self.model.prices
        return round((self.prompt_tokens * read + self.completion_tokens * written) / 1_000_000, 6)

    def stream(self, messages: Sequence[Message], *, structured: bool = False) -> Iterator[str]:
        """Yield all that the model has written so far, each time it has written more.

        Raises CallFailed: when nothing came after all attempts, when the time is up, and when the model broke off.
        """
        for attempt in range(MAX_ATTEMPTS):
            if self.count >= MAX_CALLS or self.seconds_left <= 0:
                raise CallFailed("timed_out")
            written = False
            try:
                for text in self._once(messages, structured=structured):
                    written = True
                    yield text
            except CallFailed:
                raise
            except Exception as error:
                outcome = outcome_of(error)
                logger.warning("The language model %s: %s (%s)", self.model.name, outcome, type(error).__name__)
                logger.debug("The call's error", exc_info=True)
                wait = wait_before(attempt, error) * random.uniform(0.8, 1.2)
                if written or outcome not in TRANSIENT or attempt == MAX_ATTEMPTS - 1 or wait >= self.seconds_left:
                    raise CallFailed(outcome) from error
                time.sleep(wait)
            else:
                return

    def whole(self, messages: Sequence[Message]) -> str:
        """Return all of a reply. Raises CallFailed."""
        text = ""
        for text in self.stream(messages):  # noqa: B007 (the last is the whole)
            pass
        return text

    def _once(self, messages: Sequence[Message], *, structured: bool) -> Iterator[str]:
        self.count += 1
        pieces: queue.Queue[Any] = queue.Queue()
        stop = threading.Event()
        worker = threading.Thread(
            target=_read,
            args=(self.model, list(messages), pieces, stop),
            kwargs={"structured": structured},
            name="language-model",
            daemon=True,
        )
        worker.start()
        text, usage = "", None
        try:
            while True:
                try:
                    piece = pieces.get(timeout=max(self.seconds_left, 0.001))
                except queue.Empty:
                    raise CallFailed("timed_out") from None
                if piece is None:
                    return
                if isinstance(piece, BaseException):
                    raise piece
                usage = _added(usage, getattr(piece, "usage_metadata", None))
                more = _text_of(piece)
                if more:
                    text += more
                    yield text[:MAX_CHARACTERS]
                if getattr(piece, "response_metadata", {}).get("finish_reason") in ("length", "max_tokens"):
                    raise CallFailed("truncated")
                if len(text) > MAX_CHARACTERS:
                    raise CallFailed("nonsense")
                if self.seconds_left <= 0:
                    raise CallFailed("timed_out")
        finally:
            stop.set()
            self._account(messages, text, usage)

    def _account(self, messages: Sequence[Message], text: str, usage: tuple[int, int] | None) -> None:
        if usage is None:
            self.estimated = True
            usage = sum(tokens_in(said) for _, said in messages), tokens_in(text) if text else 0
        self.prompt_tokens += usage[0]
        self.completion_tokens += usage[1]


def _read(
    model: LanguageModel,
    messages: list[Message],
    pieces: queue.Queue[Any],
    stop: threading.Event,
    *,
    structured: bool,
) -> None:
    """Put the pieces of a reply into ``pieces`` as they come, then None, or the error that ended them."""
    try:
        chat = _structured(model.chat) if structured else model.chat
        for piece in chat.stream(messages):
            pieces.put(piece)
            if stop.is_set():
                return
    except BaseException as error:  # noqa: BLE001 (it is raised again where the answer is waited for)
        pieces.put(error)
    else:
        pieces.put(None)


def _structured(chat: Any) -> Any:
    """Return ``chat`` bound to our schema, before its parser: what it writes is read here, as far as it goes."""
    bound = chat.with_structured_output(SCHEMA)
    return getattr(bound, "first", bound)


def _text_of(piece: Any) -> str:
    """Return what a piece adds: its text, or the arguments of the tool that stands for structured output."""
    if isinstance(piece, str):
        return piece
    text: Any = getattr(piece, "text", "")
    written = str(text) if isinstance(text, str) else ""
    chunks = getattr(piece, "tool_call_chunks", None)
    for call in chunks or getattr(piece, "tool_calls", None) or []:
        arguments = call.get("args")
        written += (
            arguments if isinstance(arguments, str) else json.dumps(arguments) if isinstance(arguments, dict) else ""
        )
    return written


def _added(usage: tuple[int, int] | None, told: Any) -> tuple[int, int] | None:
    with suppress(AttributeError, KeyError, TypeError):
        read, written = usage or (0, 0)
        return read + int(told["input_tokens"]), written + int(told["output_tokens"])
    return usage
