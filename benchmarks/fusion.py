"""Sweep the constants of ``qa.retrieval.fusion``: ``python -m benchmarks.fusion SET [SET ...] [--sample N]``.

On the tuning half of each set's queries, the share whose document stands first and among the first ten, at each weight
of meaning against words (0 is words alone, "only" the vectors alone), at each share of the whole document in the words'
score, and, where documents of both languages answer, the nDCG@10 at each addition to the cosines across languages.
``--grid`` sweeps the weight of meaning and the nearest sentence's share of it together, averaged over the set's rows;
``--related`` the weight of words related to the question's (``qa.retrieval.related``) and the addition across languages;
``--depth`` how many candidates each of the two searches gives.
``--logistic`` fits the curve that turns the sum into a probability.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from qa.embedding.choice import get_embedder
from qa.evaluation.datasets import halved, load_dataset, sampled
from qa.evaluation.metrics import hit_at, ndcg_at
from qa.evaluation.runner import PASSAGES_DEEP, View, as_asked, documents_of, views
from qa.evaluation.vector_cache import CachedEmbedder
from qa.index.build import build_index
from qa.index.reader import Generation, IndexReader
from qa.retrieval import related, retriever
from qa.retrieval.fusion import CONSTANTS, Constants, Measured, fuse
from qa.retrieval.retriever import measure
from qa.settings import get_settings

WEIGHTS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 1e6)
GRID, SENTENCES = (2.5, 3.5, 4.5, 6.0), (0.0, 0.33, 0.5, 0.6, 0.7, 0.8)
SHARES = (0.0, 0.25, 0.5, 0.75)
ADDITIONS = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05)
RELATED = (0.0, 1.0, 2.0, 3.0)
DEPTHS = (20, 60, 100, 200, 500)


def main() -> None:
    """Print Markdown tables for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--grid", action="store_true", help="print weight by share of the nearest sentence only")
    parser.add_argument("--related", action="store_true", help="print weight of related words by addition only")
    parser.add_argument("--depth", action="store_true", help="print how many candidates each search gives only")
    parser.add_argument("--logistic", action="store_true", help="print the logistic curve only")
    options = parser.parse_args()
    settings = get_settings()
    embedder = CachedEmbedder(get_embedder(settings), settings.cache_dir / "vectors")
    sweeps = ((options.grid, print_grid), (options.related, print_related), (options.depth, print_depths))
    averaged = [sweep for wanted, sweep in sweeps if wanted]
    labelled: list[tuple[float, float, bool]] = []
    for folder in options.sets:
        dataset = load_dataset(folder)
        if options.sample:
            dataset = sampled(dataset, options.sample, seed=0)
        dataset = halved(dataset, "tuning")
        if not options.logistic:
            print(f"\n{dataset.name}: {len(dataset.documents)} documents\n")
        if not options.logistic and not averaged:
            print(head())
        with tempfile.TemporaryDirectory() as scratch:
            build_index(Path(scratch), dataset.documents, embedder)
            generation = IndexReader(Path(scratch), embedder).generation()
            for sweep in averaged:
                sweep(list(views(dataset)), generation, embedder)
            for view in views(dataset) if not averaged else ():
                if options.logistic:
                    labelled += first_ten(view, generation, embedder)
                else:
                    print(row(view, generation, embedder), flush=True)
            generation.close()
    if options.logistic:
        print_curve(labelled)


def head() -> str:
    """Return the table's head."""
    names = [f"{w:g}" if w < 1e6 else "only" for w in WEIGHTS]
    names += [f"doc {s:g}" for s in SHARES]
    names += [f"+{a:g}" for a in ADDITIONS]
    return "| type | view | language | context | n | " + " | ".join(names) + " |\n" + "|---" * (5 + len(names)) + "|"


def print_grid(asked: list[View], generation: Generation, embedder: CachedEmbedder) -> None:
    """Print hit@1 / hit@10 / nDCG@10, means over the rows, by weight of meaning and by share of the nearest sentence in it."""
    choices = {
        (share, weight): CONSTANTS._replace(dense_weight=weight, sentence_share=share)
        for share, weight in product(SENTENCES, GRID)
    }
    print("| share | " + " | ".join(f"weight {weight:g}" for weight in GRID) + " |\n" + "|---" * (1 + len(GRID)) + "|")
    figures = averages(asked, generation, embedder, choices)
    for share in SENTENCES:
        print(f"| {share:g} | {' | '.join(figures[share, weight] for weight in GRID)} |", flush=True)


def print_related(asked: list[View], generation: Generation, embedder: CachedEmbedder) -> None:
    """Print the same by the weight of related words and by the addition to cosines across languages."""
    additions = {addition: CONSTANTS._replace(across=addition) for addition in ADDITIONS[:4]}
    print("| related | " + " | ".join(f"+{one:g}" for one in additions) + " |\n" + "|---" * (1 + len(additions)) + "|")
    chosen = related.WEIGHT
    for related.WEIGHT in RELATED:
        figures = averages(asked, generation, embedder, additions)
        print(f"| {related.WEIGHT:g} | {' | '.join(figures.values())} |", flush=True)
    related.WEIGHT = chosen


