"""The claim set on the corpus is what its figures claim it is.

One line of ``claims.jsonl`` is one claim to check: ``verdict`` is the right one; ``found`` is what the source gives, as
the source writes it (of a disputed claim, a value other than the claimed one); ``documents`` are those that prove the
verdict; ``cross`` says that only documents in the other language do. The second part of an id is the fact, as the
documents' ``facts`` name it, or what is absent from the corpus.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from qa.evaluation.datasets import half
from qa.ingest import read_corpus

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = [json.loads(line) for line in (ROOT / "tests/data/claims.jsonl").read_text("utf-8").splitlines()]
PROVEN = [claim for claim in CLAIMS if claim["verdict"] != "not_found"]
RESTATED_OR_CHANGED = [claim for claim in CLAIMS if claim["verdict"] in ("supported", "contradicted")]
FIELDS = {"id", "text", "language", "half", "verdict", "found", "documents", "type", "cross"}
TYPES = {"amount", "percent", "count", "date", "name", "negation", "other"}
VERDICTS = {"supported": 100, "contradicted": 110, "not_found": 80, "disputed": 10}

every_proven = pytest.mark.parametrize("claim", PROVEN, ids=lambda claim: claim["id"])


@pytest.fixture(scope="module")
def documents():
    return {document.id: document for document in read_corpus(ROOT / "corpus").documents}


def stands(key: str, text: str) -> bool:
    """Whether ``key`` stands in ``text`` by itself, and not inside a longer word or number."""
    before = r"(?<!\d)(?<!\d[.,\s])" if key[0].isdigit() else r"(?<!\w)"
    after = r"(?!\d|[.,]\d|\s\d{3}(?!\d))" if key[-1].isdigit() else r"(?!\w)" if key[-1] == "%" else ""
    return re.search(before + r"\s".join(map(re.escape, key.split())) + after, text) is not None


def fact(claim: dict) -> str:
    return claim["id"].split("/")[1]


def test_every_claim_has_its_fields():
    for claim in CLAIMS:
        assert claim.keys() == FIELDS, claim["id"]
        assert claim["text"].strip() == claim["text"] != ""
        assert claim["language"] == claim["id"].rpartition("/")[2]
        assert claim["type"] in TYPES


def test_ids_and_texts_are_unique():
    assert len({claim["id"] for claim in CLAIMS}) == len({claim["text"] for claim in CLAIMS}) == len(CLAIMS)


def test_the_mix_is_the_one_that_figures_are_read_by():
    assert Counter(claim["verdict"] for claim in CLAIMS) == VERDICTS
    assert Counter(claim["language"] for claim in CLAIMS) == {"fr": 150, "en": 150}
    assert {claim["type"] for claim in CLAIMS} == TYPES
    for verdict in ("supported", "contradicted"):
        cross = Counter(claim["language"] for claim in CLAIMS if claim["verdict"] == verdict and claim["cross"])
        assert cross.total() >= VERDICTS[verdict] / 3
        assert min(cross.values()) >= 0.4 * cross.total()


def test_the_halves_are_fixed_by_the_fact_and_alike():
    assert [claim["id"] for claim in CLAIMS if claim["half"] != half(claim["id"])] == []
    for name in ("tuning", "reporting"):
        chosen = Counter(claim["verdict"] for claim in CLAIMS if claim["half"] == name)
        assert chosen.total() >= 0.45 * len(CLAIMS)
        assert chosen.keys() == VERDICTS.keys()
        assert all(chosen[verdict] >= 0.4 * VERDICTS[verdict] for verdict in VERDICTS if verdict != "disputed")


def test_no_fact_is_in_both_halves():
    halves: dict[object, set[str]] = {}
    for claim in CLAIMS:
        for shared in [fact(claim), *((path, claim["found"]) for path in claim["documents"])]:
            halves.setdefault(shared, set()).add(claim["half"])
    assert [shared for shared, names in halves.items() if len(names) > 1] == []


def test_what_is_not_in_the_corpus_has_no_proof():
    for claim in CLAIMS:
        if claim["verdict"] == "not_found":
            assert (claim["found"], claim["documents"], claim["cross"]) == (None, [], False), claim["id"]
            assert fact(claim).startswith("absent-")


@every_proven
def test_what_the_source_gives_stands_in_a_proving_document(claim, documents):
    assert claim["documents"]
    assert any(stands(claim["found"], documents[path].text) for path in claim["documents"])


@every_proven
def test_the_proving_documents_restate_the_fact(claim):
    for path in claim["documents"]:
        listed = re.search(r"^facts: \[(.*)\]$", (ROOT / "corpus" / path).read_text("utf-8"), re.MULTILINE)
        assert listed, path
        if claim["verdict"] != "disputed":  # the other side of a dispute is a fact of its own
            assert fact(claim) in listed[1].split(", "), path


@every_proven
def test_across_languages_means_proven_in_the_other_only(claim, documents):
    languages = {documents[path].language for path in claim["documents"]}
    assert claim["cross"] == (claim["language"] not in languages)


def test_what_is_changed_is_not_what_the_source_gives():
    for claim in CLAIMS:
        if claim["verdict"] == "contradicted" and claim["type"] in ("amount", "percent", "count", "date", "name"):
            assert not stands(claim["found"], claim["text"]), claim["id"]


def test_a_dispute_has_several_sources():
    for claim in CLAIMS:
        if claim["verdict"] == "disputed":
            assert len(claim["documents"]) >= 2, claim["id"]


def test_claims_are_not_the_documents_own_sentences(documents):
    texts = [" ".join(document.text.split()) for document in documents.values()]
    assert [claim["id"] for claim in RESTATED_OR_CHANGED if any(claim["text"] in text for text in texts)] == []


def test_the_claims_reach_most_of_the_corpus(documents):
    reached = {path for claim in PROVEN for path in claim["documents"]}
    assert reached <= documents.keys()
    assert len(reached) >= 0.9 * len(documents)
