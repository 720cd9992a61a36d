"""The command line as other programs call it."""

from __future__ import annotations

import gzip
import json
import socket
import time

import httpx
import pytest


def test_retrieve_prints_one_json_object(corpus, run_qa):
    run = run_qa("retrieve", "Quels axes pour i-Trans ?", "-k", "2", "--json")
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert set(result) == {"question", "language", "hits"}
    fields = {
        "rank",
        "score",
        "scores",
        "document_id",
        "title",
        "kind",
        "language",
        "date",
        "page",
        "start",
        "end",
        "text",
    }
    assert len(result["hits"]) == 2
    assert all(fields <= set(hit) for hit in result["hits"])


def test_ask_prints_one_json_object_and_exits_with_0(corpus, run_qa):
    run = run_qa(
        "ask", "Combien d'entreprises de la région ont bénéficié d'un conseil stratégique et opérationnel ?", "--json"
    )
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert {
        "question",
        "understood_as",
        "language",
        "statements",
        "confidence",
        "abstained",
        "reason",
        "nearest",
        "generation",
        "seconds",
    } <= set(result)
    citation = result["statements"][0]["citations"][0]
    assert {
        "document_id",
        "title",
        "kind",
        "language",
        "date",
        "publisher",
        "region",
        "url",
        "page",
        "start",
        "end",
        "quote",
        "answer_spans",
    } <= set(citation)
    assert corpus.document(citation["document_id"]).text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_for_people_shows_the_quote_and_its_source(corpus, run_qa):
    run = run_qa("ask", "Which automotive areas was the I-Trans cluster evaluating, according to its director?")
    assert run.returncode == 0, run.stderr
    assert "[1]" in run.stdout
    assert "https://" in run.stdout


