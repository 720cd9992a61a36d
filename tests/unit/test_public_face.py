from __future__ import annotations

import dataclasses
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import qa
from qa.assistant import PolicyQA
from qa.index.texts import document_from_dict
from qa.records import Answer, Document, Section, Source


def test_every_public_name_is_there_and_documented():
    for name in qa.__all__:
        assert getattr(qa, name).__doc__, name


@pytest.mark.parametrize(("module", "known"), [("qa", []), ("qa.cli", ["pydantic"])])
def test_importing_loads_nothing_heavy(module, known):
    heavy = (
        "torch",
        "transformers",
        "sentence_transformers",
        "chromadb",
        "numpy",
        "scipy",
        "pydantic",
        "gradio",
        "lingua",
    )
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(known)


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


def public_surface() -> dict[str, str]:
    """What programs that use the package rely on: names, the fields of records, signatures."""
    surface = {}
    for name in qa.__all__:
        public = getattr(qa, name)
        if dataclasses.is_dataclass(public):
            surface[name] = ", ".join(field.name for field in dataclasses.fields(public))
        elif inspect.isclass(public):
            surface[name] = f"{public.__bases__[0].__name__}, exit code {public.exit_code}"
        else:
            surface[name] = str(inspect.signature(public))
    methods = inspect.getmembers(PolicyQA, inspect.isfunction)
    return surface | {f"PolicyQA.{name}": str(inspect.signature(m)) for name, m in methods if not name.startswith("_")}


def test_the_public_surface_is_as_it_was_promised():
    """A change here breaks or widens what others rely on: say so in the CHANGELOG and in tests/data/public_surface.json."""
    promised = json.loads((Path(__file__).parents[1] / "data" / "public_surface.json").read_text("utf-8"))
    assert public_surface() == promised
