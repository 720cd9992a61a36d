"""Figures written in many ways, in both languages, come out the same."""

from __future__ import annotations

import pytest

from qa.figures import find_figures


def values(text: str, language: str) -> list[tuple[str, str, str | None]]:
    return [(figure.kind, figure.value, figure.unit) for figure in find_figures(text, language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("un bonus de 7 000 €", "fr"),
        ("un bonus de 7\u202f000\u00a0€", "fr"),
        ("un bonus de 7.000 euros", "fr"),
        ("un bonus de 7000 euros", "fr"),
        ("un bonus de EUR 7,000", "fr"),
        ("un bonus de 7 k€", "fr"),
        ("environ sept mille euros", "fr"),
        ("a bonus of €7,000.", "en"),
        ("a bonus of EUR 7,000", "en"),
        ("a bonus of 7.000 euros", "en"),
        ("a 7,000-euro bonus", "en"),
        ("about seven thousand euros", "en"),
    ],
)
def test_seven_thousand_euros(text, language):
    assert values(text, language) == [("amount", "7000", "EUR")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2,87 milliards d'euros", "fr"),
        ("2,87 Md€", "fr"),
        ("2 870 millions d’euros", "fr"),
        ("2 870 M€", "fr"),
        ("deux milliards huit cent soixante-dix millions d'euros", "fr"),
        ("2.87 billion euros", "en"),
        ("€2.87 billion", "en"),
        ("€2.87bn", "en"),
        ("EUR 2,870 million", "en"),
    ],
)
def test_billions(text, language):
    assert values(text, language) == [("amount", "2870000000", "EUR")]


def test_a_french_billion_is_a_thousand_times_an_english_one():
    assert values("un billion d'euros", "fr") == [("amount", "1000000000000", "EUR")]
    assert values("one billion euros", "en") == [("amount", "1000000000", "EUR")]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("12,5 %", "fr", "12.5"),
        ("12,5\u202f%", "fr", "12.5"),
        ("12,5 pour cent", "fr", "12.5"),
        ("12.5%", "en", "12.5"),
        ("12.5 percent", "en", "12.5"),
        ("twelve per cent", "en", "12"),
    ],
)
def test_percentages(text, language, value):
    assert values(text, language) == [("percent", value, None)]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("le 1er juillet 2012", "fr", "2012-07-01"),
        ("on July 1, 2012", "en", "2012-07-01"),
        ("on 1st July 2012", "en", "2012-07-01"),
        ("le 01/07/2012", "fr", "2012-07-01"),
        ("2012-07-01", "fr", "2012-07-01"),
        ("en juillet 2012", "fr", "2012-07"),
        ("le 14 novembre", "fr", "--11-14"),
        ("in 2013,", "en", "2013"),
    ],
)
def test_dates(text, language, value):
    assert values(text, language) == [("date", value, None)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("36 000 emplois", "fr", ("count", "36000", "job")),
        ("36,000 new jobs", "en", ("count", "36000", "job")),
        ("trois cents emplois", "fr", ("count", "300", "job")),
        ("three hundred jobs", "en", ("count", "300", "job")),
        ("75 entreprises régionales", "fr", ("count", "75", "company")),
        ("seventy-five regional companies", "en", ("count", "75", "company")),
        ("un million de véhicules", "fr", ("count", "1000000", "vehicle")),
        ("a million cars", "en", ("count", "1000000", "vehicle")),
        ("deux millions et demi d'habitants", "fr", ("count", "2500000", "person")),
        ("two and a half million people", "en", ("count", "2500000", "person")),
        ("la loi n° 2012-1559", "fr", ("reference", "2012-1559", None)),
        ("le 3e constructeur", "fr", ("ordinal", "3", None)),
        ("the third maker", "en", ("ordinal", "3", None)),
    ],
)
def test_counts_references_and_ordinals(text, language, expected):
    assert values(text, language) == [expected]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("half a billion euros", "en", ("amount", "500000000", "EUR")),
        ("un demi-milliard d'euros", "fr", ("amount", "500000000", "EUR")),
        ("a hundred jobs", "en", ("count", "100", "job")),
        ("640 m long", "en", ("count", "640", "metre")),
        ("5 M", "fr", ("number", "5", None)),
        ("toutes les 8 secondes", "fr", ("count", "8", "second")),
        ("every eighteen seconds", "en", ("count", "18", "second")),
        ("50 GWh", "en", ("count", "50", "gigawatt-hour")),
        ("16 000 points de charge", "fr", ("count", "16000", "charging point")),
        ("16,000 charging points", "en", ("count", "16000", "charging point")),
        ("159 communes", "fr", ("count", "159", "commune")),
        ("5,000 hydrogen vans", "en", ("count", "5000", "vehicle")),
        ("25,000 Yaris a year", "en", ("number", "25000", None)),
        ("25 000 Yaris par an", "fr", ("number", "25000", None)),
    ],
)
def test_halves_and_measures(text, language, expected):
    assert values(text, language) == [expected]


