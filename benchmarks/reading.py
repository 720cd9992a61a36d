"""Whether the sentence that answers is shown, over a whole collection: ``python -m benchmarks.reading SET [--sample N]``.

SET is a test set whose queries carry ``answers``, such as FQuAD: all of its documents are indexed, each question is asked
of all of them, and it counts as right when a quoted sentence of the right document holds one of the answers. ``held``
is what abstentions left of ``held_if_always``, the share that would be right if the best sentences were always shown.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from pathlib import Path
from statistics import fmean
from unittest.mock import patch

from qa.answering import extract
from qa.assistant import PolicyQA
from qa.embedding.choice import get_embedder
from qa.evaluation.answers import flat
from qa.evaluation.datasets import Dataset, Query, load_dataset
from qa.index.build import build_index
from qa.records import Answer
from qa.settings import get_settings


def measure(dataset: Dataset, queries: list[Query]) -> dict[str, float]:
    """Return the shares over ``queries``."""
    embedder = get_embedder(get_settings())
    with tempfile.TemporaryDirectory(prefix="policy-qa-reading-") as scratch:
        build_index(Path(scratch), dataset.documents, embedder, corpus=dataset.name)
        corpus = PolicyQA(get_settings().model_copy(update={"index_dir": Path(scratch)}), embedder=embedder)
        with patch.object(extract, "THRESHOLD", 0.0):
            always = [corpus.ask(query.text, default_language=query.language) for query in queries]
    shown = [answer.confidence >= extract.THRESHOLD for answer in always]
    held = [_holds(answer, query) for answer, query in zip(always, queries, strict=True)]
    return {
        "n": len(queries),
        "answered": round(fmean(shown), 4),
        "held": round(fmean(a and b for a, b in zip(shown, held, strict=True)), 4),
        "held_if_always": round(fmean(held), 4),
    }


def _holds(answer: Answer, query: Query) -> bool:
    quotes = [c for s in answer.statements for c in s.citations if c.document_id in query.relevant]
    return any(flat(given) in flat(quote.quote) for given in query.answers for quote in quotes)


def main() -> None:
    """Print the shares as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="SET")
    parser.add_argument("--sample", type=int, metavar="N", help="N of its questions (default: all)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    dataset = load_dataset(options.folder)
    queries = [query for query in dataset.queries if query.answers]
    if options.sample:
        queries = random.Random(options.seed).sample(queries, min(options.sample, len(queries)))
    print(json.dumps({"set": dataset.name, "documents": len(dataset.documents), **measure(dataset, queries)}))


if __name__ == "__main__":
    main()
