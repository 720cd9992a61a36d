"""Answers that a language model writes, over the real corpus: with models made up for it, and with a real small one."""

from __future__ import annotations

import json
import re

import pytest

from benchmarks.small_server import served
from qa.answering.verify import is_verbatim
from qa.assistant import READ_HITS, PolicyQA
from qa.errors import LanguageModelError, UsageError
from qa.languages import detect_language
from qa.sentences import sentence_spans
from tests.chat_models import Scripted, StatusError, as_lines
from tests.small_model import small_model_file

QUESTION = "How many companies in the region received strategic and operational advice?"
_PASSAGE = re.compile(r"<passage (\d+) \w+>\n[^\n]*\n(.*?)\n</passage", re.DOTALL)


def citing(words: str, text: str):
    """Return a reply that states ``text`` and proves it by the sentence with ``words``, wherever it is in the prompt."""

    def reply(prompt: str) -> str:
        for number, passage in _PASSAGE.findall(prompt):
            for start, end in sentence_spans(passage):
                if words in (sentence := passage[start:end]):
                    return as_lines((text, [(int(number), sentence)]))
        raise AssertionError(f"{words!r} is in no passage")

    return reply


def test_a_written_answer_is_proven_word_for_word_and_says_who_wrote_it(corpus):
    chat = Scripted(replies=[citing("75 regional companies", "In the region, 75 companies had received advice.")])
    answer = corpus.ask(QUESTION, llm=chat)
    assert (answer.mode, answer.note, answer.abstained) == ("generated", None, False)
    assert answer.statements[0].text == "In the region, 75 companies had received advice."
    for statement in answer.statements:
        assert statement.citations
        assert all(is_verbatim(citation, corpus.document(citation.document_id)) for citation in statement.citations)
    assert (answer.model.name, answer.model.outcome, answer.model.kept) == ("Scripted", "written", 1)
    assert answer.seconds["write"] > 0
    assert answer.to_dict()["model"]["prompt_tokens"] == 100


def test_the_answer_is_in_the_questions_language_and_the_quote_in_its_own(corpus):
    chat = Scripted(replies=[citing("75 regional companies", "75 entreprises de la région ont reçu un conseil.")])
    answer = corpus.ask("Combien d'entreprises de la région ont reçu un conseil ?", language="en", llm=chat)
    assert answer.statements[0].text == "75 entreprises de la région ont reçu un conseil."
    assert answer.statements[0].citations[0].language == "en"


def test_without_a_model_nothing_changes(corpus):
    plain = corpus.ask(QUESTION)
    assert (plain.mode, plain.note, plain.model) == ("extractive", None, None)
    failed = corpus.ask(QUESTION, llm=Scripted(replies=[StatusError(401)]))
    assert failed.statements == plain.statements
    assert failed.confidence == plain.confidence
    assert failed.mode == "extractive"
    assert failed.note.startswith("The language model could not answer.")
    assert failed.model.outcome == "refused"


def test_what_the_documents_do_not_answer_stays_unanswered(corpus):
    for question, reply in (
        ("Who won the football world cup in 1998?", "France won the world cup in 1998."),
        ("Quelle est la recette du potjevleesch ?", "Le potjevleesch se fait avec quatre viandes."),
    ):
        chat = Scripted(replies=[as_lines((reply, [(1, reply)]))])
        answer = corpus.ask(question, llm=chat)
        assert answer.abstained
        assert answer.mode == "extractive"
        assert chat.prompts


def test_greetings_and_filters_that_nothing_matches_ask_no_model(corpus):
    chat = Scripted(replies=["NO ANSWER"])
    assert corpus.ask("Bonjour !", llm=chat).abstained
    assert corpus.ask(QUESTION, llm=chat, kind="no such kind").model is None
    assert chat.prompts == []


