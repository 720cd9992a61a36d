"""Try a late-interaction reranker over the embedding model's own token vectors.

    python -m training.reranker ../shared/parallel ../shared/bench SCRATCH [--sets SET ...] [--reporting]

The token vectors of a question and a passage, of two layers of the frozen model, go through one small learnt projection;
each of the question's tokens takes the passage's nearest to it, and the reverse, and a learnt sum of that with what the
fusion knows orders the first 20 candidates anew. It is learnt on tuning halves (never FQuAD) and stopped by a fifth of
them that is held out, whose figures are printed, or with ``--reporting`` those of the reporting halves. Candidates and
token vectors are kept in SCRATCH, some gigabytes, written by one process at a time. docs/training.md says what came of it.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import logging
import random
import time
from collections import defaultdict
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)

from qa.embedding.model import E5_PROMPTS
from qa.evaluation.metrics import hit_at, ndcg_at
from training.candidates import SAMPLES, Asked, collect
from training.token_vectors import INNER, Compressed, TokenVectors

logger = logging.getLogger(__name__)

NEVER_LEARNT = "fquad_dev"
PAIRS = {"canada-laws-consolidated": 200, "canada-gov-digital-articles-OGL": 150, "tatoeba-2017-CCBY2": 50}
VARIANTS = ["features", "untrained", "trained"]  # no tokens; tokens as they are, only their weight learnt; all learnt
LAYERS, OUTER = (8, 12), 64  # whose vectors a token has; the size of its projection
RATE, SUM_RATE, BATCH, PAIR_BATCH, PAIRS_WEIGHT, PATIENCE = 5e-4, 0.05, 16, 16, 0.3, 2
AN_EPOCH, STOPPED_BY = 250, 80  # questions of each set


class Head(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    """The projection, the weight of a token, and the weights of the sum that candidates are ordered by."""

    def __init__(self, *, reads_tokens: bool) -> None:
        super().__init__()
        self.reads_tokens = reads_tokens
        self.project = torch.nn.Parameter(torch.eye(INNER, OUTER))
        self.gate = torch.nn.Linear(INNER, 1)
        torch.nn.init.zeros_(self.gate.weight)
        torch.nn.init.zeros_(self.gate.bias)
        self.known = torch.nn.Parameter(torch.tensor([10.0, 0.0, 0.0, 0.0, 0.0]))  # at first the fused score alone
        self.interaction = torch.nn.Parameter(torch.tensor([[5.0, 0.0], [5.0, 0.0]]))  # within a language, and across

    def similar(self, question: torch.Tensor, passages: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return ``(passages, 2)``: how much of the question each holds, and how much of it the question is about, in -1..1.

        Each is the weighted mean, over the tokens of one side, of the best cosine with a token of the other.
        """
        asked, held = F.normalize(question @ self.project, dim=-1), F.normalize(passages @ self.project, dim=-1)
        cosines = (held @ asked.T).masked_fill(~mask[..., None], -1)
        of_question = torch.softmax(self.gate(question).squeeze(-1), 0)
        of_passage = torch.softmax(self.gate(passages).squeeze(-1).masked_fill(~mask, -1e4), 1)
        return torch.stack([cosines.amax(1) @ of_question, (cosines.amax(2) * of_passage).sum(1)], 1)

    def forward(
        self, question: torch.Tensor, passages: torch.Tensor, mask: torch.Tensor, known: torch.Tensor
    ) -> torch.Tensor:
        """Return what each passage is ordered by, higher is better; ``known`` holds a row of ``Asked.features`` for each."""
        fused = known @ self.known
        if not self.reads_tokens:
            return fused
        read = (self.interaction[known[:, 4].long()] * self.similar(question, passages, mask)).sum(1)
        return fused + read


