from __future__ import annotations

import pytest

from qa.evaluation.metrics import hit_at, ndcg_at, recall_at, reciprocal_rank
from qa.retrieval.fusion import convex_combination


def test_agreement_beats_either_search_alone():
    fused = convex_combination({"a": 0.9, "b": 0.88, "c": 0.7}, {"d": 9.0, "b": 8.5, "e": 1.0}, dense_weight=0.5)
    assert fused[0][0] == "b"
    assert all(0 <= score <= 1 for _, score in fused)


@pytest.mark.parametrize(("dense", "lexical"), [({"a": 0.9, "b": 0.8}, {}), ({}, {"a": 2.0, "b": 1.0})])
def test_one_search_alone_keeps_its_order(dense, lexical):
    assert [passage for passage, _ in convex_combination(dense, lexical)] == ["a", "b"]


def test_nothing_found_is_nothing():
    assert convex_combination({}, {}) == []


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
