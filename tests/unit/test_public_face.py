from __future__ import annotations

import json
import subprocess
import sys

import pytest

import qa
from qa.index.texts import document_from_dict
from qa.records import Answer, Document, Section, Source


def test_every_public_name_is_there_and_documented():
    for name in qa.__all__:
        assert getattr(qa, name).__doc__, name


def test_importing_loads_nothing_heavy():
    heavy = (
        "torch",
        "transformers",
        "sentence_transformers",
        "chromadb",
        "numpy",
        "pydantic",
        "gradio",
        "lingua",
    )
    code = f"import sys, qa; print([name for name in {heavy!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_records_survive_json():
    document = Document(
        id="d.md",
        title="D",
        text="Texte.",
        sections=(Section(0, "S"),),
        sources=(Source("S1", "T"),),
        source_marks=((6, "S1"),),
    )
    assert document_from_dict(json.loads(json.dumps(document.to_dict()))) == document


def test_records_are_frozen():
    answer = Answer("q", "q", "fr", (), 0.0, True, "rien", (), "1")
    with pytest.raises(AttributeError):
        answer.confidence = 1.0


@pytest.mark.parametrize(("option", "value"), [("k", 0), ("k", 1001), ("since", "hier"), ("language", "de")])
def test_a_bad_option_is_a_filter_error(option, value, tmp_path):
    with pytest.raises(qa.FilterError):
        qa.open_corpus(tmp_path).retrieve("Quel plan ?", **{option: value})
