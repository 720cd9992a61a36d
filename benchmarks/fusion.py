"""Sweep the weight of meaning against words: ``python benchmarks/fusion.py SET [SET ...] [--sample N]``.

For each set and view, the share of questions whose document stands among the first ten and first, at each weight
(0 is BM25 alone, 1 is the vectors alone).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import fmean

from qa.embedding.model import get_embedder
from qa.evaluation.datasets import load_dataset, sampled
from qa.evaluation.metrics import hit_at
from qa.evaluation.runner import PASSAGES_DEEP, View, documents_of, views
from qa.evaluation.vector_cache import CachedEmbedder
from qa.index.build import build_index
from qa.index.reader import Generation, IndexReader
from qa.retrieval.fusion import convex_combination
from qa.settings import get_settings

WEIGHTS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)


def main() -> None:
    """Print one Markdown table for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--sample", type=int)
    options = parser.parse_args()
    settings = get_settings()
    embedder = CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors")
    for folder in options.sets:
        dataset = load_dataset(folder)
        if options.sample:
            dataset = sampled(dataset, options.sample, seed=0)
        print(f"\n{dataset.name}: {len(dataset.documents)} documents, hit@1 / hit@10\n")
        print("| type | view | language | n | " + " | ".join(f"{weight:.1f}" for weight in WEIGHTS) + " |")
        print("|---" * (4 + len(WEIGHTS)) + "|")
        with tempfile.TemporaryDirectory() as scratch:
            build_index(Path(scratch), dataset.documents, embedder)
            generation = IndexReader(Path(scratch), embedder).generation()
            for view in views(dataset):
                if not view.context:
                    print(row(view, generation, embedder))
            generation.close()


def row(view: View, generation: Generation, embedder: CachedEmbedder) -> str:
    """Return the table's row for one view."""
    texts = [query.text for query in view.queries]
    dense = generation.vectors.search(embedder.encode_queries(texts), PASSAGES_DEEP, view.filters())
    lexical = [generation.lexical.search(text, PASSAGES_DEEP, view.filters()) for text in texts]
    cells = []
    for weight in WEIGHTS:
        rankings = [
            documents_of([passage for passage, _ in convex_combination(dict(d), dict(w), dense_weight=weight)])
            for d, w in zip(dense, lexical, strict=True)
        ]
        pairs = list(zip(rankings, map(view.relevant, view.queries), strict=True))
        cells.append(" / ".join(f"{fmean(hit_at(ranking, gold, k) for ranking, gold in pairs):.3f}" for k in (1, 10)))
    return f"| {view.type} | {view.view} | {view.language} | {len(texts)} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
