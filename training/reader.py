"""Train what reads a question and a sentence together: ``python -m training.reader OUT.safetensors [FAMILIES ...]``.

It is multilingual-e5-small that sees both at once: matrices of RANK beside each linear layer learn (Hu et al., "LoRA",
2021), and two layers on top say how likely it is that the sentence, below its title, answers. It learns from the families of texts in
``training/families`` (docs/training.md): a question has the sentences that answer it and those that are nearest to it
among all others, which do not.

OUT is what ``qa.embedding.reader`` reads, which has its SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from numpy.typing import NDArray
from safetensors.torch import load_file, save
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from qa.answering.candidates import ACROSS, SIMILARITY
from qa.embedding.choice import get_embedder
from qa.embedding.model import E5_PROMPTS, SentenceTransformerEmbedder
from qa.embedding.reader import compared, pair
from qa.evaluation.answers import auroc
from qa.evaluation.vector_cache import CachedEmbedder
from qa.settings import get_settings
from training.bert import Encoder, Weights, encoder_of, from_narrow, made_low_rank, named, narrow_of
from training.encoder import DECAY, WARM
from training.written import FAMILIES, read_families

RANK, RATE = 32, 5e-4
INNER = 256  # of the layer on top
DROPPED = 0.1  # of what it is given, while it learns
RIGHT, WRONG = 1, 4  # sentences of each kind that a question is given in a step, at most
BESIDE = 3  # sentences of its family, at random
NEAR, MEASURED = 3, 6  # nearest sentences of each language that it learns from; that are read where it is measured
QUESTIONS = 16  # in a step
TOGETHER = 20  # pairs that go through the layers together
HELD_OUT = 10  # one family in so many is measured and not learnt from
SAID = 1200  # seconds between what is printed
LISTED = 0.5  # what telling a question's sentences apart counts beside telling each for itself


@dataclass
class Asked:
    """A question with the sentences that it is read with: which they are, which of them answer, the nearest first."""

    text: str
    kind: str
    sentences: list[int]
    right: list[bool]
    family: int


class Reader(nn.Module):
    """Token numbers of pairs to logits."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        size = encoder.words.shape[1]
        self.hidden, self.score = nn.Linear(5 * size, INNER), nn.Linear(INNER, 1)

    def forward(self, ids: Tensor, mask: Tensor, asked: Tensor) -> Tensor:
        read = self.encoder.states(ids, mask).float()
        given = F.dropout(compared(read, mask.long(), asked.long()), DROPPED, self.training)
        return self.score(torch.tanh(self.hidden(given)))[:, 0]


def candidates(families: list[dict[str, Any]], embedder: CachedEmbedder) -> tuple[list[str], list[Asked]]:
    """Return every sentence below its title, and the questions with those that answer and those nearest to them."""
    sentences: list[str] = []
    language: list[str] = []
    own: list[list[int]] = [[] for _ in families]
    chance = np.random.default_rng(0)
    number: dict[tuple[int, int, int], int] = {}
    for family, one in enumerate(families):
        for at, text in enumerate(one["texts"]):
            for place, sentence in enumerate(text["sentences"]):
                number[family, at, place] = len(sentences)
                sentences.append(f"{text['title']}\n{sentence}")
                language.append(text["language"])
                own[family].append(number[family, at, place])
    vectors = embedder.encode_passages(sentences)
    asked = []
    for family, one in enumerate(families):
        cosines = embedder.encode_statements([question["question"] for question in one["questions"]]) @ vectors.T
        for question, row in zip(one["questions"], cosines, strict=True):
            answers = {number[family, at, place] for at, place in question["answers"]}
            across = np.array(language) != question["language"]
            near = row + ACROSS / SIMILARITY * across
            order = np.argsort(-near, kind="stable")
            most = MEASURED if family % HELD_OUT == 0 else NEAR
            listed = set(order[~across[order]][:most]) | set(order[across[order]][:most]) | answers
            if family % HELD_OUT:  # those of one matter, near or not: what is not the nearest is not right for that
                listed |= set(chance.choice(own[family], BESIDE, replace=False).tolist())
            nearest = sorted(map(int, listed), key=lambda sentence: -near[sentence])
            asked.append(
                Asked(question["question"], question["kind"], nearest, [n in answers for n in nearest], family)
            )
    return sentences, asked


class Pairs:
    """The tokens of questions and sentences, and what a reader makes of them."""

    def __init__(self, tokenizer: Any, sentences: list[str], asked: list[Asked]) -> None:
        self.questions = [one.ids for one in tokenizer.encode_batch([E5_PROMPTS["query"] + one.text for one in asked])]
        self.sentences = [
            one.ids for one in tokenizer.encode_batch([E5_PROMPTS["document"] + one for one in sentences])
        ]

    def read(self, model: Reader, pairs: Sequence[tuple[int, int]]) -> Tensor:
        """Return the logit of each question with a sentence, those of about one length read together."""
        joined = [pair(self.questions[at], self.sentences[sentence]) for at, sentence in pairs]
        lengths = torch.tensor([len(ids) for ids, _ in joined])
        order = torch.argsort(lengths, stable=True)
        found = []
        # of attention's kernels the plain one is the fastest on a CPU, there and back
        with torch.autocast("cpu", torch.bfloat16), sdpa_kernel(SDPBackend.MATH):
            for chosen in order.split(TOGETHER):
                place = torch.arange(int(lengths[chosen].max()))[None]
                ids = torch.zeros(len(chosen), place.shape[1], dtype=torch.long)
                for row, at in enumerate(chosen.tolist()):
                    ids[row, : lengths[at]] = torch.tensor(joined[at][0])
                asked = torch.tensor([joined[at][1] for at in chosen.tolist()])
                found.append(model(ids, place < lengths[chosen, None], place < asked[:, None]))
        return torch.cat(found).float()[torch.argsort(order)]


