"""Retrieval beside what a user would pick instead: ``python -m benchmarks.quality SET [SET ...] [--half reporting]``.

Every system gets the same documents, each with its title before its text, and the same queries, in one run. A document
counts at the rank of its best passage. The rivals' packages are in benchmarks/requirements.txt, for an environment of
their own; one that is not installed is named under the table with the reason.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.rivals import Rival, makers
from qa.embedding.model import Embedder, get_embedder
from qa.evaluation.datasets import Dataset, halved, load_dataset, sampled
from qa.evaluation.metrics import hit_at
from qa.evaluation.runner import View, score, views
from qa.evaluation.vector_cache import CachedEmbedder
from qa.index.build import build_index
from qa.index.reader import IndexReader
from qa.settings import get_settings

OURS = "ours"
DEPTH = 200  # passages: enough for ten documents, however long
log = logging.getLogger(__name__)


def main() -> None:
    """Print a Markdown table for each set, or with ``--json`` one object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, metavar="N", help="N queries of each type, their documents, 4 N others")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--half", choices=("tuning", "reporting"), help="the queries of one half only (default: all)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    log.addHandler(logging.StreamHandler())
    log.setLevel(logging.INFO)
    os.environ["ANONYMIZED_TELEMETRY"] = "False"

    settings = get_settings()
    e5 = CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors")
    systems = makers(e5, lambda embedder: CachedEmbedder(embedder, settings.cache_dir / "vectors"))
    results = []
    for folder in options.sets:
        dataset = load_dataset(folder)
        if options.sample:
            dataset = sampled(dataset, options.sample, options.seed)
        if options.half:
            dataset = halved(dataset, options.half)
        results.append(compare(dataset, e5, systems))
        if not options.json:
            sys.stdout.write(table(results[-1]) + "\n")
            sys.stdout.flush()
    if options.json:
        json.dump({"half": options.half or "all", "sample": options.sample, "sets": results}, sys.stdout)


def compare(dataset: Dataset, embedder: Embedder, systems: dict[str, Callable[[], Rival]]) -> dict[str, Any]:
    """Return each view's hit@1 and hit@10 by system, the seconds each took, and why any is missing."""
    rows = [_head(view) for view in views(dataset)]
    seconds: dict[str, float] = {}
    missing: dict[str, str] = {}
    for name, make in {**systems, OURS: None}.items():
        started = time.perf_counter()
        try:
            found = list(_ours(dataset, embedder) if make is None else _theirs(dataset, make()))
        except ImportError as error:
            missing[name] = f"{error}: install it as benchmarks/requirements.txt says"
            continue
        seconds[name] = round(time.perf_counter() - started, 1)
        log.info("%s: %s took %s s", dataset.name, name, seconds[name])
        for row, (first, ten) in zip(rows, found, strict=True):
            row["systems"][name] = {"hit@1": first, "hit@10": ten}
    return {
        "set": dataset.name, "documents": len(dataset.documents), "queries": len(dataset.queries),
        "seconds": seconds, "missing": missing, "views": rows,
    }  # fmt: skip


def table(result: dict[str, Any]) -> str:
    """Return a set's result in Markdown."""
    names = list(result["seconds"])
    lines = [
        f"{result['set']}: {result['documents']} documents, {result['queries']} queries, hit@1 / hit@10\n",
        "| type | view | language | context | n | " + " | ".join(names) + " |",
        "|---" * (5 + len(names)) + "|",
    ]
    for view in result["views"]:
        cells = [view["type"], view["view"], view["language"], "yes" if view["context"] else "no", str(view["n"])]
        figures = [view["systems"][name] for name in names]
        cells += [f"{of_one['hit@1']:.3f} / {of_one['hit@10']:.3f}" for of_one in figures]
        lines.append("| " + " | ".join(cells) + " |")
    lines += [f"\n{name} is not in the table: {reason}" for name, reason in result["missing"].items()]
    return "\n".join([*lines, ""])


def _head(view: View) -> dict[str, Any]:
    return {
        "type": view.type, "view": view.view, "language": view.language, "context": view.context,
        "n": len(view.queries), "systems": {},
    }  # fmt: skip


def _ours(dataset: Dataset, embedder: Embedder) -> Iterable[tuple[float, float]]:
    """The figures of ``python -m qa evaluate``."""
    with tempfile.TemporaryDirectory(prefix="policy-qa-quality-") as scratch:
        build_index(Path(scratch), dataset.documents, embedder, corpus=dataset.name)
        generation = IndexReader(Path(scratch), embedder).generation()
        for view in views(dataset):
            row = score(view, generation, embedder)
            yield row["hit@1"], row["hit@10"]
        generation.close()


def _theirs(dataset: Dataset, rival: Rival) -> Iterable[tuple[float, float]]:
    rival.index(dataset.documents)
    for view in views(dataset):
        texts = [f"{q.context} — {q.text}" if view.context and q.context else q.text for q in view.queries]
        found = rival.search(texts, asked_in=view.language, language=view.filters().language, depth=DEPTH)
        pairs = [(list(dict.fromkeys(ids)), view.relevant(q)) for ids, q in zip(found, view.queries, strict=True)]
        yield tuple(round(fmean(hit_at(ranking, gold, k) for ranking, gold in pairs), 4) for k in (1, 10))


if __name__ == "__main__":
    main()
