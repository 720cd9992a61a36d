"""Fit what orders sentences and how sure an answer is: ``python -m training.answering SET [SET ...]``.

On tests/data/questions.jsonl, the tuning half of tests/data/policy_questions.jsonl, and, as questions that the corpus
cannot answer, some of the tuning halves of other test SETs, over the corpus of the settings: a logistic regression tells
sentences that hold a key of the answer from others of the same question, and another whether the best one holds it (an
unanswerable question's never does). Prints the constants of ``qa.answering.candidates`` and ``qa.answering.confidence``,
and on both halves how often the best sentence is right.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from qa.answering.asked import what_is_asked
from qa.answering.candidates import Candidate, find_candidates
from qa.answering.follow_up import turns, understand
from qa.answering.wanted import Wanted
from qa.assistant import READ_HITS, PolicyQA
from qa.embedding.choice import get_embedder
from qa.errors import QuestionError
from qa.evaluation.answers import auroc, expected_calibration_error, flat, read_question_set
from qa.evaluation.datasets import halved, load_dataset
from qa.filters import Filters
from qa.questions import Question, read_question
from qa.retrieval.retriever import retrieve_hits
from qa.settings import get_settings

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
OTHERS = 10  # questions taken of each other set
ORDER = ("similarity", "across", "in_title", "in_sentence", "in_passage", "kind", "year")
SURE = ("similarity", "across", "in_title", "misses_year")


@dataclass
class Row:
    """A question's sentences, each with whether it holds a key, and whether the question names a year."""

    answerable: bool
    candidates: list[Candidate]
    holds: NDArray[np.bool_]
    names_year: bool

    def order(self) -> NDArray[np.float64]:
        return np.array([[float(getattr(c, name)) for name in ORDER] for c in self.candidates])


def asked_of_the_corpus(half: str) -> list[dict[str, Any]]:
    """Return the questions of one half; the older, smaller set is all for tuning."""
    items = read_question_set(DATA / "policy_questions.jsonl", half=half)
    if half == "tuning":
        for item in read_question_set(DATA / "questions.jsonl"):
            if item["key"] != "":
                items.append({**item, "keys": [[item["key"]]] if item["key"] else []})
    return items


def of_other_subjects(folders: Sequence[Path]) -> list[dict[str, Any]]:
    """Return questions of other test sets, which the corpus does not answer."""
    items: list[dict[str, Any]] = []
    for folder in folders:
        queries = halved(load_dataset(folder), "tuning").queries
        chosen = random.Random(0).sample(queries, OTHERS)
        items += [{"question": query.text, "language": query.language, "keys": []} for query in chosen]
    return items


def gather(corpus: PolicyQA, items: Sequence[dict[str, Any]]) -> list[Row]:
    """Return the rows of ``items``."""
    generation, embedder = corpus.generation(), get_embedder(get_settings())
    rows = []
    for item in items:
        try:
            asked = read_question(item["question"])
        except QuestionError:
            continue
        understood = understand(
            asked.text, turns(item.get("history", ()), default_language=item["language"]), asked.language
        )
        question = Question(understood.text, understood.language)
        hits = retrieve_hits(
            question, generation=generation, embedder=embedder, filters=Filters(**item.get("filters", {})), k=READ_HITS
        )
        wants = what_is_asked(question.text)
        found = find_candidates(
            question, wants, Wanted(question, generation.lexical), hits,
            document=generation.texts.document, embedder=embedder,
        )  # fmt: skip
        keys = [flat(key) for wording in item["keys"] for key in wording]
        holds = np.array([any(key in flat(candidate.text) for key in keys) for candidate in found], dtype=bool)
        if found:
            rows.append(Row(bool(keys), found, holds, bool(wants.years)))
    return rows


def main() -> None:
    """Print the constants and what they are worth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("others", nargs="*", type=Path, metavar="SET")
    corpus, others = PolicyQA(get_settings()), of_other_subjects(parser.parse_args().others)
    halves = {
        "tuning": gather(corpus, asked_of_the_corpus("tuning") + others),
        "reporting": gather(corpus, asked_of_the_corpus("reporting")),
    }
    order = fit_order(halves["tuning"])
    print("order", {name: round(float(weight), 2) for name, weight in zip(ORDER, order, strict=True)})
    measured = {half: best_of(rows, order) for half, rows in halves.items()}
    features, right, _ = measured["tuning"]
    spread = features.std(axis=0) + 1e-9
    fitted = LogisticRegression().fit(features / spread, right)
    weights, intercept = fitted.coef_[0] / spread, float(fitted.intercept_[0])
    print("sure", round(intercept, 2), {name: round(float(w), 2) for name, w in zip(SURE, weights, strict=True)})
    for half, (features, right, answerable) in measured.items():
        sure = 1 / (1 + np.exp(-(intercept + features @ weights)))
        print(
            f"{half}: best sentence right {right[answerable].mean():.3f} of answerable, "
            f"AUROC {auroc(list(sure[answerable]), list(sure[~answerable])):.3f}, "
            f"calibration error {expected_calibration_error(list(zip(sure, right, strict=True))):.3f}"
        )
        for threshold in (0.3, 0.35, 0.4, 0.42, 0.44, 0.46, 0.48, 0.5, 0.55):
            shown = sure >= threshold
            print(f"  {threshold}: answered {shown[answerable].mean():.3f}, silent {(~shown[~answerable]).mean():.3f}")


def fit_order(rows: list[Row]) -> NDArray[np.float64]:
    """Return the weights that tell a question's sentences that hold a key from its others."""
    differences: list[Any] = []
    for row in rows:
        features = row.order()
        right, wrong = np.flatnonzero(row.holds)[:3], np.flatnonzero(~row.holds)
        differences += [features[r] - features[w] for r in right for w in wrong]
    one_way = np.array(differences)
    both = np.concatenate([one_way, -one_way])
    spread = both.std(axis=0) + 1e-9
    labels = np.repeat([1, 0], len(one_way))
    return np.asarray(LogisticRegression(fit_intercept=False).fit(both / spread, labels).coef_[0] / spread)


def best_of(rows: list[Row], order: NDArray[np.float64]) -> tuple[Any, Any, Any]:
    """Return each best sentence's features, whether it is right, and whether its question can be answered."""
    features, right = [], []
    for row in rows:
        index = int(np.argmax(row.order() @ order))
        best = row.candidates[index]
        misses = row.names_year and best.passage_year != 1
        features.append([best.similarity, best.across, best.in_title, misses])
        right.append(bool(row.holds[index]))
    return np.array(features, float), np.array(right), np.array([row.answerable for row in rows])


if __name__ == "__main__":
    main()
