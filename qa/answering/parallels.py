"""Which words of a sentence go with which of its figures: « 923 000 véhicules en 2007 et 570 000 en 2011 »."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.answering.same_figures import competes, within
from qa.figure_dates import find_dates
from qa.figures import Figure

_CLEARLY = 0.01  # how much more of the claim's words stand with the figure that is meant

_JOINT = re.compile(r";|\b(?:et|and|ou|puis|then|mais|but|contre|against|while|tandis que|whereas)\b", re.IGNORECASE)
_PAUSE = re.compile(r"[,—]|\b(?:to|à)\s+$", re.IGNORECASE)
_PART = re.compile(
    r"\n|\b(?:dont|soit|of which|including|y compris|notamment|or|seuls?|seulement|only)\b", re.IGNORECASE
)  # no parallel: one is of the other
_FROM = re.compile(r"\b(?:from|de|d['’])\s*(?:about |some |environ |près de )?$", re.IGNORECASE)
_TO = re.compile(r"(?<!\w)(?:to|à)\s+(?:about |some |environ |près de )?$", re.IGNORECASE)
_NEAR = 40  # characters between a figure and the one that it leads to, at most
_STOP = re.compile(r"[,;:—]|\b(?:et|and)\b", re.IGNORECASE)


def own_words(sentence: str, figures: Sequence[Figure]) -> list[str]:
    """Return, for each of ``figures`` in order, the words of ``sentence`` that go with it and not with the next.

    What opens the sentence goes with all of them: as many words stand before the first figure as before the others.

    >>> from qa.figures import find_figures
    >>> text = "The region made 30% of French cars and 50% of French engines in 2013."
    >>> own_words(text, [figure for figure in find_figures(text, "en") if figure.kind == "percent"])
    ['made of French cars', 'and of French engines in 2013.']
    """
    lefts, rights = [""], []
    for figure, following in pairwise(figures):
        between = sentence[figure.end : following.start]
        joint = next(reversed(list(_JOINT.finditer(between))), None) or _PAUSE.search(between)
        cut = joint.start() if joint else len(between)
        rights.append(between[:cut])
        lefts.append(between[cut:])
    most_before = max((len(left.split()) for left in lefts[1:]), default=0)
    opening = _STOP.split(sentence[: figures[0].start])[-1].split()
    lefts[0] = " ".join(opening[max(len(opening) - most_before, 0) :])
    rights.append(" ".join(_STOP.split(sentence[figures[-1].end :])[0].split()))
    return [" ".join(f"{left} {right}".split()) for left, right in zip(lefts, rights, strict=True)]


@dataclass(frozen=True, slots=True)
class Parallels:
    """What stands with each figure of ``sentence``, seen from a claim that names ``dates``.

    ``says`` tells what share of the claim's words stands in a text, in 0..1.
    """

    sentence: str
    dates: Sequence[Figure]
    says: Callable[[str], float]

    def instead_of(self, figure: Figure, given: Sequence[Figure]) -> Figure | None:
        """Return the figure that the claim's words stand with rather than with ``figure``, if there is one."""
        group = _group(figure, given)
        if len(group) < 2:
            return None
        words = own_words(self.sentence, group)
        each_dated = all(list(find_dates(own)) for own in words)
        if not each_dated and not self._parallel(group):
            return None
        scores = [self.says(own) + (each_dated and self._dated(own)) for own in words]
        best = max(range(len(group)), key=scores.__getitem__)
        return group[best] if scores[best] > scores[group.index(figure)] + _CLEARLY else None

    def _parallel(self, group: Sequence[Figure]) -> bool:
        between = [self.sentence[one.end : other.start] for one, other in pairwise(group)]
        return all((_JOINT.search(text) or _PAUSE.search(text)) and not _PART.search(text) for text in between)

    def dated(self, figure: Figure, given: Sequence[Figure]) -> bool:
        """Say whether a date of the claim stands with ``figure``."""
        group = _group(figure, given)
        return self._dated(own_words(self.sentence, group)[group.index(figure)])

    def _dated(self, words: str) -> bool:
        found = [Figure(start, end, "date", value) for start, end, value in find_dates(words)]
        return any(within(given, date) for given in found for date in self.dates)


def exchanged(
    claim: str,
    pairs: Sequence[tuple[Figure, Figure]],
    sentence: str,
    given: Sequence[Figure],
    terms_of: Callable[[str], list[str]] | None,
) -> tuple[Figure, Figure] | None:
    """Return a figure of ``claim`` that stands where ``sentence`` has the next one, and that other of the sentence.

    ``pairs`` are the claim's figures, in order, with the same of the sentence, ``given`` all of the sentence's. What goes with each is told by
    dates or, where both texts are of the language that ``terms_of`` reads, by words.

    >>> from qa.figures import find_figures
    >>> claim, sentence = "30% of engines and 50% of cars", "It made 30% of French cars and 50% of French engines"
    >>> ours, theirs = find_figures(claim, "en"), find_figures(sentence, "en")
    >>> [figure.value for figure in exchanged(claim, list(zip(ours, theirs)), sentence, theirs, str.split)]
    ['30', '50']
    """
    for (one, first), (other, second) in pairwise(pairs):
        if first is second or not competes(one, other) or not competes(first, second):
            continue
        if _lead(claim, one, other) and _lead(sentence, second, first):
            return one, second
        ours, theirs = _group(one, [figure for figure, _ in pairs]), _group(first, given)
        if other not in ours or second not in theirs:
            continue
        here, there = own_words(claim, ours), own_words(sentence, theirs)
        words = [here[ours.index(figure)] for figure in (one, other)]
        words += [there[theirs.index(figure)] for figure in (first, second)]
        told = [{value for _, _, value in find_dates(own)} for own in words]
        if not (told[2] and told[3] and (told[0] or told[1])):
            if terms_of is None:
                continue
            told = [set(terms_of(own)) for own in words]
        with_one, with_other = told[0] - told[1], told[1] - told[0]
        with_first, with_second = told[2] - told[3], told[3] - told[2]
        as_it_is = len(with_one & with_first) + len(with_other & with_second)
        if len(with_one & with_second) + len(with_other & with_first) > as_it_is:
            return one, second
    return None


def _lead(text: str, one: Figure, other: Figure) -> bool:
    """Say whether ``text`` goes from ``one`` to ``other``."""
    between = text[one.end : other.start]
    return one.end <= other.start < one.end + _NEAR and bool(_FROM.search(text[: one.start]) and _TO.search(between))


def _group(figure: Figure, given: Sequence[Figure]) -> list[Figure]:
    return [other for other in given if other is figure or competes(figure, other)]
