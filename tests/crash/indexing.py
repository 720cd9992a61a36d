"""What the killed processes do: bring the index of a tiny corpus up to date, and answer from it.

The vectors are the real model's, computed before by the test and read from its cache: no process here loads the model.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import IndexMissingError
from qa.evaluation.vector_cache import CachedEmbedder
from qa.index import build, generations
from qa.index.reader import IndexReader
from qa.index.report import IndexReport
from qa.passages import cut_passages
from qa.records import Document
from tests.small_corpus import DOCUMENTS

STATES = 7  # different texts that the one document that changes goes through
QUESTION = "Quel est le montant de la prime ?"


class KnownVectors:
    """An embedder that computes nothing: all that is asked of it is in the cache in front of it."""

    dimension = 384

    def __init__(self, name: str, fingerprint: str, form: str) -> None:
        self.name, self.fingerprint, self.form = name, fingerprint, form

    def encode_queries(self, texts: Any) -> Any:
        raise AssertionError(texts)

    encode_statements = encode_queries

    def encode_passages(self, texts: Any, *, progress: bool = False) -> Any:
        raise AssertionError(texts)


def corpus(state: int) -> list[Document]:
    """Return the documents as they are in ``state``."""
    changing = f"La prime vaut {state} 500 euros par véhicule.\n\nElle est versée depuis l'année {2010 + state}."
    return [*DOCUMENTS.values(), Document(id="changing.md", title="Prime", text=changing, language="fr")]


def cached(cache: Path, made_by: tuple[str, str, str]) -> CachedEmbedder:
    return CachedEmbedder(KnownVectors(*made_by), cache)


def build_anew(started: Any, index: Path, cache: Path, made_by: tuple[str, str, str], state: int) -> IndexReport:
    """Build a first index, or everything anew."""
    embedder = cached(cache, made_by)
    started.set()
    return build.build_index(index, corpus(state), embedder, rebuild=True)


def update(started: Any, index: Path, cache: Path, made_by: tuple[str, str, str], state: int) -> IndexReport:
    """Bring the one document up to date that changed."""
    embedder = cached(cache, made_by)
    started.set()
    return build.build_index(index, corpus(state), embedder)


def swap(started: Any, index: Path, cache: Path, made_by: tuple[str, str, str], state: int) -> IndexReport:
    """The same, said to have started only when the new generation is about to be swapped in."""
    publish = generations.publish

    def about_to(*arguments: Any) -> None:
        started.set()
        publish(*arguments)

    generations.publish = about_to
    return build.build_index(index, corpus(state), cached(cache, made_by))


def answer(started: Any, index: Path, cache: Path, made_by: tuple[str, str, str]) -> tuple[str | None, int | None]:
    """Open the index as a start does; return its generation and the state that it is in, all of it, or raise."""
    started.set()
    logging.disable()
    embedder = cached(cache, made_by)
    try:
        generation = IndexReader(index, embedder).generation()
    except IndexMissingError:
        return None, None
    changing = generation.texts.document("changing.md")
    state = int(changing.text.removeprefix("La prime vaut ")[0])
    expected = {passage.id for document in corpus(state) for passage in cut_passages(document)}
    assert set(generation.texts.passage_ids()) == expected
    for document in corpus(state):
        assert generation.texts.document(document.id) == document
    rows = generation.table.rows(sorted(expected))
    for passage_id, row in zip(sorted(expected), rows, strict=True):
        vector = generation.matrix.vectors[row]
        assert generation.vectors.search(vector[np.newaxis], 1)[0][0][0] == passage_id
        passage = generation.texts.passage(passage_id)
        quotable = build.quotable_texts(generation.texts.document(passage.document_id), passage)
        assert (generation.sentences.rows(quotable) >= 0).all()
    assert generation.lexical.scores([{"prim": 1.0}], "fr")[0].any()
    assert len(embedder.encode_queries([QUESTION])) == 1
    return generation.name, state


def upload(started: Any, index: Path, file: Path, name: str) -> str:
    """Add ``file`` to alice's uploads beside the index."""
    from qa.settings import Settings
    from qa.uploads import open_uploads

    uploads = open_uploads(Settings(index_dir=index), "alice")
    started.set()
    return uploads.add(file, name)
