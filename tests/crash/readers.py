"""A reader in a process of its own, that asks without a pause while others swap generations under it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from qa.filters import Filters
from qa.index.reader import IndexReader
from qa.questions import Question
from qa.retrieval.retriever import retrieve_hits
from tests.crash import indexing


def read(started: Any, index: Path, cache: Path, made_by: Any, until: Path) -> list[tuple[float, str, str]]:
    """Ask until the file ``until`` is there; return when each generation answered first, and what it answered."""
    embedder = indexing.cached(cache, made_by)
    reader = IndexReader(index, embedder)
    question = Question(indexing.QUESTION, "fr")
    seen: list[tuple[float, str, str]] = []
    kept = []
    while not until.exists():
        generation = reader.generation()
        assert generation.problem is None
        for held in (generation, *kept):  # the ones before answer on while they are held, though cleared away
            [hits] = retrieve_hits([question], generation=held, embedder=embedder, filters=Filters(), k=4)
            text = next(hit.text for hit in hits if hit.document_id == "changing.md")
            if not seen or seen[-1][1] < generation.name:
                seen.append((time.time(), generation.name, text))
                kept.append(generation)
        started.set()
    assert len({answer for _, _, answer in seen}) == len(seen)
    return seen
