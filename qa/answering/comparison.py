"""A claim held against one sentence of a document: which of its values the sentence gives, and which others instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from qa.answering.bounds import bounds_differ, sides_differ
from qa.answering.opposites import affirms_alike, keeps_direction
from qa.answering.parallels import Parallels, exchanged
from qa.answering.proper_names import missing_names
from qa.answering.same_figures import MEASURES, YEARLESS, is_difference, rivals, rounded, same, within
from qa.answering.shortfalls import falls_short
from qa.answering.year_parts import parts_differ
from qa.figures import Figure, find_figures
from qa.index.analysis import terms
from qa.languages import FUNCTION_WORDS

_FORMER = re.compile(
    r"(?:\bcontre|\bau lieu (?:de|d['’])|\b(?:pass\w+|port\w+|relev\w+|ramen\w+|rédui\w+|montant précédent) (?:de|d['’])|\bet non(?: pas)?(?: de)?"
    r"|\b(?:against|instead of|rather than|and not|up from|down from|compared with|previously|formerly|from))\s*$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:selon|d['’]après|according to|report(?:s|ed)|wrote|writes|said|says|recalled|counted|added|adds|announced by"
    r"|indiqu\w+|rapport(?:e|é|ait)|précis(?:e|é|ait)|écri(?:t|vait)|rappel\w+|annonce|chiffr\w+)\b[^,;:]*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|some|nearly|almost|close to|(?:slightly |just |a little )?(?:more than|over)|approximately|environ|près de"
    r"|presque|quelques?|autour de|(?:un peu )?plus de|de l['’]ordre de)\s*(?:de\s|d['’])?$",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r"\s*(?:$|[.,;:)]|(?:en|in|au|aux|par|by|pour|for|dans|du|from|d['’]ici|et|and|contre|against|selon)\b)",
    re.IGNORECASE,
)
_PARTS = re.compile(  # where another part of a sentence begins that denies: « ..., et plus aucune voiture n'en sort »
    r";|,? (?:et|mais|and|but|while|tandis que|alors que|whereas) (?=plus\b|no\b|n['’]|ne\b|\w+ (?:ne\b|n['’]|not\b))",
    re.IGNORECASE,
)
_CALLED = re.compile(r"(?<=\s)([A-ZÀ-Þ]\w+) $")  # « la Renault 5 », "France 3"

Pairs = tuple[tuple[Figure, tuple[Figure, ...]], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one sentence says to a claim.

    ``matched`` are the sentence's figures that the claim gives too; ``others`` the pairs of a claimed figure and those
    of the same kind and unit that stand in its place; ``missing`` the claimed figures with neither. Likewise
    ``dates_matched``, ``dates_other`` and ``dates_missing``. ``names_missing`` are words of the claim's proper names that stand
    nowhere around, ``polarity`` whether both affirm or both deny, and neither says the opposite of the other. ``elsewhen``
    says that the sentence names a date that the claim does not, ``directed`` that what opens or is sold in the claim does so
    in it, ``short`` that it tells of a wish where the claim tells of a fact, or does not rank first what the claim does.
    """

    matched: tuple[tuple[Figure, Figure], ...]
    others: Pairs
    missing: tuple[Figure, ...]
    dates_matched: tuple[tuple[Figure, Figure | None], ...]
    dates_other: Pairs
    dates_missing: tuple[Figure, ...]
    names_missing: tuple[str, ...]
    polarity: bool
    elsewhen: bool
    directed: bool
    short: bool

    @property
    def agrees(self) -> bool:
        """Whether every value of the claim is there."""
        return not (self.others or self.missing or self.dates_other or self.dates_missing or self.names_missing)


def compare(
    claim: str,
    language: str,
    sentence: str,
    sentence_language: str,
    *,
    around: str,
    says: Callable[[str], float] = lambda _: 0.0,
) -> Comparison:
    """Hold ``claim`` against ``sentence``; ``around`` is the text that the sentence stands in, its title and date.

    ``says`` tells what share of the claim's words stands in a text of the sentence's language, in 0..1: of several
    figures in one sentence, the claim means the one that they stand with.

    >>> found = compare("Le bonus est de 6 000 €.", "fr", "The bonus is 7,000 euros.", "en", around="")
    >>> [(claimed.value, [figure.value for figure in others]) for claimed, others in found.others]
    [('6000', ['7000'])]
    """
    values, dates = _apart(find_figures(claim, language), claim)
    given_values, given_dates = _apart(find_figures(sentence, sentence_language), sentence)
    parallels = Parallels(sentence, dates, says)
    if not any(_FORMER.search(claim[: figure.start]) for figure in values):
        given_values = [
            figure
            for figure in given_values
            if not _FORMER.search(sentence[: figure.start]) or parallels.dated(figure, given_values)
        ]
    terms_of = partial(terms, language=language) if language == sentence_language else None
    there, instead = _values(claim, values, sentence, given_values, parallels, terms_of)
    nearby = [figure for figure in find_figures(around, sentence_language) if figure.kind == "date"]
    dates_there, dates_instead = _dates(claim, values, given_dates, nearby, parallels)
    return Comparison(
        matched=there,
        others=tuple((value, figures) for value, figures in instead if figures),
        missing=tuple(value for value, figures in instead if not figures),
        dates_matched=dates_there,
        dates_other=tuple((date, figures) for date, figures in dates_instead if figures),
        dates_missing=tuple(date for date, figures in dates_instead if not figures),
        names_missing=missing_names(claim, language, f"{sentence} {around}", sentence_language),
        polarity=affirms_alike(claim, _about(sentence, [figure for _, figure in there], says)),
        elsewhen=any(not any(within(given, date) for date in dates) for given in given_dates),
        directed=keeps_direction(claim, sentence),
        short=falls_short(claim, sentence),
    )


