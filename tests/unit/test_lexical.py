"""The arrays that find passages: terms, filters, and what an update leaves."""

from __future__ import annotations

import numpy as np
import pytest

from qa.filters import Filters
from qa.index.lexical import LexicalIndex
from qa.index.matrix import VectorMatrix
from qa.index.table import PassageTable
from qa.records import Document, Passage
from qa.retrieval.lexicon import term_groups, translations


def cut(document_id: str, *texts: str, language: str = "fr", title: str = "", **fields: str):
    whole = "\n".join(texts)
    document = Document(id=document_id, title=title, text=whole, language=language, **fields)
    spans = [(whole.index(text), whole.index(text) + len(text)) for text in texts]
    return document, [Passage(f"{document_id}#{a}-{b}", document_id, a, b, whole[a:b]) for a, b in spans]


CORPUS = [
    cut("a.md", "Le bonus écologique passe à 7 000 euros.", "Une usine ferme.", kind="plan", date="2012-07-25"),
    cut("b.md", "Les usines automobiles de la région emploient 36 000 personnes.", kind="article", date="2013"),
    cut(
        "c.md", "The plant closes.", "Vehicle sales fell; the plan helps.", language="en", kind="article", region="Nord"
    ),
]


@pytest.fixture
def stores(tmp_path):
    table = PassageTable(tmp_path / "table")
    lexical = LexicalIndex(tmp_path / "lexical", table)
    none = np.zeros(0, dtype=bool)
    table.update(none, CORPUS)
    lexical.update(none, CORPUS, table)
    return table, lexical


def best(table, lexical, question, asked="fr", language="fr") -> list[str]:
    groups = term_groups(question, asked, language, holds=lexical.holds)
    passages, _ = lexical.scores(groups, language)
    assert ((passages >= 0) & (passages <= 1)).all()
    return [table.ids([row])[0].partition("#")[0] for row in np.argsort(-passages, kind="stable") if passages[row] > 0]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("bonus ecologique", ["a.md"]),  # without the accent
        ("l'usine", ["a.md", "b.md"]),  # elision and plural
        ("36000 emplois", ["b.md"]),
        ("le thé", []),
        ("", []),
    ],
)
def test_words_find_their_passages(stores, question, found):
    assert best(*stores, question) == found


def test_a_french_question_finds_english_words(stores):
    assert best(*stores, "ventes de véhicules", "fr", "en") == ["c.md"]
    assert best(*stores, "Which plants?", "en", "fr")[:2] == ["a.md", "b.md"]


def test_names_are_looked_up_as_they_are():
    groups = term_groups("Bruaysis 2013", "fr", "en", holds=lambda term, language: False)
    assert groups == [{"bruaysi": 1.0}, {"2013": 1.0}]


def test_shares_of_translations_are_shares():
    for table in translations().values():
        assert len(table) > 10_000
        assert all(0 <= share <= 1 for known in table.values() for share in known.values())


def test_a_word_in_every_passage_says_less_than_a_rare_one(stores):
    _, lexical = stores
    assert lexical.rarity("usin", "fr") < lexical.rarity("bonus", "fr") <= lexical.rarity("nulle", "fr")


def test_an_update_is_the_same_as_building_anew(stores, tmp_path):
    table, lexical = stores
    changed = cut("b.md", "Les usines automobiles ferment.", date="2014")
    kept = ~table.rows_of(["b.md"])
    table.update(kept, [changed])
    lexical.update(kept, [changed], table)

    other = PassageTable(tmp_path / "other-table")
    anew = LexicalIndex(tmp_path / "other-lexical", other)
    order = [CORPUS[0], CORPUS[2], changed]
    other.update(np.zeros(0, dtype=bool), order)
    anew.update(np.zeros(0, dtype=bool), order, other)

    assert table.ids(range(len(table))) == other.ids(range(len(other)))
    for question in ("usines automobiles", "36000", "bonus"):
        ours, theirs = (
            index.scores(term_groups(question, "fr", "fr", holds=index.holds), "fr") for index in (lexical, anew)
        )
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert not lexical.holds("36000", "fr")
    assert table.rows(table.ids([1, 3])).tolist() == [1, 3]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(kind="Plan"),
        Filters(language="en"),
        Filters(region="nord", language="en"),
        Filters(since="2013"),
        Filters(until="2012-12-31"),
        Filters(as_of="2013-06"),
        Filters(as_of="2013-12"),
        Filters(publisher="nobody"),
    ],
)
def test_rows_are_kept_as_documents_are(stores, filters):
    kept = stores[0].kept_by(filters)
    expected = [filters.matches(document) for document, passages in CORPUS for _ in passages]
    assert kept.tolist() == expected


def test_no_filter_is_no_condition(stores):
    assert stores[0].kept_by(Filters()) is None


def test_the_matrix_finds_the_nearest_of_the_rows_it_is_given(tmp_path):
    matrix = VectorMatrix(tmp_path / "vectors.npy", 2)
    matrix.update(np.zeros(0, dtype=bool), np.eye(2, dtype=np.float32))
    matrix.update(np.array([False, True]), np.array([[0.6, 0.8]], dtype=np.float32))
    assert matrix.nearest(np.arange(2), np.array([1, 0], dtype=np.float32), 1).tolist() == [1]
    assert matrix.nearest(np.array([0]), np.array([1, 0], dtype=np.float32), 5).tolist() == [0]
