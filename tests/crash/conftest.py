"""What the tests share: the real model's vectors of all that may be asked for, and what starts and kills processes."""

from __future__ import annotations

import pytest

from qa.evaluation.vector_cache import CachedEmbedder
from qa.index.build import embedding_text, quotable_texts
from qa.passages import cut_passages
from tests.crash import indexing
from tests.crash.killing import Killer

PRELOADED = ["tests.crash.adversity", "tests.crash.readers", "chromadb.api.rust", "chromadb.telemetry.product.posthog"]


@pytest.fixture(scope="session")
def made_by(embedder, tmp_path_factory):
    """The folder of the vectors, and their model's name, fingerprint and form."""
    cache = tmp_path_factory.mktemp("vectors")
    every = CachedEmbedder(embedder, cache)
    for state in range(indexing.STATES):
        cut = [(d, p) for d in indexing.corpus(state) for p in cut_passages(d)]
        every.encode_passages([embedding_text(*one) for one in cut] + [t for one in cut for t in quotable_texts(*one)])
    every.encode_queries([indexing.QUESTION])
    return cache, (embedder.name, embedder.fingerprint, embedder.form)


@pytest.fixture
def killer() -> Killer:
    return Killer(PRELOADED, seed=8)
