"""How sure it is that the chosen sentences answer the question, and whether that is enough to show them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.asked import Asked
from qa.answering.attribute import Attribute
from qa.answering.candidates import Candidate, around
from qa.answering.wanted import Wanted
from qa.languages import DEFAULT_LANGUAGE

# From 0.4 to 0.5 as many of the questions kept for tuning are treated rightly, where one in five cannot be answered; the least
# answers most of them.
THRESHOLD = 0.4

# A logistic regression on the questions kept for tuning, on the same without the documents that prove their answers, and
# on some of other subjects: training/answering.py. docs/benchmarks.md says how well it is calibrated on others.
_INTERCEPT = -6.67
_SCORE, _STANDS_OUT, _PASSAGE, _READ = 0.25, 0.18, 0.44, 0.36
_ACROSS = 0.69
_MISSES_YEAR, _YEAR = -1.21, 0.61
_LACKS_ATTRIBUTE, _SURELY_LACKS, _LACKS_NAMES, _LACKS_WORDS = -0.21, -1.26, -0.53, -1.02
_WORDS = 0.07
_UNKNOWN_NAME = -0.98  # a name that stands nowhere in the index
_MOST_WORDS = 12  # more of them tell nothing more
_FEW, _USUAL = 10, 1.9  # among fewer sentences none can stand out: then as much as on average on the tuning questions
_LEAST = 1e-4
_MOST = 0.99  # measured features are never a certainty


@dataclass(frozen=True, slots=True)
class Measures:
    """What tells how sure an answer is.

    ``score`` is what the best sentence is ordered by, ``stands_out`` how far its cosine is above the others', in standard
    deviations, ``passage`` the log-odds of its passage, as retrieval sees it; ``across`` says that it is in the other
    language. ``misses_year`` says that the question names a year and that passage, its title and date do not, ``year`` is
    the sentence's own (1 the one asked for, -1 only others); ``read`` is the logit of its answering, read together with the
    question. ``lacks_attribute`` is the share of the words for what the
    question asks of its subject that the passage does not say, ``surely_lacks`` says that the sentence and its title have
    nothing of what is known to tell it; ``lacks_names`` is the share of its names, ``lacks_words`` that of its other words
    in the sentence and its title; ``words`` counts the question's terms; ``unknown_name`` says that one of its names, and
    every translation of it, stands nowhere in the index.
    """

    score: float
    stands_out: float
    across: bool
    misses_year: bool
    passage: float
    lacks_attribute: float
    surely_lacks: bool
    lacks_names: float
    lacks_words: float
    year: int
    words: int
    unknown_name: bool
    read: float


def measures(asked: Asked, wanted: Wanted, attribute: Attribute, candidates: Sequence[Candidate]) -> Measures:
    """Return what is measured of an answer out of ``candidates``, one or more, best first."""
    best = candidates[0]
    odds = min(max(best.hit.score, _LEAST), 1 - _LEAST)
    passage, language = around(best.hit), best.hit.language or DEFAULT_LANGUAGE
    return Measures(
        score=best.score,
        stands_out=_stands_out([candidate.similarity for candidate in candidates]),
        across=best.across,
        misses_year=bool(asked.years) and best.passage_year != 1,
        passage=math.log(odds / (1 - odds)),
        lacks_attribute=attribute.lacks(passage, language),
        surely_lacks=attribute.surely_lacks(best.in_context),
        lacks_names=wanted.lacks_names(passage, language),
        lacks_words=wanted.lacks_words(best.in_context, best.language),
        year=best.year,
        words=min(len(wanted), _MOST_WORDS),
        unknown_name=not wanted.knows_names,
        read=best.read,
    )


def confidence(measured: Measures) -> float:
    """Return how likely it is that the chosen sentences answer, in 0..0.99; they are shown at ``THRESHOLD`` or more."""
    logit = _INTERCEPT + _SCORE * measured.score + _STANDS_OUT * measured.stands_out + _PASSAGE * measured.passage
    logit += _ACROSS * measured.across + _MISSES_YEAR * measured.misses_year
    logit += _LACKS_ATTRIBUTE * measured.lacks_attribute + _SURELY_LACKS * measured.surely_lacks
    logit += _LACKS_NAMES * measured.lacks_names + _LACKS_WORDS * measured.lacks_words
    logit += (
        _READ * measured.read + _YEAR * measured.year + _WORDS * measured.words + _UNKNOWN_NAME * measured.unknown_name
    )
    return min(1 / (1 + math.exp(-logit)), _MOST)


def _stands_out(cosines: Sequence[float]) -> float:
    """Return how far the first is above the mean, in standard deviations."""
    if len(cosines) < _FEW:
        return _USUAL
    return (cosines[0] - statistics.fmean(cosines)) / max(statistics.pstdev(cosines), _LEAST)
