"""The default model compiled for a CPU: several times faster than PyTorch, and started without importing it.

The SentenceTransformer is converted once: its encoders, of passages and of questions, to ONNX, in float32 and in int8, its
word vectors to a file of which only the rows that a text needs are read. Which of the two forms answers is measured on this machine.
"""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import shutil
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from qa.embedding import questions, vocabulary
from qa.embedding.model import E5_PROMPTS, SentenceTransformerEmbedder, Vectors
from qa.embedding.vocabulary import Vocabulary
from qa.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

logger = logging.getLogger(__name__)

FORMAT = f"onnx-v3-{questions.SHA256[:8]}"  # raise the number when the conversion changes
FORMS, TASKS = ("int8", "float32"), ("query", "document")
LEAST_COSINE = 0.995  # to the float32 form, for int8 to be taken
_WORDS, _CHOICE, _SUMS = "words.npy", "choice.json", "sums.json"
_TOKENIZERS = {vocabulary.WHOLE, vocabulary.SMALL, vocabulary.NUMBERS}
_BATCH, _MAX_TOKENS = 8, 512  # sorted by length, small batches waste little on padding
_SAMPLE = (
    "Le plan automobile de juillet 2012 porte le bonus pour l'achat d'un véhicule électrique à 7 000 euros.",
    "The competitiveness cluster brings together manufacturers, suppliers and universities of the region.",
    """La Banque publique d'investissement
    Elle finance les petites et moyennes entreprises, en lien avec les régions, et regroupe trois organismes publics qui
    existaient avant elle : leurs agences régionales sont réunies, et leurs conseillers gardent leurs entreprises.""",
    """Subject to the regulations, the Minister may make a payment to an applicant who has filed, in the
    prescribed form and manner, an application that sets out the information required under subsection (2).""",
    "Combien d'emplois dépendent de l'automobile dans le Nord-Pas-de-Calais ?",
    "Who owns the public investment bank?",
) * 4  # fmt: skip


class CompiledEmbedder:
    """An embedder over the converted model; the conversion is made, under ``cache``, where there is none.

    ``folder`` holds the original's files; without a ``form``, the one that is fastest here is taken. Its vectors stand
    for the same model as the SentenceTransformer's (cosine 0.995 or better), so that an index built with either is read with both.
    """

    def __init__(self, original: SentenceTransformerEmbedder, folder: Path, target: Path, form: str | None) -> None:
        self._original, self._folder, self._target, self._form = original, folder, target, form
        self._lock = threading.Lock()
        self._open: _Compiled | None = None

    @property
    def name(self) -> str:
        return self._original.name

    @property
    def fingerprint(self) -> str:
        return self._original.fingerprint

    @property
    def form(self) -> str:
        return f"onnx-{self._compiled().form}"

    @property
    def dimension(self) -> int:
        return self._compiled().dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._compiled().encode(texts, "query", "query")

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        return self._compiled().encode(texts, "document", "query")

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        return self._compiled().encode(texts, "document", "document", progress=progress)

    def _compiled(self) -> _Compiled:
        with self._lock:
            if self._open is None:
                self._open = self._opened()
            return self._open

    def _opened(self) -> _Compiled:
        self._target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._target}.lock"):
            if not is_whole(self._target, self._forms()):
                logger.warning("Preparing the embedding model for this machine: about half a minute, once.")
                shutil.rmtree(self._target, ignore_errors=True)
                scratch = self._target.with_name(f".{self._target.name}.new")
                shutil.rmtree(scratch, ignore_errors=True)
                scratch.mkdir()
                convert(self._original.model(), self._original.question_model(), self._folder, scratch)
                scratch.rename(self._target)
            return _Compiled(self._target, _allowed(self._form, self._target))

    def _forms(self) -> Collection[str]:
        """Return the forms that will be read: both, where it has to be measured which."""
        form = self._form or _kept(self._target).get("form")
        return [form] if form else FORMS


