"""Judgements kept, refused, listed and turned into questions."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from qa.cli import main
from qa.errors import FilterError, SettingsError, UsageError
from qa.evaluation.answers import answer_rates, read_question_set
from qa.evaluation.datasets import half
from qa.feedback import LONGEST_TEXT, VERDICTS, FeedbackStore, open_feedback
from qa.feedback.questions import evaluation_questions
from qa.records import Answer, Citation, Document, Source, Statement
from qa.settings import Settings, get_settings

TEXT = "Le bonus passe à 7 000 euros. La prime double."
PLAN = Document(id="plans/2012-plan été.md", title="Plan", text=TEXT, language="fr")
QUESTION = "What is the bonus?"


def citation(start: int, end: int, document: Document = PLAN) -> Citation:
    return Citation(
        document_id=document.id, title=document.title, kind="plan", language=document.language, date="2012-07-25",
        publisher=None, region=None, url=None, page=None, start=start, end=end, quote=document.text[start:end],
        answer_spans=((17, 28),), sources=(Source("S1"),),
    )  # fmt: skip


def answer(*citations: Citation, question: str = QUESTION, understood_as: str | None = None) -> Answer:
    return Answer(
        question=question, understood_as=understood_as or question, language="en",
        statements=tuple(Statement(text=cited.quote, citations=(cited,)) for cited in citations), confidence=0.9,
        abstained=not citations, reason=None if citations else "No.", nearest=(), generation="000007",
    )  # fmt: skip


ANSWER = answer(citation(0, 29), citation(30, 46))


@pytest.fixture
def store(tmp_path):
    return FeedbackStore(tmp_path / "new folder" / "feedback.sqlite")


def test_a_judgement_is_kept_as_it_was_given(store):
    followed = answer(citation(0, 29), citation(30, 46), question="And it?", understood_as=QUESTION)
    added = store.add(
        followed, "citation_wrong", citation=2, text="  Non : « la prime ».\n", filters={"since": "2012", "kind": None}
    )
    (kept,) = FeedbackStore(store.path).judgements()
    assert kept == added
    assert (kept.question, kept.understood_as, kept.language) == ("And it?", QUESTION, "en")
    assert (kept.verdict, kept.citation, kept.text) == ("citation_wrong", 2, "Non : « la prime ».")
    assert (kept.generation, kept.filters) == ("000007", {"since": "2012"})
    assert list(kept.statements) == followed.to_dict()["statements"]
    assert kept.citations[kept.citation - 1]["quote"] == "La prime double."
    assert kept.time.endswith("+00:00")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_is_kept_and_numbers_are_never_used_again(store, verdict):
    assert [store.add(ANSWER, verdict).id for _ in range(3)] == [1, 2, 3]
    with sqlite3.connect(store.path) as database:
        database.execute("DELETE FROM judgements WHERE id = 3")
    database.close()
    assert store.add(ANSWER, verdict).id == 4
    assert {judgement.verdict for judgement in store.judgements()} == {verdict}


@pytest.mark.parametrize(
    ("verdict", "given", "error", "said"),
    [
        ("good", {}, UsageError, "'good' is no verdict: take one of right, wrong"),
        ("wrong", {"citation": 3}, UsageError, "There is no citation 3: the answer has 2"),
        ("wrong", {"citation": 0}, UsageError, "There is no citation 0"),
        ("wrong", {"text": "x" * (LONGEST_TEXT + 1)}, UsageError, "shorten it to 1000"),
        ("wrong", {"filters": {"colour": "red"}}, UsageError, "no filter 'colour'"),
        ("wrong", {"filters": {"since": "May"}}, FilterError, "May"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(store, verdict, given, error, said):
    with pytest.raises(error, match=said):
        store.add(ANSWER, verdict, **given)
    assert not store.path.exists()


def test_the_longest_text_and_odd_characters_are_kept(store):
    assert store.add(ANSWER, "wrong", text="é" * LONGEST_TEXT).text == "é" * LONGEST_TEXT
    store.add(answer(question="a\0b\ud800"), "wrong", text="\0c\ud800'); DROP TABLE judgements; --")
    kept = store.judgements()[1]
    assert (kept.question, kept.text) == ("ab?", "c?'); DROP TABLE judgements; --")


def test_the_file_is_in_wal_mode_and_says_its_schema(store):
    store.add(ANSWER, "right")
    database = sqlite3.connect(store.path)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA user_version").fetchone() == (1,)
    database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(SettingsError, match="newer version.*schema 2.*QA_FEEDBACK_FILE"):
        store.add(ANSWER, "right")


def test_a_file_that_is_not_ours_is_left_alone(tmp_path):
    text = tmp_path / "text.sqlite"
    text.write_text("not a database, but long enough to be looked at as one" * 40)
    foreign = tmp_path / "foreign.sqlite"
    database = sqlite3.connect(foreign)
    database.execute("CREATE TABLE theirs (a)")
    database.close()
    for path, said in (
        (text, "cannot be used .*not a database"),
        (foreign, "another program's"),
        (tmp_path, "unable to open"),
    ):
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(SettingsError, match=f"{said}.*QA_FEEDBACK_FILE"):
            FeedbackStore(path).add(ANSWER, "right")
        assert before is None or path.read_bytes() == before
    with pytest.raises(SettingsError, match="QA_FEEDBACK_FILE"):
        FeedbackStore(text / "below.sqlite").add(ANSWER, "right")


def test_nothing_is_made_by_looking(store):
    assert store.judgements() == ()
    assert not store.path.parent.exists()


def test_it_lies_beside_the_index_unless_the_settings_say(monkeypatch, tmp_path):
    monkeypatch.setattr("qa.settings.get_settings", lambda: Settings(index_dir=tmp_path / "idx"))
    assert open_feedback().path == tmp_path / "idx.feedback.sqlite"
    assert open_feedback(Path("other")).path == Path.cwd() / "other.feedback.sqlite"
    monkeypatch.setattr("qa.settings.get_settings", lambda: Settings(feedback_file=tmp_path / "f.db"))
    assert open_feedback(Path("other")).path == tmp_path / "f.db"


def test_right_answers_are_whole_questions_that_measure_answers(store):
    store.add(ANSWER, "right")
    store.add(answer(question="Who wrote it?"), "right")
    complete, others = evaluation_questions(store.judgements())
    assert others == []
    answered, silent = complete
    assert answered["documents"] == [PLAN.id]
    assert [PLAN.text[proof["start"] : proof["end"]] for proof in answered["proofs"]] == answered["keys"][0]
    assert (answered["id"], answered["type"]) == ("feedback/plans-2012-plan-ete/1/en", "feedback")
    assert answered["half"] == half(answered["id"])
    assert answered["cross"]  # an English question, a French document
    assert (silent["type"], silent["keys"], silent["documents"]) == ("unanswerable", [], [])
    rates = answer_rates(complete, lambda asked, **_: ANSWER if asked == QUESTION else answer(), lambda _: PLAN)
    assert (rates.n, rates.answered, rates.silent, rates.key_across, rates.proven) == (2, 1.0, 1.0, 1.0, 1.0)
    worse = answer_rates(complete, lambda *_, **__: answer(citation(0, 5)), lambda _: PLAN)
    assert (worse.silent, worse.key_across) == (0.0, 0.0)


def test_a_judged_citation_is_the_proof(store):
    store.add(ANSWER, "right", citation=2, filters={"as_of": "2013"})
    ((row,), _) = evaluation_questions(store.judgements())
    assert row["keys"] == [["La prime double."]]
    assert row["filters"] == {"as_of": "2013"}


def test_a_question_is_one_row_and_a_person_completes_what_is_not_agreed_on(store):
    store.add(ANSWER, "right")
    store.add(answer(citation(0, 29), question=QUESTION.upper()), "right")
    store.add(answer(citation(0, 29), question="it?", understood_as="Which prime?"), "right")
    store.add(answer(citation(0, 29), question="Which  prime?"), "citation_wrong", citation=1, text="No.")
    store.add(ANSWER, "wrong", filters={"since": "2012"})
    complete, others = evaluation_questions(store.judgements())
    assert [(row["id"].split("/")[2], row["keys"]) for row in complete] == [("1", [[TEXT[:29]]])]
    prime, filtered = others
    assert (prime["question"], prime["keys"], prime["documents"]) == ("Which prime?", None, None)
    assert [said["verdict"] for said in prime["judgements"]] == ["right", "citation_wrong"]
    assert prime["judgements"][1]["citation"]["quote"] == TEXT[:29]
    assert prime["judgements"][1]["text"] == "No."
    assert filtered["filters"] == {"since": "2012"}


@pytest.fixture
def judged(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_FEEDBACK_FILE", str(tmp_path / "feedback.sqlite"))
    get_settings.cache_clear()
    yield FeedbackStore(tmp_path / "feedback.sqlite")
    get_settings.cache_clear()


def test_the_command_lists_without_steering_the_terminal(judged, capsys):
    assert main(["feedback"]) == 0
    assert capsys.readouterr().out == f"There is no feedback yet in {judged.path}.\n"
    judged.add(ANSWER, "wrong", citation=1, text="\x1b[2Jno\nsecond line")
    assert main(["feedback"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(f"wrong [1]  {QUESTION}")
    assert main(["feedback"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "    [2Jno second line"
    assert main(["feedback", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["judgements"] == [item.to_dict() for item in judged.judgements()]


def test_the_command_writes_questions_and_never_over_a_persons_work(judged, capsys, tmp_path):
    judged.add(ANSWER, "right")
    judged.add(answer(question="Who?"), "missing_document")
    file = tmp_path / "questions.jsonl"
    assert main(["feedback", "--questions", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["questions"], [row["question"] for row in said["to_complete"]]) == (1, ["Who?"])
    assert [row["question"] for row in read_question_set(file)] == [QUESTION]
    assert read_question_set(Path(said["to_complete_file"])) == said["to_complete"]
    for written in (file, Path(said["to_complete_file"])):
        before = written.read_bytes()
        assert main(["feedback", "--questions", str(file)]) == 2
        assert "someone's work" in capsys.readouterr().err
        assert written.read_bytes() == before
        written.unlink()
    assert main(["feedback", "--questions", str(file)]) == 0
    assert "Who? (missing_document)" in capsys.readouterr().out
