"""What one run of ``index`` did."""

from __future__ import annotations

from dataclasses import dataclass

from qa.records import Record


@dataclass(frozen=True, slots=True)
class IndexReport(Record):
    """The counts of one run.

    ``documents`` counts ``added``, ``changed``, ``removed``, ``unchanged`` and ``failed`` ones; ``passages`` those
    ``embedded``, those whose vectors were ``reused``, and the ``total``. ``failures`` and ``warnings`` are
    ``{path, reason}``: files that could not be read, and what of those that were could not.
    """

    generation: str
    documents: dict[str, int]
    passages: dict[str, int]
    failures: tuple[dict[str, str], ...]
    warnings: tuple[dict[str, str], ...]
    seconds: float
