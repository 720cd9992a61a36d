"""The embedding model as training sees it: its layers in PyTorch, its weights, and texts in batches of about one length."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from numpy.typing import NDArray
from torch import Tensor, nn

from training.weights import unpack

HEADS, EPSILON = 12, 1e-12
AT_ONCE = {"cuda": 32_768, "cpu": 2_048}  # tokens that go through the layers together, padding included

Weights = dict[str, Tensor]


class Layer(nn.Module):
    """A layer of BERT."""

    def __init__(self, size: int, inner: int) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.attention_out, self.attention_norm = nn.Linear(size, size), nn.LayerNorm(size, EPSILON)
        self.widen, self.narrow, self.norm = nn.Linear(size, inner), nn.Linear(inner, size), nn.LayerNorm(size, EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        texts, length, size = x.shape
        parts = (one(x).view(texts, length, HEADS, -1).transpose(1, 2) for one in (self.query, self.key, self.value))
        seen = F.scaled_dot_product_attention(*parts, attn_mask=mask).transpose(1, 2).reshape(texts, length, size)
        x = self.attention_norm(x + self.attention_out(seen))
        return self.norm(x + self.narrow(F.gelu(self.widen(x))))


class LowRank(nn.Module):
    """A linear layer that stays as it is, and a product of two narrow matrices beside it that learns (Hu et al., "LoRA", 2021)."""

    def __init__(self, given: nn.Linear, rank: int) -> None:
        super().__init__()
        self.given = given
        self.down = nn.Parameter(torch.randn(rank, given.in_features) / math.sqrt(given.in_features))
        self.up = nn.Parameter(torch.zeros(given.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        return self.given(x) + F.linear(F.linear(x, self.down), self.up)


class Encoder(nn.Module):
    """Token numbers to unit vectors: the mean over the last layer."""

    def __init__(self, words: Tensor, positions: int, inner: int, layers: int) -> None:
        super().__init__()
        size = words.shape[1]
        self.register_buffer("words", words, persistent=False)
        self.positions, self.first_norm = nn.Embedding(positions, size), nn.LayerNorm(size, EPSILON)
        self.kind = nn.Parameter(torch.zeros(size))
        self.layers = nn.ModuleList(Layer(size, inner) for _ in range(layers))

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the last layer."""
        x = self.first_norm(self.words[ids] + self.positions.weight[: ids.shape[1]] + self.kind)
        seen = mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, seen)
        return x

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.states(ids, mask)
        weight = mask[..., None].to(x.dtype)
        return F.normalize(((x * weight).sum(1) / weight.sum(1)).float(), dim=1)


# this module's names -> transformers'
LAYER_NAMES = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "attention_out": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense", "narrow": "output.dense", "norm": "output.LayerNorm",
}  # fmt: skip


def base_of(pairs: Path) -> Path:
    """Return where ``training.pairs`` wrote the weights to start from."""
    return pairs.with_suffix(".base.npz")


def read_base(path: Path) -> tuple[Tensor, Weights]:
    """Return the word vectors and the other weights, by this module's names, of the file beside the pairs."""
    return named({name: torch.from_numpy(np.array(one)) for name, one in unpack(np.load(base_of(path))).items()})


def named(given: Mapping[str, Tensor]) -> tuple[Tensor, Weights]:
    """Return the word vectors and the other weights, by this module's names, of a model of transformers."""
    words = given["embeddings.word_embeddings.weight"]
    ours = {
        "positions.weight": given["embeddings.position_embeddings.weight"],
        "kind": given["embeddings.token_type_embeddings.weight"][0],
        "first_norm.weight": given["embeddings.LayerNorm.weight"],
        "first_norm.bias": given["embeddings.LayerNorm.bias"],
    }
    layers = 1 + max(int(name.split(".")[2]) for name in given if name.startswith("encoder.layer."))
    for layer in range(layers):
        for name, theirs in LAYER_NAMES.items():
            for part in ("weight", "bias"):
                ours[f"layers.{layer}.{name}.{part}"] = given[f"encoder.layer.{layer}.{theirs}.{part}"]
    return words, {name: one.float() for name, one in ours.items()}


def encoder_of(words: Tensor, weights: Weights, device: str) -> Encoder:
    """Return an encoder with ``weights``."""
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))
    inner = weights["layers.0.widen.weight"].shape[0]
    made = Encoder(words.to(device), weights["positions.weight"].shape[0], inner, layers)
    made.load_state_dict(weights)
    return made.to(device)


def made_low_rank(model: Encoder, rank: int, first: int) -> None:
    """Let nothing learn but matrices of ``rank`` beside every linear layer from layer ``first`` on."""
    model.requires_grad_(False)
    for layer in list(model.layers)[first:]:
        for name, one in list(layer.named_children()):
            if isinstance(one, nn.Linear):
                setattr(layer, name, LowRank(one, rank))


