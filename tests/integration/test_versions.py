"""Copies, near-copies and versions: what is indexed once, what stands for what, what was in force when."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.assistant import PolicyQA
from qa.index.build import build_index
from qa.ingest import read_corpus

RATES = {
    "2012": "Le bonus pour une voiture électrique est de 5 000 euros depuis 2011.",
    "2013": "Le bonus pour une voiture électrique est de 7 000 euros depuis août 2012.",
    "2014": "Le bonus pour une voiture électrique est de 6 300 euros depuis novembre 2013.",
}
DISPATCH = " ".join(
    f"Le ministre a présenté la mesure numéro {i} du plan automobile devant les salariés de l'usine." for i in range(12)
)


@pytest.fixture
def opened(tmp_path: Path, settings, embedder):
    """Write files into a corpus, index it, and open it."""

    def opened(**files: str) -> PolicyQA:
        folder = tmp_path / "corpus"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.md").write_text(text, "utf-8")
        build_index(tmp_path / "index", read_corpus(folder).documents, embedder)
        return PolicyQA(settings.model_copy(update={"index_dir": tmp_path / "index"}), embedder=embedder)

    return opened


def dated(year: str, text: str, replaces: str = "") -> str:
    return f"---\ntitle: Barème {year}\ndate: {year}\n{f'replaces: {replaces}' if replaces else ''}\n---\n{text}"


@pytest.fixture
def versions(opened) -> PolicyQA:
    return opened(
        v2012=dated("2012", RATES["2012"]),
        v2013=dated("2013", RATES["2013"], "v2012.md"),
        v2014=dated("2014", RATES["2014"], "v2013.md"),
    )


def test_the_latest_version_answers(versions):
    hits = versions.retrieve("bonus voiture électrique", k=5)
    assert [hit.document_id for hit in hits] == ["v2014.md"]
    assert hits[0].superseded_by is None


def test_many_older_versions_do_not_crowd_out_the_latest(opened):
    """More of them than are looked at first, each nearer to the question than the one that answers."""
    older = {
        f"v{year}": dated(str(year), f"Le bonus pour une voiture électrique est de {year} euros.", f"v{year - 1}.md")
        for year in range(1850, 2000)
    }
    latest = dated("2000", "Qui achète un véhicule propre reçoit désormais une aide de l'État.", "v1999.md")
    hits = opened(**older, v2000=latest).retrieve("Le bonus pour une voiture électrique est de combien d'euros ?")
    assert [hit.document_id for hit in hits] == ["v2000.md"]


@pytest.mark.parametrize(
    ("day", "version", "newer"), [("2012", "v2012.md", "v2013.md"), ("2013-12-31", "v2013.md", "v2014.md")]
)
def test_as_of_brings_back_the_version_in_force_and_marks_it(versions, day, version, newer):
    hits = versions.retrieve("bonus voiture électrique", k=5, as_of=day)
    assert [(hit.document_id, hit.superseded_by) for hit in hits] == [(version, newer)]
    answer = versions.ask("Quel est le bonus pour une voiture électrique ?", as_of=day)
    citation = answer.statements[0].citations[0]
    assert (citation.document_id, citation.superseded_by) == (version, newer)


def test_an_older_version_asked_for_by_date_is_found(versions):
    assert [hit.document_id for hit in versions.retrieve("bonus", until="2012")] == ["v2012.md"]


def test_a_version_whose_replacement_is_not_there_stays(opened):
    corpus = opened(v2013=dated("2013", RATES["2013"], "nowhere.md"))
    assert [hit.document_id for hit in corpus.retrieve("bonus")] == ["v2013.md"]


def test_versions_that_replace_each_other_both_stay(opened):
    corpus = opened(a=dated("2012", RATES["2012"], "b.md"), b=dated("2013", RATES["2013"], "a.md"))
    assert {hit.document_id for hit in corpus.retrieve("bonus")} == {"a.md", "b.md"}


def test_exact_copies_are_indexed_once_and_list_their_places(opened):
    corpus = opened(b="# Plan\n\n" + DISPATCH, a="# Plan\n\n" + DISPATCH)
    assert [document.id for document in corpus.documents()] == ["a.md"]
    assert corpus.document("a.md").also_at == ("b.md",)


def test_a_near_copy_gives_way_and_is_named(opened):
    corpus = opened(afp="# Dépêche\n\n" + DISPATCH, journal="# Dépêche\n\n" + DISPATCH + " Propos recueillis à Douai.")
    hits = corpus.retrieve("mesure du plan automobile présentée devant les salariés", k=10)
    said = [hit.text for hit in hits]
    assert len(said) == len(set(said))
    assert all({hit.document_id, *hit.also_in} == {"afp.md", "journal.md"} for hit in hits[:1])
    assert any("Propos recueillis" in hit.text for hit in corpus.retrieve("Propos recueillis à Douai", k=10))


def test_a_near_copys_own_passages_do_not_stand_for_each_other(opened):
    refrain = "\n\n".join(f"# Usine {town}\n\n{DISPATCH}" for town in ("Douai", "Maubeuge", "Onnaing"))
    corpus = opened(afp=refrain, journal=refrain + "\n\nPropos recueillis à Douai.")
    hits = corpus.retrieve("mesure du plan automobile présentée devant les salariés", k=10)
    (first,) = {hit.document_id for hit in hits if hit.also_in}
    assert {hit.section for hit in hits if hit.document_id == first} >= {
        "Usine Douai",
        "Usine Maubeuge",
        "Usine Onnaing",
    }


def test_documents_on_one_subject_are_not_copies(corpus):
    groups = {corpus.generation().texts.relations(document.id)[0] for document in corpus.documents()}
    assert groups == {None}
