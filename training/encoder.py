"""Train the embedding model on what ``training.pairs`` made: ``python -m training.encoder PAIRS.npz OUT``.

A question is scored against every passage of its batch (InfoNCE): among those of its language, of the other one, and of
both, where each language's answer counts, so that scores mean the same across languages. A batch is of one kind, and laws
come in runs of neighbouring sections, which are what a section is mistaken for. Word vectors stay as they are. Then the
trained weights are mixed with the ones they came from (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR
2022), the share chosen on the tuning halves, and six of the twelve layers are taught to give the mixture's vectors.

It needs numpy and torch alone. With an accelerator ten minutes are enough; ``--seconds`` bounds each of the two parts.
OUT gets the difference to the weights it came from, the six layers and, with ``--vectors``, the vectors of the texts that are measured.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from numpy.typing import NDArray
from torch import Tensor, nn

from training.weights import save, unpack

TEMPERATURE = 0.01  # what the model was first trained with, so that cosines stay where they were
RATE, STUDENT_RATE, WARM, DECAY = 1e-4, 3e-4, 0.06, 0.01
NEIGHBOURS = 16  # sections in a row
SHARES = (0.4, 0.6, 0.8, 1.0)
KINDS = {"notes": 0.5, "sentences": 0.2, "headings": 0.15, "asked": 0.15}
SIZES = {"notes": 512, "sentences": 1536, "headings": 768, "asked": 256}
LIKE_TEACHER = 20.0  # the weight of one minus the cosine to the teacher's vector
HEADS, EPSILON = 12, 1e-12
AT_ONCE = 32_768  # tokens that go through the layers together, padding included

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


class Encoder(nn.Module):
    """Token numbers to unit vectors: the mean over the last layer."""

    def __init__(self, words: Tensor, positions: int, inner: int, layers: int) -> None:
        super().__init__()
        size = words.shape[1]
        self.register_buffer("words", words, persistent=False)
        self.positions, self.first_norm = nn.Embedding(positions, size), nn.LayerNorm(size, EPSILON)
        self.kind = nn.Parameter(torch.zeros(size))
        self.layers = nn.ModuleList(Layer(size, inner) for _ in range(layers))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.first_norm(self.words[ids] + self.positions.weight[: ids.shape[1]] + self.kind)
        seen = mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, seen)
        weight = mask[..., None].to(x.dtype)
        return F.normalize(((x * weight).sum(1) / weight.sum(1)).float(), dim=1)


# this module's names -> transformers'
_LAYER = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "attention_out": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense", "narrow": "output.dense", "norm": "output.LayerNorm",
}  # fmt: skip


def base_of(pairs: Path) -> Path:
    """Return where ``training.pairs`` wrote the weights to start from."""
    return pairs.with_suffix(".base.npz")


def read_base(path: Path) -> tuple[Tensor, Weights]:
    """Return the word vectors and the other weights, by this module's names, of the file beside the pairs."""
    given = {name: torch.from_numpy(np.array(one)) for name, one in unpack(np.load(base_of(path))).items()}
    words = given["embeddings.word_embeddings.weight"]
    named = {
        "positions.weight": given["embeddings.position_embeddings.weight"],
        "kind": given["embeddings.token_type_embeddings.weight"][0],
        "first_norm.weight": given["embeddings.LayerNorm.weight"],
        "first_norm.bias": given["embeddings.LayerNorm.bias"],
    }
    layers = 1 + max(int(name.split(".")[2]) for name in given if name.startswith("encoder.layer."))
    for layer in range(layers):
        for ours, theirs in _LAYER.items():
            for part in ("weight", "bias"):
                named[f"layers.{layer}.{ours}.{part}"] = given[f"encoder.layer.{layer}.{theirs}.{part}"]
    return words, {name: one.float() for name, one in named.items()}


def encoder_of(words: Tensor, weights: Weights, device: str) -> Encoder:
    """Return an encoder with ``weights``."""
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))
    inner = weights["layers.0.widen.weight"].shape[0]
    made = Encoder(words.to(device), weights["positions.weight"].shape[0], inner, layers)
    made.load_state_dict(weights)
    return made.to(device)


