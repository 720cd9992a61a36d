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
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.bert import Data, Encoder, as_arrays, encode, encoder_of, mixed, only, read_base
from training.ranking import mean_on_tuning, measure, save_vectors, show, vectors_of
from training.weights import save

TEMPERATURE = 0.01  # what the model was first trained with, so that cosines stay where they were
RATE, STUDENT_RATE, WARM, DECAY = 1e-4, 3e-4, 0.06, 0.01
NEIGHBOURS = 16  # sections in a row
SHARES = (0.4, 0.6, 0.8, 1.0)
KINDS = {"notes": 0.5, "sentences": 0.2, "headings": 0.15, "asked": 0.15}
SIZES = {"notes": 512, "sentences": 1536, "headings": 768, "asked": 256}
LIKE_TEACHER = 20.0  # the weight of one minus the cosine to the teacher's vector

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
    student = encoder_of(words, only(mixed(base, trained, best), range(1, len(model.layers), 2)), device)
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
