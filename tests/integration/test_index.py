"""Generations: what a run embeds, what survives, and what a reader sees."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from qa.assistant import PolicyQA
from qa.errors import IndexBrokenError, IndexLockedError, IndexMismatchError, IndexMissingError, SettingsError
from qa.index import generations
from qa.index.build import build_index
from qa.ingest import read_corpus
from qa.records import Document

PLAN = "Le plan automobile relève le bonus écologique à 7 000 euros pour les voitures électriques."
BANK = "The Public Investment Bank lends to small firms in the region."
CLUSTER = "Le pôle i-Trans réunit des entreprises du transport à Valenciennes."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in (("plan.md", PLAN), ("bank.md", BANK), ("cluster.md", CLUSTER)):
        (folder / name).write_text(f"---\ntitle: {name}\n---\n{text}", "utf-8")
    return folder


@pytest.fixture
def build(folder: Path, tmp_path: Path, embedder):
    def build(**options):
        read = read_corpus(folder)
        failures = {failure.path: failure.reason for failure in read.failures}
        return build_index(tmp_path / "index", read.documents, embedder, failures=failures, **options)

    return build


@pytest.fixture
def opened(settings, embedder, tmp_path):
    return PolicyQA(settings.model_copy(update={"index_dir": tmp_path / "index"}), embedder=embedder)


def names(index_dir: Path) -> list[str]:
    return sorted(path.name for path in index_dir.iterdir())


def test_a_first_build_embeds_everything_and_a_second_nothing(build, opened, tmp_path):
    first = build()
    assert first.documents == {"added": 3, "changed": 0, "removed": 0, "unchanged": 0, "failed": 0}
    assert first.passages == {"embedded": 3, "reused": 0, "total": 3}
    second = build()
    assert second.documents == {"added": 0, "changed": 0, "removed": 0, "unchanged": 3, "failed": 0}
    assert second.passages == {"embedded": 0, "reused": 3, "total": 3}
    assert second.generation == first.generation == opened.generation().name
    assert names(tmp_path / "index") == ["000001", "current", "lock"]


def test_add_edit_and_delete_embed_only_what_changed(build, opened, folder):
    build()
    (folder / "aria.md").write_text(
        "---\ntitle: aria.md\n---\nARIA représente la filière automobile de la région.", "utf-8"
    )
    (folder / "bank.md").write_text(
        "---\ntitle: bank.md\n---\nThe Public Investment Bank was created in 2012.", "utf-8"
    )
    (folder / "cluster.md").unlink()
    report = build()
    assert report.documents == {"added": 1, "changed": 1, "removed": 1, "unchanged": 1, "failed": 0}
    assert report.passages == {"embedded": 2, "reused": 1, "total": 3}
    texts = [hit.text for hit in opened.retrieve("Public Investment Bank, i-Trans, ARIA", k=10)]
    assert "The Public Investment Bank was created in 2012." in texts
    assert len(texts) == 3
    assert BANK not in texts
    assert CLUSTER not in texts


def test_a_rename_embeds_nothing(build, opened, folder):
    build()
    (folder / "plan.md").rename(folder / "plan-2012.md")
    report = build()
    assert (report.documents["added"], report.documents["removed"]) == (1, 1)
    assert report.passages == {"embedded": 0, "reused": 3, "total": 3}
    assert opened.retrieve("bonus écologique", k=1)[0].document_id == "plan-2012.md"


def test_one_changed_sentence_embeds_its_passage_only(build, folder):
    paragraphs = [f"## Partie {i}\n\nLa mesure numéro {i} concerne l'usine {i}." for i in range(6)]
    (folder / "long.md").write_text("\n\n".join(paragraphs), "utf-8")
    build()
    (folder / "long.md").write_text("\n\n".join(paragraphs).replace("usine 2", "usine de Douai"), "utf-8")
    assert build().passages == {"embedded": 1, "reused": 8, "total": 9}


def test_a_reader_follows_the_swap(build, opened, folder):
    build()
    before = opened.generation()
    (folder / "plan.md").write_text("---\ntitle: plan.md\n---\nLe plan prévoit un malus de 6 000 euros.", "utf-8")
    build()
    assert opened.retrieve("malus", k=1)[0].text == "Le plan prévoit un malus de 6 000 euros."
    assert before.texts.document("plan.md").text == PLAN


def test_a_generation_is_let_go_of_when_nobody_holds_it_any_more(build, opened, folder):
    from chromadb.api.shared_system_client import SharedSystemClient

    held = None
    before = len(SharedSystemClient._identifier_to_system)
    for i in range(4):
        (folder / "new.md").write_text(f"Une nouvelle aide de {i} euros est annoncée aujourd'hui.", "utf-8")
        build()
        held = held or opened.generation()
        assert opened.retrieve("une aide", k=1)
    assert len(SharedSystemClient._identifier_to_system) == before + 2  # the first, held here, and the current one
    assert held.texts.document("new.md").text.startswith("Une nouvelle aide de 0")


def test_one_generation_before_is_kept(build, folder, tmp_path):
    for i in range(4):
        (folder / "new.md").write_text(f"Une nouvelle aide de {i} euros est annoncée aujourd'hui.", "utf-8")
        build()
    assert names(tmp_path / "index") == ["000003", "000004", "current", "lock"]


def test_a_file_that_turned_bad_keeps_its_last_good_version(build, opened, folder):
    build()
    (folder / "plan.md").write_bytes(b"\x00\x00")
    report = build()
    assert report.documents == {"added": 0, "changed": 0, "removed": 0, "unchanged": 3, "failed": 1}
    assert report.failures[0]["path"] == "plan.md"
    assert opened.retrieve("bonus écologique", k=1)[0].text == PLAN
    assert opened.generation().manifest.failures == {"plan.md": report.failures[0]["reason"]}


def test_a_folder_that_cannot_be_looked_into_keeps_its_documents(build, opened, folder, monkeypatch):
    (folder / "closed").mkdir()
    (folder / "bank.md").rename(folder / "closed" / "bank.md")
    build()
    look = os.scandir

    def refuse(path):
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", refuse)  # root may look into every folder
    report = build()
    assert report.documents == {"added": 0, "changed": 0, "removed": 0, "unchanged": 3, "failed": 1}
    assert report.failures[0] == {
        "path": "closed/", "reason": "it cannot be opened: Permission denied. Check its permissions.",
    }  # fmt: skip
    assert opened.document("closed/bank.md").text == BANK


def test_an_empty_corpus_leaves_the_index_as_it_is(build, opened, folder):
    build()
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(SettingsError, match="left as it is"):
        build()
    assert len(opened.retrieve("plan", k=10)) == 3


def test_a_build_that_fails_changes_nothing(build, opened, folder, tmp_path, monkeypatch):
    build()
    (folder / "new.md").write_text("Une nouvelle aide est annoncée dans la région.", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("qa.index.build.verify", lambda *_: (_ for _ in ()).throw(IndexBrokenError("no")))
        with pytest.raises(IndexBrokenError):
            build()
    assert names(tmp_path / "index") == ["000001", "current", "lock"]
    assert len(opened.retrieve("plan", k=10)) == 3
    assert build().documents["added"] == 1


def test_documents_that_are_being_read_are_those_of_one_generation(build, opened, folder):
    build()
    reading = opened.documents()
    first = next(reading).id
    before = set(opened.document_ids())
    (folder / "new.md").write_text("Une nouvelle aide est annoncée dans la région.", "utf-8")
    build()
    assert len(opened.retrieve("aide", k=10)) == 4  # what answers has changed
    assert {first, *(document.id for document in reading)} == before


def test_what_an_interrupted_build_left_is_cleared(build, tmp_path, folder):
    build()
    (tmp_path / "index" / "000002").mkdir()
    (tmp_path / "index" / "000002" / "half").write_text("half")
    (folder / "new.md").write_text("Une nouvelle aide est annoncée dans la région.", "utf-8")
    assert build().generation == "000002"
    assert names(tmp_path / "index") == ["000001", "000002", "current", "lock"]


@pytest.mark.parametrize(
    "damage",
    [
        "manifest.json",
        "texts.sqlite",
        "chroma/chroma.sqlite3",
        "lexical/rows.npy",
        "table/documents.json",
        "vectors.npy",
        "sentences/keys.npy",
    ],
)
def test_a_half_deleted_index_says_so_and_is_rebuilt(build, opened, tmp_path, damage):
    build()
    (tmp_path / "index" / "000001" / damage).unlink()
    with pytest.raises(IndexBrokenError, match="python -m qa index"):
        opened.retrieve("plan")
    assert build().passages["embedded"] == 3
    assert len(opened.retrieve("plan", k=10)) == 3


def test_a_flipped_bit_is_noticed(build, opened, tmp_path):
    build()
    path = tmp_path / "index" / "000001" / "texts.sqlite"
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexBrokenError, match="not as it was built"):
        opened.retrieve("plan")


def test_no_index_says_how_to_build_one(opened):
    with pytest.raises(IndexMissingError, match="python -m qa index"):
        opened.retrieve("plan")


def test_an_index_of_another_model_is_not_searched_and_is_rebuilt(build, opened, tmp_path, embedder, folder):
    class Other:
        name, fingerprint, dimension = "other", "other", embedder.dimension
        encode_queries, encode_passages = embedder.encode_queries, embedder.encode_passages

    build_index(tmp_path / "index", read_corpus(folder).documents, Other())
    with pytest.raises(IndexMismatchError, match="another|'other'"):
        opened.retrieve("plan")
    assert build().passages["embedded"] == 3
    assert len(opened.retrieve("plan", k=10)) == 3


def test_a_second_writer_is_told(build, tmp_path, monkeypatch):
    build()
    monkeypatch.setattr(generations, "_LOCK_SECONDS", 0.1)
    with FileLock(tmp_path / "index" / "lock"), pytest.raises(IndexLockedError, match="Wait"):
        build()


def test_an_index_folder_that_cannot_be_one_is_named(tmp_path, embedder, folder):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SettingsError, match="--index"):
        build_index(tmp_path / "file", read_corpus(folder).documents, embedder)


def test_rebuild_embeds_everything_anew(build):
    build()
    assert build(rebuild=True).passages == {"embedded": 3, "reused": 0, "total": 3}


def test_passages_with_the_same_text_share_a_vector(tmp_path, embedder, build, folder):
    build()
    twin = Document(id="copy.md", title="plan.md", text=PLAN, language="fr", date="2013")
    documents = [*read_corpus(folder).documents, twin]
    assert build_index(tmp_path / "index", documents, embedder).passages == {"embedded": 0, "reused": 4, "total": 4}
