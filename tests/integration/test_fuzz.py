"""Whatever comes in, what comes out is an answer or an error of ours. More examples: QA_TESTS_EXAMPLES=2000."""

from __future__ import annotations

import os
import random
from itertools import pairwise
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qa.answering.claims import read_claims
from qa.errors import DocumentError, FilterError, UsageError
from qa.filters import Filters
from qa.ingest.blocks import UnreadableError
from qa.ingest.formats import SUFFIXES
from qa.ingest.limits import Limits
from qa.ingest.parse import parse_data
from qa.passages import cut_passages
from qa.records import Document
from qa.sentences import sentence_spans

EXAMPLES = int(os.environ.get("QA_TESTS_EXAMPLES", "60"))
FORMATS = sorted(path for path in (Path(__file__).parents[1] / "data" / "formats").iterdir() if path.suffix in SUFFIXES)
fuzzed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)  # fmt: skip
QUICK = Limits(megabytes=5, pages=50, unpacked_megabytes=20)


def damaged(whole: bytes, seed: int) -> bytes:
    """Return a file with bytes of it changed, taken out, doubled or cut off."""
    data, chance = bytearray(whole), random.Random(seed)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) or 1)
        match chance.randrange(4):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + chance.randrange(1, 64)]
            case 2:
                data[at:at] = data[max(0, at - chance.randrange(1, 512)) : at]
            case _:
                data[at : at + 8] = chance.randbytes(8)
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.randrange(8) == 0 else data)


@pytest.mark.parametrize("path", FORMATS, ids=lambda path: path.name)
def test_a_damaged_file_is_read_or_refused(path):
    @fuzzed
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        try:
            kind, parsed = parse_data(damaged(path.read_bytes(), seed), path.name, QUICK)
        except UnreadableError:
            return
        assert kind
        assert all("\n" not in block.text for block in parsed.blocks)

    run()


@fuzzed
@given(st.text(max_size=3000), st.sampled_from(["a.md", "a.txt", "a.html", "a.eml"]))
def test_any_text_is_read_or_refused(text, name):
    try:
        parse_data(text.encode("utf-8", "surrogatepass"), name, QUICK)
    except UnreadableError:
        return


@fuzzed
@given(st.text(max_size=4000))
def test_sentences_and_passages_are_spans_of_any_text(text):
    spans = list(sentence_spans(text))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    document = Document(id="a.md", title="A", text=text, language="fr")
    for passage in cut_passages(document):
        assert text[passage.start : passage.end] == passage.text


WORDS = st.sampled_from([
    "Quel", "plan", "combien", "What", "2012", "l'", "’", "et", "en", "<script>", "\u202e", "\0", "é", "taux", "CICE", "?", " ", "\n", "«", "»", "%", "$", "{", "}", "it", "1er", "ne", "pas",
])  # fmt: skip
QUESTIONS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=30).map(" ".join))


@fuzzed
@given(st.lists(QUESTIONS, min_size=1, max_size=3))
def test_any_question_is_answered_verbatim_or_refused(corpus, asked):
    *before, question = asked
    try:
        answer = corpus.ask(question, history=before)
    except UsageError:
        return
    assert answer.abstained is not bool(answer.statements)
    for statement in answer.statements:
        for citation in statement.citations:
            assert corpus.document(citation.document_id).text[citation.start : citation.end] == citation.quote


@fuzzed
@given(QUESTIONS)
def test_any_claim_is_checked_or_refused(corpus, text):
    try:
        claims = read_claims(text)
    except UsageError:
        return
    checked = corpus.check(text)
    assert len(checked.claims) == len(claims)


@fuzzed
@given(
    st.fixed_dictionaries(
        {}, optional={name: st.text(max_size=12) for name in ("kind", "language", "region", "since", "until", "as_of")}
    )
)
def test_any_filter_keeps_documents_or_is_refused(corpus, filters):
    try:
        wanted = Filters(**filters)
    except FilterError:
        return
    hits = corpus.retrieve("Quel plan ?", k=5, **filters)
    assert all(wanted.matches(corpus.document(hit.document_id)) for hit in hits)


@fuzzed
@given(st.binary(max_size=2000), st.sampled_from(sorted(SUFFIXES)))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data, suffix):
    from qa.ingest import read_document

    folder = tmp_path_factory.mktemp("fuzz")
    (folder / f"a{suffix}").write_bytes(data)
    try:
        read_document(folder / f"a{suffix}", folder)
    except DocumentError:
        return


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_rest_answers_whatever_is_sent_as_it_says(server):
    schema = schemathesis.openapi.from_url(f"{server}/api/openapi.json")
    for operation in schema.get_all_operations():
        described = operation.ok()
        if described.path == "/v1/index":
            continue  # it indexes

        @settings(fuzzed, max_examples=max(EXAMPLES // 4, 10))
        @given(case=described.as_strategy())
        def run(case):
            response = case.call(base_url=f"{server}/api", timeout=60)
            case.validate_response(response, checks=CHECKS)

        run()
