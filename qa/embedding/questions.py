"""What multilingual-e5-small was taught about questions: narrow matrices beside its upper layers, for questions alone.

Passages are read by the model as it was published, so that their vectors, and every index of them, stay as they are.
``training/questions.py`` made the file; docs/training.md says of what, and what it is worth.
"""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TAUGHT = Path(__file__).with_name("questions.safetensors")
SHA256 = "857f0595378bfe1f9005702882795beaa334c4c4a6842b48248a7ee21c7910c1"


def taught(model: SentenceTransformer, path: Path = TAUGHT) -> SentenceTransformer:
    """Return multilingual-e5-small as it reads questions: ``model``, its word vectors shared, its layers taught.

    Beside the weights ``W`` of a linear layer stand ``up`` and ``down``, in the file: it becomes ``W + up @ down`` (Hu et
    al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021). Raises ModelError when the file is not there, or its SHA-256 is not the pinned one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error}). Install this package again.") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelError(f"{path} is not the file that was tested (its SHA-256 differs). Install this package again.")
    import torch
    from safetensors.torch import load

    words = model[0].model.embeddings.word_embeddings
    result = copy.deepcopy(model, {id(words): words})
    matrices = load(data)
    layers = dict(result[0].model.named_modules())
    with torch.no_grad():
        for name in {name.rpartition(".")[0] for name in matrices}:
            layers[name].weight += matrices[f"{name}.up"].float() @ matrices[f"{name}.down"].float()
    return result
