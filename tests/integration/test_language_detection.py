"""The language of a thousand news sentences in each language, against what it is known to be."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from qa.languages import detect_language

PAIRS = Path(__file__).resolve().parents[3] / "shared" / "bench" / "bitext_eval" / "ntrex128.en-fr.tsv.gz"


@pytest.mark.skipif(not PAIRS.exists(), reason="the test sets are not beside this checkout")
def test_languages_of_news_sentences():
    with gzip.open(PAIRS, "rt", encoding="utf-8") as file:
        pairs = [line.rstrip("\n").split("\t")[:2] for line in file]
    chosen = random.Random(0).sample(pairs, 1000)
    right = [
        detect_language(text) == language for pair in chosen for text, language in zip(pair, ("en", "fr"), strict=True)
    ]
    assert sum(right) / len(right) >= 0.995
