"""How far long work is: a function that is told, and a bar on standard error that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Never

Progress = Callable[[str, int, int], None]
"""Told a step ("reading", "embedding", "sentences"), how much of it is done, and of how much."""

_NAMES = {
    "reading": ("Reading documents", "document"),
    "embedding": ("Embedding passages", "passage"),
    "sentences": ("Embedding sentences", "sentence"),
}


def silent(step: str, done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give what shows each step that takes any work as a bar on standard error.

    >>> with progress_bar() as progress:
    ...     progress("reading", 0, 0)
    """
    from tqdm import tqdm

    bars: dict[str, tqdm[Never]] = {}

    def show(step: str, done: int, total: int) -> None:
        if not total:
            return
        if step not in bars:
            name, unit = _NAMES[step]
            bars[step] = tqdm(total=total, desc=name, unit=unit)
        bars[step].update(done - bars[step].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
