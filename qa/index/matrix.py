"""The passages' vectors as one matrix beside Chroma: exact cosines of chosen rows, where Chroma's filter is slow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.model import Vectors
from qa.index.arrays import load, save


class VectorMatrix:
    """Unit vectors, one a row, in the file ``path``; none if it is not there yet."""

    def __init__(self, path: Path, dimension: int = 0) -> None:
        self._path = path
        self.vectors: Vectors = load(path, np.float32, (0, dimension))

    def __len__(self) -> int:
        return len(self.vectors)

    def cosines(self, rows: NDArray[np.integer], vector: Vectors) -> NDArray[np.float32]:
        """Return the cosine of each of ``rows`` with ``vector``."""
        return np.asarray(self.vectors[rows] @ vector, dtype=np.float32)

    def nearest(self, rows: NDArray[np.integer], vector: Vectors, limit: int) -> NDArray[np.integer]:
        """Return the up to ``limit`` of ``rows`` nearest to ``vector``, nearest first, exactly."""
        cosines = self.cosines(rows, vector)
        if len(rows) > limit:
            best = np.argpartition(-cosines, limit)[:limit]
            rows, cosines = rows[best], cosines[best]
        return rows[np.argsort(-cosines, kind="stable")]

    def update(self, kept: NDArray[np.bool_], added: Vectors) -> None:
        """Keep the rows ``kept`` and put ``added`` behind them."""
        save(self._path, np.concatenate([self.vectors[kept].reshape(-1, added.shape[1]), added]).astype(np.float32))
        self.vectors = load(self._path, np.float32, (0, added.shape[1]))
