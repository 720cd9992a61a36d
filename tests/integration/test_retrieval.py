"""Questions to hits, over the real corpus."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.dates import day_bounds


def test_hits_are_ranked_passages_of_their_documents(corpus):
    hits = corpus.retrieve("Quelles aides pour acheter une voiture électrique ?", k=5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)
    for hit in hits:
        assert corpus.document(hit.document_id).text[hit.start : hit.end] == hit.text


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Quels domaines automobiles le pôle i-Trans étudiait-il ?", "en"),
        ("What are the conditions of the social leasing of electric cars?", "fr"),
    ],
)
def test_a_question_finds_passages_in_the_other_language(corpus, question, language):
    hits = corpus.retrieve(question, k=5, language=language)
    assert len(hits) == 5
    assert {hit.language for hit in hits} == {language}


def test_accents_and_case_do_not_matter_to_words(corpus):
    with_accents = corpus.retrieve("pôle de compétitivité i-Trans à Valenciennes", k=1)[0]
    without = corpus.retrieve("pole de competitivite I-TRANS a valenciennes", k=1)[0]
    assert with_accents.scores["lexical"] == pytest.approx(without.scores["lexical"])


@pytest.mark.parametrize(
    "filters",
    [
        {"kind": "plan"},
        {"kind": "PLAN", "language": "en"},
        {"region": "hauts-de-france"},
        {"since": "2013", "until": "2014-06"},
        {"as_of": "2012-12"},
        {"publisher": "just-auto", "until": "2013"},
        {"kind": "article", "language": "fr", "since": "2020"},
    ],
)
def test_filters_keep_what_they_say_and_lose_nothing(corpus, filters):
    def passes(document) -> bool:
        for name in ("kind", "language", "region", "publisher"):
            wanted = filters.get(name)
            if wanted is not None and (getattr(document, name) or "").casefold() != wanted.casefold():
                return False
        first, last = day_bounds(document.date)
        return (
            ("since" not in filters or last >= day_bounds(filters["since"])[0])
            and ("until" not in filters or first <= day_bounds(filters["until"])[1])
            and ("as_of" not in filters or last <= day_bounds(filters["as_of"])[1])
        )

    expected = {document.id for document in corpus.documents() if passes(document)}
    expected -= {document.replaces for document in corpus.documents() if document.id in expected}
    found = {
        hit.document_id for hit in corpus.retrieve("le plan automobile et les aides aux usines", k=1000, **filters)
    }
    assert expected
    assert found == expected


def test_a_filter_that_nothing_matches_gives_nothing(corpus):
    assert corpus.retrieve("plan", kind="no such kind") == ()
    assert corpus.retrieve("plan", since="2090") == ()


def test_more_hits_than_passages_are_all_the_passages(corpus):
    hits = corpus.retrieve("plan", k=1000)
    superseded = {document.replaces for document in corpus.documents()}
    current = [name for name in corpus.generation().texts.passage_ids() if name.rpartition("#")[0] not in superseded]
    assert sorted(hit.passage_id for hit in hits) == sorted(current)


def test_threads_share_a_corpus(corpus):
    questions = ["plan automobile", "Public Investment Bank", "pôle i-Trans", "usine Toyota", "battery factory"] * 4
    alone = [corpus.retrieve(question, k=5) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: corpus.retrieve(question, k=5), questions))
    assert [[hit.passage_id for hit in hits] for hits in together] == [
        [hit.passage_id for hit in hits] for hits in alone
    ]


def test_many_questions_at_once_find_what_each_finds_alone(corpus):
    questions = ["Qu'est-ce que le CICE ?", "What does Nord France Invest do?", "Quel plan automobile en 2012 ?"]
    together = corpus.retrieve_many(questions, k=5, kind="article")
    alone = [corpus.retrieve(question, k=5, kind="article") for question in questions]
    for hits, expected in zip(together, alone, strict=True):
        assert hits[0].passage_id == expected[0].passage_id
        scores = {hit.passage_id: hit.score for hit in expected}
        both = [hit for hit in hits if hit.passage_id in scores]
        assert len(both) >= 4  # int8 rounds a text by its company: near ties may swap, the last two, too
        assert [hit.score for hit in both] == pytest.approx([scores[hit.passage_id] for hit in both], abs=0.05)
    assert corpus.retrieve_many([]) == []
