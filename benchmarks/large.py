"""Corpora of many passages, and what they are asked: of any size, sewn together, or all that test sets hold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa.embedding.model import Embedder, Vectors
from qa.evaluation.datasets import load_dataset
from qa.evaluation.vector_cache import CachedEmbedder
from qa.filters import FilterOptions
from qa.index.build import embedding_text
from qa.passages import cut_passages
from qa.records import Document

QUESTIONS = (
    "Combien d'emplois l'automobile représente-t-elle dans le Nord-Pas-de-Calais ?", "Who owns the public investment bank?",
    "Quel est le montant du bonus pour une voiture électrique en 2012 ?", "Which areas does the i-Trans cluster work on?",
    "Quelles aides pour les sous-traitants ?", "How many companies received advice?", "Que finance la BPI ?",
    "What did the Commission decide on Française de Mécanique?", "Qui dirige Nord France Invest ?", "battery plants Douai",
)  # fmt: skip
FILTERS: tuple[FilterOptions, ...] = (
    {"kind": "article"}, {"language": "fr", "since": "2012"}, {"kind": "cluster", "as_of": "2015"},
)  # fmt: skip
PASSAGES = 5  # of a document that is sewn together
DISTINCT = 2_000  # vectors that noise is put on
ASKED = 20  # questions of each test set


@dataclass(frozen=True)
class Large:
    """What an index is filled with, and asked with each filter and with none."""

    documents: list[Document]
    embedder: Embedder
    questions: Sequence[str]
    filters: Sequence[FilterOptions]


def sewn_together(documents: Sequence[Document], count: int, embedder: Embedder) -> Large:
    """Return about ``count`` passages out of those of ``documents``, each after a line of its own."""
    chance = random.Random(0)
    passages = [(d, p) for d in documents for p in cut_passages(d) if len(p.text) > 300]
    made = []
    for number in range(count // PASSAGES):
        about = chance.choice(documents)
        alike = [x for x in chance.sample(passages, 40) if x[0].language == about.language]
        parts = [
            f"{document.title} {number}.{place}\n{passage.text[:700]}"
            for place, (document, passage) in enumerate(chance.sample(alike, PASSAGES))
        ]
        made.append(Document(
            id=f"d{number}.md", title=f"{about.title} {number}", text="\n\n".join(parts), kind=about.kind,
            language=about.language, date=about.date, region=about.region, publisher=about.publisher,
        ))  # fmt: skip
    return Large(made, Noisy(embedder, made), QUESTIONS, FILTERS)


def of_sets(folders: Sequence[Path], embedder: Embedder, cache: Path) -> Large:
    """Return all documents of test sets, published by their set, and some of each set's questions."""
    sets = [load_dataset(folder) for folder in folders]
    documents = [replace(d, id=f"{one.name}/{d.id}", publisher=one.name) for one in sets for d in one.documents]
    asked = [q.text for one in sets for q in random.Random(0).sample(one.queries, min(ASKED, len(one.queries)))]
    filters: list[FilterOptions] = [{"language": "fr"}, {"language": "en"}, *({"publisher": one.name} for one in sets)]
    return Large(documents, Known(embedder, documents, cache), asked, filters)


class _Beside:
    """The real embedder, but for passages."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.form, self.dimension = embedder.form, embedder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.encode_queries(texts)

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.encode_statements(texts)


class Noisy(_Beside):
    """Gives the passages of ``documents`` a real passage's vector with noise: as many as are wanted, at no cost."""

    def __init__(self, embedder: Embedder, documents: Sequence[Document]) -> None:
        super().__init__(embedder)
        self._random = np.random.default_rng(0)
        texts = {_line(embedding_text(d, p)): p.text for d in documents for p in cut_passages(d)}
        distinct = list({text[:700].partition("\n")[2] or text for text in texts.values()})[:DISTINCT]
        vectors, chance = embedder.encode_passages(distinct), np.random.default_rng(1)
        self._vectors = {line: vectors[chance.integers(len(vectors))] for line in texts}

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:  # noqa: ARG002
        vectors = np.array([self._vectors[_line(text)] for text in texts])
        vectors = vectors + self._random.normal(0, 0.02, vectors.shape)
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _line(text: str) -> str:
    """Return the first line below the title."""
    return text.partition("\n")[2].partition("\n")[0]


class Known(_Beside):
    """Has embedded the passages of ``documents``, and keeps their vectors in ``cache`` from one run to the next."""

    def __init__(self, embedder: Embedder, documents: Sequence[Document], cache: Path) -> None:
        super().__init__(embedder)
        texts = list(dict.fromkeys(embedding_text(d, p) for d in documents for p in cut_passages(d)))
        vectors = CachedEmbedder(embedder, cache).encode_passages(texts, progress=True)
        self._vectors = dict(zip(texts, vectors, strict=True))

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        missing = [text for text in texts if text not in self._vectors]
        if missing:
            new = self._embedder.encode_passages(missing, progress=progress)
            self._vectors |= dict(zip(missing, new, strict=True))
        return np.array([self._vectors[text] for text in texts])
