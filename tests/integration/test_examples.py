"""The examples in the public docstrings and in the README, run."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import qa

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_docstrings_examples(corpus, monkeypatch):
    monkeypatch.setattr(qa, "_default_corpus", lambda: corpus)
    results = doctest.testmod(qa)
    assert results.attempted > 5
    assert results.failed == 0


def test_the_python_pages_examples(corpus, monkeypatch):
    monkeypatch.setattr(qa, "_default_corpus", lambda: corpus)
    monkeypatch.setattr(qa, "open_corpus", lambda: corpus)
    results = doctest.testfile(str(README.parent / "docs" / "python.md"), module_relative=False)
    assert results.attempted > 15
    assert results.failed == 0


def test_the_export_pages_example(corpus, monkeypatch):
    monkeypatch.setattr(qa, "_default_corpus", lambda: corpus)
    results = doctest.testfile(str(README.parent / "docs" / "export.md"), module_relative=False)
    assert results.attempted > 3
    assert results.failed == 0


def test_the_feedback_pages_example(corpus, monkeypatch, tmp_path):
    monkeypatch.setattr(qa, "_default_corpus", lambda: corpus)
    monkeypatch.chdir(tmp_path)
    results = doctest.testfile(str(README.parent / "docs" / "feedback.md"), module_relative=False)
    assert results.attempted > 10
    assert results.failed == 0


def test_the_readmes_python(corpus, monkeypatch, capsys):
    monkeypatch.setattr(qa, "_default_corpus", lambda: corpus)
    code = re.search(r"((?:    from qa import retrieve\n)(?:    .*\n)+)", README.read_text("utf-8"))
    exec("\n".join(line[4:] for line in code[1].splitlines()), {})
    assert "Trans" in capsys.readouterr().out


def test_the_language_models_page(corpus, monkeypatch, capsys):
    monkeypatch.setattr(qa, "_default_corpus", lambda: corpus)
    monkeypatch.setattr(qa, "open_corpus", lambda: corpus)
    page = (README.parent / "docs" / "language-models.md").read_text("utf-8")
    first, second = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(first, {})
    assert capsys.readouterr().out.startswith("extractive unproven ('quote_not_found',)\nThe documents do not prove")
    exec(second, {})
    assert capsys.readouterr().out.endswith("extractive\n")


def test_the_language_models_page_names_what_there_is():
    from qa.answering.generation.prompts import REASONS
    from qa.languages import MESSAGES
    from qa.records import ModelUse

    page = (README.parent / "docs" / "language-models.md").read_text("utf-8")
    for outcome in re.findall(r"``(\w+)``", ModelUse.__doc__.split("``outcome`` is")[1].split("``kept``")[0]):
        assert f"`{outcome}`" in page
    assert all(words for words in REASONS.values())
    assert all(set(words) == {"fr", "en"} for words in MESSAGES.values())
