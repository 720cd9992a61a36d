"""The question set on the corpus is what its figures claim it is.

One line of ``policy_questions.jsonl`` is one question: ``keys`` lists what a right answer must show, one alternative of
each inner list, as the documents write it; ``documents`` are those that prove it; ``cross`` says that only documents in
the other language do; ``history`` holds what was asked before a follow-up; ``filters`` what is asked with it. A question
that the corpus does not answer has neither keys nor documents, and is a near miss when its subject is in the corpus.
``tuning_questions.jsonl`` has more of them, all for choosing constants on. ``open_questions.jsonl`` has questions as people
ask who do not know yet what there is to know; any of several documents may answer one, so that none is named.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from qa.evaluation.answers import flat
from qa.evaluation.datasets import half
from qa.ingest import read_corpus

ROOT = Path(__file__).resolve().parents[2]


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (ROOT / "tests/data" / name).read_text("utf-8").splitlines()]


QUESTIONS, TUNING = rows("policy_questions.jsonl"), rows("tuning_questions.jsonl")
OPEN = rows("open_questions.jsonl")
EVERY = QUESTIONS + TUNING
ANSWERABLE = [question for question in EVERY if question["type"] != "unanswerable"]
FIELDS = {"id", "question", "language", "half", "type", "near_miss", "keys", "documents", "cross"}
OPTIONAL = {"history", "filters"}
AT_LEAST = {
    "amount": 20,
    "count": 20,
    "date": 15,
    "follow_up": 20,
    "list": 15,
    "person": 10,
    "dated": 12,
    "multi_document": 10,
    "disputed": 8,
    "place": 5,
    "yes_no": 5,
    "organisation": 5,
    "definition": 5,
    "comparison": 5,
    "reason": 4,
    "unanswerable": 55,
}

every_answerable = pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question["id"])


@pytest.fixture(scope="module")
def documents():
    return {document.id: document for document in read_corpus(ROOT / "corpus").documents}


def stands(key: str, text: str) -> bool:
    """Whether ``key`` stands in ``text`` by itself, and not inside a longer word or number."""
    before = r"(?<!\d)(?<!\d[.,\s])" if key[0].isdigit() else r"(?<!\w)"
    after = r"(?!\d|[.,]\d|\s\d{3}(?!\d))" if key[-1].isdigit() else ""
    return re.search(before + r"\s".join(map(re.escape, key.split())) + after, text) is not None


def test_every_question_has_its_fields():
    for question in EVERY:
        assert question.keys() - OPTIONAL == FIELDS, question["id"]
        assert question["question"].strip() == question["question"] != ""
        assert question["language"] in ("fr", "en")
        assert question["type"] in AT_LEAST


def test_ids_and_questions_are_unique():
    assert len({question["id"] for question in EVERY}) == len(EVERY)
    asked = {(*question.get("history", ()), question["question"]) for question in EVERY}
    assert len(asked) == len(EVERY)


def test_the_mix_is_the_one_that_figures_are_read_by():
    assert len(QUESTIONS) == 240
    assert Counter(question["language"] for question in QUESTIONS) == {"fr": 120, "en": 120}
    counts = Counter(question["type"] for question in QUESTIONS)
    assert {name: counts[name] for name, least in AT_LEAST.items() if counts[name] < least} == {}
    assert sum(question["near_miss"] for question in QUESTIONS) == 35
    cross = Counter(question["language"] for question in QUESTIONS if question["cross"])
    assert cross.total() >= 80
    assert min(cross.values()) >= 0.4 * cross.total()


def test_the_halves_are_fixed_by_the_subject_and_alike():
    assert [question["id"] for question in QUESTIONS if question["half"] != half(question["id"])] == []
    for name in ("tuning", "reporting"):
        chosen = [question for question in QUESTIONS if question["half"] == name]
        assert len(chosen) >= 0.4 * len(QUESTIONS)
        assert {question["type"] for question in chosen} == set(AT_LEAST)
        assert 0.3 <= sum(question["cross"] for question in chosen) / len(chosen) <= 0.5
        assert 0.2 <= sum(question["type"] == "unanswerable" for question in chosen) / len(chosen) <= 0.27


def test_the_further_questions_are_for_tuning_and_as_mixed():
    assert {question["half"] for question in TUNING} == {"tuning"}
    assert len(TUNING) >= 290
    assert {question["type"] for question in TUNING} == set(AT_LEAST)
    languages = Counter(question["language"] for question in TUNING)
    assert min(languages.values()) >= 0.45 * len(TUNING)
    assert sum(question["cross"] for question in TUNING) >= 0.25 * len(TUNING)
    unanswerable = [question for question in TUNING if question["type"] == "unanswerable"]
    assert len(unanswerable) >= 0.2 * len(TUNING)
    assert sum(question["near_miss"] for question in unanswerable) >= 0.5 * len(unanswerable)


def test_open_questions_have_their_fields_and_answers_that_the_documents_give(documents):
    texts = flat("\n".join(document.text for document in documents.values()))
    assert len({question["question"] for question in OPEN + EVERY}) == len(OPEN + EVERY)
    assert len({question["id"] for question in OPEN}) == len(OPEN)
    for question in OPEN:
        assert question.keys() == FIELDS, question["id"]
        assert question["type"] in ("open", "unanswerable")
        assert (question["type"] == "unanswerable") == (question["keys"] == []), question["id"]
        assert not (question["near_miss"] and question["keys"]), question["id"]
        assert [keys for keys in question["keys"] if not any(flat(key) in texts for key in keys)] == [], question["id"]
    for name in ("tuning", "reporting"):
        chosen = [question for question in OPEN if question["half"] == name]
        assert len(chosen) >= 40
        assert 0.2 <= sum(question["type"] == "unanswerable" for question in chosen) / len(chosen) <= 0.35


def test_no_fact_is_in_both_halves():
    def facts(question: dict) -> set[tuple[str, str]]:
        return {(path, key) for path in question["documents"] for keys in question["keys"] for key in keys}

    pairs = itertools.combinations(ANSWERABLE, 2)
    shared = [(a["id"], b["id"]) for a, b in pairs if a["half"] != b["half"] and facts(a) & facts(b)]
    assert shared == []


def test_unanswerable_questions_promise_nothing():
    for question in EVERY:
        if question["type"] == "unanswerable":
            assert (question["keys"], question["documents"], question["cross"]) == ([], [], False), question["id"]
        else:
            assert question["keys"]
            assert question["documents"]
            assert not question["near_miss"]


def test_follow_ups_and_only_they_have_a_history():
    for question in EVERY:
        assert (question["type"] == "follow_up") == bool(question.get("history")), question["id"]


@every_answerable
def test_a_proving_document_holds_each_key(question, documents):
    texts = [documents[path].text for path in question["documents"]]
    for alternatives in question["keys"]:
        assert [key for key in alternatives if not any(stands(key, text) for text in texts)] == []


@every_answerable
def test_each_proving_document_holds_a_key(question, documents):
    keys = list(itertools.chain.from_iterable(question["keys"]))
    assert [p for p in question["documents"] if not any(stands(key, documents[p].text) for key in keys)] == []


@every_answerable
def test_across_languages_means_proven_in_the_other_only(question, documents):
    languages = {documents[path].language for path in question["documents"]}
    assert question["cross"] == (question["language"] not in languages)


def test_questions_of_several_documents_need_them(documents):
    for question in ANSWERABLE:
        if question["type"] == "multi_document":
            for path in question["documents"]:
                text = documents[path].text
                alone = all(any(stands(key, text) for key in keys) for keys in question["keys"])
                assert not alone, (question["id"], path)


def test_filters_leave_the_proof(documents):
    for question in ANSWERABLE:
        as_of = question.get("filters", {}).get("as_of")
        if as_of:
            assert date.fromisoformat(as_of)
            assert [path for path in question["documents"] if documents[path].date > as_of] == []


def test_the_questions_reach_most_of_the_corpus(documents):
    reached = {path for question in QUESTIONS for path in question["documents"]}
    assert reached <= documents.keys()
    assert len(reached) >= 0.9 * len(documents)