class _Compiled:
    """One form of the converted model; an encoder is opened when the first text asks for it."""

    def __init__(self, folder: Path, form: str) -> None:
        self.form, self._folder = form, folder
        self._lock = threading.Lock()
        self._encoders: dict[str, InferenceSession] = {}
        try:
            self._words: NDArray[np.float16] = np.load(folder / _WORDS, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise _unusable(folder, error) from error
        self._vocabulary = Vocabulary(folder, _MAX_TOKENS)
        self.dimension = int(self._words.shape[1])

    def encode(self, texts: Sequence[str], encoder: str, prompt: str, *, progress: bool = False) -> Vectors:
        """Return a unit vector for each text, by the encoder of one task and with the prompt of one."""
        from tqdm import tqdm

        session = self._encoder(encoder)
        numbers = self._vocabulary.numbers([E5_PROMPTS[prompt] + text for text in texts])
        result = np.zeros((len(texts), self.dimension), dtype=np.float32)
        with tqdm(total=len(texts), unit="text", disable=not progress) as bar:
            for chosen, words, mask in self._batches(numbers):
                result[chosen] = session.run(None, {"words": words, "mask": mask})[0]
                bar.update(len(chosen))
        return result

    def _encoder(self, task: str) -> InferenceSession:
        with self._lock:
            if task not in self._encoders:
                self._encoders[task] = self._opened(task)
            return self._encoders[task]

    def _opened(self, task: str) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 0  # as many as there are cores
        # Threads that wait for work sleep. Spinning, they would answer a question alone a tenth sooner (12.0 for 13.3 ms), and
        # take a whole core from whatever else answers: beside one busy thread 38 ms instead of 20, on two cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        path = self._folder / encoder_file(task, self.form)
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has errors of its own
            raise _unusable(self._folder, error) from error

    def _batches(
        self, numbers: Sequence[list[int]]
    ) -> Iterator[tuple[list[int], NDArray[np.float32], NDArray[np.int64]]]:
        order = sorted(range(len(numbers)), key=lambda index: len(numbers[index]))
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            longest = len(numbers[chosen[-1]])
            padded = np.zeros((len(chosen), longest), dtype=np.int64)
            mask = np.zeros_like(padded)
            for row, index in enumerate(chosen):
                padded[row, : len(numbers[index])] = numbers[index]
                mask[row, : len(numbers[index])] = 1
            yield chosen, self._words[padded].astype(np.float32), mask


def encoder_file(task: str, form: str) -> str:
    """Return the name of an encoder's file.

    >>> encoder_file("query", "int8")
    'query-int8.onnx'
    """
    return f"{task}-{form}.onnx"


def _unusable(folder: Path, error: Exception) -> ModelError:
    return ModelError(f"The converted model in {folder} cannot be opened ({error}). Delete it, and try again.")


def convert(passage_model: Any, question_model: Any, folder: Path, target: Path) -> None:
    """Write two SentenceTransformers with the same word vectors, whose files are in ``folder``, to ``target`` in both forms.

    The matrices that narrow a layer's inner width stay in float32: their inputs have outliers that int8 cannot hold,
    and with them the cosine to float32 is 0.999 where it would be 0.995.
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
    example = (torch.randn(2, 8, matrix.shape[1]), torch.ones(2, 8, dtype=torch.long))
    sizes = {"words": {0: "texts", 1: "tokens"}, "mask": {0: "texts", 1: "tokens"}, "vectors": {0: "texts"}}
    for task, model in (("query", question_model), ("document", passage_model)):
        whole = target / encoder_file(task, "float32")
        _export(Encoder(model[0].model.eval()), example, whole, sizes)
        _quantize(whole, target / encoder_file(task, "int8"))
    np.save(target / _WORDS, matrix.numpy().astype(np.float16))
    shutil.copyfile(folder / vocabulary.WHOLE, target / vocabulary.WHOLE)
    vocabulary.write_small(target)
    sums = {path.name: [path.stat().st_size, _sum(path)] for path in sorted(target.iterdir())}
    (target / _SUMS).write_text(json.dumps(sums, indent=1), "utf-8")


def _export(encoder: Any, example: tuple[Any, Any], path: Path, sizes: dict[str, dict[int, str]]) -> None:
    import warnings

    import torch

    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter that needs no further package says that it is the older one
        torch.onnx.export(
            encoder, example, str(path), input_names=["words", "mask"], output_names=["vectors"], dynamic_axes=sizes,
            dynamo=False, opset_version=17,
        )  # fmt: skip


def _quantize(whole: Path, small: Path) -> None:
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
            nodes_to_exclude=narrowing, reduce_range=not _has_vnni(),
        )  # fmt: skip
    finally:
        root.disabled, root.level = before, level


def _allowed(form: str | None, folder: Path) -> str:
    """Return ``form``, or the one chosen here. Raises ModelError where int8 is asked for and too far from float32 here."""
    if form == "float32":
        return form
    measured = measured_forms(folder)
    if form == "int8" and measured["cosine"] < LEAST_COSINE:
        raise ModelError(
            f"On this processor the model's int8 form is too far from float32 (cosine {measured['cosine']}, where {LEAST_COSINE} "
            "is asked for). Set QA_EMBEDDING_FORM to auto or float32."
        )
    return form or str(measured["form"])


def measured_forms(folder: Path) -> dict[str, Any]:
    """Return the ``form`` of the model in ``folder`` that is fastest here and near enough to float32, and the figures.

    It is measured once for a processor and a version of onnxruntime, and kept in ``choice.json``; ``cosine`` is the least
    between the two forms.
    """
    if known := _kept(folder):
        return known
    seconds, vectors = {}, {}
    for form in FORMS:
        compiled = _Compiled(folder, form)
        vectors[form] = np.vstack([compiled.encode(_SAMPLE, task, task) for task in TASKS])
        seconds[form] = min(_seconds(compiled) for _ in range(3))
    cosine = float((vectors["int8"] * vectors["float32"]).sum(axis=1).min())
    form = "int8" if cosine >= LEAST_COSINE and seconds["int8"] < seconds["float32"] else "float32"
    speed = round(seconds["float32"] / seconds["int8"], 2)
    measured = {"form": form, **_here(), "int8 speed over float32": speed, "cosine": round(cosine, 5)}
    (folder / _CHOICE).write_text(json.dumps(measured, indent=1), "utf-8")
    return measured


def _kept(folder: Path) -> dict[str, Any]:
    """Return what was measured before, on this processor and with this version of onnxruntime, or nothing."""
    try:
        known = json.loads((folder / _CHOICE).read_text("utf-8"))
        if all(known.get(key) == value for key, value in _here().items()) and known["form"] in FORMS:
            return {**known, "cosine": float(known["cosine"])}
    except (OSError, ValueError, KeyError, TypeError):
        pass  # never measured, or not to the end
    return {}


def _here() -> dict[str, str]:
    return {"processor": _processor(), "onnxruntime": version("onnxruntime")}


def is_whole(folder: Path, forms: Collection[str] = FORMS) -> bool:
    """Say whether the conversion in ``folder`` was finished and its files are as they were made.

    The word vectors, and encoders of other ``forms``, count by their size alone: their digests would take as long as
    starting does.
    """
    try:
        sums = json.loads((folder / _SUMS).read_text("utf-8"))
        encoders = {encoder_file(task, form): form for task in TASKS for form in FORMS}
        unread = {_WORDS} | {name for name, form in encoders.items() if form not in forms}
        return {_WORDS, *_TOKENIZERS, *encoders} <= set(sums) and all(
            (folder / name).stat().st_size == size and (name in unread or _sum(folder / name) == digest)
            for name, (size, digest) in sums.items()
        )
    except (OSError, ValueError):
        return False


def _seconds(compiled: _Compiled) -> float:
    started = time.perf_counter()
    compiled.encode(_SAMPLE, "document", "document")
    return time.perf_counter() - started


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cpu_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return []


def _processor() -> str:
    named = (line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name"))
    return f"{next(named, platform.processor() or platform.machine())}{' with VNNI' if _has_vnni() else ''}"


def _has_vnni() -> bool:
    """Say whether the processor adds up int8 products without overflow; where not, weights keep to 7 bits."""
    return any("vnni" in line for line in _cpu_lines() if line.startswith("flags"))
