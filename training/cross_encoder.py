"""Train a small cross-encoder: ``python -m training.cross_encoder LISTS.npz PAIRS.npz OUT [--layers 0 1 2]``.

Question and passage go through the first layers of the embedding model together, and what comes out is added to the sum that
the fusion gave the passage: the model learns what the fusion does not know. Each question of ``training.lists`` has what
answers it among the first 20 that the fusion found, and five others of them; the number alone is also, as a logit, the
chance that the passage answers. It needs numpy and torch alone; OUT gets the weights and the scores of what is measured.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from numpy.typing import NDArray
from torch import Tensor, nn

from training.bert import Encoder, as_arrays, encoder_of, only, read_base
from training.encoder import DECAY, WARM, contrast
from training.ranking import measures_of, show
from training.weights import load, save

LAYERS = (0, 1, 2)  # three read 20 passages in the time that a reranker has
ASKED, LONGEST = 40, 112  # tokens of the question, and of question and passage together
RATE, LISTS, NEGATIVES, ALONE, HELD_OUT = 2e-4, 11, 5, 0.3, 600
FUSED = 10.0  # what the fused sum counts at first, which differs by tenths
AT_ONCE, NONE = 64, -1e9  # pairs read together; the logit of no candidate
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)  # of what the model says, beside the sum


class CrossEncoder(nn.Module):
    """Token numbers of a question and a passage to a logit."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        size = encoder.words.shape[1]
        self.hidden, self.score = nn.Linear(size, size), nn.Linear(size, 1)
        self.fused = nn.Parameter(torch.tensor(FUSED))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        vectors = self.encoder(ids, mask) * math.sqrt(self.encoder.words.shape[1])
        return self.score(torch.tanh(self.hidden(vectors)))[:, 0]


class Lists:
    """What ``training.lists`` wrote."""

    def __init__(self, path: Path, device: str) -> None:
        self.arrays: dict[str, NDArray[Any]] = dict(np.load(path))
        self.rows = json.loads(self.arrays["rows"].tobytes())
        self.device = device
        self._ids, self._starts = self.arrays["ids"].astype(np.int64), self.arrays["starts"]
        first, self._last = self.arrays["marks"].astype(np.int64)
        self._head = np.concatenate([[first], self.arrays["query_prompt"].astype(np.int64)])

    def joined(self, pairs: list[tuple[int, int]]) -> tuple[Tensor, Tensor]:
        """Return the numbers of questions with passages, and their mask."""
        whole = []
        for question, passage in pairs:
            head = np.concatenate([self._head, self._tokens(question)[:ASKED], [self._last]])
            whole.append(np.concatenate([head, self._tokens(passage)[: LONGEST - len(head) - 1], [self._last]]))
        longest = max(len(one) for one in whole)
        longest += -longest % 8
        ids, mask = np.zeros((len(whole), longest), np.int64), np.zeros((len(whole), longest), bool)
        for row, one in enumerate(whole):
            ids[row, : len(one)], mask[row, : len(one)] = one, True
        return torch.from_numpy(ids).to(self.device), torch.from_numpy(mask).to(self.device)

    def length(self, text: int) -> int:
        """Return how many tokens a text has."""
        return int(self._starts[text + 1] - self._starts[text])

    def _tokens(self, text: int) -> NDArray[np.int64]:
        return self._ids[self._starts[text] : self._starts[text + 1]]


def train(model: CrossEncoder, lists: Lists, rows: NDArray[np.int64], *, seconds: float, size: int) -> None:
    """Train for ``seconds`` on the lists of ``rows``."""
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY, betas=(0.9, 0.98))
    chance = np.random.default_rng(0)
    questions, candidates, sums, answers = (
        lists.arrays[f"learnt_{name}"] for name in ("questions", "candidates", "fused", "right")
    )
    started, step, said = time.monotonic(), 0, 0.0
    told: list[tuple[float, float, float]] = []
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = RATE * (
                done / WARM if done < WARM else 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))
            )
        pairs: list[tuple[int, int]] = []
        places = []
        for row in chance.choice(rows, size, replace=False):
            right, wrong = np.flatnonzero(answers[row]), np.flatnonzero(~answers[row] & (candidates[row] >= 0))
            chosen = np.concatenate([chance.permutation(right)[:2], chance.permutation(wrong)])[: NEGATIVES + 1]
            pairs += [(int(questions[row]), int(candidates[row, at])) for at in chosen]
            places += [(row, at) for at in chosen]
        fused = torch.tensor([sums[place] for place in places], device=lists.device)
        right = torch.tensor([bool(answers[place]) for place in places], device=lists.device)
        own = torch.tensor([row for row, _ in places], device=lists.device)
        with torch.autocast(lists.device, torch.bfloat16, enabled=lists.device == "cuda"):
            logits = model(*lists.joined(pairs)).float()
        scores = (logits + model.fused * fused).expand(len(own), -1)
        alike = own[:, None] == own[None]
        listed = contrast(
            scores[right], (torch.eye(len(own), dtype=torch.bool, device=lists.device))[right], (alike & ~right)[right]
        )
        alone = F.binary_cross_entropy_with_logits(logits, right.float(), pos_weight=logits.new_tensor(NEGATIVES))
        optimizer.zero_grad()
        (listed + ALONE * alone).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        before = contrast(
            (FUSED * fused).expand(len(own), -1)[right],
            torch.eye(len(own), dtype=torch.bool, device=lists.device)[right],
            (alike & ~right)[right],
        )
        told.append((listed.item(), before.item(), alone.item()))
        if time.monotonic() - started - said > 60:
            said = time.monotonic() - started
            means = np.mean(told, 0)
            print(
                f"step {step}, {done:.0%}: lists {means[0]:.3f} (fused alone {means[1]:.3f}), alone {means[2]:.3f}, fused counts {model.fused.item():.1f}",
                flush=True,
            )
            told = []
    model.eval()