def _values(
    claim: str,
    values: Sequence[Figure],
    sentence: str,
    given: Sequence[Figure],
    parallels: Parallels,
    terms_of: Callable[[str], list[str]] | None,
) -> tuple[tuple[tuple[Figure, Figure], ...], Pairs]:
    """Return the claimed figures that the sentence gives, and the rest with what stands in their place."""
    matched: list[tuple[Figure, Figure]] = []
    others: list[tuple[Figure, tuple[Figure, ...]]] = []
    differences = any(is_difference(claim, value) for value in values)
    pairs = [(value, there) for value in values if (there := same(value, given))]
    crossed = exchanged(claim, pairs, sentence, given, terms_of)
    for value in values:
        there = same(value, given) or _roughly(claim, value, sentence, given)
        meant = parallels.instead_of(there, given) if there and len(values) == 1 else None
        if meant and is_difference(sentence, meant) != differences:
            meant = None
        if there is None:
            others.append((value, ()))
        elif crossed and value is crossed[0]:
            others.append((value, (crossed[1],)))
        elif meant or bounds_differ(claim, value.start, sentence, there.start):
            others.append((value, (meant or there,)))
        else:
            matched.append((value, there))
    taken = {id(figure) for _, figure in matched}
    free = [figure for figure in given if id(figure) not in taken and is_difference(sentence, figure) == differences]
    rest = ((value, known or tuple(figure for figure in free if rivals(value, figure))) for value, known in others)
    return tuple(matched), tuple(rest)


def _roughly(claim: str, value: Figure, sentence: str, given: Sequence[Figure]) -> Figure | None:
    """Return the figure that the claim rounds, or that rounds the claim's: one of them says "about" or "more than"."""
    if _ABOUT.search(claim[: value.start]):
        return rounded(value, given)
    rough = (figure for figure in given if _ABOUT.search(sentence[: figure.start]))
    return next((figure for figure in rough if rounded(figure, [value])), None)


def _dates(
    claim: str, values: Sequence[Figure], given: Sequence[Figure], nearby: Sequence[Figure], parallels: Parallels
) -> tuple[tuple[tuple[Figure, Figure | None], ...], Pairs]:
    """Return the claimed dates that the sentence gives, or else what is around it, and the rest with what stands instead."""
    matched: list[tuple[Figure, Figure | None]] = []
    others: list[tuple[Figure, tuple[Figure, ...]]] = []
    dates = parallels.dates
    whole, yearless = given, [figure for figure in given if figure.value.startswith(YEARLESS)]
    for date in dates:
        given = yearless or whole if date.value.startswith(YEARLESS) else whole  # "each year before 30 June"
        there = next((figure for figure in given if within(figure, date)), None)
        meant = parallels.instead_of(there, given) if there and not values and len(dates) == 1 else None
        rest = tuple(
            figure
            for figure in given
            if len(figure.value) >= len(date.value)
            and not any(within(figure, other) and len(other.value) >= len(date.value) for other in dates)
            and not (_reported(claim, date) or _reported(parallels.sentence, figure))
        )
        if there and (
            parts_differ(claim, date, parallels.sentence, there)
            or sides_differ(claim, date.start, parallels.sentence, there.start)
        ):
            others.append((date, (there,)))
        elif there and not meant:
            matched.append((date, there))
        elif meant or rest:
            others.append((date, (meant,) if meant else rest))
        elif any(within(figure, date) for figure in nearby) and (values or len(date.value) == len("2012")):
            matched.append((date, None))
        else:
            others.append((date, ()))
    return tuple(matched), tuple(others)


def _apart(figures: Sequence[Figure], text: str) -> tuple[list[Figure], list[Figure]]:
    """Return the values and the dates; ordinals and the numbers of names belong to the subject."""
    figures = _with_units(figures, text)
    values = [figure for figure in figures if figure.kind not in ("date", "ordinal") and not _in_name(figure, text)]
    return values, [figure for figure in figures if figure.kind == "date"]


def _with_units(figures: Sequence[Figure], text: str) -> list[Figure]:
    """Return the figures, a bare number with the unit that it leaves out: « 923 000 véhicules en 2007, 570 000 en 2011 »."""
    found: list[Figure] = []
    before: Figure | None = None
    for figure in figures:
        if figure.kind in ("count", "amount") and figure.unit not in MEASURES:
            before = figure
        bare = figure.kind == "number" and not _in_name(figure, text) and _LEFT_OUT.match(text[figure.end :])
        found.append(replace(figure, kind=before.kind, unit=before.unit) if bare and before else figure)
    return found


def _in_name(figure: Figure, text: str) -> bool:
    called = _CALLED.search(text[: figure.start])
    short = text[figure.start : figure.end].strip().isdigit() and len(figure.value) < 4
    return figure.kind == "number" and short and called is not None and called[1].lower() not in FUNCTION_WORDS


def _about(sentence: str, matched: Sequence[Figure], says: Callable[[str], float]) -> str:
    """Return the part of ``sentence`` with the ``matched`` figures, or else with most of the claim: others may deny other things."""
    starts = [0, *(match.end() for match in _PARTS.finditer(sentence)), len(sentence)]
    if matched:
        first = max(start for start in starts if start <= min(figure.start for figure in matched))
        last = min(end for end in starts if end >= max(figure.end for figure in matched))
        return sentence[first:last]
    return max((sentence[start:end] for start, end in pairwise(starts)), key=says)


def _reported(text: str, date: Figure) -> bool:
    """Say whether ``date`` is when someone said it: « selon RFI le 25 juillet 2012 »."""
    return bool(_REPORTED.search(text[: date.start]))
