"""Files that readers upload: their names, their sizes, whose they are, and why they cannot be read in French."""

from __future__ import annotations

import ast
import threading
from pathlib import Path

import numpy as np
import pytest

from qa.errors import UsageError
from qa.filters import Filters
from qa.index.background import BackgroundIndexing
from qa.index.relations import merge_copies, replacements
from qa.ingest.limits import MEGABYTE
from qa.owners import owner_of, owners_folder
from qa.records import Document
from qa.settings import Settings
from qa.uploads import Uploads, checked_name
from qa.web.reasons import reason_text

INGEST = Path(__file__).parents[2] / "qa" / "ingest"


@pytest.fixture
def uploads(tmp_path) -> Uploads:
    return Uploads(tmp_path / "uploads", "alice", megabytes=1)


def written(folder: Path, name: str, text: str = "Un plan.") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_kept_replaced_and_removed(uploads, tmp_path):
    assert uploads.add(written(tmp_path, "plan.md")) == "@alice/plan.md"
    uploads.add(written(tmp_path, "other.md", "Un autre."), "plan.md")
    assert uploads.names() == ["plan.md"]
    assert (uploads.root / "@alice" / "plan.md").read_text("utf-8") == "Un autre."
    uploads.remove("plan.md")
    assert uploads.names() == []
    with pytest.raises(UsageError, match="no document 'plan.md' among yours"):
        uploads.remove("plan.md")


@pytest.mark.parametrize(
    "name", ["../../x.md", "..\\..\\x.md", "/etc/x.md", "C:\\x.md", "a/../x.md", "\0x.md", "...x.md"]
)
def test_no_name_leaves_the_folder(uploads, tmp_path, name):
    assert uploads.add(written(tmp_path, "plan.md"), name) == "@alice/x.md"
    assert [path.relative_to(uploads.root).as_posix() for path in uploads.root.rglob("*.md")] == ["@alice/x.md"]


@pytest.mark.parametrize("name", ["", "..", "plan", ".md", "plan.exe", "README.md", "plan.md/"])
def test_what_is_no_name_of_a_document_is_refused_in_both_languages(uploads, tmp_path, name):
    with pytest.raises(UsageError) as refused:
        uploads.add(written(tmp_path, "plan.md"), name)
    assert "pas un fichier" in refused.value.in_language("fr")
    assert "not a file" in refused.value.in_language("en")


def test_a_name_is_written_in_one_way():
    assert checked_name("e\u0301te\u0301 2012\n.PDF") == "été 2012.PDF"
    assert len(checked_name("é" * 300 + ".pdf").encode()) <= 200


def test_a_removal_cannot_reach_out_of_the_folder(uploads, tmp_path):
    victim = written(tmp_path, "victim.md")
    with pytest.raises(UsageError):
        uploads.remove("../../victim.md")
    assert victim.exists()


def test_no_reader_fills_the_disk(uploads, tmp_path):
    half = written(tmp_path, "half.md", "x" * (MEGABYTE // 2 + 1))
    uploads.add(half, "a.md")
    uploads.add(half, "a.md")  # in its own place
    with pytest.raises(UsageError, match="more than 1 MB"):
        uploads.add(half, "b.md")
    with (tmp_path / "large.pdf").open("wb") as large:
        large.truncate(51 * MEGABYTE)
    with pytest.raises(UsageError, match="too large"):
        uploads.add(tmp_path / "large.pdf")
    assert uploads.names() == ["a.md"]


@pytest.mark.parametrize("owner", ["alice", "a/b", "..", "é@example.org", "@x", "%41", ""])
def test_the_folder_tells_its_owner_and_nothing_else(owner):
    folder = owners_folder(owner)
    assert Path(folder).name == folder
    assert owner_of(f"{folder}/plan.md") == owner


def test_a_reader_sees_the_corpus_and_her_own():
    mine, others, shared = (Document(id=name, title="T", text="") for name in ("@alice/a.md", "@bob/a.md", "a.md"))
    assert [Filters(reader="alice").matches(d) for d in (mine, others, shared)] == [True, False, True]
    assert all(Filters().matches(d) for d in (mine, others, shared))


def test_an_upload_is_no_copy_and_no_version_of_what_others_see():
    same = [Document(id=name, title="T", text="Un plan.") for name in ("@alice/a.md", "@bob/a.md", "a.md", "b.md")]
    assert [document.also_at for document in merge_copies(same)] == [(), (), ("b.md",)]
    assert replacements({"@alice/a.md": "a.md", "a.md": None, "b.md": "a.md"}) == {"a.md": "b.md"}


def test_what_replaces_a_copy_replaces_what_stands_for_it():
    documents = [
        Document(id="a.md", title="Vélo", text="100 euros."), Document(id="z.md", title="Vélo", text="100 euros."),
        Document(id="n.md", title="Vélo", text="250 euros.", replaces="z.md"),
        Document(id="@bob/v.md", title="Vélo", text="450 euros.", replaces="u.md"),
        Document(id="@bob/w.md", title="Vélo", text="460 euros.", replaces="@bob/u.md"),
    ]  # fmt: skip
    assert {document.id: document.replaces for document in merge_copies(documents)} == {
        "a.md": None, "n.md": "a.md", "@bob/v.md": "@bob/u.md", "@bob/w.md": "@bob/u.md",
    }  # fmt: skip


def messages() -> list[str]:
    """Every message of an UnreadableError in qa/ingest, with 7 for what it fills in."""
    found = []
    for path in INGEST.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "UnreadableError" and node.args:
                given = node.args[0]
                choices = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
                found += [text for choice in choices if (text := _said(choice)) and len(text) > 20]
    return found


def _said(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        pieces = ["7" if isinstance(piece, ast.FormattedValue) else str(piece.value) for piece in node.values]
        return "".join(pieces).replace("it is 7, which", "it is an e-book (EPUB), which")
    return ""


def test_every_reason_is_said_in_french():
    told = [message for message in messages() if not message.startswith("7")]
    assert len(told) > 20
    assert [message for message in told if "(en anglais :" in reason_text(message, "fr")] == []
    assert (
        reason_text("it does what nobody foresaw", "fr")
        == "il n'a pas pu être lu (en anglais : it does what nobody foresaw)"
    )
    assert reason_text("it is a picture: x", "en") == "it is a picture: x"


class Waiting:
    """An embedder that waits to be told to go on."""

    name = fingerprint = form = "waiting"
    dimension = 384

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def encode_passages(self, texts, *, progress=False):
        self.begun.set()
        assert self.go_on.wait(10)
        return np.eye(384, dtype=np.float32)[[len(text) % 384 for text in texts]]

    encode_queries = encode_passages


def test_indexing_goes_on_in_the_background_and_tells_how_far_it_is(tmp_path):
    (tmp_path / "corpus").mkdir()
    written(tmp_path / "corpus", "plan.md", "Un plan pour la filière automobile est annoncé.")
    embedder = Waiting()
    settings = Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    indexing = BackgroundIndexing(settings, embedder)
    assert indexing.state.step is None
    indexing.everything()
    assert embedder.begun.wait(10)
    assert (indexing.state.step, indexing.state.done, indexing.state.total) == ("embedding", 0, 1)
    embedder.go_on.set()
    assert indexing.wait(10)
    assert (indexing.state.step, indexing.state.error) == (None, None)


def test_what_ends_indexing_is_told(tmp_path):
    (tmp_path / "corpus").mkdir()
    indexing = BackgroundIndexing(Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index"), Waiting())
    indexing.everything()
    assert indexing.wait(10)
    assert "no readable documents" in str(indexing.state.error)