def train(model: Reader, pairs: Pairs, asked: list[Asked], held: NDArray[np.bool_], seconds: float, seed: int) -> None:
    """Train for ``seconds`` on questions that are not held out, at a rate that rises and then falls to nothing."""
    learning = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learning, RATE, weight_decay=DECAY, betas=(0.9, 0.98))
    chance = np.random.default_rng(seed)
    started, step, said = time.monotonic(), 0, 0.0
    told: list[tuple[float, float]] = []
    seen = epochs(np.flatnonzero(~held), chance)
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = RATE * (
                done / WARM if done < WARM else 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))
            )
        chosen: list[tuple[int, int]] = []
        right, own = [], []
        for at in (next(seen) for _ in range(QUESTIONS)):
            one = asked[at]
            answers = chance.permutation(np.flatnonzero(one.right))[:RIGHT]
            wrong = np.flatnonzero(~np.array(one.right))
            others = chance.permutation(wrong)[:WRONG]
            for place in [*answers, *others]:
                chosen.append((at, one.sentences[place]))
                right.append(one.right[place])
                own.append(at)
        logits = pairs.read(model.train(), chosen)
        truth = torch.tensor(right)
        alone = F.binary_cross_entropy_with_logits(logits, truth.float(), pos_weight=torch.tensor(2.0))
        listed = listwise(logits, truth, torch.tensor(own))
        optimizer.zero_grad()
        (alone + LISTED * listed).backward()
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        step += 1
        told.append((alone.item(), listed.item()))
        if time.monotonic() - started - said > SAID:
            said = time.monotonic() - started
            alone_, listed_ = np.mean(told, 0)
            print(
                f"step {step}, {done:.0%}: alone {alone_:.3f}, listed {listed_:.3f}, "
                f"held out {measure(model, pairs, asked, np.flatnonzero(held)[::4])}",
                flush=True,
            )
            told = []


def epochs(numbers: NDArray[np.int64], chance: np.random.Generator) -> Iterator[int]:
    """Yield the numbers in another order each time."""
    while True:
        yield from chance.permutation(numbers).tolist()


def listwise(logits: Tensor, right: Tensor, own: Tensor) -> Tensor:
    """Return the mean of ``-log p`` of each right sentence among the wrong ones of its question."""
    alike = own[:, None] == own[None]
    usable = alike & (~right[None] | torch.eye(len(own), dtype=torch.bool))
    scores = logits[None].expand(len(own), -1).masked_fill(~usable, -torch.inf)
    return (torch.logsumexp(scores, 1) - logits)[right].mean()


@torch.inference_mode()
def measure(model: Reader, pairs: Pairs, asked: list[Asked], numbers: NDArray[np.int64]) -> dict[str, float]:
    """Return how often the first sentence answers, by the cosine and by the reader, and how well silence is told."""
    by_cosine, by_reader, answerable, most = [], [], [], []
    model.eval()
    for at in numbers:
        one = asked[at]
        read = one.sentences[: 2 * MEASURED]
        logits = pairs.read(model, [(at, sentence) for sentence in read]).numpy()
        most.append(float(logits.max()))
        answerable.append(any(one.right))
        if any(one.right):
            by_cosine.append(one.right[0])
            by_reader.append(one.right[int(logits.argmax())])
    yes = np.array(answerable)
    sure = np.array(most)
    return {
        "cosine first": float(np.mean(by_cosine)), "reader first": float(np.mean(by_reader)),
        "AUROC": auroc(list(sure[yes]), list(sure[~yes])),
    }  # fmt: skip


def stored(model: Reader) -> Weights:
    """Return what was learnt: the narrow matrices by the names of transformers' layers, and the two layers on top."""
    top = {name: one.half() for name, one in model.state_dict().items() if not name.startswith("encoder.")}
    return narrow_of(model.encoder.state_dict()) | top


def go_on(model: Reader, file: Weights) -> None:
    """Give ``model`` what ``stored`` returned."""
    learnt = {f"encoder.{name}": one for name, one in from_narrow(file).items()}
    top = {name: one.float() for name, one in file.items() if not name.startswith("encoder.")}
    model.load_state_dict(model.state_dict() | learnt | top)


def main() -> None:
    """Train, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("families", nargs="*", type=Path, default=FAMILIES)
    parser.add_argument("--seconds", type=float, default=2400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, metavar="FILE", help="go on from what this script wrote")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    settings = get_settings()
    embedder = CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors")
    families = read_families(options.families)
    sentences, asked = candidates(families, embedder)
    original = SentenceTransformerEmbedder(settings).model()
    words, weights = named(original[0].model.state_dict())
    encoder = encoder_of(words, weights, "cpu")
    made_low_rank(encoder, RANK, 0)
    model = Reader(encoder)
    if options.start:
        go_on(model, load_file(options.start))
    pairs = Pairs(original.tokenizer.backend_tokenizer, sentences, asked)
    held = np.array([one.family % HELD_OUT == 0 for one in asked])
    train(model, pairs, asked, held, options.seconds, options.seed)
    written = save(stored(model))
    options.out.write_bytes(written)
    print(f"{len(written)} bytes, SHA-256 {hashlib.sha256(written).hexdigest()}", flush=True)
    print(measure(model, pairs, asked, np.flatnonzero(held)))


if __name__ == "__main__":
    main()
