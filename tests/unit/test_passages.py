from __future__ import annotations

import random

from qa.passages import LONGEST_SENTENCE, MAX_CHARACTERS, cut_passages
from qa.records import Document, Section
from qa.sentences import sentence_spans


def document(text: str, *headings: str) -> Document:
    return Document(id="d.md", title="D", text=text, sections=tuple(Section(text.index(h), h) for h in headings))


def test_passages_are_whole_sentences_with_exact_offsets():
    rng = random.Random(0)
    sentences = [f"Phrase {i} {'mot ' * rng.randint(1, 60)}fin." for i in range(80)]
    source = document(" ".join(sentences))
    passages = cut_passages(source)
    assert all(source.text[p.start : p.end] == p.text for p in passages)
    assert all(len(p.text) <= MAX_CHARACTERS for p in passages)
    assert [s for p in passages for s in (p.text[a:b] for a, b in sentence_spans(p.text))] == sentences
    assert len({p.id for p in passages}) == len(passages) > 5


def test_a_heading_starts_a_passage_and_stays_with_its_text():
    source = document("Avant.\n\nAides\n\nUne prime.\n\nEmploi\n\nDes postes.", "Aides", "Emploi")
    assert [p.text for p in cut_passages(source)] == ["Avant.", "Aides\n\nUne prime.", "Emploi\n\nDes postes."]
    assert [p.section for p in cut_passages(source)] == [None, "Aides", "Emploi"]


def test_headings_in_a_row_stay_together():
    source = document("Plan\n\nAides\n\nUne prime.", "Plan", "Aides")
    assert [p.text for p in cut_passages(source)] == ["Plan\n\nAides\n\nUne prime."]


def test_a_sentence_too_long_for_the_model_is_cut_where_a_clause_ends():
    clauses = [f"l'alinéa {i} prévoit une aide de {i} euros pour les entreprises" for i in range(60)]
    source = document("Sont prévus : " + " ; ".join(clauses) + ".")
    passages = cut_passages(source)
    assert len(passages) > 1
    assert all(len(p.text) <= LONGEST_SENTENCE for p in passages)
    assert all(p.text.endswith((";", ".")) for p in passages)
    assert all(source.text[p.start : p.end] == p.text for p in passages)


def test_text_without_any_clause_is_still_cut_between_words():
    source = document("mot " * 2000)
    passages = cut_passages(source)
    assert all(len(p.text) <= LONGEST_SENTENCE and not p.text.startswith("ot") for p in passages)
    assert "".join(p.text for p in passages).replace(" ", "") == "mot" * 2000