def whole(weights: Weights) -> Weights:
    """Return the weights with what was learnt at low rank added to what it stands beside."""
    result = {}
    for name, one in weights.items():
        stem, _, last = name.rpartition(".")
        if stem.endswith(".given"):
            stem = stem.removesuffix(".given")
            result[f"{stem}.{last}"] = (
                one + weights[f"{stem}.up"] @ weights[f"{stem}.down"] if last == "weight" else one
            )
        elif last not in ("up", "down"):
            result[name] = one
    return result


def narrow_of(weights: Weights) -> Weights:
    """Return the matrices that ``made_low_rank`` added, by the names of transformers' layers."""
    found = {}
    for name, one in weights.items():
        parts = name.split(".")
        if parts[-1] in ("up", "down"):
            found[f"encoder.layer.{parts[1]}.{LAYER_NAMES[parts[2]]}.{parts[-1]}"] = one.half().contiguous()
    return found


def from_narrow(file: Weights) -> Weights:
    """Return, by this module's names, the matrices that ``narrow_of`` returned; what else is in ``file`` is left."""
    ours = {theirs: name for name, theirs in LAYER_NAMES.items()}
    found = {}
    for name, one in file.items():
        layer, _, rest = name.removeprefix("encoder.layer.").partition(".")
        theirs, _, side = rest.rpartition(".")
        if theirs in ours:
            found[f"layers.{layer}.{ours[theirs]}.{side}"] = one.float()
    return found


def as_arrays(weights: Weights) -> dict[str, NDArray[np.float32]]:
    """Return the weights for a file."""
    return {name: one.detach().float().cpu().numpy() for name, one in weights.items()}


def only(weights: Weights, layers: Iterable[int]) -> Weights:
    """Return the weights with these layers alone, numbered anew."""
    kept = {name: one.clone() for name, one in weights.items() if not name.startswith("layers.")}
    for new, old in enumerate(layers):
        start = f"layers.{old}."
        kept |= {
            f"layers.{new}.{name.removeprefix(start)}": one.clone()
            for name, one in weights.items()
            if name.startswith(start)
        }
    return kept


def mixed(base: Weights, trained: Weights, share: float) -> Weights:
    """Return ``base`` moved by ``share`` of the way to ``trained``."""
    return {name: base[name] + share * (trained[name] - base[name]) for name in base}


class Data:
    """The file of ``training.pairs``, on ``device``."""

    def __init__(self, path: Path, device: str, most: int = 256) -> None:
        self.most = most  # tokens of a text, its prompt included
        self.arrays: dict[str, NDArray[Any]] = dict(np.load(path))
        self.device = device
        self.ids, self.starts = self.arrays["ids"].astype(np.int64), self.arrays["starts"].astype(np.int64)
        first, last = self.arrays["marks"].astype(np.int64)
        self.heads = {
            role: np.concatenate([[first], self.arrays[f"{role}_prompt"].astype(np.int64)])
            for role in ("query", "passage")
        }
        self.last = last
        ends = self.arrays["asked_bounds"]
        self.best = self.arrays["asked_passages"][ends[:-1]]  # until the model has chosen

    def tokens(self, *parts: int) -> NDArray[np.int64]:
        """Return the numbers of texts one after the other."""
        return np.concatenate([self.ids[self.starts[one] : self.starts[one + 1]] for one in parts])

    def batch(self, texts: list[NDArray[np.int64]], role: str) -> Iterator[tuple[NDArray[np.int64], Tensor, Tensor]]:
        """Yield texts of about one length: which they are, their numbers and their mask."""
        head = self.heads[role]
        full = [np.concatenate([head, one[: self.most - len(head) - 1], [self.last]]) for one in texts]
        lengths = np.array([len(one) for one in full])
        order = np.argsort(-lengths, kind="stable")
        at = 0
        while at < len(order):
            longest = int(lengths[order[at]])
            longest += -longest % 8
            chosen = order[at : at + max(1, AT_ONCE[self.device] // longest)]
            at += len(chosen)
            ids, mask = np.zeros((len(chosen), longest), np.int64), np.zeros((len(chosen), longest), bool)
            for row, one in enumerate(chosen):
                ids[row, : len(full[one])], mask[row, : len(full[one])] = full[one], True
            yield chosen, torch.from_numpy(ids).to(self.device), torch.from_numpy(mask).to(self.device)


def encode(model: Encoder, data: Data, texts: list[NDArray[np.int64]], role: str) -> Tensor:
    """Return a vector for each text, in order."""
    parts, order = [], []
    with torch.autocast(data.device, torch.bfloat16, enabled=data.device == "cuda"):
        for chosen, ids, mask in data.batch(texts, role):
            parts.append(model(ids, mask))
            order.append(chosen)
    back = np.argsort(np.concatenate(order), kind="stable")
    return torch.cat(parts)[torch.from_numpy(back).to(data.device)]
