"""Try a linear map over the embedding model's vectors that brings the two languages together.

    python -m training.adapter ../shared/parallel ../shared/bench [--rank 64] [--bitext 1.0]

The map ``x + U V x`` is learnt on the tuning halves of laws and gov_articles (a question against all passages of one
language, once for each language that answers) and on aligned sentences (each against the others of its batch, in both
directions), and kept small. What is printed is retrieval on the reporting halves, with the vectors as they are and
mapped, by vectors alone and fused with words at several weights of the vectors. docs/training.md says what came of it.
"""

from __future__ import annotations

import argparse
import gzip
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from numpy.typing import NDArray

from qa.embedding.choice import get_embedder
from qa.embedding.model import Embedder, Vectors
from qa.evaluation.datasets import Dataset, halved, load_dataset
from qa.evaluation.metrics import hit_at
from qa.evaluation.runner import PASSAGES_DEEP, View, as_asked, documents_of, views
from qa.evaluation.vector_cache import CachedEmbedder
from qa.index.build import build_index, embedding_text
from qa.index.reader import Generation, IndexReader
from qa.languages import LANGUAGES
from qa.passages import cut_passages
from qa.retrieval.fusion import ACROSS, DOCUMENT_SHARE, fuse
from qa.retrieval.retriever import measure
from qa.settings import get_settings

SETS = ("laws", "gov_articles")
PAIRS = {
    "canada-laws-consolidated": 8000,
    "canada-gov-digital-articles-OGL": 4000,
    "tatoeba-2017-CCBY2": 2000,
    "tico19-covid-CC0": 2000,
}
STEPS, QUESTIONS, SENTENCES, TEMPERATURE, RATE, KEEP = 150, 96, 256, 0.02, 2e-3, 0.05
WEIGHTS = (4.0, 2.0, 1.0)

Pairs = dict[tuple[str, str], torch.Tensor]  # (language, role): a row for each pair


@dataclass
class TuningSet:
    """The passages of a set, and its questions, each with the rows that answer it in one language."""

    passages: torch.Tensor
    languages: NDArray[np.str_]
    questions: torch.Tensor
    asked: list[tuple[int, list[int], str]]


class Mapped:
    """An embedder whose vectors go through a matrix."""

    def __init__(self, embedder: Embedder, matrix: NDArray[np.float32]) -> None:
        self._embedder, self._matrix = embedder, matrix
        self.name, self.dimension, self.form = embedder.name, embedder.dimension, embedder.form
        self.fingerprint = f"{embedder.fingerprint} mapped"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._mapped(self._embedder.encode_queries(texts))

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        return self._mapped(self._embedder.encode_passages(texts, progress=progress))

    def _mapped(self, vectors: Vectors) -> Vectors:
        mapped = vectors + vectors @ self._matrix.T
        return np.asarray(mapped / np.linalg.norm(mapped, axis=1, keepdims=True), dtype=np.float32)


def main() -> None:
    """Train, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--bitext", type=float, default=1.0, help="the weight of aligned sentences beside questions")
    options = parser.parse_args()
    torch.manual_seed(0)
    settings = get_settings()
    embedder = CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors")
    sets = [tuning_set(halved(load_dataset(options.bench / name), "tuning"), embedder) for name in SETS]
    matrix = train(sets, read_pairs(options.pairs, embedder), rank=options.rank, bitext=options.bitext)
    print(
        "| set | type | view | language | context | n | vectors alone | "
        + " | ".join(f"fused, {w:g}" for w in WEIGHTS)
        + " |"
    )
    print("|---" * (7 + len(WEIGHTS)) + "|")
    for name in SETS:
        dataset = halved(load_dataset(options.bench / name), "reporting")
        before = list(rows(dataset, embedder))
        for (label, as_it_is), (_, mapped) in zip(before, rows(dataset, Mapped(embedder, matrix)), strict=True):
            print(
                f"| {label} | " + " | ".join(f"{a} → {b}" for a, b in zip(as_it_is, mapped, strict=True)) + " |",
                flush=True,
            )


def tuning_set(dataset: Dataset, embedder: Embedder) -> TuningSet:
    """Return a set's passages and questions as vectors."""
    cut = [(document, passage) for document in dataset.documents for passage in cut_passages(document)]
    rows_of: dict[str, list[int]] = {}
    for row, (document, _) in enumerate(cut):
        rows_of.setdefault(document.id, []).append(row)
    asked = []
    for number, query in enumerate(dataset.queries):
        other = LANGUAGES[1 - LANGUAGES.index(query.language)]
        for documents, language in ((query.relevant_same, query.language), (query.relevant_cross, other)):
            gold = [row for document_id in documents or () for row in rows_of.get(document_id, ())]
            if gold:
                asked.append((number, gold, language))
    return TuningSet(
        torch.tensor(embedder.encode_passages([embedding_text(*pair) for pair in cut])),
        np.array([document.language for document, _ in cut]),
        torch.tensor(embedder.encode_queries([query.text for query in dataset.queries])),
        asked,
    )


