"""Fit what orders sentences and how sure an answer is: ``python -m training.answering SET [SET ...]``.

On tests/data/questions.jsonl, tuning_questions.jsonl and the tuning halves of policy_questions.jsonl and open_questions.jsonl, over the corpus of the
settings. Further questions that the corpus cannot answer are made of them by taking away the documents that prove the answer,
and taken from the tuning halves of other test SETs. A logistic regression tells sentences that hold a key of the answer from others
of the same question, and another whether the chosen ones hold it all (an unanswerable question's never do). Prints the
constants of ``qa.answering.candidates`` and ``qa.answering.confidence``, and what they are worth on both halves.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from qa.answering import candidates as ordering
from qa.answering.asked import Asked, what_is_asked
from qa.answering.attribute import Attribute
from qa.answering.candidates import Candidate, find_candidates
from qa.answering.confidence import Measures, measures
from qa.answering.extract import choose
from qa.answering.follow_up import turns, understand
from qa.answering.wanted import Wanted
from qa.assistant import READ_HITS, PolicyQA
from qa.embedding.choice import get_embedder
from qa.embedding.remembered import Remembered
from qa.errors import QuestionError
from qa.evaluation.answers import auroc, expected_calibration_error, flat, read_question_set
from qa.evaluation.datasets import halved, load_dataset
from qa.filters import Filters
from qa.index.sentences import Foreseen
from qa.questions import Question, read_question
from qa.retrieval.retriever import retrieve_hits
from qa.settings import get_settings

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
HALVED = ("policy_questions.jsonl", "open_questions.jsonl")
OTHERS = 10  # questions taken of each other set
ORDER = ("similarity", "across", "in_title", "in_sentence", "in_passage", "kind", "year", "recent", "read")
SURE = tuple(field.name for field in fields(Measures))
# What a question of another set counts, one whose proof was taken away, and one that the corpus does not answer: with 1,
# answers would be thought too rare. The last makes those a fifth of all, as in the questions that are reported on.
ELSEWHERE, REMOVED, UNANSWERABLE = 0.3, 0.1, 0.55
FOLDS = 8  # that the confidence of the tuning half is measured with, each by constants fitted on the others


@dataclass
class Row:
    """A question's sentences, each with which of the keys it holds; it counts for ``weight``."""

    asked: Asked
    wanted: Wanted
    attribute: Attribute
    candidates: list[Candidate]
    holds: NDArray[np.bool_]
    removed: bool
    weight: float

    @property
    def answerable(self) -> bool:
        return self.holds.shape[1] > 0 and not self.removed

    def ordered(self) -> list[Candidate]:
        """The sentences by the constants as they are now."""
        return sorted(self.candidates, key=lambda candidate: -candidate.score)

    def right(self) -> bool:
        """Whether the chosen sentences hold every key."""
        chosen = choose(self.ordered())
        rows = [index for index, candidate in enumerate(self.candidates) if any(candidate is one for one in chosen)]
        return self.answerable and bool(self.holds[rows].any(axis=0).all())


def asked_of_the_corpus(half: str) -> list[dict[str, Any]]:
    """Return the questions of one half; two of the sets are all for tuning."""
    items = [item for name in HALVED for item in read_question_set(DATA / name, half=half)]
    if half == "tuning":
        items += read_question_set(DATA / "tuning_questions.jsonl")
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
        items += [
            {"question": query.text, "language": query.language, "keys": [], "weight": ELSEWHERE} for query in chosen
        ]
    return items


def gather(corpus: PolicyQA, items: Sequence[dict[str, Any]]) -> list[Row]:
    """Return the rows of ``items``: one each, and one more without the documents that prove it, where they are known."""
    generation, embedder = corpus.generation(), get_embedder(get_settings())
    foreseen = Foreseen(Remembered(embedder), generation.sentences)
    document, lexical = generation.texts.document, generation.lexical
    rows = []
    for item in items:
        try:
            asked = read_question(item["question"])
        except QuestionError:
            continue
        told = turns(item.get("history", ()), default_language=item["language"])
        understood = understand(asked.text, told, asked.language)
        question = Question(understood.text, understood.language)
        filters = Filters(**item.get("filters", {}))
        (hits,) = retrieve_hits([question], generation=generation, embedder=embedder, filters=filters, k=READ_HITS * 5)
        wants, wanted = what_is_asked(question.text), Wanted(question, lexical)
        attribute, proofs = Attribute(question, lexical), item.get("documents", ())
        for removed in (False, True) if proofs else (False,):
            read = [hit for hit in hits if not (removed and hit.document_id in proofs)][:READ_HITS]
            found = find_candidates(question, wants, wanted, read, document=document, embedder=foreseen)
            holds = [[any(flat(key) in flat(c.text) for key in wording) for wording in item["keys"]] for c in found]
            if found:
                shaped = np.array(holds, dtype=bool).reshape(len(found), len(item["keys"]))
                weight = REMOVED if removed else item.get("weight", 1.0 if item["keys"] else UNANSWERABLE)
                rows.append(Row(wants, wanted, attribute, found, shaped, removed, weight))
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
    report(halves)


