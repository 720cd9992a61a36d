"""Readers' own documents: found by their owner's questions, by nobody else's, and indexed while the index answers."""

from __future__ import annotations

import shutil
import time

import httpx
import pytest

from qa.assistant import PolicyQA
from qa.errors import UsageError
from qa.index import background
from qa.index.background import BackgroundIndexing
from qa.index.corpus import index_corpus
from qa.settings import Settings
from qa.uploads import open_uploads
from tests.conftest import PROJECT

TEXT = "La prime locale du Douaisis vaut 1 234 euros par véhicule électrique acheté en 2024."
OTHER = "La prime locale du Douaisis vaut 4 321 euros par véhicule électrique acheté en 2024."
QUESTION = "Combien vaut la prime locale du Douaisis ?"


@pytest.fixture
def own(tmp_path, embedder):
    """A corpus of one plan, and the index beside it."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "plan.md").write_text("Le plan automobile est présenté le 25 juillet 2012.", "utf-8")
    settings = Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    index_corpus(settings.corpus_dir, settings.index_dir, embedder)
    corpus = PolicyQA(settings, embedder=embedder)
    return corpus, BackgroundIndexing(settings, embedder)


def upload(corpus, indexing, owner, text, folder, name="prime.md"):
    file = folder / "sent"
    file.write_text(text, "utf-8")
    uploads = open_uploads(corpus.settings, owner)
    uploads.add(file, name)
    indexing.uploads_of(uploads.name)
    assert indexing.wait(60)
    assert indexing.state.error is None
    return uploads


def told(corpus):
    return [statement.text for statement in corpus.ask(QUESTION).statements]


def test_each_reader_is_answered_from_the_corpus_and_her_own(own, tmp_path):
    corpus, indexing = own
    upload(corpus, indexing, "alice", TEXT, tmp_path)
    upload(corpus, indexing, "bob", OTHER, tmp_path)
    alice, bob, carol = (corpus.seen_by(name) for name in ("alice", "bob", "carol"))
    assert (told(alice), told(bob), told(carol)) == ([TEXT], [OTHER], [])
    assert carol.retrieve(QUESTION)[0].document_id == "plan.md"
    assert carol.ask("Quand le plan automobile est-il présenté ?").statements
    assert carol.check("La prime locale du Douaisis vaut 1 234 euros.").claims[0].verdict == "not_found"
    assert alice.check("La prime locale du Douaisis vaut 1 234 euros.").claims[0].verdict == "supported"
    assert [document.id for document in alice.documents()] == ["@alice/prime.md", "plan.md"]
    with pytest.raises(UsageError, match="There is no document"):
        alice.document("@bob/prime.md")
    assert {hit.document_id for hit in corpus.retrieve(QUESTION)} == {"@alice/prime.md", "@bob/prime.md", "plan.md"}


def test_a_full_indexing_keeps_the_uploads_and_a_removal_takes_them_out(own, tmp_path, embedder, run_qa):
    corpus, indexing = own
    uploads = upload(corpus, indexing, "alice", TEXT, tmp_path)
    settings = corpus.settings
    ran = run_qa("index", "--corpus", str(settings.corpus_dir), index=settings.index_dir)
    assert ran.returncode == 0, ran.stderr
    assert told(corpus) == [TEXT]
    uploads.remove("prime.md")
    indexing.uploads_of(uploads.name)
    assert indexing.wait(60)
    assert told(corpus) == []
    assert [document.id for document in corpus.documents()] == ["plan.md"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_indexed(own, tmp_path):
    corpus, indexing = own
    upload(corpus, indexing, "alice", "%PDF-1.4 and no more", tmp_path, "damaged.pdf")
    upload(corpus, indexing, "alice", TEXT, tmp_path)
    [(path, reason)] = corpus.generation().manifest.failures.items()
    assert path == "@alice/damaged.pdf"
    assert "damaged" in reason
    assert told(corpus) == [TEXT]


def test_memory_that_an_indexing_freed_is_given_back(own, tmp_path, monkeypatch):
    corpus, indexing = own
    given: list[str] = []
    monkeypatch.setattr(background, "give_memory_back", lambda: given.append(corpus.generation().name))
    upload(corpus, indexing, "alice", TEXT, tmp_path)
    assert given == [corpus.generation().name]  # after the swap, not before


def test_what_a_kill_left_unindexed_is_indexed_at_the_next_start(own, tmp_path, embedder):
    corpus, _ = own
    sent = tmp_path / "prime.md"
    sent.write_text(TEXT, "utf-8")
    open_uploads(corpus.settings, "alice").add(sent)
    assert told(corpus) == []
    started = BackgroundIndexing(corpus.settings, embedder)
    started.catch_up()
    assert started.wait(60)
    assert told(corpus) == [TEXT]


def test_uploads_alone_are_a_corpus_and_none_at_all_is_silence(tmp_path, embedder):
    (tmp_path / "corpus").mkdir()
    settings = Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    corpus, indexing = PolicyQA(settings, embedder=embedder), BackgroundIndexing(settings, embedder)
    uploads = upload(corpus, indexing, "alice", TEXT, tmp_path)
    assert told(corpus) == [TEXT]
    uploads.remove("prime.md")
    indexing.uploads_of(uploads.name)
    assert indexing.wait(60)
    for opened in (corpus, PolicyQA(settings, embedder=embedder)):
        assert told(opened) == []
        assert opened.generation().problem is None


def test_rest_takes_lists_and_removes_files_while_the_index_answers(serve, settings, tmp_path):
    index = shutil.copytree(settings.index_dir, tmp_path / "index")
    with serve(QA_INDEX_DIR=str(index)) as running, httpx.Client(base_url=f"{running.address}/api", timeout=60) as rest:
        sent = rest.put("/v1/uploads/prime.md", content=TEXT.encode())
        assert sent.status_code == 202
        assert sent.json()["files"][0]["document_id"] == "@local/prime.md"
        assert rest.get("/v1/ask", params={"question": "Quel était le taux du CICE en 2013 ?"}).json()["statements"]
        assert at_rest(rest)["files"] == [
            {"name": "prime.md", "document_id": "@local/prime.md", "passages": 1, "problem": None}
        ]
        answer = rest.get("/v1/ask", params={"question": QUESTION}).json()
        assert answer["statements"][0]["text"] == TEXT
        assert rest.put("/v1/uploads/prime.exe", content=b"x").status_code == 422
        assert rest.put("/v1/uploads/large.md", content=b"x" * 51_000_000).status_code == 413
        assert rest.delete("/v1/uploads/nothing.md").status_code == 404
        assert rest.delete("/v1/uploads/prime.md").status_code == 202
        assert at_rest(rest)["files"] == []
        assert rest.get("/v1/ask", params={"question": QUESTION}).json()["abstained"]


def at_rest(rest):
    deadline = time.monotonic() + 60
    while (listed := rest.get("/v1/uploads").json())["indexing"]["step"] is not None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return listed


def test_a_first_start_without_an_index_answers_once_it_is_built(serve, tmp_path):
    corpus = shutil.copytree(PROJECT / "corpus" / "clusters", tmp_path / "corpus")
    with serve(QA_INDEX_DIR=str(tmp_path / "index"), QA_CORPUS_DIR=str(corpus)) as running:
        found = httpx.get(
            f"{running.address}/api/v1/retrieve", params={"question": "Quels sont les axes du pôle i-Trans ?"}
        )
        assert found.json()["hits"]


def test_an_empty_corpus_opens_the_page_and_says_what_to_do(serve, tmp_path):
    (tmp_path / "corpus").mkdir()
    settings = {"QA_INDEX_DIR": str(tmp_path / "index"), "QA_CORPUS_DIR": str(tmp_path / "corpus")}
    with (
        serve(ready="healthz", **settings) as running,
        httpx.Client(base_url=f"{running.address}/api", timeout=60) as rest,
    ):
        assert "no readable documents" in at_rest(rest)["indexing"]["error"]
        rest.put("/v1/uploads/prime.md", content=TEXT.encode())
        at_rest(rest)
        assert rest.get("/v1/ask", params={"question": QUESTION}).json()["statements"][0]["text"] == TEXT
