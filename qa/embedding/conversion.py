"""The default model's encoders, converted once to ONNX in two forms, with what opening them needs.

There are three: of passages, of questions, and the reader of a question with a sentence. Their word vectors are one file, of which only the rows that
a text needs are read.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from qa.embedding import questions, reader, vocabulary
from qa.embedding.processor import has_vnni

FORMAT = f"onnx-v4-{questions.SHA256[:8]}-{reader.SHA256[:8]}"  # raise the number when the conversion changes
FORMS, TASKS = ("int8", "float32"), ("query", "document", "reader")
WORDS = "words.npy"
_SUMS = "sums.json"
_TOKENIZERS = {vocabulary.WHOLE, vocabulary.SMALL, vocabulary.NUMBERS}


def encoder_file(task: str, form: str) -> str:
    """Return the name of an encoder's file.

    >>> encoder_file("query", "int8")
    'query-int8.onnx'
    """
    return f"{task}-{form}.onnx"


def convert(passage_model: Any, question_model: Any, pair_reader: Any, folder: Path, target: Path) -> None:
    """Write two SentenceTransformers and the reader, with the same word vectors, to ``target`` in both forms.

    ``folder`` has the files of the models. The matrices that narrow a layer's inner width stay in float32: their inputs have
    outliers that int8 cannot hold, and with them the cosine to float32 is 0.999 where it would be 0.995.
    """
    import torch

    class Encoder(torch.nn.Module):  # type: ignore[misc, name-defined, unused-ignore]
        """Word vectors in, unit vector of the text out: the mean over its tokens."""

        def __init__(self, bert: Any) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, words: Any, mask: Any) -> Any:
            hidden = self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state
            weight = mask.unsqueeze(-1).to(hidden.dtype)
            return torch.nn.functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=1)

    matrix = passage_model[0].model.embeddings.word_embeddings.weight.detach()
    words, mask = torch.randn(2, 8, matrix.shape[1]), torch.ones(2, 8, dtype=torch.long)
    asked = torch.tensor([[1, 1, 1, 0, 0, 0, 0, 0]] * 2)
    modules = {
        "query": (Encoder(question_model[0].model.eval()), {"words": words, "mask": mask}),
        "document": (Encoder(passage_model[0].model.eval()), {"words": words, "mask": mask}),
        "reader": (pair_reader, {"words": words, "mask": mask, "asked": asked}),
    }
    for task in TASKS:
        whole = target / encoder_file(task, "float32")
        export(*modules[task], whole)
        quantize(whole, target / encoder_file(task, "int8"))
    np.save(target / WORDS, matrix.numpy().astype(np.float16))
    shutil.copyfile(folder / vocabulary.WHOLE, target / vocabulary.WHOLE)
    vocabulary.write_small(target)
    sums = {path.name: [path.stat().st_size, _sum(path)] for path in sorted(target.iterdir())}
    (target / _SUMS).write_text(json.dumps(sums, indent=1), "utf-8")


def export(module: Any, inputs: dict[str, Any], path: Path, *, by_token: bool = False) -> None:
    """Write a module to ONNX: its inputs are of so many texts and tokens, its result of as many texts, and tokens if ``by_token``."""
    import warnings

    import torch

    sizes = {name: {0: "texts", 1: "tokens"} for name in inputs}
    sizes["result"] = {0: "texts", 1: "tokens"} if by_token else {0: "texts"}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter that needs no further package says that it is the older one
        torch.onnx.export(
            module, tuple(inputs.values()), str(path), input_names=list(inputs), output_names=["result"], dynamic_axes=sizes,
            dynamo=False, opset_version=17,
        )  # fmt: skip


def quantize(whole: Path, small: Path) -> None:
    """Write the ONNX model ``whole`` in int8 to ``small``."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    nodes = [node.name for node in onnx.load(str(whole)).graph.node if node.op_type == "MatMul"]
    narrowing = [name for name in nodes if name.endswith("/output/dense/MatMul") and "attention" not in name]
    root = logging.getLogger()
    level, before = root.level, root.disabled
    root.disabled = True  # it warns, through the root logger, of a preparation that changes nothing here
    try:
        quantize_dynamic(
            str(whole), str(small), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"],
            nodes_to_exclude=narrowing, reduce_range=not has_vnni(),
        )  # fmt: skip
    finally:
        root.disabled, root.level = before, level


def is_whole(folder: Path, forms: Collection[str] = FORMS) -> bool:
    """Say whether the conversion in ``folder`` was finished and its files are as they were made.

    The word vectors, and encoders of other ``forms``, count by their size alone: their digests would take as long as
    starting does.
    """
    try:
        sums = json.loads((folder / _SUMS).read_text("utf-8"))
        encoders = {encoder_file(task, form): form for task in TASKS for form in FORMS}
        unread = {WORDS} | {name for name, form in encoders.items() if form not in forms}
        return {WORDS, *_TOKENIZERS, *encoders} <= set(sums) and all(
            (folder / name).stat().st_size == size and (name in unread or _sum(folder / name) == digest)
            for name, (size, digest) in sums.items()
        )
    except (OSError, ValueError):
        return False


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