@pytest.mark.parametrize(
    ("text", "language"),
    [("à la fin des années 1990", "fr"), ("dans les années 90", "fr"), ("at the end of the 1990s", "en")],
)
def test_a_decade_is_its_years_beginning(text, language):
    assert values(text, language) == [("date", "199", None)]


def test_the_first_of_a_range_takes_the_unit_and_scale_of_the_second():
    assert values("de 5 000 à 7 000 euros", "fr") == [("amount", "5000", "EUR"), ("amount", "7000", "EUR")]
    assert values("2 to 3 billion euros", "en") == [("amount", "2000000000", "EUR"), ("amount", "3000000000", "EUR")]


@pytest.mark.parametrize("written", ["50-249 employees", "50–249 employees", "50 to 249 employees"])
def test_a_range_may_be_written_with_a_hyphen(written):
    assert values(written, "en") == [("count", "50", "employee"), ("count", "249", "employee")]


@pytest.mark.parametrize(
    ("text", "language", "figures"),
    [
        ("1 500-2 000 emplois", "fr", [("count", "1500", "job"), ("count", "2000", "job")]),
        ("€2-3 billion", "en", [("amount", "2000000000", "EUR"), ("amount", "3000000000", "EUR")]),
        ("10-15 grandes entreprises", "fr", [("count", "10", "company"), ("count", "15", "company")]),
        ("la loi 85-704, la loi n° 2012-1559", "fr", [("reference", "85-704", None), ("reference", "2012-1559", None)]),
        ("au 03-20-14-15-16", "fr", []),
    ],
)
def test_what_a_hyphen_joins(text, language, figures):
    assert values(text, language) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("un investissement d'1,5 milliard d'euros", [("amount", "1500000000", "EUR")]),
        ("plus d’un milliard d'euros", [("amount", "1000000000", "EUR")]),
        ("jusqu'à près d'11 000 salariés", [("count", "11000", "employee")]),
        ("l'un des plans, 5'30", [("number", "5", None)]),
    ],
)
def test_a_figure_may_follow_an_elision(text, figures):
    assert values(text, "fr") == figures


@pytest.mark.parametrize("written", ["-3,5 %", "\u22123,5 %", "3,5 %"])
def test_a_minus_sign_does_not_hide_a_figure(written):
    assert values(f"une baisse de {written}", "fr") == [("percent", "3.5", None)]


@pytest.mark.parametrize(
    ("text", "language", "figures"),
    [
        ("plus de la moitié des moteurs", "fr", [("percent", "50", None)]),
        ("over a quarter of the staff", "en", [("percent", "25", None)]),
        ("the State and the Caisse each own half of the bank", "en", []),
        ("dix ans et demi", "fr", [("count", "10.5", "year")]),
        ("mi-2012", "fr", [("date", "2012", None)]),
        ("in Q2 2013", "en", [("date", "2013", None)]),
        ("1 200 km2", "fr", [("count", "1200", "square kilometre")]),
    ],
)
def test_shares_halves_and_parts_of_a_year(text, language, figures):
    assert values(text, language) == figures


def test_years_amounts_and_counts_stay_apart():
    text = "De 2013 à 2018, 2 000 emplois et 2012 salariés pour 1 500 000 euros"
    assert values(text, "fr") == [
        ("date", "2013", None), ("date", "2018", None), ("count", "2000", "job"), ("count", "2012", "employee"),
        ("amount", "1500000", "EUR"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["la Peugeot C4 et le CO2", "une usine", "un pôle", "", "Le K-Zero", "une voiture neuve"]
)
def test_what_is_no_figure(text):
    assert values(text, "fr") == []


def test_offsets_are_those_of_the_text():
    text = "Bonus : 7 000 €, soit 12,5 % de plus le 1er juillet 2012."
    assert [text[f.start : f.end] for f in find_figures(text, "fr")] == ["7 000 €", "12,5 %", "1er juillet 2012"]
