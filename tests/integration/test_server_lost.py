"""A Chroma server that is lost, comes back, loses what it held, or is none."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import chromadb
import httpx
import pytest

from qa.assistant import PolicyQA
from qa.errors import IndexBrokenError, IndexMismatchError, IndexUnreachableError
from qa.index import generations
from qa.index import server as serving
from qa.index.build import build_index
from qa.index.chroma import chroma_settings
from qa.index.server import ChromaServer
from tests.chroma import Chroma
from tests.integration.test_vectors import TOWNS, documents

QUESTION = "Combien de personnes l'usine de Douai emploie-t-elle ?"


@pytest.fixture
def chroma(tmp_path):
    running = Chroma(tmp_path / "chroma")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def at(settings, tmp_path, chroma):
    return settings.model_copy(update={"index_dir": tmp_path / "index", "chroma_url": chroma.url})


@pytest.fixture
def server(chroma) -> ChromaServer:
    return ChromaServer(chroma.url)


@pytest.fixture
def indexed(at, server, embedder) -> PolicyQA:
    build_index(at.index_dir, documents(*TOWNS), embedder, server=server)
    return PolicyQA(at, embedder=embedder)


def collections(chroma: Chroma) -> set[str]:
    client = chromadb.HttpClient(host=chroma.url, settings=chroma_settings())
    return {collection.name for collection in client.list_collections()}


def listed(at) -> set[str]:
    return {part["name"] for path in at.index_dir.glob("*/chroma.json") for part in json.loads(path.read_text())}


def test_losing_the_server_is_said_and_it_is_found_again(indexed, chroma, at, embedder, server):
    assert "2 000" in indexed.ask(QUESTION).statements[0].text
    chroma.kill()
    for _ in range(2):
        with pytest.raises(IndexUnreachableError, match=r"cannot be reached .*QA_CHROMA_URL.*serveur ne répond pas"):
            indexed.ask(QUESTION)
    with pytest.raises(IndexUnreachableError):
        PolicyQA(at, embedder=embedder).generation()
    with pytest.raises(IndexUnreachableError):
        build_index(at.index_dir, documents("Lille"), embedder, server=server)
    assert generations.current_generation(at.index_dir) == "000001"
    chroma.start()
    assert "2 000" in indexed.ask(QUESTION).statements[0].text
    assert build_index(at.index_dir, documents("Lille"), embedder, server=server).documents["removed"] == 7
    assert indexed.ask(QUESTION).abstained


def test_a_server_lost_between_two_steps_of_a_question(indexed, chroma):
    """Questions go on in threads while it dies: each is answered rightly or told so, and afterwards all are answered."""
    outcomes: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                outcomes.append(indexed.ask(QUESTION).statements[0].text)
            except IndexUnreachableError:
                outcomes.append("lost")

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        _wait_for(outcomes, "À Douai, l'usine emploie 2 000 personnes.")
        chroma.kill()
        _wait_for(outcomes, "lost")
        chroma.start()
    stop.set()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {"À Douai, l'usine emploie 2 000 personnes.", "lost"}


def _wait_for(outcomes: list[str], wanted: str) -> None:
    seen, deadline = len(outcomes), time.monotonic() + 60
    while wanted not in outcomes[seen:]:
        assert time.monotonic() < deadline, outcomes[seen:]
        time.sleep(0.01)


def test_what_no_generation_lists_is_deleted(indexed, chroma, at, embedder, server):
    for wages in range(3000, 3008):
        build_index(at.index_dir, documents(*TOWNS, wages=str(wages)), embedder, server=server)
        assert collections(chroma) == listed(at)
    assert len(collections(chroma)) <= 4


def test_a_killed_build_leaves_nothing_behind(indexed, chroma, at, embedder, server, monkeypatch):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("qa.index.build.verify", killed)
        with pytest.raises(KeyboardInterrupt):
            build_index(at.index_dir, documents(*TOWNS, wages="9"), embedder, server=server)
    assert collections(chroma) > listed(at)
    assert "2 000" in indexed.ask(QUESTION).statements[0].text
    build_index(at.index_dir, documents(*TOWNS), embedder, server=server)
    assert collections(chroma) == listed(at)


def test_two_indexes_share_a_server(indexed, chroma, at, embedder, server, tmp_path):
    other = at.model_copy(update={"index_dir": tmp_path / "other"})
    for wages in ("7", "8", "9"):
        build_index(other.index_dir, documents(*TOWNS, wages=wages), embedder, server=server)
    assert "9 personnes" in PolicyQA(other, embedder=embedder).ask(QUESTION).statements[0].text
    assert "2 000" in indexed.ask(QUESTION).statements[0].text


def test_a_server_that_lost_what_it_held_is_filled_again_without_the_model(indexed, chroma, at, embedder, server):
    assert "2 000" in indexed.ask(QUESTION).statements[0].text
    client = chromadb.HttpClient(host=chroma.url, settings=chroma_settings())
    lost = collections(chroma)
    for name in lost:
        client.delete_collection(name)
    assert "2 000" in indexed.ask(QUESTION).statements[0].text  # from the vectors in the folder, one by one
    with pytest.raises(IndexBrokenError, match=r"does not hold this index .*Run: python -m qa index$"):
        PolicyQA(at, embedder=embedder).generation()
    report = build_index(at.index_dir, documents(*TOWNS), embedder, server=server)
    assert report.passages == {"embedded": 0, "reused": len(TOWNS), "total": len(TOWNS)}
    assert collections(chroma) == listed(at) - lost != set()


def test_an_update_sends_what_is_new(indexed, chroma, at, embedder, server, monkeypatch):
    sent: list[int] = []
    made = ChromaServer.make

    def make(self, index_dir, generation, ids, vectors):
        sent.append(len(ids))
        return made(self, index_dir, generation, ids, vectors)

    monkeypatch.setattr(ChromaServer, "make", make)
    for number in range(3):
        build_index(at.index_dir, documents(*TOWNS, *TOWNS[:number]), embedder, server=server)
        changed = documents(*TOWNS[1:]) + documents(TOWNS[0], wages=str(number + 1))
        build_index(at.index_dir, changed, embedder, server=server)
    assert 0 < max(sent) <= 3
    monkeypatch.setattr(serving, "_SMALL", 0)
    build_index(at.index_dir, documents(*TOWNS, wages="5"), embedder, server=server)
    assert sent[-1] == len(TOWNS)


def test_vectors_elsewhere_are_said_to_be(indexed, at, embedder, tmp_path):
    with pytest.raises(IndexMismatchError, match=r"in a Chroma server, and QA_CHROMA_URL names none.*qa index"):
        PolicyQA(at.model_copy(update={"chroma_url": None}), embedder=embedder).generation()
    embedded = at.model_copy(update={"index_dir": tmp_path / "embedded"})
    build_index(embedded.index_dir, documents(*TOWNS), embedder)
    with pytest.raises(IndexMismatchError, match=r"in its folder, and not in the Chroma server at http.*qa index"):
        PolicyQA(embedded, embedder=embedder).generation()


def test_the_command_line_and_the_page_say_so(indexed, chroma, at, run_qa, serve):
    where = {"QA_CHROMA_URL": chroma.url, "QA_INDEX_DIR": str(at.index_dir)}
    assert run_qa("ask", QUESTION, index=at.index_dir, QA_CHROMA_URL=chroma.url).returncode == 0
    with serve(**where) as running:
        asked = f"{running.address}/api/v1/ask?question={QUESTION}"
        assert httpx.get(asked).is_success
        chroma.kill()
        lost, ready = httpx.get(asked), httpx.get(f"{running.address}/readyz")
        assert lost.status_code == 503
        assert "serveur" in lost.text or "server" in lost.text
        assert ready.status_code == 503
        assert httpx.get(f"{running.address}/healthz").is_success
        ended = run_qa("ask", QUESTION, index=at.index_dir, QA_CHROMA_URL=chroma.url)
        assert ended.returncode == 3
        assert "Traceback" not in ended.stderr
        assert "cannot be reached" in ended.stderr
        chroma.start()
        assert httpx.get(asked).is_success
        assert httpx.get(f"{running.address}/readyz").is_success


class _Guard(BaseHTTPRequestHandler):
    """What stands before a Chroma server and lets nobody in."""

    keys: list[str | None] = []  # noqa: RUF012 (of the one test)

    def do_GET(self) -> None:
        self.keys.append(self.headers["Authorization"])
        self.send_error(403)

    def log_message(self, *_: object) -> None:
        pass


def test_the_key_is_sent_to_what_guards_the_server_and_never_said():
    with HTTPServer(("127.0.0.1", 0), _Guard) as guard:
        threading.Thread(target=guard.serve_forever, daemon=True).start()
        server = ChromaServer(f"http://127.0.0.1:{guard.server_port}", "s3cret")
        with pytest.raises(IndexUnreachableError, match="403") as raised, server.reached():
            pass
        guard.shutdown()
    assert _Guard.keys == ["Bearer s3cret"]
    assert "s3cret" not in str(raised.value)
