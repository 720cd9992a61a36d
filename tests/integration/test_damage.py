"""A damaged index: the generation before answers and says so, or nothing does; the next build mends it."""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.assistant import PolicyQA
from qa.errors import IndexBrokenError
from qa.index import build as building
from qa.index.build import build_index
from qa.records import Document

OLD, NEW = "La prime à la conversion vaut 3 000 euros.", "La prime à la conversion vaut 5 000 euros."
QUESTION = "Combien vaut la prime à la conversion ?"
FILES = [
    "manifest.json", "texts.sqlite", "vectors.npy", "table/passages.npy", "table/documents.json",
    "sentences/counts.npy", "sentences/keys.npy", "sentences/order.npy", "sentences/scales.npy", "sentences/vectors.npy",
    "lexical/terms.txt", "lexical/starts.npy", "lexical/rows.npy", "lexical/counts.npy", "lexical/lengths.npy",
    "chroma/chroma.sqlite3", "chroma/*/data_level0.bin", "chroma/*/header.bin", "chroma/*/index_metadata.pickle",
    "chroma/*/length.bin", "chroma/*/link_lists.bin",
]  # fmt: skip


def documents(text: str) -> list[Document]:
    others = [f"Le pôle numéro {n} réunit {n}0 entreprises du transport." for n in range(2, 6)]
    return [
        Document(id=f"{number}.md", title="Les aides", text=text, language="fr")
        for number, text in enumerate([text, *others])
    ]


@pytest.fixture(scope="module")
def built(tmp_path_factory, embedder) -> Path:
    """An index of two generations, of which the newer says that the prime is worth more."""
    index = tmp_path_factory.mktemp("built") / "index"
    for text in (OLD, NEW):
        build_index(index, documents(text), embedder)
    return index


@pytest.fixture
def index(built, tmp_path) -> Path:
    return shutil.copytree(built, tmp_path / "index")


@pytest.fixture
def opened(settings, embedder, index):
    return lambda: PolicyQA(settings.model_copy(update={"index_dir": index}), embedder=embedder)


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] if data else b"x")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes() or b"\0")
    place = data.find(b"1.md#0")  # in a file of Chroma's: its pages hold much that is no row
    data[place if place >= 0 else random.Random(len(data)).randrange(len(data))] ^= 0x10
    path.write_bytes(bytes(data) if path.stat().st_size else b"\x10")


def the_file(index: Path, generation: str, name: str) -> Path:
    [path] = (index / generation).glob(name)
    return path


@pytest.mark.parametrize("damage", [delete, truncate, flip], ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_never_answered_from(index, opened, embedder, name, damage, caplog):
    damage(the_file(index, "000002", name))
    corpus = opened()
    caplog.set_level(logging.WARNING)
    assert corpus.retrieve(QUESTION, k=1)[0].text == OLD
    assert corpus.generation().name == "000001"
    assert "damaged" in corpus.generation().problem
    assert corpus.retrieve(QUESTION, k=1)
    assert [record.levelname for record in caplog.records] == ["WARNING"]  # told once, not at each question
    assert build_index(index, documents(NEW), embedder).generation == "000003"
    assert corpus.retrieve(QUESTION, k=1)[0].text == NEW
    assert corpus.generation().problem is None


@pytest.mark.parametrize("content", [None, "", "garbage", "000009", "../000001", "\0\0\0"])
def test_a_damaged_pointer_is_never_followed(index, opened, embedder, content):
    (index / "current").unlink() if content is None else (index / "current").write_text(content)
    corpus = opened()
    assert corpus.retrieve(QUESTION, k=1)[0].text == NEW  # the newest whole one, of those that are there
    assert "damaged" in corpus.generation().problem
    build_index(index, documents(NEW), embedder)
    assert opened().generation().problem is None


def test_with_no_whole_generation_nothing_answers_and_the_build_starts_anew(index, opened, embedder):
    for generation in ("000001", "000002"):
        flip(the_file(index, generation, "texts.sqlite"))
    with pytest.raises(IndexBrokenError, match=r"texts\.sqlite is not as it was built.*python -m qa index"):
        opened().retrieve(QUESTION)
    assert build_index(index, documents(NEW), embedder).passages["embedded"] == 5
    assert opened().retrieve(QUESTION, k=1)[0].text == NEW


def test_a_damaged_generation_costs_no_new_vectors(index, embedder):
    flip(the_file(index, "000002", "vectors.npy"))
    report = build_index(index, documents(NEW), embedder)
    assert report.passages == {"embedded": 1, "reused": 4, "total": 5}
    assert sorted(path.name for path in index.iterdir()) == ["000001", "000003", "current", "lock"]


def test_the_reader_is_told_that_an_older_index_answers(index, opened, run_qa):
    flip(the_file(index, "000002", "vectors.npy"))
    answer = opened().ask(QUESTION)
    assert "index le plus récent est endommagé" in answer.note
    doctor = run_qa("doctor", "--json", index=index)
    assert doctor.returncode == 3
    assert "vectors.npy is not as it was built" in json.loads(doctor.stdout)["verdict"]
    asked = run_qa("retrieve", QUESTION, index=index)
    assert (asked.returncode, OLD in asked.stdout) == (0, True)
    assert "the generation before it answers" in asked.stderr


def test_a_clock_that_jumps_back_changes_nothing(index, opened, embedder, monkeypatch):
    class Past(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(1999, 12, 31, tzinfo=UTC)

    monkeypatch.setattr(building, "datetime", Past)
    for path in index.rglob("*"):
        os.utime(path, (4e9, 4e9))  # written in 2096, as this clock has it
    assert build_index(index, documents(OLD), embedder).documents["changed"] == 1
    assert opened().retrieve(QUESTION, k=1)[0].text == OLD
    assert opened().generation().manifest.built.startswith("1999")
