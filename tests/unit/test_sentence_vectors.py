"""What answers can quote is embedded when the index is built."""

from __future__ import annotations

import numpy as np
import pytest

from qa.index.sentences import Foreseen, SentenceVectors
from qa.quotable import LONGEST_LIST, in_context, quotable_spans
from qa.records import Document, Section

DIMENSION = 384
NONE = np.zeros(0, dtype=bool)


def vector_of(text):
    made = np.random.default_rng(sum(text.encode())).standard_normal(DIMENSION).astype(np.float32)
    return made / np.linalg.norm(made)


class Counting:
    """An embedder that keeps what it was given."""

    name = fingerprint = form = "counting"
    dimension = DIMENSION

    def __init__(self) -> None:
        self.given = []

    def encode_passages(self, texts, *, progress=False):
        self.given += texts
        return np.stack([vector_of(text) for text in texts])

    encode_queries = encode_statements = encode_passages


@pytest.fixture
def store(tmp_path):
    made = SentenceVectors(tmp_path / "sentences", DIMENSION)
    made.update(NONE, [["a", "b"], [], ["c"]], {text: vector_of(text) for text in "abc"})
    return made


def test_a_vector_comes_back_nearly_as_it_was(store):
    found = store.vectors(store.rows(["c", "a"]))
    assert np.abs(found - np.stack([vector_of("c"), vector_of("a")])).max() < 0.001
    assert store.rows(["d"]).tolist() == [-1]


def test_a_passage_that_goes_takes_its_sentences_along(store, tmp_path):
    store.update(np.array([False, True, True]), [["d", "c"]], {"d": vector_of("d")})
    again = SentenceVectors(tmp_path / "sentences")
    assert len(again) == 3
    assert (again.rows(["a", "b"]) == -1).all()
    cosines = again.vectors(again.rows(["c", "d"])) @ vector_of("d")
    assert np.abs(cosines - [vector_of("c") @ vector_of("d"), 1.0]).max() < 0.01


def test_only_what_it_does_not_have_is_embedded(store):
    embedder = Counting()
    foreseen = Foreseen(embedder, store)
    found = foreseen.encode_passages(["a", "new", "c"])
    assert embedder.given == ["new"]
    assert np.abs(found - np.stack([vector_of(text) for text in ("a", "new", "c")])).max() < 0.001
    assert Foreseen(embedder, SentenceVectors(store._folder / "none", DIMENSION)).encode_passages(["a"]).shape == (
        1,
        DIMENSION,
    )


def test_headings_and_questions_are_not_quoted_and_a_list_takes_its_lines():
    text = "Le pôle\n\nQui le dirige ? Il a trois axes :\n- le rail\n- la route\n\nFin."
    document = Document(id="a.md", title="Pôle", text=text, sections=(Section(0, "Le pôle"),))
    assert [text[start:end] for start, end in quotable_spans(document, 0, len(text))] == [
        "Qui le dirige ? Il a trois axes :\n- le rail\n- la route", "- le rail", "- la route", "Fin.",
    ]  # fmt: skip
    assert in_context(document, text.index("Fin"), len(text)) == "Pôle\nFin."


def test_of_a_list_too_long_to_quote_the_lines_are_quoted():
    text = "Il a des axes :\n" + "\n".join(f"- l'axe {number}, {'long ' * 80}" for number in range(5))
    document = Document(id="a.md", title="Pôle", text=text)
    assert len(text) > LONGEST_LIST
    assert [text[start:end][:15] for start, end in quotable_spans(document, 0, len(text))] == [
        "Il a des axes :", *(f"- l'axe {number}, long"[:15] for number in range(5)),
    ]  # fmt: skip


def test_the_nearest_sentence_of_each_passage(store):
    cosines = store.nearest(np.array([2, 1, 0]), vector_of("b"))
    assert np.abs(cosines[[0, 2]] - [vector_of("c") @ vector_of("b"), 1.0]).max() < 0.01
    assert np.isnan(cosines[1])
    assert store.nearest(np.array([], dtype=int), vector_of("b")).shape == (0,)
