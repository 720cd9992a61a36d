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


def test_the_readmes_python(corpus, monkeypatch, capsys):
    monkeypatch.setattr(qa, "_default_corpus", lambda: corpus)
    code = re.search(r"((?:    from qa import retrieve\n)(?:    .*\n)+)", README.read_text("utf-8"))
    exec("\n".join(line[4:] for line in code[1].splitlines()), {})
    assert "Trans" in capsys.readouterr().out
