from __future__ import annotations

import pytest

from qa.languages import LANGUAGES, MESSAGES, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Combien d'entreprises ont bénéficié d'un conseil ?", "fr"),
        ("quel budget pour i-Trans", "fr"),
        ("Et en 2013 ?", "fr"),
        ("emplois Toyota Valenciennes", "fr"),
        ("What did the Commission decide on aid to Française de Mécanique?", "en"),
        ("i-Trans budget", "en"),
        ("Welche Unternehmen haben eine strategische Beratung erhalten?", "other"),
        ("¿Cuántas empresas recibieron asesoramiento de la región?", "other"),
        ("Quante imprese hanno ricevuto una consulenza?", "other"),
        ("有多少公司收到建议", "other"),
        ("BPI ?", "default"),
        ("2013", "default"),
    ],
)
def test_language(text, language):
    assert detect_language(text, default="default") == language


def test_our_own_words_stand_in_both_languages():
    assert all(set(words) == set(LANGUAGES) and all(words.values()) for words in MESSAGES.values())


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qui est Alberto Nuvolari ?", "fr"),
        ("Qu'a écrit Elizabeth Gaskell ?", "fr"),
        ("Qu’arrive-t-il à Nuvolari au Circuito di Alessandria ?", "fr"),
        ("Who is Jean-Baptiste Dupont-Aignan de la Tour?", "en"),
        ("¿Quién es el director del polo?", "other"),
    ],
)
def test_the_opening_of_a_question_tells_its_language_whatever_names_follow(question, language):
    assert detect_language(question) == language
