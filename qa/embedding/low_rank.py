"""What multilingual-e5-small was taught for this project, in files beside this one: narrow matrices beside its layers."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor


def read_taught(path: Path, sha256: str) -> dict[str, Tensor]:
    """Return the tensors of a file. Raises ModelError when it is not there, or its SHA-256 is not the pinned one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error}). Install this package again.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"{path} is not the file that was tested (its SHA-256 differs). Install this package again.")
    from safetensors.torch import load

    return load(data)


def teach(bert: Any, tensors: dict[str, Tensor]) -> None:
    """Add to the linear layers of ``bert`` what ``tensors`` has for them.

    Beside the weights ``W`` of a layer stand ``up`` and ``down``: it becomes ``W + up @ down`` (Hu et al., "LoRA: Low-Rank
    Adaptation of Large Language Models", 2021).
    """
    import torch

    layers = dict(bert.named_modules())
    with torch.no_grad():
        for name in sorted(name.removesuffix(".up") for name in tensors if name.endswith(".up")):
            layers[name].weight += tensors[f"{name}.up"].float() @ tensors[f"{name}.down"].float()