def as_arrays(weights: Weights) -> dict[str, NDArray[np.float32]]:
    """Return the weights for a file."""
    return {name: one.detach().float().cpu().numpy() for name, one in weights.items()}


def every_second(weights: Weights) -> Weights:
    """Return the weights without the layers 0, 2, 4 and so on."""
    kept: Weights = {}
    for name, one in weights.items():
        if not name.startswith("layers."):
            kept[name] = one
            continue
        _, number, rest = name.split(".", 2)
        if int(number) % 2:
            kept[f"layers.{int(number) // 2}.{rest}"] = one
    return {name: one.clone() for name, one in kept.items()}


def mixed(base: Weights, trained: Weights, share: float) -> Weights:
    """Return ``base`` moved by ``share`` of the way to ``trained``."""
    return {name: base[name] + share * (trained[name] - base[name]) for name in base}


class Data:
    """The file of ``training.pairs``, on ``device``."""

    def __init__(self, path: Path, device: str) -> None:
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
        head, most = self.heads[role], 256
        whole = [np.concatenate([head, one[: most - len(head) - 1], [self.last]]) for one in texts]
        lengths = np.array([len(one) for one in whole])
        order = np.argsort(-lengths, kind="stable")
        at = 0
        while at < len(order):
            longest = int(lengths[order[at]])
            longest += -longest % 8
            chosen = order[at : at + max(1, AT_ONCE // longest)]
            at += len(chosen)
            ids, mask = np.zeros((len(chosen), longest), np.int64), np.zeros((len(chosen), longest), bool)
            for row, one in enumerate(chosen):
                ids[row, : len(whole[one])], mask[row, : len(whole[one])] = whole[one], True
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


Encode = Callable[[list[NDArray[np.int64]], str], Tensor]


def contrast(scores: Tensor, right: Tensor, usable: Tensor) -> Tensor:
    """Return the mean of ``-log p`` over the ``right`` of each row, the others of them left out, among the ``usable``."""
    scores = scores.masked_fill(~usable & ~right, -torch.inf)
    others = torch.logsumexp(scores.masked_fill(right, -torch.inf), 1, keepdim=True)
    losses = torch.logaddexp(others, scores) - scores
    return losses[right].mean()


def notes_loss(data: Data, encode_: Encode, size: int, chance: np.random.Generator) -> Tensor:
    """Notes of sections in runs, in both languages, against the sections of each language and of both."""
    rows = data.arrays["notes"]
    starts = chance.integers(0, len(rows) - NEIGHBOURS, size // NEIGHBOURS)
    picked = rows[(starts[:, None] + np.arange(NEIGHBOURS)).ravel()]
    titled, named = chance.random(len(picked)) < 0.6, chance.random(len(picked)) < 0.3
    queries, passages = [], []
    for side in (0, 1):
        for row, with_title, with_name in zip(picked, titled, named, strict=True):
            title = row[4 + side]
            queries.append(data.tokens(*([title] if title >= 0 and with_name else []), row[side]))
            passages.append(data.tokens(*([title] if title >= 0 and with_title else []), row[2 + side]))
    return two_languages(encode_(queries, "query"), encode_(passages, "passage"), picked[:, :4])


def two_languages(asked: Tensor, found: Tensor, rows: NDArray[np.int32]) -> Tensor:
    """Return the loss of questions, English then French, against passages in the same order; ``rows`` say which are one text."""
    count, device = len(rows), asked.device
    language = torch.arange(2 * count, device=device) // count
    number = torch.arange(count, device=device).repeat(2)
    right = number[:, None] == number[None]
    given = torch.as_tensor(rows, device=device)
    usable = ~(given[:, None] == given[None]).any(2).repeat(2, 2)  # what has the same note or text is no wrong answer
    scores = asked @ found.T / TEMPERATURE
    alike = language[:, None] == language[None]
    return (
        contrast(scores, right & alike, usable & alike)
        + contrast(scores, right & ~alike, usable & ~alike)
        + contrast(scores, right, usable)
    ) / 3


def sentences_loss(data: Data, encode_: Encode, size: int, chance: np.random.Generator) -> Tensor:
    """Sentences against the other language's, where all others of both languages compete."""
    rows, pairs = data.arrays["sentences"], data.arrays["asked_pairs"]
    picked = np.concatenate(
        [rows[chance.integers(0, len(rows), size)], pairs[chance.integers(0, len(pairs), size // 16)]]
    )
    texts = [data.tokens(one) for one in picked.T.ravel()]
    half = len(texts) // 2
    some = chance.permutation(len(texts))[:half]
    asked, found = encode_([texts[one] for one in some], "query"), encode_(texts, "passage")
    other = torch.as_tensor((some + half) % len(texts), device=data.device)
    itself = torch.as_tensor(some, device=data.device)
    number = torch.as_tensor(picked.T.ravel(), device=data.device)
    right = torch.zeros(half, len(texts), dtype=torch.bool, device=data.device)
    right[torch.arange(half), other] = True
    usable = (number[itself][:, None] != number[None]) & (number[other][:, None] != number[None])
    scores = asked @ found.T / TEMPERATURE
    language = torch.arange(len(texts), device=data.device) // half
    apart = language[itself][:, None] != language[None]
    return (contrast(scores, right, usable) + contrast(scores, right, usable & apart)) / 2


def headings_loss(data: Data, encode_: Encode, size: int, chance: np.random.Generator) -> Tensor:
    """Headings against what stands under them."""
    rows = data.arrays["headings"]
    picked = rows[chance.choice(len(rows), size, replace=False)]
    asked = encode_([data.tokens(one) for one in picked[:, 0]], "query")
    found = encode_([data.tokens(one) for one in picked[:, 1]], "passage")
    number = torch.as_tensor(picked[:, 2], device=data.device)
    right = torch.eye(size, dtype=torch.bool, device=data.device)
    return contrast(asked @ found.T / TEMPERATURE, right, number[:, None] != number[None])


def asked_loss(data: Data, encode_: Encode, size: int, chance: np.random.Generator) -> Tensor:
    """Questions of the tuning halves against the passages of all of them."""
    queries, bounds, passages = (data.arrays[f"asked_{name}"] for name in ("queries", "bounds", "passages"))
    picked = chance.choice(len(queries), size, replace=False)
    best = data.best[picked]
    asked = encode_([data.tokens(one) for one in queries[picked]], "query")
    found = encode_([data.tokens(one) for one in best], "passage")
    answers = [set(passages[bounds[one] : bounds[one + 1]].tolist()) for one in picked]
    usable = torch.tensor([[one not in answer for one in best.tolist()] for answer in answers], device=data.device)
    question = torch.as_tensor(queries[picked], device=data.device)
    usable &= question[:, None] != question[None]
    right = torch.eye(size, dtype=torch.bool, device=data.device)
    return contrast(asked @ found.T / TEMPERATURE, right, usable)


LOSSES = {"notes": notes_loss, "sentences": sentences_loss, "headings": headings_loss, "asked": asked_loss}


def choose_passages(model: Encoder, data: Data) -> None:
    """Take for each question of the tuning halves the passage of its answers that the model finds nearest."""
    queries, bounds, passages = (data.arrays[f"asked_{name}"] for name in ("queries", "bounds", "passages"))
    with torch.inference_mode():
        asked = encode(model, data, [data.tokens(one) for one in queries], "query")
        found = encode(model, data, [data.tokens(one) for one in passages], "passage")
        data.best = np.array([
            passages[bounds[at] + int((found[bounds[at] : bounds[at + 1]] @ asked[at]).argmax())] for at in range(len(queries))
        ])  # fmt: skip


def train(
    model: Encoder, data: Data, *, seconds: float, rate: float, scale: float, teacher: Encoder | None = None
) -> None:
    """Train for ``seconds``; with a ``teacher``, to give its vectors as well."""
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), rate, weight_decay=DECAY, betas=(0.9, 0.98))
    chance = np.random.default_rng(0)
    started, step, sums = time.monotonic(), 0, dict[str, Any].fromkeys(KINDS, 0.0)
    counts, tokens, said = dict.fromkeys(KINDS, 0), 0, 0.0
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * (
                done / WARM if done < WARM else 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))
            )
        kind = str(chance.choice(list(KINDS), p=list(KINDS.values())))
        apart: list[Tensor] = []

        def encode_(texts: list[NDArray[np.int64]], role: str, apart: list[Tensor] = apart) -> Tensor:
            nonlocal tokens
            tokens += sum(len(one) for one in texts)
            vectors = encode(model, data, texts, role)
            if teacher is not None:
                with torch.no_grad():
                    wanted = encode(teacher, data, texts, role)
                apart.append(1 - (vectors * wanted).sum(1).mean())
            return vectors

        size = max(NEIGHBOURS, int(SIZES[kind] * scale) // NEIGHBOURS * NEIGHBOURS)
        loss = LOSSES[kind](data, encode_, size, chance)
        whole = loss + LIKE_TEACHER * sum(apart) if apart else loss
        optimizer.zero_grad()
        whole.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        sums[kind], counts[kind], step = sums[kind] + loss.detach(), counts[kind] + 1, step + 1
        if time.monotonic() - started - said > 15:
            said = time.monotonic() - started
            means = " ".join(f"{name} {float(sums[name]) / max(1, counts[name]):.3f}" for name in KINDS)
            speed = tokens / (time.monotonic() - started)
            print(f"step {step}, {done:.0%}, {speed:,.0f} tokens/s: {means}", flush=True)
            sums, counts = dict.fromkeys(KINDS, 0.0), dict.fromkeys(KINDS, 0)
    model.eval()


def vectors_of(model: Encoder, data: Data) -> dict[tuple[str, int], Tensor]:
    """Return the vectors of what is measured, by role and text."""
    wanted: dict[str, set[int]] = {"query": set(), "passage": set()}
    for name, array in data.arrays.items():
        if name.endswith("_rows"):
            wanted["query"].update(one for row in json.loads(array.tobytes()) for one in row["queries"])
            wanted["passage"].update(data.arrays[name.replace("_rows", "_passages")][:, 0].tolist())
    result = {}
    with torch.inference_mode():
        for role, numbers in wanted.items():
            texts = sorted(numbers)
            for at in range(0, len(texts), 4096):
                part = texts[at : at + 4096]
                vectors = encode(model, data, [data.tokens(one) for one in part], role)
                result |= {(role, one): vector for one, vector in zip(part, vectors, strict=True)}
    return result


def measure(vectors: dict[tuple[str, int], Tensor], data: Data) -> Iterator[tuple[str, str, list[float]]]:
    """Yield the half, the label, and hit@1, hit@10 and nDCG@10 of each row, by vectors alone."""
    for name in (name.removesuffix("_rows") for name in data.arrays if name.endswith("_rows")):
        passages = data.arrays[f"{name}_passages"]
        matrix = torch.stack([vectors["passage", one] for one in passages[:, 0].tolist()])
        document = torch.as_tensor(passages[:, 1], dtype=torch.long, device=matrix.device)
        language = torch.as_tensor(passages[:, 2], device=matrix.device)
        documents = int(document.max()) + 1
        for row in json.loads(data.arrays[f"{name}_rows"].tobytes()):
            asked = torch.stack([vectors["query", one] for one in row["queries"]])
            scores = asked @ matrix.T
            if row["language"] >= 0:
                scores[:, language != row["language"]] = -2
            best = torch.full((len(asked), documents), -2.0, device=matrix.device)
            best.scatter_reduce_(1, document.expand(len(asked), -1), scores, "amax")
            order = best.topk(10, 1).indices.tolist()
            yield (
                row["half"],
                f"{name} | {row['label']}",
                np.mean(
                    [_measures(found, set(gold)) for found, gold in zip(order, row["gold"], strict=True)], axis=0
                ).tolist(),
            )


def _measures(found: list[int], gold: set[int]) -> list[float]:
    hits = [one in gold for one in found]
    gain = sum(hit / math.log2(at + 2) for at, hit in enumerate(hits))
    return [float(hits[0]), float(any(hits)), gain / sum(1 / math.log2(at + 2) for at in range(min(10, len(gold))))]


def show(title: str, columns: dict[str, list[tuple[str, str, list[float]]]]) -> None:
    """Print the rows of several models beside each other, with their means."""
    print(f"\n## {title}\n| half | row | " + " | ".join(columns) + " |", flush=True)
    for half in ("tuning", "reporting"):
        apart = {name: [row for row in rows if row[0] == half] for name, rows in columns.items()}
        for together in zip(*apart.values(), strict=True):
            cells = " | ".join(" / ".join(f"{one:.3f}" for one in row[2]) for row in together)
            print(f"| {half} | {together[0][1]} | {cells} |")
        print(
            f"| {half} | mean | "
            + " | ".join(f"{np.mean([r[2] for r in rows]):.4f}" for rows in apart.values())
            + " |",
            flush=True,
        )


def mean_on_tuning(rows: list[tuple[str, str, list[float]]]) -> float:
    """Return the mean nDCG@10 over the rows of the tuning halves."""
    return float(np.mean([row[2][2] for row in rows if row[0] == "tuning"]))


def save_vectors(path: Path, vectors: dict[tuple[str, int], Tensor]) -> None:
    """Write vectors in int8 with a scale each."""
    keys = sorted(vectors)
    matrix = torch.stack([vectors[key] for key in keys]).float().cpu().numpy()
    scale = np.abs(matrix).max(1) / 127
    np.savez(
        path, role=np.array([int(role == "passage") for role, _ in keys], np.uint8),
        text=np.array([text for _, text in keys], np.int32), scale=scale.astype(np.float32),
        vector=np.round(matrix / scale[:, None]).astype(np.int8),
    )  # fmt: skip


def main() -> None:
    """Train, mix, shorten, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, nargs=2, default=(240, 150), help="for twelve layers and for six")
    parser.add_argument("--scale", type=float, default=1.0, help="the size of batches")
    parser.add_argument("--vectors", action="store_true", help="write the vectors of what is measured")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = True
    device = "cuda" if torch.cuda.is_available() else "cpu"
    clock = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - clock:.0f} s] {text}", flush=True)

    data = Data(options.pairs, device)
    words, base = read_base(options.pairs)
    base = {name: one.to(device) for name, one in base.items()}
    model = encoder_of(words, base, device)
    say(f"read; {device}")
    choose_passages(model, data)
    columns = {"base": list(measure(vectors_of(model, data), data))}
    say(f"the base: {mean_on_tuning(columns['base']):.4f}")
    train(model, data, seconds=options.seconds[0], rate=RATE, scale=options.scale)
    trained = {name: one.detach().clone() for name, one in model.state_dict().items()}
    save(options.out / "trained.npz", as_arrays({name: trained[name] - base[name] for name in base}))
    say("trained")
    vectors = {}
    for share in SHARES:
        model.load_state_dict(mixed(base, trained, share))
        vectors[share] = vectors_of(model, data)
        columns[f"{share:g}"] = list(measure(vectors[share], data))
        say(f"share {share}: {mean_on_tuning(columns[f'{share:g}']):.4f}")
    best = max(SHARES, key=lambda share: mean_on_tuning(columns[f"{share:g}"]))
    if options.vectors:
        save_vectors(options.out / "vectors12.npz", vectors[best])
    model.load_state_dict(mixed(base, trained, best))
    student = encoder_of(words, every_second(mixed(base, trained, best)), device)
    train(student, data, seconds=options.seconds[1], rate=STUDENT_RATE, scale=options.scale, teacher=model)
    save(options.out / "six.npz", as_arrays(student.state_dict()))
    short = vectors_of(student, data)
    columns["six"] = list(measure(short, data))
    if options.vectors:
        save_vectors(options.out / "vectors6.npz", short)
    say(f"six layers: {mean_on_tuning(columns['six']):.4f}; share {best}")
    show("hit@1 / hit@10 / nDCG@10, vectors alone", columns)


if __name__ == "__main__":
    main()
