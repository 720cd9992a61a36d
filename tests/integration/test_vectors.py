"""The same of the vectors in the index's folder and in a Chroma server: one set of tests for both."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from qa.assistant import PolicyQA
from qa.backup.archive import back_up
from qa.backup.restore import restore
from qa.index import server as serving
from qa.index.build import build_index
from qa.index.corpus import index_corpus
from qa.index.server import ChromaServer
from qa.index.vectors import holds_vectors, open_vectors
from qa.records import Document
from qa.settings import Settings
from tests.chroma import Chroma

TOWNS = ["Valenciennes", "Douai", "Maubeuge", "Lille", "Calais", "Béthune", "Arras", "Lens"]


@pytest.fixture(scope="module")
def chroma(tmp_path_factory):
    running = Chroma(tmp_path_factory.mktemp("chroma"))
    running.start()
    yield running
    running.kill()


@pytest.fixture(params=["folder", "server"])
def url(request) -> str | None:
    return request.getfixturevalue("chroma").url if request.param == "server" else None


@pytest.fixture
def server(url) -> ChromaServer | None:
    return ChromaServer(url) if url else None


@pytest.fixture
def at(settings, tmp_path, url):
    """Settings of an index with its vectors in one place or the other."""
    return settings.model_copy(update={"index_dir": tmp_path / "index", "chroma_url": url})


def unit_vectors(ids: list[str]) -> np.ndarray:
    """One vector for each id, always the same."""
    made = np.array([np.random.default_rng([ord(c) for c in one]).normal(size=16) for one in ids], np.float32)
    return made.reshape(-1, 16) / np.linalg.norm(made.reshape(-1, 16), axis=1, keepdims=True)


def documents(*towns: str, wages: str = "2 000") -> list[Document]:
    return [
        Document(id=f"{town}.md", title=town, language="fr", text=f"À {town}, l'usine emploie {wages} personnes.")
        for town in towns
    ]


def found(vectors, ids: list[str]) -> list[str]:
    """Return every id that can be found, each by its own vector."""
    return [row[0][0] for row in vectors.search(unit_vectors(ids), 1) if row]


@pytest.mark.parametrize("grows_to", [5, 1000])
def test_what_is_found_is_what_is_there_after_any_updates(grows_to, server, tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "_SMALL", grows_to)  # how much is new before everything is written anew
    chance, ids = random.Random(grows_to), [f"d{n}" for n in range(40)]
    folder = tmp_path / "000001"
    folder.mkdir()
    open_vectors(folder, server).update([], len(ids), ids, unit_vectors(ids))
    for number in range(2, 12):
        gone = chance.sample(ids, chance.randrange(8))
        new = [f"d{number}-{n}" for n in range(chance.randrange(8))]
        ids = [one for one in ids if one not in gone] + new
        vectors = open_vectors(folder, server)
        vectors.update(gone, len(new), ids, unit_vectors(ids))
        vectors.close()
        vectors = open_vectors(folder, server)
        everything = vectors.search(unit_vectors(["question"]), 500)[0]
        assert len(vectors) == len(ids) == len(everything)
        assert {one for one, _ in everything} == set(ids)
        assert [cosine for _, cosine in everything] == sorted((cosine for _, cosine in everything), reverse=True)
        exact = dict(zip(ids, unit_vectors(ids) @ unit_vectors(["question"])[0], strict=True))
        assert all(cosine == pytest.approx(exact[one], abs=1e-4) for one, cosine in everything)
        assert found(vectors, ids) == ids
        assert [len(row) for row in vectors.search(unit_vectors(ids), 7)] == [7] * len(ids)
        vectors.close()


def test_nothing_is_found_where_nothing_is(server, tmp_path):
    vectors = open_vectors(tmp_path, server)
    assert len(vectors) == 0
    assert vectors.search(unit_vectors(["question"]), 5) == [[]]
    vectors.close()


def test_vectors_that_were_elsewhere_are_written_anew(server, tmp_path):
    ids = [f"d{n}" for n in range(30)]
    folder = tmp_path / "000001"
    folder.mkdir()
    assert not holds_vectors(folder, server)
    vectors = open_vectors(folder, server)
    vectors.update(["gone"], 1, ids, unit_vectors(ids))
    assert found(vectors, ids) == ids
    assert holds_vectors(folder, server)
    vectors.close()


def test_a_reader_follows_each_swap_and_the_one_before_goes_on_answering(at, server, embedder):
    corpus = PolicyQA(at, embedder=embedder)
    build_index(at.index_dir, documents(*TOWNS), embedder, server=server)
    before = corpus.generation()
    question = "Combien de personnes l'usine de Douai emploie-t-elle ?"
    assert "2 000" in corpus.ask(question).statements[0].text
    changed = documents("Douai", wages="3 100") + documents(*(town for town in TOWNS if town != "Douai"))
    report = build_index(at.index_dir, changed, embedder, server=server)
    assert report.passages == {"embedded": 1, "reused": len(TOWNS) - 1, "total": len(TOWNS)}
    assert "3 100" in corpus.ask(question).statements[0].text
    old = embedder.encode_passages(["Douai\nÀ Douai, l'usine emploie 2 000 personnes."])
    (nearest, cosine), *_ = before.vectors.search(old, 1)[0]
    assert nearest.startswith("Douai.md#")
    assert cosine == pytest.approx(1, abs=0.01)
    assert len(corpus.generation().vectors) == len(TOWNS)


def test_the_real_corpus_is_answered_alike(at, server, corpus, embedder):
    shutil.copytree(corpus.settings.index_dir, at.index_dir)
    report = index_corpus(at.corpus_dir, at.index_dir, embedder, server=server)
    assert report.passages["embedded"] == 0
    there = PolicyQA(at, embedder=embedder)
    for question in ("Que prévoit le plan automobile de 2012 ?", "What does the Public Investment Bank fund?"):
        assert there.retrieve(question) == corpus.retrieve(question)
        assert there.ask(question).statements == corpus.ask(question).statements


def test_a_backup_is_restored_to_either_place(at, server, embedder, settings, tmp_path, chroma):
    build_index(at.index_dir, documents(*TOWNS), embedder, server=server)
    back_up(at, tmp_path / "backup.zip")
    for number, url in enumerate((None, chroma.url)):
        place = settings.model_copy(update={"index_dir": tmp_path / f"restored-{number}", "chroma_url": url})
        restore(place, tmp_path / "backup.zip")
        restored = PolicyQA(place, embedder=embedder)
        assert len(restored.generation().vectors) == len(TOWNS)
        assert "Lens" in restored.ask("Combien de personnes l'usine de Lens emploie-t-elle ?").statements[0].text
        assert restored.generation().manifest.checksums.keys() >= {"vectors.npy"}


def test_moving_the_vectors_computes_none(at, embedder, settings, chroma):
    places: list[str | None] = [None, chroma.url, None, chroma.url]
    for number, url in enumerate(places if at.chroma_url else places[1:]):
        place: Settings = at.model_copy(update={"chroma_url": url})
        there = ChromaServer(url) if url else None
        report = build_index(place.index_dir, documents(*TOWNS), embedder, server=there)
        assert report.passages["embedded"] == (0 if number else len(TOWNS))
        assert build_index(place.index_dir, documents(*TOWNS), embedder, server=there).generation == report.generation
        assert len(PolicyQA(place, embedder=embedder).generation().vectors) == len(TOWNS)


def test_a_folder_holds_what_its_place_needs_and_no_more(at, server, embedder):
    build_index(at.index_dir, documents(*TOWNS), embedder, server=server)
    names = {path.name for path in Path(at.index_dir / "000001").iterdir()}
    assert ("chroma" in names, "chroma.json" in names) == (server is None, server is not None)