def test_no_answer_exits_with_1(corpus, run_qa):
    run = run_qa("ask", "Quelle est la recette du potjevleesch ?")
    assert run.returncode == 1, run.stderr
    assert "ne répondent pas" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", ""], "empty"),
        (["ask", "a" * 10_000], "10000 characters"),
        (["ask", "Wie viele Unternehmen haben eine Beratung erhalten?"], "neither French nor English"),
        (["retrieve", "plan", "--since", "hier"], "since is not a date"),
        (["retrieve", "plan", "-k", "0"], "k is 0"),
        (["retrieve", "plan", "--language", "de"], "fr or en"),
        (["index", "--corpus", "/no/such/folder"], "/no/such/folder"),
        (["evaluate", "/no/such/folder"], "documents.jsonl"),
        (["retrieve", "plan", "--since", "2012-00"], "since is not a date"),
        (["export", "Que finance la BPI ?", "--format", "md", "-o", ""], "has no name"),
        (["backup", "/no/such/folder/backup.zip"], "no folder /no/such/folder"),
        (["restore", "/"], "/ cannot be read"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_to_do(run_qa, arguments, says, corpus):
    run = run_qa(*arguments, "--json")
    assert run.returncode == 2
    assert says in run.stderr
    assert says in json.loads(run.stdout)["error"]["message"]
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("port", ["0", "99999", "-1"])
def test_a_port_that_is_none_is_named(run_qa, port):
    run = run_qa("serve", f"--port={port}")
    assert run.returncode == 2
    assert "from 1 to 65535" in run.stderr


def test_what_the_terminal_cannot_show_is_shown_by_its_number(run_qa, corpus):
    run = run_qa("ask", "Qu\udcffest-ce que le CICE → ?", PYTHONIOENCODING="ascii")
    assert "Traceback" not in run.stderr
    assert run.returncode in (0, 1)


def test_no_index_exits_with_3(run_qa, tmp_path):
    for command in (["retrieve", "plan"], ["ask", "le plan ?"], ["doctor"]):
        run = run_qa(*command, index=tmp_path / "none")
        assert run.returncode == 3, command
        assert "python -m qa index" in run.stderr + run.stdout
        assert "Traceback" not in run.stderr


def test_the_first_start_of_the_page_builds_the_index(serve, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "empty.md").write_text("", "utf-8")
    (tmp_path / "corpus" / "note.md").write_text("# Note\n\nLe pôle i-Trans a son siège à Valenciennes.\n", "utf-8")
    given = {"QA_CORPUS_DIR": str(tmp_path / "corpus"), "QA_INDEX_DIR": str(tmp_path / "index")}
    with (tmp_path / "log").open("w") as log, serve(log=log, **given) as running:
        listed = httpx.get(f"{running.address}/api/v1/documents").json()
        while httpx.get(f"{running.address}/api/v1/uploads").json()["indexing"]["step"]:
            time.sleep(0.1)
    assert "Not read: empty.md: it holds no text" in (tmp_path / "log").read_text("utf-8")
    assert [document["id"] for document in listed["documents"]] == ["note.md"]


def test_a_page_without_documents_says_on_the_terminal_too_what_to_do(serve, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "empty.md").write_text("", "utf-8")
    given = {"QA_CORPUS_DIR": str(tmp_path / "corpus"), "QA_INDEX_DIR": str(tmp_path / "index")}
    with (tmp_path / "log").open("w") as log, serve(ready="healthz", log=log, **given) as running:
        while httpx.get(f"{running.address}/api/v1/uploads").json()["indexing"]["step"]:
            time.sleep(0.1)
    told = (tmp_path / "log").read_text("utf-8")
    assert "no readable documents" in told
    assert "Add some" in told


def test_a_setting_that_cannot_be_used_is_named(run_qa):
    run = run_qa("ask", "le plan ?", QA_PORT="many")
    assert run.returncode == 2
    assert "QA_PORT" in run.stderr


def test_index_reports_bad_files_and_exits_with_4(run_qa, tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "good.md").write_text("Le plan automobile relève le bonus écologique.", "utf-8")
    (folder / "bad.md").write_text("---\ntitle: [\n---\nTexte.", "utf-8")
    (folder / "empty.md").write_text("", "utf-8")
    run = run_qa("index", "--corpus", str(folder), "--index", str(tmp_path / "index"), "--json")
    assert run.returncode == 4, run.stderr
    report = json.loads(run.stdout)
    assert report["documents"] == {"added": 1, "changed": 0, "removed": 0, "unchanged": 0, "failed": 2}
    assert {"generation", "documents", "passages", "failures", "seconds"} <= set(report)
    assert [failure["path"] for failure in report["failures"]] == ["bad.md", "empty.md"]
    assert report["warnings"] == []
    assert run_qa("retrieve", "bonus", index=tmp_path / "index").returncode == 0


def test_doctor_finds_a_whole_index_whole(corpus, run_qa):
    run = run_qa("doctor", "--json")
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["verdict"] == "Everything is whole."
    assert found["index"]["documents"] == len(list(corpus.documents()))
    assert found["packages"]["chromadb"] != "not installed"


def test_a_port_in_use_is_named(corpus, run_qa):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = run_qa("serve", "--port", port)
    assert run.returncode == 2
    assert port in run.stderr
    assert "--port" in run.stderr


def test_evaluate_measures_each_view_of_a_test_set(run_qa, tmp_path):
    pairs = {
        "bonus": (
            "Le bonus pour une voiture électrique est de 7 000 euros.",
            "The bonus for an electric car is 7,000 euros.",
        ),
        "mines": ("Le dernier puits de charbon a fermé en 1990.", "The last coal pit closed in 1990."),
        "bank": ("La banque publique prête aux petites entreprises.", "The public bank lends to small firms."),
    }
    documents = [
        {"id": f"{name}#{lang}", "lang": lang, "title": name, "text": text}
        for name, texts in pairs.items()
        for lang, text in zip(("fr", "en"), texts, strict=True)
    ]
    query = {
        "id": "q", "lang": "fr", "type": "note", "text": "voiture électrique", "context": "Loi sur le bonus",
        "relevant": ["bonus#fr", "bonus#en"], "relevant_same": ["bonus#fr"], "relevant_cross": ["bonus#en"],
    }  # fmt: skip
    (tmp_path / "documents.jsonl").write_text("\n".join(map(json.dumps, documents)), "utf-8")
    with gzip.open(tmp_path / "queries.jsonl.gz", "wt") as file:
        file.write(json.dumps(query))
    for _ in range(2):  # the second time from cached vectors
        run = run_qa("evaluate", str(tmp_path), "--sample", "1", "--json")
        assert run.returncode == 0, run.stderr
        result = json.loads(run.stdout)
        assert (result["documents"], result["queries"]) == (6, 1)
        rows = [(view["view"], view["context"]) for view in result["views"]]
        assert rows == [(view, context) for view in ("same", "cross", "all") for context in (False, True)]
        assert all(view["hit@1"] == view["recall@100"] == 1 for view in result["views"])
    halves = [run_qa("evaluate", str(tmp_path), "--half", half, "--json") for half in ("tuning", "reporting")]
    assert sorted(json.loads(run.stdout)["queries"] for run in halves) == [0, 1]
