"""The README says what there is: every setting, command and filter, and no file that is not there."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from qa.cli import build_parser
from qa.filters import FilterOptions
from qa.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text("utf-8")
SETTINGS = (PROJECT / "docs" / "settings.md").read_text("utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_and_documented(name):
    assert Settings.model_fields[name].description
    assert f"`QA_{name.upper()}`" in SETTINGS


def test_no_setting_is_documented_that_is_none():
    named = set(re.findall(r"`QA_([A-Z_]+)`", README + SETTINGS))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_test_that_the_security_notes_name_is_there():
    notes = (PROJECT / "docs" / "security.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)`(?:, `(test_\w+)`)?", notes)
    assert len(named) > 10
    for file, function in named:
        assert f"def {function}" in (PROJECT / file).read_text("utf-8"), (file, function)


def commands() -> dict[str, argparse.ArgumentParser]:
    actions = build_parser()._actions
    return next(dict(action.choices) for action in actions if isinstance(action, argparse._SubParsersAction))


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command):
    assert f"python -m qa {command}" in README


@pytest.mark.parametrize("name", FilterOptions.__annotations__)
def test_every_filter_is_an_option_and_documented(name):
    option = f"--{name.replace('_', '-')}"
    assert option in README
    for command in ("retrieve", "ask", "check"):
        assert option in commands()[command].format_help()


@pytest.mark.parametrize("path", sorted({*re.findall(r"`((?:tests|qa|docs|benchmarks|corpus)/[\w./]*)`", README)}))
def test_every_file_that_the_readme_names_is_there(path):
    assert (PROJECT / path).exists()
