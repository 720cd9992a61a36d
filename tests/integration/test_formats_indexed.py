"""Files of every format through the index to an answer that names their page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qa.answering.verify import is_verbatim
from qa.assistant import PolicyQA
from qa.index.build import build_index
from qa.ingest import read_corpus

FILES = Path(__file__).resolve().parents[1] / "data" / "formats"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("formats") / "files"
    shutil.copytree(FILES, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


@pytest.fixture(scope="module")
def formats(folder, embedder, settings) -> PolicyQA:
    read = read_corpus(folder)
    build_index(folder.parent / "index", read.documents, embedder)
    return PolicyQA(settings.model_copy(update={"index_dir": folder.parent / "index"}), embedder=embedder)


def test_what_cannot_be_read_or_only_in_part_is_reported(run_qa, folder, tmp_path):
    run = run_qa("index", "--corpus", str(folder), "--index", str(tmp_path / "index"), "--json")
    assert run.returncode == 4, run.stderr
    report = json.loads(run.stdout)
    reasons = {failure["path"]: failure["reason"] for failure in report["failures"]}
    assert set(reasons) == {"password.pdf", "scan.pdf"}
    assert "password" in reasons["password.pdf"]
    assert "scan" in reasons["scan.pdf"]
    assert [(warning["path"], "page 2" in warning["reason"]) for warning in report["warnings"]] == [("mixed.pdf", True)]
    doctor = json.loads(run_qa("doctor", "--json", index=tmp_path / "index").stdout)
    assert set(doctor["index"]["not read"]) == {"password.pdf", "scan.pdf"}
    assert set(doctor["index"]["read in part"]) == {"mixed.pdf"}


def test_every_passage_of_every_format_is_exact(formats):
    for document in formats.documents():
        hits = formats.retrieve(document.title, k=50)
        assert document.id in {hit.document_id for hit in hits}
    for hit in formats.retrieve("plan", k=200):
        assert formats.document(hit.document_id).text[hit.start : hit.end] == hit.text


def test_a_citation_in_a_pdf_names_its_page(formats):
    document = next(document for document in formats.documents() if len(document.pages) > 1)
    start = document.pages[-1]
    sentence = document.text[start:].strip().split("\n")[0]
    hits = formats.retrieve(sentence[:500], k=10)
    hit = next(hit for hit in hits if hit.document_id == document.id and hit.end > start)
    assert hit.page is not None
    assert 1 <= hit.page <= len(document.pages)
    answer = formats.ask(sentence[:300])
    assert all(is_verbatim(c, formats.document(c.document_id)) for s in answer.statements for c in s.citations)
