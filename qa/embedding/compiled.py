"""The default model compiled for a CPU: several times faster than PyTorch, and started without importing it.

``qa.embedding.conversion`` writes it once, in float32 and in int8; which of the two forms answers is measured on this machine.
"""

from __future__ import annotations

import json
import logging
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

from qa.embedding.conversion import FORMS, WORDS, convert, encoder_file, is_whole
from qa.embedding.model import E5_PROMPTS, Logits, SentenceTransformerEmbedder, Vectors
from qa.embedding.processor import processor_name
from qa.embedding.reader import pair
from qa.embedding.vocabulary import Vocabulary
from qa.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

logger = logging.getLogger(__name__)

LEAST_COSINE = 0.995  # to the float32 form, for int8 to be taken
_CHOICE = "choice.json"
_EMBEDS = ("query", "document")  # the encoders that give a text's vector
# Texts, and pairs, at once: sorted by length, small batches waste little on padding.
_BATCH, _PAIRS, _MAX_TOKENS = 8, 4, 512
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

    def read(self, question: str, sentences: Sequence[str]) -> Logits:
        return self._compiled().read(question, sentences)

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
                original = self._original
                convert(original.model(), original.question_model(), original.reader(), self._folder, scratch)
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
            self._words: NDArray[np.float16] = np.load(folder / WORDS, mmap_mode="r", allow_pickle=False)
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

    def read(self, question: str, sentences: Sequence[str]) -> Logits:
        """Return, for each of ``sentences``, the logit of its answering ``question``."""
        session = self._encoder("reader")
        first, *others = self._vocabulary.numbers(
            [E5_PROMPTS["query"] + question, *(E5_PROMPTS["document"] + sentence for sentence in sentences)]
        )
        pairs = [pair(first, sentence) for sentence in others]
        result = np.zeros(len(sentences), dtype=np.float32)
        for chosen, words, mask in self._batches([numbers for numbers, _ in pairs], _PAIRS):
            asked = mask * (np.arange(mask.shape[1]) < pairs[0][1])
            result[chosen] = session.run(None, {"words": words, "mask": mask, "asked": asked})[0]
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
        self, numbers: Sequence[list[int]], size: int = _BATCH
    ) -> Iterator[tuple[list[int], NDArray[np.float32], NDArray[np.int64]]]:
        order = sorted(range(len(numbers)), key=lambda index: len(numbers[index]))
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            longest = len(numbers[chosen[-1]])
            padded = np.zeros((len(chosen), longest), dtype=np.int64)
            mask = np.zeros_like(padded)
            for row, index in enumerate(chosen):
                padded[row, : len(numbers[index])] = numbers[index]
                mask[row, : len(numbers[index])] = 1
            yield chosen, self._words[padded].astype(np.float32), mask


def _unusable(folder: Path, error: Exception) -> ModelError:
    return ModelError(f"The converted model in {folder} cannot be opened ({error}). Delete it, and try again.")


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
        vectors[form] = np.vstack([compiled.encode(_SAMPLE, task, task) for task in _EMBEDS])
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
    return {"processor": processor_name(), "onnxruntime": version("onnxruntime")}


def _seconds(compiled: _Compiled) -> float:
    started = time.perf_counter()
    compiled.encode(_SAMPLE, "document", "document")
    return time.perf_counter() - started
