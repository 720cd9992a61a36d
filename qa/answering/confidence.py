"""How sure it is that the chosen sentences answer the question, and whether that is enough to show them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qa.answering.asked import Asked
from qa.answering.attribute import Attribute
from qa.answering.candidates import Candidate, around
from qa.answering.wanted import Wanted
from qa.languages import DEFAULT_LANGUAGE

THRESHOLD = 0.4  # where right answers and right silence are best together, on the questions kept for tuning

# A logistic regression on the questions kept for tuning, and on some of other subjects: training/answering.py.
# docs/benchmarks.md says how well it is calibrated on questions that it has not seen.
_INTERCEPT = -24.38
_SIMILARITY, _ACROSS, _IN_TITLE, _PASSAGE = 25.10, 1.55, 3.54, 0.18
_MISSES_YEAR, _YEAR = -3.65, 0.68
_LACKS, _LACKS_NAMES, _WORDS = -1.99, -1.38, 0.19
_MOST_WORDS = 12  # more of them tell nothing more
_LEAST = 1e-4
_MOST = 0.99  # measured features are never a certainty


@dataclass(frozen=True, slots=True)
class Measures:
    """What tells how sure an answer is.

    ``passage`` is the log-odds of the best sentence's passage, as retrieval sees it; ``misses_year`` says that the
    question names a year and that passage, its title and date do not, ``year`` is the sentence's own (1 the one asked
    for, -1 only others). ``lacks`` is the share of what the question asks of its subject that the passage does not tell,
    ``lacks_names`` that of its names; ``words`` counts the question's terms.
    """

    similarity: float
    across: bool
    in_title: float
    misses_year: bool
    passage: float
    lacks: float
    lacks_names: float
    year: int
    words: int


def measures(asked: Asked, wanted: Wanted, attribute: Attribute, best: Candidate) -> Measures:
    """Return what is measured of an answer whose best sentence is ``best``."""
    odds = min(max(best.hit.score, _LEAST), 1 - _LEAST)
    passage, language = around(best.hit), best.hit.language or DEFAULT_LANGUAGE
    return Measures(
        similarity=best.similarity,
        across=best.across,
        in_title=best.in_title,
        misses_year=bool(asked.years) and best.passage_year != 1,
        passage=math.log(odds / (1 - odds)),
        lacks=attribute.lacks(passage, language),
        lacks_names=wanted.lacks_names(passage, language),
        year=best.year,
        words=min(len(wanted), _MOST_WORDS),
    )


def confidence(measured: Measures) -> float:
    """Return how likely it is that the chosen sentences answer, in 0..0.99; they are shown at ``THRESHOLD`` or more."""
    logit = _INTERCEPT + _PASSAGE * measured.passage + _SIMILARITY * measured.similarity + _ACROSS * measured.across
    logit += _IN_TITLE * measured.in_title + _MISSES_YEAR * measured.misses_year
    logit += _LACKS * measured.lacks + _LACKS_NAMES * measured.lacks_names
    logit += _YEAR * measured.year + _WORDS * measured.words
    return min(1 / (1 + math.exp(-logit)), _MOST)
