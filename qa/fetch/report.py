"""What one run of ``corpus fetch`` did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from qa.records import Record

Outcome = Literal["fetched", "unchanged", "recent", "failed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class FetchResult(Record):
    """What became of one source.

    ``fetched``: its file is new or has changed; ``unchanged``: the server says, or its bytes show, that it has not;
    ``recent``: it was had so lately that it was not asked for; ``failed``: ``reason`` says why. ``file`` is its name
    in the folder.
    """

    key: str
    url: str
    outcome: Outcome
    file: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class FetchReport(Record):
    """The results of one run, in the order of the sources; ``sources`` counts them by outcome."""

    into: str
    sources: dict[str, int]
    results: tuple[FetchResult, ...]
    seconds: float

    @property
    def failures(self) -> tuple[FetchResult, ...]:
        """The sources that could not be fetched."""
        return tuple(result for result in self.results if result.outcome == "failed")
