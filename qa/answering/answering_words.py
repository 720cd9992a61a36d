"""The words of a sentence that answer: the figure, the date or the name that was asked for, to be marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.answering.asked import Asked
from qa.answering.proper_names import names
from qa.figures import find_figures
from qa.index.analysis import terms

Span = tuple[int, int]

_MEASURED = (("amount", "percent"), ("count",), ("number",))  # a sum says more than a count, a count more than a number
_AND = re.compile(r"\s*(?:,|et|and|à|to|ou|or|-|–)\s*")


def answering_words(asked: Asked, sentence: str, language: str) -> tuple[Span, ...]:
    """Return the spans of ``sentence`` that hold what is asked for and the question does not say itself, in order.

    A question that asks for a figure marks figures, one for a date dates, one for a person, a place or an organisation
    names. One that asks for none of these marks nothing: all of the sentence answers it.

    >>> from qa.answering.asked import what_is_asked
    >>> sentence = "La France comptait 71 pôles en 2008."
    >>> [sentence[a:b] for a, b in answering_words(what_is_asked("Combien de pôles en 2008 ?"), sentence, "fr")]
    ['71']
    """
    if asked.figure:
        found = (_figures(asked, sentence, language, kinds) for kinds in _MEASURED)
        return next((spans for spans in found if spans), ())
    if asked.date:
        return _figures(asked, sentence, language, ("date",))
    if asked.person or asked.name:
        return _joined(sentence, _names(asked, sentence, language))
    return ()


def _figures(asked: Asked, sentence: str, language: str, kinds: Iterable[str]) -> tuple[Span, ...]:
    figures = [figure for figure in find_figures(sentence, language) if figure.kind in kinds]
    said = {
        figure.value for known in ("fr", "en") for figure in find_figures(asked.text, known) if figure.kind in kinds
    }
    return tuple((figure.start, figure.end) for figure in figures if figure.value not in said)


def _names(asked: Asked, sentence: str, language: str) -> list[Span]:
    said = {*terms(asked.text, "fr"), *terms(asked.text, "en")}
    spans, start = [], 0
    for name in names(sentence):
        found = re.compile(r"\s+".join(map(re.escape, name.split()))).search(sentence, start)  # over a line's end, too
        if found is None:
            continue
        start = found.end()
        if not said.intersection(terms(name, language)) and len(name) > 1:
            spans.append(found.span())
    dates = [figure for figure in find_figures(sentence, language) if figure.kind == "date"]
    return [(a, b) for a, b in spans if not any(a < date.end and date.start < b for date in dates)]


def _joined(sentence: str, spans: list[Span]) -> tuple[Span, ...]:
    """Return ``spans`` with those made one that only a conjunction or a comma parts, as in a list of names."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and _AND.fullmatch(sentence[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