def train(asked: list[Asked], pairs: list[tuple[str, str]], tokens: Compressed, epochs: int, variant: str) -> Head:
    """Return the head that was best on the questions held out."""
    head, chance = Head(reads_tokens=variant != "features"), random.Random(0)
    sums = [head.known, head.interaction]
    groups = [{"params": sums, "lr": SUM_RATE}]
    if variant == "trained":
        groups.append({"params": [head.project, *head.gate.parameters()], "lr": RATE})
    optimizer = torch.optim.AdamW(groups, weight_decay=0.0)
    usable = [one for one in asked if not one.held_out and 0 < sum(_answers(one)) < len(one.passages)]
    held_out = _drawn([one for one in asked if one.held_out], STOPPED_BY, chance)
    best, since, state = gain(head, held_out, tokens), 0, copy.deepcopy(head.state_dict())
    for epoch in range(epochs):
        drawn = _drawn(usable, AN_EPOCH, chance)
        for start in range(0, len(drawn), BATCH):
            some = drawn[start : start + BATCH]
            loss = torch.stack([_loss(head, one, tokens, chance) for one in some]).mean()
            if variant == "trained":
                loss = loss + PAIRS_WEIGHT * _pair_loss(head, chance.sample(pairs, PAIR_BATCH), tokens)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        now = gain(head, held_out, tokens)
        logger.info("%s, epoch %d: nDCG@10 of questions held out %+.4f", variant, epoch + 1, now)
        if now > best:
            best, since, state = now, 0, copy.deepcopy(head.state_dict())
        elif (since := since + 1) == PATIENCE:
            break
    head.load_state_dict(state)
    return head


def _drawn(asked: list[Asked], most: int, chance: random.Random) -> list[Asked]:
    """Return up to ``most`` questions of each set, in any order."""
    by_set: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_set[one.set].append(one)
    drawn = [one for found in by_set.values() for one in chance.sample(found, min(most, len(found)))]
    chance.shuffle(drawn)
    return drawn


def _answers(one: Asked) -> list[bool]:
    return [document in one.relevant for document in one.documents[: len(one.passages)]]


def _loss(head: Head, one: Asked, tokens: Compressed, chance: random.Random) -> torch.Tensor:
    """Return the mean over the documents that answer of their cross entropy against passages that do not."""
    answers = _answers(one)
    wrong = [i for i, right in enumerate(answers) if not right]
    wrong = chance.sample(wrong, min(10, len(wrong)))
    by_document: dict[str, list[int]] = defaultdict(list)
    for i, right in enumerate(answers):
        if right:
            by_document[one.documents[i]].append(i)
    chosen = [i for found in by_document.values() for i in found] + wrong
    place = {i: row for row, i in enumerate(chosen)}
    scores = head(
        tokens.of(one.text), *tokens.padded([one.passages[i] for i in chosen]), torch.tensor(one.features[chosen])
    )
    others = scores[[place[i] for i in wrong]]
    right = [torch.logsumexp(scores[[place[i] for i in found]], 0) for found in by_document.values()]
    return sum(torch.logsumexp(torch.cat([score[None], others]), 0) - score for score in right) / len(right)


def _pair_loss(head: Head, pairs: list[tuple[str, str]], tokens: Compressed) -> torch.Tensor:
    """Return the cross entropy of each sentence's translation among those of the others."""
    passages, mask = tokens.padded([translation for _, translation in pairs])
    scores = torch.stack([head.similar(tokens.of(sentence), passages, mask)[:, 0] for sentence, _ in pairs])
    return F.cross_entropy(20 * scores, torch.arange(len(pairs)))


@torch.no_grad()
def reordered(head: Head, one: Asked, tokens: Compressed) -> list[str]:
    """Return the documents in the head's order, those behind the first 20 passages as they were."""
    scores = head(tokens.of(one.text), *tokens.padded(one.passages), torch.tensor(one.features))
    first = [one.documents[i] for i in torch.argsort(-scores, stable=True).tolist()]
    return list(dict.fromkeys(first + one.documents[len(first) :]))


