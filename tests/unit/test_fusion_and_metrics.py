from __future__ import annotations

import numpy as np
import pytest

from qa.evaluation.datasets import half
from qa.evaluation.metrics import hit_at, ndcg_at, recall_at, reciprocal_rank
from qa.retrieval.fusion import Measured, fuse, probability


def fused(dense, words, across=(False, False), sentence=None):
    dense, words = np.array(dense, np.float32), np.array(words, np.float32)
    sentence = dense if sentence is None else np.array(sentence, np.float32)
    return fuse(Measured(np.arange(len(dense)), dense, sentence, words, words, np.array(across)))


def test_words_decide_between_passages_of_one_meaning_and_meaning_between_those_of_the_same_words():
    assert np.argmax(fused([0.85, 0.85], [0.1, 0.4])) == 1
    assert np.argmax(fused([0.80, 0.90], [0.3, 0.3])) == 1


def test_of_two_passages_as_near_the_one_with_the_nearer_sentence_comes_first():
    assert np.argmax(fused([0.85, 0.85], [0.3, 0.3], sentence=[0.84, 0.88])) == 1


def test_a_passage_in_the_other_language_is_not_crowded_out():
    scores = fused([0.86, 0.855], [0.3, 0.3], across=(False, True))
    assert np.argmax(scores) == 1


def test_a_better_sum_is_a_higher_probability():
    likely = probability(np.array([2.5, 3.5, 4.5], np.float32))
    assert 0 <= likely[0] < likely[1] < likely[2] <= 1


def test_halves_are_fixed_and_even_and_keep_the_two_languages_of_a_question_together():
    ids = [f"note/act/A-{n}/s{n}" for n in range(400)]
    halves = [half(f"{name}/en") for name in ids]
    assert halves == [half(f"{name}/fr") for name in ids]
    assert 150 < halves.count("tuning") < 250
    assert half("q/spf/particuliers/F100") == "reporting"


def test_metrics_of_a_known_ranking():
    ranking, relevant = ["x", "a", "y", "b"], {"a", "b"}
    assert hit_at(ranking, relevant, 1) == 0
    assert hit_at(ranking, relevant, 2) == 1
    assert reciprocal_rank(ranking, relevant, 10) == 0.5
    assert recall_at(ranking, relevant, 2) == 0.5
    assert ndcg_at(ranking, relevant, 10) == pytest.approx((0.6309 + 0.4307) / 1.6309, abs=1e-3)


def test_a_better_grade_first_is_a_better_ranking():
    grades = {"a": 1, "b": 5}
    assert ndcg_at(["a", "b"], grades, 10, grades) == 1
    assert ndcg_at(["b", "a"], grades, 10, grades) < 1
