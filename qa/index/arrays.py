"""Arrays on disk: read through the page cache, replaced whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


def load(path: Path, dtype: DTypeLike, empty: tuple[int, ...]) -> NDArray[Any]:
    """Return the array in ``path``, memory-mapped, or an empty one of shape ``empty`` where there is no file."""
    if not path.exists():
        return np.zeros(empty, dtype=dtype)
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def save(path: Path, array: NDArray[Any]) -> None:
    """Write ``array`` in place of what ``path`` holds, which may be mapped still."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.new")
    with scratch.open("wb") as file:
        np.save(file, array, allow_pickle=False)
    scratch.replace(path)
