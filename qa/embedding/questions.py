"""What multilingual-e5-small was taught about questions: narrow matrices beside its upper layers, for questions alone.

Passages are read by the model as it was published, so that their vectors, and every index of them, stay as they are.
``training/questions.py`` made the file; docs/training.md says of what, and what it is worth.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING

from qa.embedding.low_rank import read_taught, teach

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TAUGHT = Path(__file__).with_name("questions.safetensors")
SHA256 = "857f0595378bfe1f9005702882795beaa334c4c4a6842b48248a7ee21c7910c1"


def taught(model: SentenceTransformer, path: Path = TAUGHT) -> SentenceTransformer:
    """Return multilingual-e5-small as it reads questions: ``model``, its word vectors shared, its layers taught.

    Raises ModelError when the file is not there, or not the one that was tested.
    """
    tensors = read_taught(path, SHA256)
    words = model[0].model.embeddings.word_embeddings
    result = copy.deepcopy(model, {id(words): words})
    teach(result[0].model, tensors)
    return result