def read_pairs(folder: Path, embedder: Embedder) -> Pairs:
    """Return the vectors of a sample of aligned sentences, in both languages and both roles."""
    pairs: list[tuple[str, str]] = []
    for name, most in PAIRS.items():
        with gzip.open(folder / f"{name}.en-fr.tsv.gz", "rt", encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file]
        usable = [(en, fr) for en, fr in lines if 3 <= len(en.split()) <= 80 and en.casefold() != fr.casefold()]
        pairs += random.Random(name).sample(usable, min(most, len(usable)))
    texts = {"en": [en for en, _ in pairs], "fr": [fr for _, fr in pairs]}
    roles = {"question": embedder.encode_queries, "passage": embedder.encode_passages}
    return {(lang, role): torch.tensor(encode(texts[lang])) for lang in texts for role, encode in roles.items()}


def train(sets: list[TuningSet], pairs: Pairs, *, rank: int, bitext: float) -> NDArray[np.float32]:
    """Return the matrix that is added to the identity."""
    size, chance = sets[0].passages.shape[1], np.random.default_rng(0)
    down = torch.nn.Parameter(torch.randn(size, rank) * 0.02)
    up = torch.nn.Parameter(torch.zeros(rank, size))
    optimizer = torch.optim.AdamW([down, up], lr=RATE, weight_decay=0.01)
    pool = [(one, asked) for one in sets for asked in one.asked]

    def mapped(vectors: torch.Tensor) -> torch.Tensor:
        return F.normalize(vectors + vectors @ down @ up, dim=1)

    for _ in range(STEPS):
        loss = KEEP * (down @ up).pow(2).sum()
        drawn = [pool[i] for i in chance.choice(len(pool), QUESTIONS)]
        for one in sets:
            asked = [asked for of, asked in drawn if of is one]
            scores = mapped(one.questions[[number for number, _, _ in asked]]) @ mapped(one.passages).T / TEMPERATURE
            loss = (
                loss
                + sum(_question_loss(row, one, *rest[1:]) for row, rest in zip(scores, asked, strict=True)) / QUESTIONS
            )
        picked = torch.tensor(chance.choice(len(pairs["en", "question"]), SENTENCES, replace=False))
        for source, target in (("en", "fr"), ("fr", "en")):
            scores = (
                mapped(pairs[source, "question"][picked]) @ mapped(pairs[target, "passage"][picked]).T / TEMPERATURE
            )
            loss = loss + bitext * F.cross_entropy(scores, torch.arange(SENTENCES))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return np.asarray((down @ up).T.detach().numpy(), dtype=np.float32)


def _question_loss(scores: torch.Tensor, one: TuningSet, gold: list[int], language: str) -> torch.Tensor:
    """Return the cross entropy of the best passage that answers, against the others of its language that do not."""
    rows = torch.tensor(gold)
    best = rows[scores[rows].argmax()]
    left_out = torch.tensor(one.languages != language)
    left_out[rows] = True
    left_out[best] = False
    return F.cross_entropy(scores.masked_fill(left_out, -1e4)[None], best[None])


def rows(dataset: Dataset, embedder: Embedder) -> Iterator[tuple[str, list[str]]]:
    """Yield for each view the share of questions answered first and among ten, by vectors alone and at each weight."""
    with tempfile.TemporaryDirectory() as scratch:
        build_index(Path(scratch), dataset.documents, embedder)
        generation = IndexReader(Path(scratch), embedder).generation()
        for view in views(dataset):
            label = (
                f"{dataset.name} | {view.type} | {view.view} | {view.language} | {view.context} | {len(view.queries)}"
            )
            yield label, list(hits(view, generation, embedder))
        generation.close()


def hits(view: View, generation: Generation, embedder: Embedder) -> Iterator[str]:
    """Yield hit@1 / hit@10 of the vectors alone, then fused at each weight."""
    found = list(
        measure(as_asked(view), generation=generation, embedder=embedder, filters=view.filters(), depth=PASSAGES_DEEP)
    )
    for weight in (None, *WEIGHTS):
        rankings = []
        for one in found:
            constants = (weight or 0.0, DOCUMENT_SHARE, ACROSS)
            scores = (
                one.dense
                if weight is None
                else fuse(one.dense, one.passage_words, one.document_words, one.across, constants)
            )
            rankings.append(documents_of(generation.table.ids(one.rows[np.argsort(-scores, kind="stable")[:300]])))
        gold = [view.relevant(query) for query in view.queries]
        yield " / ".join(f"{fmean(hit_at(r, g, k) for r, g in zip(rankings, gold, strict=True)):.3f}" for k in (1, 10))


if __name__ == "__main__":
    main()
