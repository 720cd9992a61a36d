from __future__ import annotations

import numpy as np
import pytest

from benchmarks import quality
from benchmarks.rivals import makers
from qa.evaluation.datasets import Dataset, Query
from qa.records import Document

TEXTS = {
    "bonus": ("Le bonus pour une voiture électrique.", "The bonus for an electric car."),
    "mines": ("Le dernier puits de charbon a fermé.", "The last coal pit closed."),
    "bank": ("La banque publique prête aux entreprises.", "The public bank lends to firms."),
}


class Letters:
    """Counts of letters for vectors: the harness is tried here, not a model."""

    name, fingerprint, dimension = "letters", "letters", 26

    def encode_queries(self, texts):
        return self.encode_passages(texts)

    encode_statements = encode_queries

    def encode_passages(self, texts, *, progress=False):
        counts = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


class Fixed:
    """A rival whose second document answers, its first cut in two passages."""

    asked: list[tuple[list[str], str | None]]

    def index(self, documents):
        self.asked = []

    def search(self, queries, *, asked_in, language, depth):
        self.asked.append((list(queries), language))
        return [[f"mines#{language}", f"mines#{language}", f"bonus#{language}"] for _ in queries]


@pytest.fixture
def dataset():
    documents = [
        Document(id=f"{name}#{language}", title=name, text=text, language=language)
        for name, texts in TEXTS.items()
        for language, text in zip(("fr", "en"), texts, strict=True)
    ]
    query = Query(
        id="note/bonus/fr", language="fr", type="note", text="voiture électrique", context="Loi",
        relevant=frozenset({"bonus#fr", "bonus#en"}),
        relevant_same=frozenset({"bonus#fr"}), relevant_cross=frozenset({"bonus#en"}),
    )  # fmt: skip
    return Dataset("tiny", tuple(documents), (query,))


def absent():
    raise ImportError("No module named 'absent'")


def test_every_system_fills_every_row_and_a_missing_one_is_named(dataset):
    rival = Fixed()
    result = quality.compare(dataset, Letters(), {"fixed": lambda: rival, "absent": absent})
    rows = [(row["view"], row["context"]) for row in result["views"]]
    assert rows == [(view, context) for view in ("same", "cross", "all") for context in (False, True)]
    assert all(list(row["systems"]) == ["fixed", quality.OURS] for row in result["views"])
    same, cross = result["views"][0], result["views"][2]
    assert same["systems"]["fixed"] == cross["systems"]["fixed"] == {"hit@1": 0.0, "hit@10": 1.0}
    assert rival.asked[:2] == [(["voiture électrique"], "fr"), (["Loi — voiture électrique"], "fr")]
    assert rival.asked[4] == (["voiture électrique"], None)

    text = quality.table(result)
    assert "| note | same | fr | no | 1 | 0.000 / 1.000 |" in text
    assert "absent is not in the table: No module named 'absent'" in text


@pytest.mark.parametrize("name", makers(Letters(), lambda embedder: embedder))
def test_a_rival_finds_the_document_in_the_language_that_is_wanted(name, dataset):
    make = makers(Letters(), lambda embedder: embedder)[name]
    try:
        rival = make()
    except ImportError as error:
        pytest.skip(f"benchmarks/requirements.txt is not installed: {error}")
    rival.index(dataset.documents)
    (french,) = rival.search([TEXTS["bonus"][0]], asked_in="fr", language="fr", depth=10)
    (everything,) = rival.search([TEXTS["mines"][1]], asked_in="en", language=None, depth=10)
    assert french[0] == "bonus#fr"
    assert all(found.endswith("#fr") for found in french)
    assert everything[0] == "mines#en"
