"""Which figure of a sentence a claim means, by the words that stand with it."""

from __future__ import annotations

import pytest

from qa.answering.parallels import Parallels
from qa.figures import find_figures


def meant(claim: str, sentence: str, value: str) -> str | None:
    """Return the value that is meant rather than ``value``; the claim's words are counted as they are."""
    words = set(claim.lower().split())
    given = [figure for figure in find_figures(sentence, "en") if figure.kind != "date"]
    dates = [figure for figure in find_figures(claim, "en") if figure.kind == "date"]
    parallels = Parallels(sentence, dates, lambda text: len(words & set(text.lower().split())) / len(words))
    found = parallels.instead_of(next(figure for figure in given if figure.value == value), given)
    return found.value if found else None


@pytest.mark.parametrize(
    ("claim", "sentence", "value", "expected"),
    [
        ("half of French cars", "It made 30% of French cars and 50% of French engines.", "50", "30"),
        ("half of French engines", "It made 30% of French cars and 50% of French engines.", "50", None),
        ("in 2013 the rate was", "The rate went from 4% in 2013 to 6% in 2014, then to 7% in 2017.", "6", "4"),
        ("in 2014 the rate was", "The rate went from 4% in 2013 to 6% in 2014, then to 7% in 2017.", "6", None),
        ("miners at Renault", "Renault has 6,000 jobs, of which 300 jobs are held by others.", "300", None),
        (
            "tests of cars",
            "A call of 40 million euros is to support tests of cars worth 200 million euros.",
            "40000000",
            None,
        ),
        ("The only value", "The only value is 30%.", "30", None),
    ],
)
def test_the_figure_that_is_meant(claim, sentence, value, expected):
    assert meant(claim, sentence, value) == expected
