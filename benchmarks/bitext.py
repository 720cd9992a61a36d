"""How well sentences find their translations, and how cosines follow likeness: ``python -m benchmarks.bitext DIR``.

DIR holds ntrex128.en-fr.tsv.gz (a sentence and its translation a line) and stsb_test.en1_en2_fr1_fr2_score.tsv.gz. Each
sentence is asked as a question, as the model was published and as it was taught (docs/training.md), of the other language's
sentences and of both languages'; of STS-b it is Spearman's rank correlation of the cosine with the score that people gave.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from qa.embedding.choice import get_embedder
from qa.embedding.model import Vectors
from qa.evaluation.vector_cache import CachedEmbedder
from qa.settings import get_settings

Encode = Callable[[Sequence[str]], Vectors]


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    settings = get_settings()
    embedder = CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors")
    ways: dict[str, Encode] = {"as published": embedder.encode_statements, "as taught": embedder.encode_queries}
    english, french = zip(*_rows(folder / "ntrex128.en-fr.tsv.gz"), strict=True)
    passages = embedder.encode_passages(english), embedder.encode_passages(french)
    print(f"NTREX-128, {len(english)} sentences\n\n| asked | searched | as published | as taught |\n|---|---|---|---|")
    for own, (language, texts) in enumerate((("en", english), ("fr", french))):
        asked = {name: encode(texts) for name, encode in ways.items()}
        for searched in ("the other", "both"):
            found = [f"{found_first(vectors, passages, own, searched):.3f}" for vectors in asked.values()]
            print(f"| {language} | {searched} | {' | '.join(found)} |")
    pairs = _rows(folder / "stsb_test.en1_en2_fr1_fr2_score.tsv.gz")
    scores = np.array([float(row[4]) for row in pairs])
    print(f"\nSTS-b, {len(pairs)} pairs\n\n| languages | as published | as taught |\n|---|---|---|")
    for name, first, second in (("en, en", 0, 1), ("fr, fr", 2, 3), ("en, fr", 0, 3), ("fr, en", 2, 1)):
        right = embedder.encode_passages([row[second] for row in pairs])
        cells = [
            f"{spearman((encode([row[first] for row in pairs]) * right).sum(1), scores):.3f}"
            for encode in ways.values()
        ]
        print(f"| {name} | {' | '.join(cells)} |")


def found_first(asked: Vectors, passages: tuple[Vectors, Vectors], own: int, searched: str) -> float:
    """Return the share of sentences nearest to their translation, of the other language's or of all but themselves."""
    scores = asked @ passages[1 - own].T
    right = scores.diagonal()
    beaten = (scores > right[:, None]).any(1)
    if searched == "both":
        alike = asked @ passages[own].T
        np.fill_diagonal(alike, -1)
        beaten |= (alike > right[:, None]).any(1)
    return float(1 - beaten.mean())


def spearman(first: Vectors, second: Vectors) -> float:
    """Return the rank correlation; equal values share their mean rank.

    >>> round(spearman(np.array([1.0, 2, 2, 3]), np.array([1.0, 2, 3, 4])), 3)
    0.949
    """
    ranks = []
    for one in (first, second):
        _, inverse, counts = np.unique(one, return_inverse=True, return_counts=True)
        ranks.append((np.cumsum(counts) - (counts - 1) / 2)[inverse])
    return float(np.corrcoef(*ranks)[0, 1])


def _rows(path: Path) -> list[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


if __name__ == "__main__":
    main()
