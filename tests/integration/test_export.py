"""``python -m qa export``: the real index, real files, and the real word processor."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

QUESTION = "Quel est le bonus maximal d'une voiture électrique depuis juillet 2012 ?"


def test_the_command_writes_the_file_whole(corpus, run_qa, tmp_path):
    file = tmp_path / "réponse.md"
    run = run_qa("export", QUESTION, "--format", "md", "-o", str(file))
    assert (run.returncode, run.stderr) == (0, "")
    assert "7 000 euros" in file.read_text("utf-8").replace("\u202f", " ").replace("\u00a0", " ")
    assert [path.name for path in tmp_path.iterdir()] == ["réponse.md"]
    to_output = run_qa("export", QUESTION, "--format", "md", "-o", "-")
    assert to_output.stdout == file.read_text("utf-8")


def test_an_unanswered_question_is_written_and_the_exit_code_says_so(corpus, run_qa, tmp_path):
    run = run_qa("export", "Qui a écrit Les Misérables ?", "--format", "csv", "-o", str(tmp_path / "a.csv"), "--json")
    assert run.returncode == 1
    assert json.loads(run.stdout)["answer"]["abstained"]
    assert (tmp_path / "a.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "md", "-o", "/nowhere/a.md"], "cannot be written"),
        (["--format", "pdf", "-o", "a.pdf"], "invalid choice"),
        (["--format", "md", "-o", "-", "--json"], "standard output"),
    ],
)
def test_wrong_use_says_what_to_do(corpus, run_qa, arguments, said):
    run = run_qa("export", QUESTION, *arguments)
    assert run.returncode == 2
    assert said in run.stderr


def test_a_word_processor_opens_it_and_finds_the_footnotes(corpus, run_qa, tmp_path):
    if shutil.which("soffice") is None:
        if os.environ.get("QA_TESTS_NEED_BROWSER"):
            pytest.fail("LibreOffice is not installed.")
        pytest.skip("LibreOffice is not installed")
    assert run_qa("export", QUESTION, "--format", "docx", "-o", str(tmp_path / "a.docx")).returncode == 0
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "html",
         "--outdir", str(tmp_path), str(tmp_path / "a.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    html = (tmp_path / "a.html").read_text("utf-8", errors="replace")
    assert 'id="sdfootnote1"' in html
    assert "25 juillet 2012" in " ".join(html.split())
