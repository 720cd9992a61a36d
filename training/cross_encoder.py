"""Train a small cross-encoder: ``python -m training.cross_encoder PAIRS.npz OUT [--layers 3 7 11]``.

Question and passage go through a few of the embedding model's layers together, and one number says how well the one
answers the other. Each question of ``training.pairs`` is put to what answers it and to passages that the embedding model
takes for it (one of its first thirty, which are not its own), and to none that answers in one list of eight, so that the
number is also, as a logit, the chance that the passage answers.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from numpy.typing import NDArray
from torch import Tensor, nn

from training.bert import Data, Encoder, as_arrays, encode, encoder_of, only, read_base
from training.encoder import DECAY, WARM, choose_passages
from training.weights import save

LAYERS = (3, 7, 11)
LONGEST = 144  # tokens of question and passage together
RATE, LISTS, NEGATIVES, DEEP, ALONE = 3e-4, 192, 7, 30, 0.125
KINDS = {"notes": 0.5, "headings": 0.2, "asked": 0.3}


class CrossEncoder(nn.Module):
    """Token numbers of a question and a passage to a logit."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        size = encoder.words.shape[1]
        self.hidden, self.score = nn.Linear(size, size), nn.Linear(size, 1)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        vectors = self.encoder(ids, mask) * math.sqrt(self.encoder.words.shape[1])
        return self.score(torch.tanh(self.hidden(vectors)))[:, 0]


class Lists:
    """Questions, what answers each, and what only seems to: rows of text numbers."""

    def __init__(self, model: Encoder, data: Data) -> None:
        notes, headings = data.arrays["notes"], data.arrays["headings"]
        self.of: dict[str, tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = {}
        parts = [
            mined(model, data, notes[:, asked], notes[:, 2 + found])
            for asked in (0, 1)
            for found in (0, 1)
        ]  # fmt: skip
        self.of["notes"] = tuple(np.concatenate(one) for one in zip(*parts, strict=True))  # type: ignore[assignment]
        self.of["headings"] = mined(model, data, headings[:, 0], headings[:, 1])
        self.of["asked"] = mined(model, data, data.arrays["asked_queries"], data.best)


def mined(
    model: Encoder, data: Data, questions: NDArray[np.int32], answers: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the questions, the answers, and for each the nearest of the other answers."""
    texts, place = np.unique(answers, return_inverse=True)
    asked, number = np.unique(questions, return_inverse=True)
    with torch.inference_mode():
        found = torch.cat(
            [
                encode(model, data, [data.tokens(t) for t in texts[at : at + 8192]], "passage")
                for at in range(0, len(texts), 8192)
            ]
        )
        vectors = torch.cat(
            [
                encode(model, data, [data.tokens(t) for t in asked[at : at + 8192]], "query")
                for at in range(0, len(asked), 8192)
            ]
        )
        near = torch.cat([(part @ found.T).topk(DEEP, 1).indices for part in vectors.split(2048)]).cpu().numpy()
    own: dict[int, set[int]] = {}
    for question, answer in zip(number.tolist(), place.tolist(), strict=True):
        own.setdefault(question, set()).add(answer)
    wrong = np.stack([
        np.resize([texts[one] for one in near[question] if one not in own[question]] or [texts[(place[at] + 1) % len(texts)]], DEEP)
        for at, question in enumerate(number.tolist())
    ])  # fmt: skip
    return questions.astype(np.int64), answers.astype(np.int64), wrong.astype(np.int64)


def joined(data: Data, pairs: list[tuple[int, int]]) -> tuple[Tensor, Tensor]:
    """Return the numbers of questions with passages, and their mask."""
    whole = []
    for question, passage in pairs:
        head = np.concatenate([data.heads["query"], data.tokens(question)[:48], [data.last]])
        whole.append(np.concatenate([head, data.tokens(passage)[: LONGEST - len(head) - 1], [data.last]]))
    longest = max(len(one) for one in whole)
    longest += -longest % 8
    ids, mask = np.zeros((len(whole), longest), np.int64), np.zeros((len(whole), longest), bool)
    for row, one in enumerate(whole):
        ids[row, : len(one)], mask[row, : len(one)] = one, True
    return torch.from_numpy(ids).to(data.device), torch.from_numpy(mask).to(data.device)


def train(model: CrossEncoder, data: Data, lists: Lists, *, seconds: float, size: int) -> None:
    """Train for ``seconds``."""
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY, betas=(0.9, 0.98))
    chance = np.random.default_rng(0)
    started, step, total, said = time.monotonic(), 0, torch.zeros(2, device=data.device), 0.0
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = RATE * (
                done / WARM if done < WARM else 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))
            )
        questions, answers, wrong = lists.of[str(chance.choice(list(KINDS), p=list(KINDS.values())))]
        pairs: list[tuple[int, int]] = []
        for at in chance.choice(len(questions), size, replace=size > len(questions)):
            others = wrong[at][chance.choice(DEEP, NEGATIVES, replace=False)]
            pairs += [(int(questions[at]), int(one)) for one in (answers[at], *others)]
        ids, mask = joined(data, pairs)
        with torch.autocast(data.device, torch.bfloat16, enabled=data.device == "cuda"):
            scores = torch.cat([model(*part) for part in zip(ids.split(512), mask.split(512), strict=True)])
        scores = scores.float().view(size, NEGATIVES + 1)
        wanted = torch.zeros_like(scores)
        wanted[:, 0] = 1
        alone = F.binary_cross_entropy_with_logits(scores, wanted, pos_weight=scores.new_tensor(1 / ALONE - 1))
        listed = F.cross_entropy(scores, torch.zeros(size, dtype=torch.long, device=data.device))
        optimizer.zero_grad()
        (listed + 0.3 * alone).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step, total = step + 1, total + torch.stack([listed.detach(), (scores.argmax(1) == 0).float().mean()])
        if time.monotonic() - started - said > 15:
            mean = (total / step).tolist()
            print(f"step {step}, {done:.0%}: loss {mean[0]:.3f}, first right {mean[1]:.3f} so far", flush=True)
            said = time.monotonic() - started
    model.eval()


def main() -> None:
    """Mine, train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--layers", type=int, nargs="+", default=LAYERS)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--size", type=int, default=LISTS, help="lists in a batch")
    options = parser.parse_args()
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = Data(options.pairs, device)
    words, base = read_base(options.pairs)
    model = encoder_of(words, base, device)
    choose_passages(model, data)
    lists = Lists(model, data)
    print("mined", {name: len(one[0]) for name, one in lists.of.items()}, flush=True)
    cross = CrossEncoder(encoder_of(words, only(base, options.layers), device)).to(device)
    train(cross, data, lists, seconds=options.seconds, size=options.size)
    save(options.out / "cross.npz", as_arrays(cross.state_dict()))


if __name__ == "__main__":
    main()
