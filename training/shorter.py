"""Measure shorter vectors: ``python -m training.shorter PAIRS.npz``.

The embedding model's vectors are turned onto the axes along which those of passages differ most, so that the first numbers
say most, and cut (what Matryoshka training does inside the model); beside it their first numbers as they are.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from torch import Tensor

from qa.embedding.choice import get_embedder
from qa.evaluation.vector_cache import CachedEmbedder
from qa.settings import get_settings
from training.bert import Data
from training.questions import Askings
from training.ranking import measure, show, texts_of

SETS = ("laws", "gov_articles", "fquad_dev")
LENGTHS = (256, 192, 128)


def main() -> None:
    """Turn, cut, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    options = parser.parse_args()
    data, settings = Data(options.pairs, "cpu"), get_settings()
    for name in [name for name in data.arrays if name.endswith("_rows") and name.removesuffix("_rows") not in SETS]:
        del data.arrays[name]
    texts = json.loads(options.pairs.with_suffix(".texts.json").read_text("utf-8"))
    embedder = CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors")
    passages = embedder.encode_passages(Askings(data, texts).notes().passages)
    axes = torch.from_numpy(np.linalg.eigh(passages.T @ passages)[1][:, ::-1].copy())
    vectors: dict[tuple[str, int], Tensor] = {}
    for role, encode in (("query", embedder.encode_queries), ("passage", embedder.encode_passages)):
        numbers = texts_of(data)[role]
        made = torch.from_numpy(encode([texts[number] for number in numbers]))
        vectors |= {(role, number): one for number, one in zip(numbers, made, strict=True)}
    columns = {"384": list(measure(vectors, data))}
    for length in LENGTHS:
        for name, turn in (("turned", axes[:, :length]), ("as they are", torch.eye(len(axes))[:, :length])):
            cut = {key: F.normalize(one @ turn, dim=0) for key, one in vectors.items()}
            columns[f"{length}, {name}"] = list(measure(cut, data))
    show("hit@1 / hit@10 / nDCG@10, vectors alone", columns)


if __name__ == "__main__":
    main()
