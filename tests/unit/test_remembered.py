"""The embedder that remembers: what it computes once, in which order it forgets, and that neighbours change nothing."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from qa.embedding.remembered import Remembered


class Counting:
    """A stand-in that notes what it was given; each vector also tells how many stood beside it."""

    name, fingerprint, form, dimension = "m", "f", "torch", 2

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def encode_queries(self, texts):
        self.asked.append(("query", *texts))
        return np.array([[len(text), len(texts)] for text in texts], np.float32)

    def encode_statements(self, texts):
        self.asked.append(("statement", *texts))
        return np.array([[len(text) / 2, len(texts)] for text in texts], np.float32)

    def encode_passages(self, texts, *, progress=False):
        self.asked.append(("passage", *texts))
        return np.array([[-len(text), len(texts)] for text in texts], np.float32)


@pytest.fixture
def counting():
    return Counting()


def test_each_text_is_computed_once_and_by_itself(counting):
    remembered = Remembered(counting)
    first = remembered.encode_passages(["a", "bb", "a"])
    again = remembered.encode_passages(["ccc", "bb"])
    assert counting.asked == [("passage", "a"), ("passage", "bb"), ("passage", "ccc")]
    assert first.tolist() == [[-1, 1], [-2, 1], [-1, 1]]
    assert again.tolist() == [[-3, 1], [-2, 1]]


def test_a_question_a_statement_and_a_passage_of_the_same_words_are_three(counting):
    remembered = Remembered(counting)
    assert remembered.encode_statements(["a"]).tolist() == [[0.5, 1]]
    assert remembered.encode_queries(["a"]).tolist() == [[1, 1]]
    assert remembered.encode_passages(["a"]).tolist() == [[-1, 1]]


def test_what_was_not_used_for_longest_is_forgotten(counting):
    remembered = Remembered(counting, questions=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        remembered.encode_queries([text])
    assert [text for _, text in counting.asked] == ["a", "b", "c", "b"]


def test_it_is_the_model_that_it_remembers_for(counting):
    remembered = Remembered(counting)
    assert (remembered.name, remembered.fingerprint, remembered.form, remembered.dimension) == ("m", "f", "torch", 2)
    assert remembered.encode_passages([]).shape == (0, 2)


def test_threads_share_it(counting):
    remembered = Remembered(counting, questions=5)
    found: list[bool] = []

    def ask(number: int) -> None:
        found.extend(
            remembered.encode_queries(["x" * (n % 9 + 1)])[0][0] == n % 9 + 1 for n in range(number, number + 300)
        )

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 1200
