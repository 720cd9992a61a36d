"""The passages nearest in meaning, with or without filters, without Chroma's slow path for filters."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from qa.embedding.model import Vectors
from qa.errors import IndexBrokenError
from qa.index.reader import Generation

logger = logging.getLogger(__name__)

EXACT_ROWS = 10_000  # up to here every row is looked at: a few milliseconds
_SPARE = 1.5  # how many more than needed Chroma is asked for when some will be filtered out


def nearest_rows(
    generation: Generation, vector: Vectors, limit: int, kept: NDArray[np.bool_] | None
) -> NDArray[np.integer]:
    """Return the up to ``limit`` rows nearest to ``vector`` among those ``kept`` (``None``: all), nearest first.

    Chroma finds them by its graph, asked for as many more as the filter is likely to take away. A filter that leaves
    few rows, or takes away more than was likely, has them compared one by one; so does
    a generation whose files were cleared away by two swaps while it is being read.
    """
    count = len(generation.table) if kept is None else int(kept.sum())
    if kept is None or count > EXACT_ROWS:
        wanted = limit if kept is None else int(limit * _SPARE * len(kept) / count)
        rows = _found(generation, vector, wanted)
        if kept is not None:
            rows = rows[kept[rows]]
        if len(rows) >= min(limit, count):
            return rows[:limit]
    every = np.arange(len(generation.table)) if kept is None else np.flatnonzero(kept)
    return generation.matrix.nearest(every, vector, limit)


def _found(generation: Generation, vector: Vectors, wanted: int) -> NDArray[np.integer]:
    try:
        found = generation.vectors.search(vector[np.newaxis], wanted)[0]
    except IndexBrokenError as error:
        logger.info("%s The vectors are compared one by one.", error)
        return np.zeros(0, dtype=np.int64)
    return generation.table.rows([passage_id for passage_id, _ in found])