@torch.inference_mode()
def read(model: CrossEncoder, lists: Lists, name: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the logit of every candidate of the lists, texts of about one length read together."""
    questions, candidates = lists.arrays[f"{name}_questions"][rows], lists.arrays[f"{name}_candidates"][rows]
    scores = np.full(candidates.shape, NONE, np.float32)
    places = [tuple(place) for place in np.argwhere(candidates >= 0)]
    places.sort(key=lambda place: lists.length(int(candidates[place])))
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        ids, mask = lists.joined([(int(questions[row]), int(candidates[row, at])) for row, at in some])
        scores[tuple(zip(*some, strict=True))] = model(ids, mask).float().cpu().numpy()
    return scores


def held_out(lists: Lists, rows: NDArray[np.int64], scores: NDArray[np.float32], fused: float) -> dict[float, float]:
    """Return the mean reciprocal rank of what answers by share of what the model says."""
    sums, right = (lists.arrays[f"learnt_{name}"][rows] for name in ("fused", "right"))
    found = {}
    for share in SHARES:
        order = np.argsort(-(share * scores + fused * sums + (scores == NONE) * NONE), 1, kind="stable")
        found[share] = float((1 / (1 + np.take_along_axis(right, order, 1).argmax(1))).mean())
    return found


def drawn(lists: Lists, most: int) -> NDArray[np.int64]:
    """Return up to ``most`` lists of each row and half."""
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in np.random.default_rng(3).permutation(len(lists.rows)).tolist():
        row = lists.rows[number]
        if len(numbers[row["half"], row["label"]]) < most:
            numbers[row["half"], row["label"]].append(number)
    return np.array(sorted(number for found in numbers.values() for number in found))


def table(
    lists: Lists, numbers: NDArray[np.int64], scores: NDArray[np.float32], fused: float
) -> dict[str, list[tuple[str, str, list[float]]]]:
    """Return hit@1, hit@10 and nDCG@10 of each row by share of what the model says."""
    sums, columns = lists.arrays["measured_fused"], {}
    for share in SHARES:
        cells: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
        for at, number in enumerate(numbers):
            row = lists.rows[number]
            first = int((scores[at] > NONE).sum())
            total = share * scores[at, :first] + fused * sums[number, :first]
            ordered = [row["documents"][one] for one in np.argsort(-total, kind="stable")] + row["documents"][first:]
            cells[row["half"], row["label"]].append(
                measures_of(list(dict.fromkeys(ordered))[:10], set(row["relevant"]))
            )
        columns[f"{share:g}"] = [(*label, np.mean(figures, 0).tolist()) for label, figures in sorted(cells.items())]
    return columns


def main() -> None:
    """Train, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--layers", type=int, nargs="+", default=LAYERS)
    parser.add_argument("--seconds", type=float, default=2400)
    parser.add_argument("--measure", action="store_true", help="measure what OUT holds")
    parser.add_argument("--most", type=int, default=60, help="lists of a row that are measured")
    parser.add_argument("--size", type=int, default=LISTS, help="lists in a batch; more on an accelerator")
    options = parser.parse_args()
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    lists = Lists(options.lists, device)
    words, base = read_base(options.pairs)
    model = CrossEncoder(encoder_of(words, only(base, options.layers), device)).to(device)
    every = np.random.default_rng(2).permutation(len(lists.arrays["learnt_questions"]))
    if options.measure:
        model.load_state_dict({name: torch.from_numpy(one) for name, one in load(options.out / "cross.npz").items()})
        model.eval()
    else:
        train(model, lists, every[HELD_OUT:], seconds=options.seconds, size=options.size)
        save(options.out / "cross.npz", as_arrays(model.state_dict()))
    kept, counts = every[:HELD_OUT], model.fused.item()
    print(f"held out, MRR by share: {held_out(lists, kept, read(model, lists, 'learnt', kept), counts)}", flush=True)
    numbers = drawn(lists, options.most)
    started = time.monotonic()
    scores = read(model, lists, "measured", numbers)
    print(f"{(time.monotonic() - started) / len(numbers) * 1000:.0f} ms a list, in float32", flush=True)
    show("hit@1 / hit@10 / nDCG@10 by share of the cross-encoder", table(lists, numbers, scores, counts))


if __name__ == "__main__":
    main()
