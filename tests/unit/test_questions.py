from __future__ import annotations

import pytest

from qa.errors import QuestionError
from qa.questions import MAX_CHARACTERS, read_question


@pytest.mark.parametrize("empty", ["", "   ", "\n\t", "?!", "…"])
def test_an_empty_question_says_so_in_both_languages(empty):
    with pytest.raises(QuestionError, match=r"empty.*vide"):
        read_question(empty)


def test_a_question_too_long_says_by_how_much():
    with pytest.raises(QuestionError, match=rf"10000 characters.*{MAX_CHARACTERS}.*caractères"):
        read_question("a" * 10_000)


def test_a_question_in_another_language_says_which_to_use():
    with pytest.raises(QuestionError, match=r"French nor English.*ni en anglais"):
        read_question("Wie viele Unternehmen haben eine Beratung erhalten?")


def test_the_default_language_is_for_what_cannot_be_told():
    assert read_question("CIR ?", default_language="en").language == "en"
    assert read_question("Qu'est-ce que le CIR ?", default_language="en").language == "fr"


def test_control_characters_are_spaces_and_accents_are_composed():
    assert read_question("Quel e\u0301tat\x00 des\nlieux ?").text == "Quel état  des lieux ?"
