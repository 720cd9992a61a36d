"""Questions of the test sets with what the fusion found for each, kept for training over them."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.embedding.model import E5_PROMPTS, Embedder
from qa.evaluation.datasets import Dataset, half, load_dataset, sampled
from qa.evaluation.runner import PASSAGES_DEEP, View, as_asked, views
from qa.index.build import build_index, embedding_text
from qa.index.reader import Generation, IndexReader
from qa.retrieval.fusion import fuse
from qa.retrieval.retriever import measure
from training.token_vectors import Numbers

SAMPLES = {"gov_articles": None, "laws": 250, "spf_questions": 40, "cdtn_requests": 60, "fquad_dev": 150}
RERANKED, KEPT = 20, 100  # candidates, and passages kept behind them


@dataclass
class Asked:
    """A question, its candidates as fused (texts and features of the first 20), and what is known to answer it."""

    set: str
    view: tuple[str, str, str, bool]
    half: str
    held_out: bool
    text: str
    documents: list[str]
    relevant: frozenset[str]
    grades: dict[str, int]
    passages: list[str]
    features: Numbers


def collect(folder: Path, name: str, vectors: Embedder, scratch: Path) -> list[Asked]:
    """Return every question of a set with its candidates, from ``scratch`` where they are there."""
    kept = scratch / f"{name}.pkl"
    if kept.exists():
        return list(pickle.loads(kept.read_bytes()))  # noqa: S301 (a file of ours)
    dataset = load_dataset(folder / name)
    if (sample := SAMPLES[name]) is not None:
        some, whole = sampled(dataset, sample, seed=0), dataset
        held = {document.id for document in some.documents}
        drawn = {query.id for query in some.queries}
        more = tuple(q for q in whole.queries if half(q.id) == "tuning" and q.relevant <= held and q.id not in drawn)
        dataset = Dataset(name, some.documents, some.queries + more)
    with tempfile.TemporaryDirectory() as place:
        build_index(Path(place), dataset.documents, vectors)
        generation = IndexReader(Path(place), vectors).generation()
        found = [asked for view in views(dataset) for asked in candidates(name, view, generation, vectors)]
        generation.close()
    kept.write_bytes(pickle.dumps(found))
    return found


def candidates(name: str, view: View, generation: Generation, vectors: Embedder) -> Iterator[Asked]:
    """Yield the view's questions with what the fusion found for each."""
    questions = as_asked(view)
    found = measure(questions, generation=generation, embedder=vectors, filters=view.filters(), depth=PASSAGES_DEEP)
    for question, query, one in zip(questions, view.queries, found, strict=True):
        fused = fuse(one)
        best = np.argsort(-fused, kind="stable")[:KEPT]
        ids = generation.table.ids(one.rows[best])
        documents = [passage_id.rpartition("#")[0] for passage_id in ids]
        read = [
            E5_PROMPTS["document"] + embedding_text(generation.texts.document(of), generation.texts.passage(passage_id))
            for of, passage_id in zip(documents[:RERANKED], ids, strict=False)
        ]
        measured = np.stack([fused, one.dense, one.passage_words, one.document_words, one.across], 1)[best[:RERANKED]]
        subject = hashlib.sha256(min(query.relevant).partition("#")[0].encode()).digest()[1]
        yield Asked(
            name, (view.type, view.view, view.language, view.context), half(query.id), subject % 5 == 0,
            E5_PROMPTS["query"] + question.text, documents, view.relevant(query), query.grades, read,
            measured.astype(np.float32),
        )  # fmt: skip
