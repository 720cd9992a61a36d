"""What happens while a question is answered, for those who show it as it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.records import Answer, Record, Statement

Step = Literal["searching", "reading", "writing", "statement", "translating", "done"]


@dataclass(frozen=True, slots=True)
class Event(Record):
    """One step of answering: ``searching``, ``reading`` so many ``passages``, ``writing`` (a language model was asked),
    a ``statement``, ``translating``, and last ``done`` with the whole ``answer``.

    A statement is proven before it is told, and never taken back; in ``answer`` it may have gained translations.
    """

    step: Step
    passages: int = 0
    statement: Statement | None = None
    answer: Answer | None = None
