"""A backup and what it restores; files that are none, or are hostile, change nothing."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from qa.assistant import PolicyQA
from qa.backup.archive import back_up
from qa.backup.restore import restore
from qa.errors import IndexMissingError, SettingsError
from qa.feedback import open_feedback
from qa.index.build import build_index
from qa.records import Document
from qa.settings import Settings
from qa.uploads import open_uploads
from qa.users import open_users

OLD, NEW = "La prime à la conversion vaut 3 000 euros.", "La prime à la conversion vaut 5 000 euros."
QUESTION = "Combien vaut la prime à la conversion ?"


def documents(text):
    return [Document(id="1.md", title="Les aides", text=text, language="fr")]


@pytest.fixture
def made(tmp_path, embedder):
    """Settings of an index with uploads, feedback and users beside it, and a backup of them."""
    settings = Settings(index_dir=tmp_path / "here" / "index")
    build_index(settings.index_dir, documents(OLD), embedder)
    (tmp_path / "note.md").write_text("Une note.", "utf-8")
    open_uploads(settings, "alice").add(tmp_path / "note.md")
    open_users(settings).add("alice", "upload", "correct horse battery")
    open_feedback(settings.index_dir).add(PolicyQA(settings, embedder=embedder).ask(QUESTION), "right")
    back_up(settings, tmp_path / "backup.zip")
    return settings, tmp_path / "backup.zip"


def test_a_backup_is_restored_elsewhere_whole(made, tmp_path, embedder):
    _, file = made
    there = Settings(index_dir=tmp_path / "there" / "index")
    report = restore(there, file)
    assert report.parts == ("feedback.sqlite", "uploads", "users.json")
    assert PolicyQA(there, embedder=embedder).ask(QUESTION).statements[0].text == OLD
    assert open_uploads(there, "alice").names() == ["note.md"]
    assert open_users(there).by_password("alice", "correct horse battery")
    assert open_users(there).path.stat().st_mode & 0o077 == 0
    assert [judged.verdict for judged in open_feedback(there.index_dir).judgements()] == ["right"]
    assert sorted(path.name for path in there.index_dir.iterdir()) == ["000001", "current", "lock"]


def test_a_restored_index_takes_the_place_of_a_newer_one_which_is_kept(made, embedder):
    settings, file = made
    build_index(settings.index_dir, documents(NEW), embedder)
    corpus = PolicyQA(settings, embedder=embedder)
    assert corpus.ask(QUESTION).statements[0].text == NEW
    with pytest.raises(SettingsError, match="--replace"):
        restore(settings, file)
    assert corpus.ask(QUESTION).statements[0].text == NEW
    assert restore(settings, file, replace_all=True).generation == "000003"
    assert corpus.ask(QUESTION).statements[0].text == OLD
    assert sorted(path.name for path in settings.index_dir.iterdir()) == ["000002", "000003", "current", "lock"]
    assert build_index(settings.index_dir, documents(NEW), embedder).generation == "000004"


def test_what_a_killed_process_left_of_feedback_is_not_written_over_what_is_restored(made, embedder):
    settings, file = made
    path = open_feedback(settings.index_dir).path
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("UPDATE judgements SET verdict = 'wrong'")
        database.commit()
        left = {name: Path(f"{path}{name}").read_bytes() for name in ("", "-wal", "-shm")}
    for name, content in left.items():
        Path(f"{path}{name}").write_bytes(content)
    restore(settings, file, replace_all=True)
    assert [judged.verdict for judged in open_feedback(settings.index_dir).judgements()] == ["right"]


def test_the_commands_say_what_they_did(made, tmp_path, run_qa):
    settings, file = made
    again = run_qa("backup", str(file), index=settings.index_dir)
    assert (again.returncode, "there already" in again.stderr) == (2, True)
    made_again = run_qa("backup", str(tmp_path / "2.zip"), "--json", index=settings.index_dir)
    assert json.loads(made_again.stdout)["generation"] == "000001"
    restored = run_qa("restore", str(tmp_path / "2.zip"), index=tmp_path / "there" / "index")
    assert restored.returncode == 0, restored.stderr
    assert "Restored as generation 000001" in restored.stdout
    assert run_qa("doctor", index=tmp_path / "there" / "index").returncode == 0
    assert (tmp_path / "2.zip").stat().st_mode & 0o077 == 0


def rewritten(file, change):
    """Return the backup with its files, and what it lists, changed by ``change``."""
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listing = json.loads(files.pop("backup.json"))
    change(files, listing)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("backup.json", json.dumps(listing))
    file.write_bytes(made.getvalue())


def listed(files, listing, name, content):
    import hashlib

    files[name] = content
    listing["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


HOSTILE = {
    "climbs": lambda files, listing: listed(files, listing, "uploads/../../../evil.md", b"x"),
    "absolute": lambda files, listing: listed(files, listing, "/tmp/evil.md", b"x"),
    "backslash": lambda files, listing: listed(files, listing, "uploads\\..\\evil.md", b"x"),
    "other part": lambda files, listing: listed(files, listing, "corpus/evil.md", b"x"),
    "unlisted": lambda files, listing: files.update({"uploads/@x/evil.md": b"x"}),
    "changed": lambda files, listing: files.update({"index/texts.sqlite": b"x" * len(files["index/texts.sqlite"])}),
    "shorter": lambda files, listing: files.update({"index/texts.sqlite": b"x"}),
    "missing": lambda files, listing: files.pop("index/texts.sqlite"),
    "another index": lambda files, listing: listed(files, listing, "index/texts.sqlite", b"x"),
    "no manifest": lambda files, listing: (
        files.pop("index/manifest.json"),
        listing["files"].pop("index/manifest.json"),
    ),
    "format": lambda files, listing: listing.update(format=99),
    "too large": lambda files, listing: listing["files"]["index/texts.sqlite"].update(size=1 << 60),
    "no list": lambda files, listing: listing.update(files=[]),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_backup_changes_nothing(made, tmp_path, change):
    _, file = made
    rewritten(file, change)
    there = Settings(index_dir=tmp_path / "deep" / "there" / "index")
    with pytest.raises(SettingsError):
        restore(there, file)
    left = sorted(path.relative_to(tmp_path / "deep").as_posix() for path in (tmp_path / "deep").rglob("*"))
    assert left == ["there", "there/index", "there/index/lock"]
    assert not (tmp_path / "evil.md").exists()


@pytest.mark.parametrize("part", [0, 100, -100])
def test_a_backup_cut_short_changes_nothing(made, tmp_path, part, embedder):
    _, file = made
    file.write_bytes(file.read_bytes()[:part])
    there = Settings(index_dir=tmp_path / "there" / "index")
    with pytest.raises(SettingsError, match="no backup, or a damaged one"):
        restore(there, file)
    with pytest.raises(IndexMissingError):
        PolicyQA(there, embedder=embedder).generation()
    with pytest.raises(SettingsError, match="no file"):
        restore(there, tmp_path / "nothing.zip")


def test_no_backup_is_made_of_a_damaged_index(made, tmp_path):
    settings, _ = made
    shutil.copy(tmp_path / "note.md", settings.index_dir / "000001" / "texts.sqlite")
    with pytest.raises(Exception, match="damaged"):
        back_up(settings, tmp_path / "2.zip")
    assert not (tmp_path / "2.zip").exists()
