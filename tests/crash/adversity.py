"""Processes that have to do with a disk that is full, or with a folder that they may only read."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import Any

from qa.errors import PolicyQAError
from tests.crash import indexing

NOBODY = 65534


def update_with_no_space(started: Any, index: Path, cache: Path, made_by: Any, state: int, most: int) -> str:
    """Update the index where no file may grow beyond ``most`` bytes; return the error's type and message."""
    indexing.answer(started, index, cache, made_by)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    return _outcome(indexing.update, started, index, cache, made_by, state)


def read_only(started: Any, index: Path, cache: Path, made_by: Any, state: int) -> tuple[str, str]:
    """Answer from, then update, an index whose files belong to another user."""
    indexing.answer(started, index, cache, made_by)  # what it imports may be beyond the other user
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    answered = _outcome(indexing.answer, started, index, cache, made_by)
    return answered, _outcome(indexing.update, started, index, cache, made_by, state)


def _outcome(work: Any, *arguments: Any) -> str:
    try:
        return str(work(*arguments))
    except PolicyQAError as error:
        return f"{type(error).__name__}: {error}"
