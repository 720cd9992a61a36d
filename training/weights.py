"""A model's weights on their way to an accelerator and back, in files small enough to carry; numpy is all this needs.

The embedding model comes from its package in blocks of 32 weights, 4 bits each, with one scale; ``pack`` puts it back into
that form without loss. What was trained is written in 8 bits, a scale for each 32.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
BLOCK = 32
_SCALE, _SHAPE = "/scale", "/shape"


def pack(weights: Mapping[str, Array]) -> dict[str, NDArray[Any]]:
    """Return matrices as 4-bit blocks, low nibble first, and every vector as it is.

    So does a matrix that did not come from such blocks: packing it would lose something.

    >>> given = {"w": np.array([[-8.0, 7.0, 0.0, 3.0] * 8] * 2, np.float32)}
    >>> bool((unpack(pack(given))["w"] == given["w"]).all())
    True
    """
    packed: dict[str, NDArray[Any]] = {}
    for name, one in weights.items():
        if one.ndim < 2 or one.size % BLOCK or (blocks := _blocks(one)) is None:
            packed[name] = one
            continue
        numbers, scale = blocks
        packed[name] = numbers[:, 0::2] | numbers[:, 1::2] << 4
        packed[name + _SCALE], packed[name + _SHAPE] = scale, np.array(one.shape)
    return packed


def _blocks(matrix: Array) -> tuple[NDArray[np.uint8], NDArray[np.float16]] | None:
    rows = matrix.reshape(-1, BLOCK)
    extreme = np.take_along_axis(rows, np.abs(rows).argmax(1)[:, None], 1)  # it was rounded to -8
    scale = np.where(extreme == 0, 1, extreme / -8).astype(np.float16)
    numbers = np.round(rows / scale.astype(np.float32))
    if not np.array_equal(numbers * scale.astype(np.float32), rows):
        return None
    return (numbers + 8).astype(np.uint8), scale


def unpack(packed: Mapping[str, NDArray[Any]]) -> dict[str, Array]:
    """Return what ``pack`` was given."""
    weights: dict[str, Array] = {}
    for name, one in packed.items():
        if name.endswith((_SCALE, _SHAPE)):
            continue
        if name + _SCALE not in packed:
            weights[name] = one
            continue
        numbers = np.stack([one & 15, one >> 4], axis=2).reshape(len(one), BLOCK).astype(np.float32) - 8
        weights[name] = (numbers * packed[name + _SCALE].astype(np.float32)).reshape(packed[name + _SHAPE])
    return weights


def save(path: Path, weights: Mapping[str, Array]) -> None:
    """Write weights in 8 bits, a scale for each 32; vectors and what does not come in 32s as they are."""
    stored: dict[str, NDArray[Any]] = {}
    for name, one in weights.items():
        if one.ndim < 2 or one.size % BLOCK:
            stored[name] = one
            continue
        rows = one.reshape(-1, BLOCK)
        scale = np.abs(rows).max(1, keepdims=True) / 127 + 1e-12
        stored[name] = np.round(rows / scale).astype(np.int8).reshape(one.shape)
        stored[name + _SCALE] = scale.astype(np.float32)
    np.savez(path, **stored)


def load(path: Path) -> dict[str, Array]:
    """Return what ``save`` wrote, to within half of a 127th of the largest weight of its 32."""
    stored = dict(np.load(path))
    return {
        name: (one.reshape(-1, BLOCK) * stored[name + _SCALE]).reshape(one.shape) if name + _SCALE in stored else one
        for name, one in stored.items()
        if not name.endswith(_SCALE)
    }
