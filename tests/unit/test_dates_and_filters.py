from __future__ import annotations

import pytest

from qa.dates import day_bounds
from qa.errors import FilterError
from qa.filters import Filters


@pytest.mark.parametrize(
    ("date", "bounds"),
    [("2012", (20120101, 20121231)), ("2012-02", (20120201, 20120229)), ("2012-07-25", (20120725, 20120725))],
)
def test_a_date_is_as_precise_as_it_is_written(date, bounds):
    assert day_bounds(date) == bounds


@pytest.mark.parametrize(
    "value",
    ["yesterday", "25/07/2012", "2012-13", "2012-02-30", "0000", "", "2012-7-25", "2012-00", "2012-07-00", "٢٠١٢"],
)
@pytest.mark.parametrize("name", ["since", "until", "as_of"])
def test_a_filter_that_is_no_date_says_how_to_write_one(name, value):
    with pytest.raises(FilterError, match=f"{name} is not a date.*2013-11-14"):
        Filters(**{name: value})


def test_a_language_that_is_neither_is_refused():
    with pytest.raises(FilterError, match="fr or en"):
        Filters(language="de")


def test_names_are_compared_without_case():
    assert Filters(kind=" Plan ", region="Hauts-de-France").equal() == {"kind": "plan", "region": "hauts-de-france"}


def test_bounds_of_dates():
    assert Filters(since="2012", until="2013-11").within() == {
        "first_day": (None, 20131130),
        "last_day": (20120101, None),
    }
    assert Filters(as_of="2013").within() == {"last_day": (None, 20131231)}