def test_events_tell_each_statement_before_the_whole_answer(corpus):
    chat = Scripted(replies=[citing("75 regional companies", "In the region, 75 companies had received advice.")])
    events = list(corpus.ask_stream(QUESTION, llm=chat))
    steps = [event.step for event in events]
    assert steps[:3] == ["searching", "reading", "writing"]
    assert set(steps[3:-1]) == {"statement"}
    assert events[1].passages == READ_HITS
    assert steps[-1] == "done"
    assert tuple(event.statement for event in events[3:-1]) == events[-1].answer.statements
    plain = list(corpus.ask_stream(QUESTION))
    assert [event.step for event in plain if event.step != "statement"] == ["searching", "reading", "done"]
    assert json.dumps(plain[-1].to_dict())
    assert [event.step for event in corpus.ask_stream("Merci !")] == ["done"]


def test_quotes_are_translated_beside_the_original(corpus):
    def translate(prompt: str) -> str:
        assert "75 regional companies" in prompt
        return "[1] Selon Laurent Hottiaux, 75 entreprises régionales du Nord-Pas-de-Calais avaient reçu des conseils stratégiques et opérationnels en novembre 2013."

    chat = Scripted(replies=["NO ANSWER", translate])
    question = "Combien d'entreprises de la région ont reçu un conseil stratégique et opérationnel ?"
    answer = corpus.ask(question, language="en", llm=chat, translate=True)
    citation = answer.statements[0].citations[0]
    assert "75" in citation.quote
    assert detect_language(citation.translation) == "fr"
    assert is_verbatim(citation, corpus.document(citation.document_id))
    with pytest.raises(UsageError):
        corpus.ask(question, translate=True)


def test_a_follow_up_that_the_rules_leave_is_asked_of_the_model(corpus):
    chat = Scripted(replies=["Le taux du CICE en 2013 est-il resté le même ?", "NO ANSWER"])
    answer = corpus.ask("Et sinon, il est resté le même ?", history=["Quel était le taux du CICE en 2013 ?"], llm=chat)
    assert answer.understood_as in (
        "Le taux du CICE en 2013 est-il resté le même ?",
        "Et sinon, il est resté le même ?",
    )
    whole = "Quels sont les axes du pôle i-Trans ?"
    assert corpus.ask(whole, history=["Quel était le taux du CICE en 2013 ?"], llm=chat).understood_as == whole


def test_the_command_line_names_a_model(run_qa):
    done = run_qa("ask", QUESTION, "--llm", "gpt-5-mini")
    assert done.returncode == 2
    assert "has no provider" in done.stderr
    done = run_qa("ask", QUESTION, "--llm", "none", "--translate")
    assert done.returncode == 2
    assert "QA_LLM" in done.stderr


def test_a_model_that_cannot_be_opened_is_said_before_anything_is_looked_for(corpus):
    with pytest.raises(LanguageModelError):
        corpus.ask(QUESTION, llm="nosuchprovider:model")


@pytest.fixture(scope="module")
def small_model(corpus):
    """The corpus with SmolLM2-135M-Instruct behind a llama.cpp server, as its settings would name it."""
    with served(small_model_file(), context=2048) as address:
        settings = corpus.settings.model_copy(
            update={"llm": "openai:smollm2", "llm_url": address, "llm_context": 1500, "llm_seconds": 20}
        )
        yield PolicyQA(settings, embedder=corpus.embedder)


@pytest.mark.parametrize("question", [QUESTION, "Who won the football world cup in 1998?"])
def test_a_real_small_model_breaks_no_promise(small_model, question):
    plain, answer = small_model.ask(question, llm="none"), small_model.ask(question)
    assert answer.model.calls >= 1
    assert answer.model.prompt_tokens > 0
    if answer.mode == "extractive":
        assert answer.statements == plain.statements
        assert answer.abstained or answer.note
    quoted = {statement.text for statement in plain.statements}
    for statement in answer.statements:
        assert all(
            is_verbatim(citation, small_model.document(citation.document_id)) for citation in statement.citations
        )
        assert statement.text in quoted or detect_language(statement.text, default="en") == answer.language
