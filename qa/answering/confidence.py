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

# A logistic regression on the questions kept for tuning, on the same without the documents that prove their answers, and
# on some of other subjects: training/answering.py. docs/benchmarks.md says how well it is calibrated on others.
_INTERCEPT = -19.41
_SIMILARITY, _ACROSS, _IN_TITLE, _PASSAGE = 21.01, 1.41, 2.03, 0.48
_MISSES_YEAR, _YEAR = -5.39, 0.44
_LACKS_ATTRIBUTE, _SURELY_LACKS, _LACKS_NAMES, _LACKS_WORDS = -1.33, -3.48, -1.03, -0.81
_WORDS = 0.17
# A name that stands nowhere in the index: of 23 such questions kept for tuning 4 can be answered, and this is the most that
# silences none of them.
_UNKNOWN_NAME = -0.7
_MOST_WORDS = 12  # more of them tell nothing more
_LEAST = 1e-4
_MOST = 0.99  # measured features are never a certainty


@dataclass(frozen=True, slots=True)
class Measures:
    """What tells how sure an answer is.

    ``passage`` is the log-odds of the best sentence's passage, as retrieval sees it; ``misses_year`` says that the
    question names a year and that passage, its title and date do not, ``year`` is the sentence's own (1 the one asked
    for, -1 only others). ``lacks_attribute`` is the share of what the question asks of its subject that the passage does not
    tell, ``surely_lacks`` says that it is something whose telling is known; ``lacks_names`` is the share of its names,
    ``lacks_words`` that of its other words in the sentence and its title; ``words`` counts the question's terms; ``unknown_name`` says
    that one of its names, and every translation of it, stands nowhere in the index.
    """

    similarity: float
    across: bool
    in_title: float
    misses_year: bool
    passage: float
    lacks_attribute: float
    surely_lacks: float
    lacks_names: float
    lacks_words: float
    year: int
    words: int
    unknown_name: bool


def measures(asked: Asked, wanted: Wanted, attribute: Attribute, best: Candidate) -> Measures:
    """Return what is measured of an answer whose best sentence is ``best``."""
    odds = min(max(best.hit.score, _LEAST), 1 - _LEAST)
    passage, language = around(best.hit), best.hit.language or DEFAULT_LANGUAGE
    lacks = attribute.lacks(passage, language)
    return Measures(
        similarity=best.similarity,
        across=best.across,
        in_title=best.in_title,
        misses_year=bool(asked.years) and best.passage_year != 1,
        passage=math.log(odds / (1 - odds)),
        lacks_attribute=0.0 if attribute.told_otherwise else lacks,
        surely_lacks=lacks if attribute.told_otherwise else 0.0,
        lacks_names=wanted.lacks_names(passage, language),
        lacks_words=wanted.lacks_words(best.in_context, best.language),
        year=best.year,
        words=min(len(wanted), _MOST_WORDS),
        unknown_name=not wanted.knows_names,
    )


def confidence(measured: Measures) -> float:
    """Return how likely it is that the chosen sentences answer, in 0..0.99; they are shown at ``THRESHOLD`` or more."""
    logit = _INTERCEPT + _PASSAGE * measured.passage + _SIMILARITY * measured.similarity + _ACROSS * measured.across
    logit += _IN_TITLE * measured.in_title + _MISSES_YEAR * measured.misses_year
    logit += _LACKS_ATTRIBUTE * measured.lacks_attribute + _SURELY_LACKS * measured.surely_lacks
    logit += _LACKS_NAMES * measured.lacks_names + _LACKS_WORDS * measured.lacks_words
    logit += _YEAR * measured.year + _WORDS * measured.words + _UNKNOWN_NAME * measured.unknown_name
    return min(1 / (1 + math.exp(-logit)), _MOST)
