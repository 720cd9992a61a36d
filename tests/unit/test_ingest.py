from __future__ import annotations

import pytest

from qa.errors import DocumentError, SettingsError
from qa.ingest import read_corpus, read_document
from qa.records import Section

GOOD = """---
title: Le plan automobile
kind: plan
language: fr
date: 2012-07-25
region: France
publisher: Gouvernement
sources:
  S001: {title: Dossier, publisher: Gouvernement, date: 2012-07-25, url: https://example.org/plan}
  S002: {title: Dépêche, publisher: AFP, date: 2012, url: https://example.org/afp}
---

Le bonus passe à 7 000 euros [S001]. Le malus ne
change pas [S001][S002].

## Les *mesures*

Trois mesures :

- un bonus [S001] ;
- une banque.

| Année | Taux |
|---|---|
| 2013 | 4 % [S002] |
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "plans").mkdir()
    return tmp_path


def write(folder, name: str, content: str | bytes):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_markdown_document_is_read_whole(folder):
    document = read_document(write(folder, "plans/plan.md", GOOD), folder)
    assert document.text == (
        "Le bonus passe à 7 000 euros. Le malus ne change pas.\n\nLes mesures\n\nTrois mesures :\nun bonus ;\nune banque.\n\n"
        "Année : 2013 ; Taux : 4 %"
    )
    assert (document.id, document.kind, document.language, document.date) == (
        "plans/plan.md",
        "plan",
        "fr",
        "2012-07-25",
    )
    assert document.sections == (Section(document.text.index("Les mesures"), "Les mesures"),)
    assert document.url == "https://example.org/plan"


def test_marks_become_the_sources_of_their_sentence(folder):
    document = read_document(write(folder, "plans/plan.md", GOOD), folder)
    first = document.text.index("Le malus")
    assert [s.key for s in document.sources_of(0, first - 1)] == ["S001"]
    assert [s.key for s in document.sources_of(first, document.text.index("\n"))] == ["S001", "S002"]
    assert [s.key for s in document.sources_of(document.text.index("Année"), len(document.text))] == ["S002"]


def test_what_front_matter_does_not_say_is_told_from_the_file_or_left_empty(folder):
    document = read_document(
        write(folder, "plans/le-plan.md", "# Les aides\n\nLe plan prévoit une aide pour les usines."), folder
    )
    assert (document.title, document.kind, document.language) == ("Les aides", "plan", "fr")
    assert (document.date, document.region, document.publisher, document.url) == (None, None, None, None)


def test_plain_text_in_windows_1252(folder):
    document = read_document(
        write(folder, "note.txt", "L’État soutient\r\nla filière.\r\n\r\nFin de la note.".encode("cp1252")), folder
    )
    assert document.text == "L’État soutient la filière.\n\nFin de la note."
    assert document.kind is None


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", "---\ntitle: [unclosed\n---\nTexte.", "front matter is not YAML at line"),
        ("a.md", "---\njust words\n---\nTexte.", "field: value"),
        ("a.md", "---\nlanguage: de\n---\nText.", "has to be fr or en"),
        ("a.md", "---\ndate: July 2012\n---\nLe texte est là.", "write 2013, 2013-11"),
        ("a.md", "---\nsources: none\n---\nLe texte est là.", "sources"),
        ("a.md", "", "holds no text"),
        ("a.md", "# Titre seul", "holds no text"),
        ("a.md", "---\ntitle: Rien\n---\n", "holds no text"),
        ("a.md", b"\x00\x01\x02", "not a text file"),
        ("a.xyz", "Texte", "not read"),
        (
            "a.md",
            "Die Unternehmen haben im letzten Jahr eine strategische Beratung erhalten.",
            "neither French nor English",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_reason(folder, name, content, reason):
    with pytest.raises(DocumentError, match=reason) as raised:
        read_document(write(folder, name, content), folder)
    assert raised.value.path == name


def test_a_bad_file_never_stops_the_others(folder):
    write(folder, "plans/good.md", GOOD)
    write(folder, "plans/bad.md", "---\n: : :\n- [\n---\n")
    write(folder, ".hidden.md", "Caché.")
    write(folder, "README.md", "How to add a document.")
    corpus = read_corpus(folder)
    assert [document.id for document in corpus.documents] == ["plans/good.md"]
    assert [failure.path for failure in corpus.failures] == ["plans/bad.md"]


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ('date: "2013-02-30"', "which is no day"), ("date: 0000-01", "which is no day"),
        ('title: "a\\ud800b"', "characters that do not exist"), ('publisher: "a\\ud800b"', "characters that do not exist"),
    ],
)  # fmt: skip
def test_what_could_be_in_no_index_is_named_before_one_is_built(folder, front, reason):
    write(folder, "bad.md", f"---\n{front}\n---\nLe plan.")
    write(folder, "good.md", GOOD)
    corpus = read_corpus(folder)
    assert [document.id for document in corpus.documents] == ["good.md"]
    assert reason in corpus.failures[0].reason


def test_tags_and_hidden_comments_are_no_words_and_blocks_of_html_are_named(folder):
    text = "Le bonus <!-- à vérifier -->est de 7 000 euros dès le 1<sup>er</sup> août 2012.\n\n| Usine | Villes |\n|---|---|\n| Renault | Douai<br>Lens |\n"
    document = read_document(write(folder, "a.md", text), folder)
    assert document.text == "Le bonus est de 7 000 euros dès le 1er août 2012.\nUsine : Renault ; Villes : Douai Lens"
    write(folder, "b.md", "Le plan.\n\n<div>\nLe taux du CICE est de 4 %.\n</div>\n\n<!-- à relire -->\n")
    assert "HTML" in read_corpus(folder).warnings["b.md"][0]


@pytest.mark.parametrize("text", ["---\n\nTexte du plan.\n\n---\n\nSuite.", "---\n---\nTexte du plan.\n\nSuite."])
def test_a_rule_or_an_empty_front_matter_is_none(folder, text):
    assert read_document(write(folder, "a.md", text), folder).text == "Texte du plan.\n\nSuite."


def test_a_pair_of_utf_16_that_the_first_look_cuts_in_two_is_text(folder):
    text = "a" * 2046 + "😀 fin du texte."
    assert read_document(write(folder, "a.txt", ("\ufeff" + text).encode("utf-16-le")), folder).text == text


def test_a_folder_that_is_not_there_says_how_to_give_one(tmp_path):
    with pytest.raises(SettingsError, match="--corpus"):
        read_corpus(tmp_path / "nowhere")
