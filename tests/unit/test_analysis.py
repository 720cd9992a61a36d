from __future__ import annotations

import pytest

from qa.index.analysis import terms


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("l'État", "Etat", "fr"),
        ("filière française", "filieres francaises", "fr"),
        ("œuvre d’art", "oeuvres d'art", "fr"),
        ("36 000 emplois", "36000 emploi", "fr"),
        ("36\u202f000", "36.000", "fr"),
        ("1,5 milliard", "1,5 milliards", "fr"),
        ("i-Trans", "I-Trans", "fr"),
        ("i\u2011Trans", "i-Trans", "fr"),
        ("i\u2010Trans", "i-Trans", "en"),
        ("Que visait-il ?", "Il visait", "fr"),
        ("Où se trouve-t-elle ?", "elle se trouve", "fr"),
        ("combien y a-t-il", "combien il y a", "fr"),
        ("Maubeuge a\u2011t\u2011elle produit", "Maubeuge a produit", "fr"),
        ("celui-ci et cette usine-là", "cette usine", "fr"),
        ("en 2021-2022", "de 2021 à 2022", "fr"),
        ("in 2021-2022", "from 2021 to 2022", "en"),
        ("clusters", "cluster", "en"),
        ("the company's plants", "company plant", "en"),
        ("36,000 jobs", "36000 job", "en"),
    ],
)
def test_the_same_thing_has_the_same_terms(one, other, language):
    assert terms(one, language) == terms(other, language)


def test_a_hyphenated_name_is_found_joined_and_in_parts():
    assert {"itran", "tran"} <= set(terms("i-Trans", "en"))
    assert "itran" in terms("iTrans", "fr")


def test_a_pronoun_that_is_part_of_a_name_stays():
    assert "rendezvou" in terms("un rendez-vous", "fr")
    assert "marchelavit" in terms("Marche-là-vite", "fr")


def test_figures_are_the_same_in_both_languages():
    assert terms("36 000 ; 2,8", "fr") == terms("36,000; 2.8", "en")


def test_the_cup_of_tea_is_not_the_article():
    assert terms("thé", "fr") == ["the"]
    assert terms("the", "en") == []


def test_a_year_beside_a_figure_is_not_part_of_it():
    assert terms("en 2012 300 salariés", "fr")[:2] == ["2012", "300"]
