"""Weights that are carried: nothing lost where the model's own form is kept, little where it is shortened."""

from __future__ import annotations

import numpy as np
import pytest

from training.weights import BLOCK, load, pack, save, unpack

CHANCE = np.random.default_rng(0)


def of_blocks(rows, columns):
    """A matrix as the package has it: 32 weights of 4 bits with one scale, one of them at its end."""
    numbers = CHANCE.integers(-8, 8, (rows * columns // BLOCK, BLOCK))
    numbers[:, 0] = -8
    scale = CHANCE.normal(0, 0.02, (len(numbers), 1)).astype(np.float16).astype(np.float32)
    return (numbers.astype(np.float32) * scale).reshape(rows, columns)


def test_packed_weights_come_back_as_they_were():
    given = {"matrix": of_blocks(6, 64), "zeros": np.zeros((2, 32), np.float32), "bias": np.ones(6, np.float32)}
    packed = pack(given)
    back = unpack(packed)
    assert set(back) == set(given)
    assert all(np.array_equal(back[name], one) for name, one in given.items())
    assert packed["matrix"].nbytes == given["matrix"].nbytes / 8


@pytest.mark.parametrize("shape", [(4, 32), (4, 30)])
def test_what_packing_would_change_is_left_as_it_is(shape):
    given = {"matrix": CHANCE.normal(size=shape).astype(np.float32)}
    assert pack(given)["matrix"] is given["matrix"]


def test_saved_weights_are_near(tmp_path):
    given = {"matrix": CHANCE.normal(0, 0.05, (8, 96)).astype(np.float32), "bias": np.ones(8, np.float32)}
    save(tmp_path / "weights.npz", given)
    back = load(tmp_path / "weights.npz")
    assert np.array_equal(back["bias"], given["bias"])
    assert np.abs(back["matrix"] - given["matrix"]).max() <= np.abs(given["matrix"]).max() / 127
