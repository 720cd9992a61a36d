"""The list of public sources, and the choice of some of them."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
import yaml

from qa.dates import day_bounds
from qa.errors import SettingsError, UsageError
from qa.fetch.commands import add_fetch_options, add_list_options
from qa.fetch.sources import SOURCES_FILE, read_sources, select_sources

CORPUS = SOURCES_FILE.parent
TABLE = '[{key}]\ntitle = "T"\npublisher = "P"\nlanguage = "fr"\nkind = "plan"\ndate = "2013"\nurl = "https://e.org/"\n'


@pytest.fixture(scope="module")
def sources():
    return {source.key: source for source in read_sources()}


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_source_can_be_asked_for(sources):
    assert len(sources) > 300
    for source in sources.values():
        assert re.fullmatch(r"S\d{3}", source.key)
        assert re.fullmatch(r"https?://[^\s/]+\.[^\s/]+/?[^\s]*", source.url), source.key
        assert source.kind in ("article", "plan", "cluster"), source.key
        assert re.fullmatch(r"[a-z]{2}(/[a-z]{2})*", source.language), source.key


def test_a_date_in_digits_is_a_date(sources):
    for source in sources.values():
        if re.fullmatch(r"[\d-]+", source.date) and not re.fullmatch(r"\d{4}-\d{4}", source.date):
            assert day_bounds(source.date), source.key


def test_no_address_is_listed_twice(sources):
    addresses = [source.url for source in sources.values()]
    assert len(set(addresses)) == len(addresses)


def test_what_the_corpus_cites_is_in_the_list_with_the_same_address(sources):
    cited = {}
    for path in CORPUS.glob("*/*.md"):
        for key, about in yaml.safe_load(path.read_text("utf-8").split("---\n")[1])["sources"].items():
            cited[f"{path.name}: {key}"] = (about["url"], sources[key].url if key in sources else "not listed")
    assert cited
    assert {where: pair for where, pair in cited.items() if pair[0] != pair[1]} == {}


def test_filters_narrow_and_combine(sources):
    every = tuple(sources.values())
    assert {s.kind for s in select_sources(every, kind="cluster")} == {"cluster"}
    assert {s.language for s in select_sources(every, language="en")} == {"en", "fr/en"}
    assert [s.key for s in select_sources(every, keys=["S020", "S001"])] == ["S001", "S020"]
    assert [s.key for s in select_sources(every, keys=["S020", "S001"], language="fr")] == ["S020"]
    for text in ("SÉNAT", "senat.fr", "credit d'impot"):
        assert len(select_sources(every, match=text)) > 1


@pytest.mark.parametrize(
    ("choice", "says"),
    [({"keys": ["S001", "S999"]}, "no source S999"), ({"kind": "poem"}, "No source is like that")],
)
def test_an_unknown_key_and_an_empty_choice_are_wrong_use(sources, choice, says):
    with pytest.raises(UsageError, match=says):
        select_sources(tuple(sources.values()), **choice)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TABLE.format(key="S1") * 2, "not TOML"),
        ("[S1", "not TOML"),
        (TABLE.format(key="S1").replace('"2013"', "2013"), r"\[S1\] has to have title"),
        (TABLE.format(key="S1").replace('url = "https://e.org/"', ""), r"\[S1\] has to have title"),
        (TABLE.format(key='"../S1"'), r"\[../S1\] has to have"),
        ("S1 = 3", r"\[S1\] has to have"),
    ],
)
def test_a_list_that_cannot_be_used_is_named_with_its_fault(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(SettingsError, match=says) as raised:
        read_sources(path)
    assert str(path) in str(raised.value)


def test_a_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match="nowhere.toml"):
        read_sources(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("add_options", [add_list_options, add_fetch_options])
def test_every_option_is_documented(add_options):
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser)
    described = (CORPUS.parent / "docs" / "fetching.md").read_text("utf-8")
    names = [action.option_strings[0] if action.option_strings else action.metavar for action in parser._actions]
    assert [name for name in names if f"| `{name}" not in described] == []