def print_depths(asked: list[View], generation: Generation, embedder: CachedEmbedder) -> None:
    """Print the same by how many candidates each of the two searches gives."""
    print("| candidates | hit@1 / hit@10 / nDCG@10 |\n|---|---|")
    chosen = retriever.CANDIDATES
    for retriever.CANDIDATES in DEPTHS:
        [figures] = averages(asked, generation, embedder, {"": CONSTANTS}, depth=1).values()
        print(f"| {retriever.CANDIDATES} | {figures} |", flush=True)
    retriever.CANDIDATES = chosen


def averages(
    asked: list[View],
    generation: Generation,
    embedder: CachedEmbedder,
    choices: Mapping[Any, Constants],
    *,
    depth: int = PASSAGES_DEEP,
) -> dict[Any, str]:
    """Return hit@1 / hit@10 / nDCG@10, means over the rows ``asked``, with each of the ``choices``."""
    figures: dict[Any, list[list[float]]] = defaultdict(list)
    for view in asked:
        found = list(
            measure(as_asked(view), generation=generation, embedder=embedder, filters=view.filters(), depth=depth)
        )
        gold = [view.relevant(query) for query in view.queries]
        for name, constants in choices.items():
            pairs = list(zip(ranked(found, generation, constants), gold, strict=True))
            figures[name].append(
                [fmean(of(r, g, k) for r, g in pairs) for of, k in ((hit_at, 1), (hit_at, 10), (ndcg_at, 10))]
            )
    return {name: " / ".join(f"{one:.3f}" for one in np.mean(rows, 0)) for name, rows in figures.items()}


def first_ten(view: View, generation: Generation, embedder: CachedEmbedder) -> list[tuple[float, float, bool]]:
    """Return, for the ten best passages for each query, the sum, the gap to the best and whether its document answers."""
    measured = measure(as_asked(view), generation=generation, embedder=embedder, filters=view.filters(), depth=200)
    labelled = []
    for one, query in zip(measured, view.queries, strict=True):
        fused = fuse(one)
        best = np.argsort(-fused, kind="stable")[:10]
        names = [passage_id.rpartition("#")[0] for passage_id in generation.table.ids(one.rows[best])]
        for i, name in zip(best, names, strict=True):
            labelled.append((float(fused[i]), float(fused[best[0]] - fused[i]), name in view.relevant(query)))
    return labelled


def print_curve(labelled: list[tuple[float, float, bool]]) -> None:
    """Print the logistic curve's constants, and how often passages of each tenth of it answer."""
    from sklearn.linear_model import LogisticRegression

    measured = np.array([row[:2] for row in labelled])
    answers = np.array([row[2] for row in labelled])
    fitted = LogisticRegression(C=1e6).fit(measured, answers)
    print(
        f"SLOPE, GAP = {fitted.coef_[0].round(2)}, intercept {fitted.intercept_[0]:.2f}, from {len(answers)} passages\n"
    )
    print("| score | passages | answer |\n|---|---|---|")
    likely = fitted.predict_proba(measured)[:, 1]
    for tenth in range(10):
        inside = (likely >= tenth / 10) & (likely < (tenth + 1) / 10)
        if inside.any():
            print(f"| {tenth / 10:.1f}-{(tenth + 1) / 10:.1f} | {inside.sum()} | {answers[inside].mean():.3f} |")


def row(view: View, generation: Generation, embedder: CachedEmbedder) -> str:
    """Return the table's row for one view."""
    found = list(
        measure(as_asked(view), generation=generation, embedder=embedder, filters=view.filters(), depth=PASSAGES_DEEP)
    )
    gold = [view.relevant(query) for query in view.queries]

    def hits(constants: Constants) -> str:
        rankings = list(ranked(found, generation, constants))
        return " / ".join(f"{fmean(hit_at(r, g, k) for r, g in zip(rankings, gold, strict=True)):.3f}" for k in (1, 10))

    cells = [hits(CONSTANTS._replace(dense_weight=weight)) for weight in WEIGHTS]
    cells += [hits(CONSTANTS._replace(document_share=share)) for share in SHARES]
    if view.view == "all" and any(query.relevant_cross for query in view.queries):
        for addition in ADDITIONS:
            rankings = ranked(found, generation, CONSTANTS._replace(across=addition))
            cells.append(f"{fmean(ndcg_at(r, g, 10) for r, g in zip(rankings, gold, strict=True)):.3f}")
    else:
        cells += [""] * len(ADDITIONS)
    about = f"| {view.type} | {view.view} | {view.language} | {'yes' if view.context else 'no'} | {len(gold)} | "
    return about + " | ".join(cells) + " |"


def ranked(found: list[Measured], generation: Generation, constants: Constants) -> Iterator[list[str]]:
    """Yield the documents for each question, best first, as these constants order them."""
    for one in found:
        fused = fuse(one, constants)
        yield documents_of(generation.table.ids(one.rows[np.argsort(-fused, kind="stable")[:200]]))


if __name__ == "__main__":
    main()
