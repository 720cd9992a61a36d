"""A model that is slow, failing, cut off, limited, hostile or talking nonsense, and what is made of it."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk

from qa.answering.generation import calls as calls_module
from qa.answering.generation.calls import MAX_CALLS, Calls
from qa.answering.generation.drafts import read
from qa.answering.generation.failures import CallFailed, outcome_of, wait_before
from qa.answering.generation.models import LanguageModel
from qa.answering.generation.notes import note_on
from qa.answering.generation.write import MAX_STATEMENTS, Writing, within_budget
from qa.languages import LANGUAGES, detect_language
from qa.questions import Question
from tests.chat_models import Hanging, Scripted, StatusError, Structured, as_json, as_lines
from tests.small_corpus import ANSWERED, DOCUMENTS, HITS, SILENT, extraction, quoted

RISE = "Le plan « automobile » porte le bonus des véhicules électriques à 7 000 euros au 1er août 2012."
GOOD = ("Le bonus des véhicules électriques passe à 7 000 euros.", [(1, RISE)])
BEST = ("Le bonus avait été de 5 000 euros.", [(1, "Il avait été de 5 000 euros."), (1, RISE)])
JOBS = ("Toyota emploie 3 600 personnes à Onnaing.", [(2, "Toyota employs 3,600 people at Onnaing")])
WRONG = ("Le bonus des véhicules électriques passe à 9 000 euros.", [(1, RISE)])
FOUND = extraction(quoted("bonus.md", RISE.replace("7 000", "7\u202f000")))


def writing(chat, lexical, *, found=FOUND, question="Quel est le montant du bonus ?", seconds=20.0, context=8000):
    calls = Calls(LanguageModel("test:model", chat, seconds, context, (1.0, 10.0)))
    return Writing(Question(question, "fr"), "fr", HITS, found, calls, document=DOCUMENTS.__getitem__, lexical=lexical)


def written(chat, lexical, **options):
    made = writing(chat, lexical, **options)
    return [statement.text for statement in made], made


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(calls_module.time, "sleep", lambda _: None)


@pytest.mark.parametrize("chat", [Scripted(replies=[as_lines(GOOD)]), Structured(replies=[as_json(GOOD)])])
def test_a_proven_statement_is_the_answer(small_lexical, chat):
    texts, made = written(chat, small_lexical)
    assert texts == [GOOD[0]]
    use = made.use()
    assert (use.outcome, use.kept, use.dropped, use.calls) == ("written", 1, (), 1)
    assert (use.prompt_tokens, use.completion_tokens, use.estimated, use.cost) == (100, 10, False, 0.0002)
    assert note_on(made, answered=True, language="fr") is None


def test_tokens_are_estimated_where_the_model_tells_none(small_lexical):
    _, made = written(Scripted(replies=[as_lines(GOOD)], usage=False), small_lexical)
    assert made.use().estimated
    assert made.use().prompt_tokens > 300
    assert 20 < made.use().completion_tokens < 100


def test_a_statement_that_fails_is_asked_for_once_more(small_lexical):
    chat = Scripted(replies=[as_lines(WRONG, BEST), as_lines(GOOD)])
    texts, made = written(chat, small_lexical)
    assert texts == [BEST[0], GOOD[0]]
    assert made.dropped == []
    assert len(chat.prompts) == 2
    assert WRONG[0] in chat.prompts[1]
    assert "a figure of it is not in the copied words" in chat.prompts[1]


def test_and_then_dropped_and_the_answer_says_so(small_lexical):
    chat = Scripted(replies=[as_lines(WRONG, GOOD), as_lines(WRONG)])
    texts, made = written(chat, small_lexical)
    assert texts == [GOOD[0]]
    assert made.use().dropped == ("figure",)
    assert len(chat.prompts) == 2
    assert "écartée" in note_on(made, answered=True, language="fr")
    assert "9 000" not in json.dumps(made.use().to_dict(), ensure_ascii=False)


def test_what_does_not_come_back_is_dropped_too(small_lexical):
    _, made = written(Scripted(replies=[as_lines(GOOD, WRONG, (JOBS[0], [])), "NO ANSWER"]), small_lexical)
    assert made.use().dropped == ("figure", "no_proof")


def test_statements_come_as_they_are_proven_not_when_all_is_written(small_lexical):
    chat = Structured(replies=[as_json(GOOD, BEST)], chunk=5)
    made = iter(writing(chat, small_lexical))
    assert next(made).text == GOOD[0]
    assert [statement.text for statement in made] == [BEST[0]]


def test_repeating_itself_adds_nothing(small_lexical):
    again = (GOOD[0].replace("passe", "est passé"), GOOD[1])
    texts, _ = written(Scripted(replies=[as_lines(*[GOOD] * 5, again)]), small_lexical)
    assert texts == [GOOD[0]]


def test_no_more_statements_than_a_reader_wants(small_lexical, monkeypatch):
    monkeypatch.setattr(Writing, "_alike", lambda *_: False)
    many = [(GOOD[0].replace("passe", word), GOOD[1]) for word in "passe monte est vaut reste arrive finit".split()]
    texts, _ = written(Scripted(replies=[as_lines(*many)]), small_lexical)
    assert len(texts) <= MAX_STATEMENTS


def test_it_never_says_less_than_the_quotes(small_lexical):
    texts, made = written(Scripted(replies=[as_lines(JOBS)]), small_lexical)
    assert texts == [JOBS[0], RISE.replace("7 000", "7\u202f000")]
    assert made.completed
    assert made.use().kept == 1
    assert "citée telle quelle" in note_on(made, answered=True, language="fr")


def test_nor_a_part_of_them_without_the_figure_that_is_asked_for(small_lexical):
    found = extraction(quoted("plant.md", "Toyota employs 3,600 people at Onnaing and produced 262,000 cars in 2013."))
    texts, made = written(
        Scripted(replies=[as_lines(JOBS)]), small_lexical, found=found, question="Combien de voitures à Onnaing ?"
    )
    assert made.completed
    assert "262,000" in texts[-1]


@pytest.mark.parametrize(
    ("chat", "outcome", "asked"),
    [
        (Scripted(replies=["NO ANSWER"]), "silent", 1),
        (Structured(replies=[as_json()]), "silent", 1),
        (Scripted(replies=[as_lines(WRONG)]), "unproven", 2),
        (Scripted(replies=["Bien sûr ! Le bonus est de 9 000 euros."]), "nonsense", 1),
        (Scripted(replies=[""]), "nonsense", 1),
        (Scripted(replies=["\x00\ufffd{{{[[[" * 500]), "nonsense", 1),
        (Scripted(replies=["x" * 50_000], chunk=1000), "nonsense", 1),
        (Structured(replies=['{"statements": "oui"}', "oui"]), "nonsense", 2),
        (Structured(replies=['{"statements": [{"text": 5}, "x", null, {"proofs": 3}]}', "oui"]), "nonsense", 2),
        (Scripted(replies=[as_lines(GOOD)[:40]], finish_reason="length"), "truncated", 1),
        (Structured(replies=[as_json(GOOD)[:80], ""], finish_reason="length"), "truncated", 2),
        (Scripted(replies=[StatusError(429)]), "rate_limited", 3),
        (Scripted(replies=[StatusError(503)]), "unreachable", 3),
        (Scripted(replies=[ConnectionError("refused")]), "unreachable", 3),
        (Scripted(replies=[TimeoutError()]), "unreachable", 3),
        (Scripted(replies=[StatusError(401)]), "refused", 1),
        (Scripted(replies=[StatusError(404)]), "refused", 1),
        (Structured(replies=[StatusError(400)]), "rejected", 2),
        (Scripted(replies=[KeyError("choices")]), "failed", 1),
        (Scripted(replies=[RecursionError()]), "failed", 1),
        (Scripted(replies=[MemoryError()]), "failed", 1),
    ],
)
def test_where_nothing_is_proven_the_quotes_answer_and_the_reader_is_told(small_lexical, chat, outcome, asked):
    texts, made = written(chat, small_lexical)
    assert texts == []
    assert made.outcome == made.use().outcome == outcome
    assert len(chat.prompts) == asked
    for language in LANGUAGES:
        note = note_on(made, answered=True, language=language)
        assert detect_language(note) == language
        assert (note_on(made, answered=False, language=language) is None) == (outcome in ("silent", "unproven"))


def test_a_limited_or_failing_model_is_tried_again(small_lexical):
    for error in (StatusError(429, {"retry-after": "1"}), StatusError(500), ConnectionError()):
        chat = Scripted(replies=[error, error, as_lines(GOOD)])
        texts, made = written(chat, small_lexical)
        assert texts == [GOOD[0]]
        assert made.use().calls == 3


def test_without_structured_output_plain_lines_are_asked_for(small_lexical):
    for first in (StatusError(400), "I cannot write JSON.", KeyError()):
        chat = Structured(replies=[first, as_lines(GOOD)])
        texts, _ = written(chat, small_lexical)
        assert texts == [GOOD[0]]
        assert "JSON" in chat.prompts[0]
        assert "STATEMENT:" in chat.prompts[1]


def test_a_server_that_sends_nothing_more_is_left_behind(small_lexical):
    chat = Hanging(replies=[as_json(GOOD, BEST)[:-4]])
    started = time.monotonic()
    texts, made = written(chat, small_lexical, seconds=0.3)
    chat.let_go.set()
    assert texts == [GOOD[0]]  # what was proven before stands; what may be half a sentence does not
    assert made.broke_off
    assert "s'est interrompu" in note_on(made, answered=True, language="fr")
    assert time.monotonic() - started < 10
    silent = Hanging(replies=[""])
    texts, made = written(silent, small_lexical, seconds=0.2)
    silent.let_go.set()
    assert (texts, made.outcome) == ([], "timed_out")


def test_a_request_fits_its_context():
    assert len(within_budget(HITS, 8000)) == len(HITS)
    assert within_budget(HITS, 10) == [HITS[0]]
    sizes = [len(within_budget(HITS, tokens)) for tokens in range(900, 1800, 50)]
    assert all(fewer <= more for fewer, more in pairwise(sizes))


def test_a_request_that_is_too_long_is_made_shorter(small_lexical):
    chat = Structured(replies=[StatusError(400), as_lines(GOOD)])
    written(chat, small_lexical)
    assert "<passage 3" in chat.prompts[0]
    assert "<passage 3" not in chat.prompts[1]


def test_there_is_an_end_to_calls():
    chat = Scripted(replies=["oui"])
    calls = Calls(LanguageModel("m", chat, 20, 8000))
    for _ in range(MAX_CALLS):
        calls.whole([("human", "?")])
    with pytest.raises(CallFailed):
        calls.whole([("human", "?")])
    assert len(chat.prompts) == MAX_CALLS


def test_what_was_judged_unanswerable_stays_so_without_an_exact_proof(small_lexical):
    texts, made = written(Scripted(replies=[as_lines(GOOD)]), small_lexical, found=SILENT)
    assert texts == []
    assert made.use().dropped == ("not_exact",)
    exact = ("Carlos Ghosn dirige Renault depuis 2005.", [(1, "Carlos Ghosn dirige Renault depuis 2005.")])
    texts, _ = written(
        Scripted(replies=[as_lines(exact)]), small_lexical, found=SILENT, question="Qui dirige Renault ?"
    )
    assert texts == [exact[0]]


def test_errors_of_any_provider_are_understood():
    named = type("APITimeoutError", (Exception,), {})
    assert outcome_of(named()) == "unreachable"
    assert outcome_of(type("LengthFinishReasonError", (Exception,), {})()) == "truncated"
    assert outcome_of(StatusError(418)) == "failed"
    assert wait_before(0, StatusError(429, {"retry-after": "3"})) == 3
    assert wait_before(0, StatusError(429, {"retry-after": "Wed, 21 Oct"})) == 0.5
    assert wait_before(0, StatusError(429, {"retry-after": "99999"})) == 20
    assert wait_before(9, KeyError()) == 20


@pytest.mark.parametrize(
    "text",
    [
        as_json(GOOD),
        f"```json\n{as_json(GOOD)}\n```",
        f"Here is the answer: {as_json(GOOD)}",
        f'<think>STATEMENT: {{non}}\nPROOF [3]: "non"</think>{as_json(GOOD)}',
        f"<think>Peut-être...\nSTATEMENT: non\n</think>\n{as_lines(GOOD)}",
        as_lines(GOOD),
        f"**Statement 1:** {GOOD[0]}\n- **Proof [1]:** {RISE}",
        f"1. STATEMENT: {GOOD[0]}\n   PROOF (passage 1): {RISE}",
        f"STATEMENT: {GOOD[0]}\n[1]: {RISE}",
    ],
)
def test_many_ways_of_writing_it_are_read(text):
    (draft,) = read(text, finished=True).drafts
    assert draft.text.strip("* ") == GOOD[0]
    assert [number for number, _ in draft.proofs] == [1]
    assert ANSWERED.statements


def test_a_tool_call_that_comes_at_once_is_read_too(small_lexical):
    class Calling(Structured):
        def _stream(self, messages, *_, **__):
            self._next(messages)
            call = {"name": "answer", "args": json.loads(as_json(GOOD)), "id": "1", "type": "tool_call"}
            yield ChatGenerationChunk(message=AIMessageChunk("", tool_calls=[call]))

    texts, _ = written(Calling(replies=[""]), small_lexical)
    assert texts == [GOOD[0]]


def test_what_is_cut_off_is_not_taken_for_whole():
    whole = as_json(GOOD, BEST)
    seen = [len(read(whole[:end], finished=False).drafts) for end in range(len(whole))]
    assert sorted(seen) == seen
    assert max(seen) == 1
    assert len(read(whole, finished=True).drafts) == 2
    lines = as_lines(GOOD, BEST)
    assert len(read(lines, finished=False).drafts) == 1
