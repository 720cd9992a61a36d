"""Words that answer to others: how they are learnt, and that they find what a question does not say."""

from __future__ import annotations

import numpy as np
import pytest

from qa.index.lexical import LexicalIndex
from qa.index.table import PassageTable
from qa.records import Document, Passage
from qa.retrieval.lexicon import term_groups
from qa.retrieval.related import related_words, searched_groups
from training.related import kept, related

SECTIONS = {
    "offence": ("en", "Every person who contravenes this section is guilty and liable to imprisonment."),
    "infraction": ("fr", "Quiconque contrevient au présent article encourt un emprisonnement."),
    "boats": ("en", "A boat leaves the harbour at noon."),
    "bateaux": ("fr", "Un bateau quitte le port à midi."),
}


@pytest.fixture
def lexical(tmp_path):
    sections = [
        (Document(id=name, title="", text=text, language=language), [Passage(f"{name}#0", name, 0, len(text), text)])
        for name, (language, text) in SECTIONS.items()
    ]
    table = PassageTable(tmp_path / "table")
    index = LexicalIndex(tmp_path / "lexical", table)
    none = np.zeros(0, dtype=bool)
    table.update(none, sections)
    index.update(none, sections, table)
    return index


@pytest.mark.parametrize(
    ("asked", "question", "language", "found"),
    [
        ("en", "Offences and punishment", "en", "offence"),
        ("fr", "Infractions", "fr", "infraction"),
        ("fr", "Infractions", "en", "offence"),
        ("en", "Offences", "fr", "infraction"),
    ],
)
def test_a_section_is_found_that_says_none_of_the_questions_words(lexical, asked, question, language, found):
    groups = searched_groups(question, asked, language, holds=lexical.holds)
    passages, _ = lexical.scores(groups, language)
    assert list(SECTIONS)[int(np.argmax(passages))] == found
    assert 0 < passages.max() <= 1
    if asked == language:
        assert not lexical.scores(term_groups(question, asked, language, holds=lexical.holds), language)[0].any()


def test_a_word_weighs_no_less_than_without_the_table():
    question = "Peine et définitions"
    for language in ("fr", "en"):
        without = term_groups(question, "fr", language, holds=lambda term, language: True)
        with_it = searched_groups(question, "fr", language, holds=lambda term, language: True)
        for group, more in zip(without, with_it, strict=True):
            assert all(more[term] >= weight for term, weight in group.items())


def test_shares_are_shares_and_no_word_is_related_to_itself():
    assert set(related_words()) == {("en", "en"), ("en", "fr"), ("fr", "en"), ("fr", "fr")}
    for (asked, said), table in related_words().items():
        assert all(0 < share <= 1 for others in table.values() for share in others.values())
        assert asked != said or not any(term in others for term, others in table.items())


def test_what_gives_a_note_its_word_is_told_from_what_stands_everywhere():
    pairs = [(["penalti"], ["act", "guilti"])] * 40 + [(["boat"], ["act", "harbour"])] * 40
    shares = {(one, other): share for one, other, share in related(pairs)}
    assert shares["penalti", "guilti"] > 1.9 * shares["penalti", "act"] > 0
    assert ("penalti", "harbour") not in shares


def test_the_best_are_kept_and_no_word_for_itself():
    found = [("cost", "cost", 0.9), ("cost", "incur", 0.2), ("cost", "pay", 0.3), ("cost", "seldom", 0.001)]
    assert list(kept(found, same_language=True)) == [("cost", "pay", 0.3), ("cost", "incur", 0.2)]
    assert next(kept(found, same_language=False)) == ("cost", "cost", 0.9)
