"""What says the opposite of what."""

from __future__ import annotations

import pytest

from qa.answering.bounds import bounds_differ
from qa.answering.opposites import affirms_alike


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("La région a gagné 14 000 emplois.", "The region lost 14,000 jobs."),
        ("The bonus was raised to 6,300 euros.", "The bonus falls to 6,300 euros."),
        ("L'usine a fermé en 1961.", "The plant opened in 1961."),
        ("Les prêts ont baissé de 39 %.", "Les prêts ont augmenté de 39 %."),
        ("Bridgestone accepted the plan.", "Bridgestone rejected the plan."),
        ("Stellantis did not give up its vans.", "Stellantis a abandonné ses utilitaires."),
        ("L'accompagnement n'est pas gratuit.", "Support is free of charge."),
        ("La Commission s'est opposée à l'aide.", "La Commission n'a pas soulevé d'objection à l'aide."),
        ("Toyota importe 85 % de ses voitures.", "Toyota exports 85% of its cars."),
    ],
)
def test_opposites(claim, sentence):
    assert not affirms_alike(claim, sentence)
    assert not affirms_alike(sentence, claim)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Stellantis ne poursuit pas son projet.", "Stellantis a abandonné son projet."),
        ("Bridgestone a écarté un projet.", "Bridgestone rejected a project."),
        ("Companies do not pay for support.", "Support is free of charge."),
        ("Jobs fell from 52,000 to 38,000.", "Jobs rose until 2005 and fell to 38,000 then."),
        ("Elle n'emploie plus que 62 000 personnes.", "Elle emploie encore 62 000 personnes."),
        ("The income is at most 15,400 euros.", "Le revenu ne dépasse pas 15 400 euros."),
        ("It has neither staff nor budget.", "Elle n'a pas de personnel."),
    ],
)
def test_what_agrees(claim, sentence):
    assert affirms_alike(claim, sentence)


def test_only_a_least_and_a_most_differ():
    assert bounds_differ("up to 8 jobs", 6, "at least 8 jobs", 9)
    assert not bounds_differ("no less than 8 jobs", 13, "more than 8 jobs", 10)
    assert not bounds_differ("about 8 jobs", 6, "at least 8 jobs", 9)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Il ne possédait plus aucun logement.", "Il possédait encore 83 000 logements."),
        ("Cars get a bonus and pay a malus.", "Cars get no bonus and pay no malus."),
        ("The rate has doubled.", "Le taux a été divisé par deux."),
        ("OSEO made a loss.", "OSEO made a profit."),
    ],
)
def test_what_is_turned_round(claim, sentence):
    assert not affirms_alike(claim, sentence)
    assert affirms_alike(sentence, sentence)