def gain(head: Head, asked: list[Asked], tokens: Compressed) -> float:
    """Return what reordering adds to nDCG@10, each set counting as much as the others."""
    by_set: dict[str, list[float]] = defaultdict(list)
    for one in asked:
        before, after = list(dict.fromkeys(one.documents)), reordered(head, one, tokens)
        by_set[one.set].append(
            ndcg_at(after, one.relevant, 10, one.grades) - ndcg_at(before, one.relevant, 10, one.grades)
        )
    return fmean(fmean(gains) for gains in by_set.values())


def print_table(head: Head, asked: list[Asked], tokens: Compressed) -> None:
    """Print each view's figures as fused and reordered, and the mean over the rows."""
    rows: dict[tuple[object, ...], list[list[float]]] = defaultdict(list)
    for one in asked:
        figures = []
        for ranking in (list(dict.fromkeys(one.documents)), reordered(head, one, tokens)):
            figures += [
                hit_at(ranking, one.relevant, 1),
                hit_at(ranking, one.relevant, 10),
                ndcg_at(ranking, one.relevant, 10, one.grades),
            ]
        rows[(one.set, *one.view)].append(figures)
    print("| set | type | view | language | context | n | hit@1 | hit@10 | ndcg@10 |\n" + "|---" * 9 + "|")
    means = {label: np.mean(figures, 0) for label, figures in rows.items()}
    for label, mean in [*means.items(), (("mean", "", "", "", False), np.mean(list(means.values()), 0))]:
        cells = " | ".join(f"{mean[i]:.3f} → {mean[i + 3]:.3f}" for i in range(3))
        print(f"| {' | '.join(map(str, label[:-1]))} | {'yes' if label[-1] else 'no'} | {len(rows[label])} | {cells} |")


def read_pairs(folder: Path) -> list[tuple[str, str]]:
    """Return a sample of aligned sentences, half of them from English to French, as question and passage."""
    pairs = []
    for name, most in PAIRS.items():
        with gzip.open(folder / f"{name}.en-fr.tsv.gz", "rt", encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file]
        usable = [(en, fr) for en, fr in lines if 6 <= len(en.split()) <= 40 and en.casefold() != fr.casefold()]
        pairs += random.Random(name).sample(usable, most)
    return [(fr, en) if number % 2 else (en, fr) for number, (en, fr) in enumerate(pairs)]


def main() -> None:
    """Collect, train, and print a table and the time for each variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--sets", nargs="+", default=list(SAMPLES))
    parser.add_argument("--variants", nargs="+", default=VARIANTS, choices=VARIANTS)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--reporting", action="store_true", help="print the reporting halves: once, at the end")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options.scratch.mkdir(parents=True, exist_ok=True)
    vectors = TokenVectors(options.scratch, LAYERS)
    asked = [one for name in options.sets for one in collect(options.bench, name, vectors, options.scratch)]
    pairs = read_pairs(options.pairs)
    vectors.encode_queries([sentence for sentence, _ in pairs])
    vectors.encode_passages([translation for _, translation in pairs])
    pairs = [(E5_PROMPTS["query"] + sentence, E5_PROMPTS["document"] + other) for sentence, other in pairs]
    tokens = Compressed(vectors)
    tuning = [one for one in asked if one.half == "tuning" and one.set != NEVER_LEARNT]
    wanted = (
        [one for one in asked if one.half == "reporting"] if options.reporting else [o for o in tuning if o.held_out]
    )
    for variant in options.variants:
        torch.manual_seed(0)
        head = train(tuning, pairs, tokens, options.epochs, variant)
        print(f"\n{variant}: {head.known.data.numpy().round(1)}, {head.interaction.data.numpy().round(1).tolist()}\n")
        print_table(head, wanted, tokens)
        started = time.perf_counter()
        for one in wanted[:50]:
            reordered(head, one, tokens)
        print(f"\n{(time.perf_counter() - started) / len(wanted[:50]) * 1000:.0f} ms a question, token vectors at hand")


if __name__ == "__main__":
    main()