def report(halves: dict[str, list[Row]]) -> None:
    """Fit on the tuning half and print the constants and the rates of both."""
    for name, weight in zip(ORDER, fit_order(halves["tuning"]), strict=True):
        print(name, round(float(weight), 2))
        setattr(ordering, name.upper(), round(float(weight), 2))
    features, right = sureness(halves["tuning"])
    weights_of = np.array([row.weight for row in halves["tuning"]])
    weights, intercept = fit_sureness(features, right, weights_of)
    print("sure", round(intercept, 2), {name: round(float(w), 2) for name, w in zip(SURE, weights, strict=True)})
    unseen = np.empty(len(right))
    fold = np.arange(len(right)) % FOLDS
    for number in range(FOLDS):
        others = fold != number
        fitted, start = fit_sureness(features[others], right[others], weights_of[others])
        unseen[~others] = start + features[~others] @ fitted
    show("tuning", halves["tuning"], right, unseen)
    features, right = sureness(halves["reporting"])
    show("reporting", halves["reporting"], right, intercept + features @ weights)


def show(half: str, all_rows: list[Row], all_right: NDArray[np.bool_], logits: NDArray[np.float64]) -> None:
    """Print what the chosen sentences and the confidence of one half are worth, without questions of other sets."""
    here = [number for number, row in enumerate(all_rows) if row.weight in (1.0, UNANSWERABLE)]
    rows, right = [all_rows[number] for number in here], all_right[here]
    sure = 1 / (1 + np.exp(-logits[here]))
    answerable = np.array([row.answerable for row in rows])
    best = [row.holds[[c is row.ordered()[0] for c in row.candidates].index(True)].any() for row in rows]
    print(
        f"{half}: best sentence right {np.mean(np.array(best)[answerable]):.3f}, chosen right "
        f"{right[answerable].mean():.3f} of answerable, "
        f"AUROC {auroc(list(sure[answerable]), list(sure[~answerable])):.3f}, "
        f"calibration error {expected_calibration_error(list(zip(sure, right, strict=True))):.3f}"
    )
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55):
        shown = sure >= threshold
        print(
            f"  {threshold}: answered {shown[answerable].mean():.3f}, silent {(~shown[~answerable]).mean():.3f}, "
            f"right {(right & shown)[answerable].mean():.3f}"
        )


def fit_sureness(
    features: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return the weights of the measures, and the intercept, that tell right answers from others."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    fitted = LogisticRegression(max_iter=1000).fit((features - mean) / spread, right, sample_weight=weights)
    found = fitted.coef_[0] / spread
    return found, float(fitted.intercept_[0] - mean @ found)


def fit_order(rows: list[Row]) -> NDArray[np.float64]:
    """Return the weights that tell a question's sentences that hold a key from its others."""
    differences: list[Any] = []
    for row in rows:
        features = np.array([[float(getattr(c, name)) for name in ORDER] for c in row.candidates])
        holds = row.holds.any(axis=1)
        right, wrong = np.flatnonzero(holds)[:3], np.flatnonzero(~holds)
        differences += [features[r] - features[w] for r in right for w in wrong]
    one_way = np.array(differences)
    both = np.concatenate([one_way, -one_way])
    spread = both.std(axis=0) + 1e-9
    labels = np.repeat([1, 0], len(one_way))
    return np.asarray(LogisticRegression(fit_intercept=False).fit(both / spread, labels).coef_[0] / spread)


def sureness(rows: list[Row]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return what is measured of each row's answer, and whether it is right."""
    features = [astuple(measures(row.asked, row.wanted, row.attribute, row.ordered())) for row in rows]
    return np.array(features, float), np.array([row.right() for row in rows])


if __name__ == "__main__":
    main()
