"""Teach every second layer of the embedding model to give its vectors: ``python -m training.fewer_layers PAIRS.npz OUT.npz``.

What ``training.questions`` learns from, questions as they are read by now and passages as they always were, each of whose
vectors the model has given already; the loss is one minus the cosine. It then measures the test sets by vectors alone,
beside the twelve layers.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from torch import Tensor, nn

from qa.embedding.choice import get_embedder
from qa.evaluation.vector_cache import CachedEmbedder
from qa.settings import get_settings
from training.bert import Data, Encoder, as_arrays, encode, encoder_of, only, read_base
from training.encoder import DECAY, WARM
from training.questions import Askings, Numbers, Tokens
from training.ranking import measure, show, texts_of, vectors_of
from training.weights import save

LAYERS = range(1, 12, 2)
RATE, STEP = 3e-4, 6_000  # tokens of a step
QUESTIONS = 6_000
SETS = ("laws", "gov_articles", "fquad_dev")


class Taught:
    """Texts, and the vectors that they have to have."""

    def __init__(self, data: Data, texts: list[str], embedder: CachedEmbedder) -> None:
        drawn = Askings(data, texts)
        askings = [drawn.notes(), drawn.asked(), drawn.sentences(), drawn.headings()]
        passages = list(dict.fromkeys(text for asking in askings for text in asking.passages))
        every = sorted({text for asking in askings for ways in asking.asked for text in ways})
        questions = random.Random(0).sample(every, min(QUESTIONS, len(every)))
        tokens = Tokens(data)
        self.texts: dict[str, list[Numbers]] = {"query": tokens(questions), "passage": tokens(passages)}
        self.vectors = {
            "query": torch.from_numpy(embedder.encode_queries(questions)),
            "passage": torch.from_numpy(embedder.encode_passages(passages)),
        }

    def steps(self, chance: np.random.Generator) -> Iterator[tuple[str, Numbers]]:
        """Yield, for ever, a role and texts of about ``STEP`` tokens."""
        while True:
            order = [(role, number) for role, texts in self.texts.items() for number in range(len(texts))]
            chance.shuffle(order)
            waiting: dict[str, list[int]] = {role: [] for role in self.texts}
            size = dict.fromkeys(self.texts, 0)
            for role, number in order:
                waiting[str(role)].append(int(number))
                size[str(role)] += len(self.texts[str(role)][int(number)])
                if size[str(role)] > STEP:
                    yield str(role), np.array(waiting[str(role)])
                    waiting[str(role)], size[str(role)] = [], 0


def train(student: Encoder, data: Data, taught: Taught, seconds: float) -> None:
    """Train for ``seconds``, at a rate that rises and then falls to nothing."""
    student.train()
    optimizer = torch.optim.AdamW(student.parameters(), RATE, weight_decay=DECAY, betas=(0.9, 0.98))
    started, said, told = time.monotonic(), 0.0, dict[str, list[float]](query=[], passage=[])
    for step, (role, numbers) in enumerate(taught.steps(np.random.default_rng(0)), start=1):
        done = (time.monotonic() - started) / seconds
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = RATE * (
                done / WARM if done < WARM else 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))
            )
        vectors = encode(student, data, [taught.texts[role][number] for number in numbers], role)
        apart = 1 - (vectors * taught.vectors[role][numbers]).sum(1).mean()
        optimizer.zero_grad()
        apart.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        told[role].append(1 - apart.item())
        if time.monotonic() - started - said > 60:
            said = time.monotonic() - started
            means = ", ".join(f"{role} {np.mean(one):.4f}" for role, one in told.items() if one)
            print(f"step {step}, {done:.0%}: cosine {means}", flush=True)
            told = {role: [] for role in told}
    student.eval()


def main() -> None:
    """Teach, write and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=1800)
    options = parser.parse_args()
    torch.manual_seed(0)
    data, settings = Data(options.pairs, "cpu", 128), get_settings()
    for name in [name for name in data.arrays if name.endswith("_rows") and name.removesuffix("_rows") not in SETS]:
        del data.arrays[name]
    texts = json.loads(options.pairs.with_suffix(".texts.json").read_text("utf-8"))
    embedder = CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors")
    words, base = read_base(options.pairs)
    student = encoder_of(words, only(base, LAYERS), "cpu")
    train(student, data, Taught(data, texts, embedder), options.seconds)
    save(options.out, as_arrays(student.state_dict()))
    data.most = 256
    whole: dict[tuple[str, int], Tensor] = {}
    for role, encode_ in (("query", embedder.encode_queries), ("passage", embedder.encode_passages)):
        numbers = texts_of(data)[role]
        made = torch.from_numpy(encode_([texts[number] for number in numbers]))
        whole |= {(role, number): one for number, one in zip(numbers, made, strict=True)}
    six = vectors_of(student, data)
    close = F.cosine_similarity(torch.stack([six[key] for key in whole]), torch.stack(list(whole.values())))
    print(f"cosine to the twelve layers' vectors: {close.mean():.4f}, lowest tenth {close.quantile(0.1):.4f}")
    columns = {"twelve layers": list(measure(whole, data)), "six": list(measure(six, data))}
    show("hit@1 / hit@10 / nDCG@10, vectors alone", columns)


if __name__ == "__main__":
    main()
