"""A claim held against one sentence of a document: which of its values the sentence gives, and which others instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.figures import Figure, find_figures
from qa.index.analysis import without_accents
from qa.languages import FUNCTION_WORDS

_ALIKE = ({"job", "employee", "person"}, {"company", "supplier"})  # what a translation may swap
_SUBJECT_KINDS = ("ordinal",)  # words of the subject rather than values: « le premier forum »

_NEGATION = re.compile(
    r"\b(?:ne|n['’])\s?(?:[\w’'-]+\s+){1,3}?(?:pas|plus|jamais|rien|ni|guère)\b|\b(?:aucune?|nul(?:le)?|jamais|refus\w+|rejet\w+)\b"
    r"|\b(?:not|cannot|no|never|none|neither|nor|refus\w+|reject\w+|declin(?:es|ed) to|ruled out)\b|n['’]t\b",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"(?:\bcontre|\bau lieu (?:de|d['’])|\b(?:pass\w+|port\w+|relev\w+|ramen\w+|rédui\w+|montant précédent) (?:de|d['’])|\bet non(?: pas)?(?: de)?"
    r"|\b(?:against|instead of|rather than|and not|up from|down from|compared with|previously|formerly|from))\s*$",
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"\bno\.?\s*(?=\d)", re.IGNORECASE)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]*\w(?:\s+(?:de\s+|du\s+|d['’])?[A-ZÀ-Þ][\w’'-]*\w)*")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one sentence says to a claim.

    ``matched`` are the sentence's figures that the claim gives too; ``others`` the pairs of a claimed figure and those
    of the same kind and unit that stand in its place; ``missing`` the claimed figures with neither. Likewise
    ``dates_matched``, ``dates_other`` and ``dates_missing``. ``names_missing`` are words of the claim's proper names that stand
    nowhere around, ``polarity`` whether both affirm or both deny.
    """

    matched: tuple[tuple[Figure, Figure], ...]
    others: tuple[tuple[Figure, tuple[Figure, ...]], ...]
    missing: tuple[Figure, ...]
    dates_matched: tuple[tuple[Figure, Figure | None], ...]
    dates_other: tuple[tuple[Figure, tuple[Figure, ...]], ...]
    dates_missing: tuple[Figure, ...]
    names_missing: tuple[str, ...]
    polarity: bool

    @property
    def agrees(self) -> bool:
        """Whether every value of the claim is there."""
        return not (self.others or self.missing or self.dates_other or self.dates_missing or self.names_missing)


def compare(claim: str, language: str, sentence: str, sentence_language: str, *, around: str) -> Comparison:
    """Hold ``claim`` against ``sentence``; ``around`` is the text that the sentence stands in, its title and date.

    >>> found = compare("Le bonus est de 6 000 €.", "fr", "The bonus is 7,000 euros.", "en", around="")
    >>> [(claimed.value, [figure.value for figure in others]) for claimed, others in found.others]
    [('6000', ['7000'])]
    """
    claimed, given = find_figures(claim, language), find_figures(sentence, sentence_language)
    values, dates = _apart(claimed)
    given_values, given_dates = _apart(given)
    if not any(_FORMER.search(claim[: figure.start]) for figure in values):
        given_values = [figure for figure in given_values if not _FORMER.search(sentence[: figure.start])]
    matched = [(value, same) for value in values if (same := _same(value, given_values)) is not None]
    taken = {id(same) for _, same in matched}
    free = [figure for figure in given_values if id(figure) not in taken]
    unmatched = [value for value in values if all(value is not done for done, _ in matched)]
    others = [(value, tuple(figure for figure in free if _rivals(value, figure))) for value in unmatched]
    nearby = [figure for figure in find_figures(around, sentence_language) if figure.kind == "date"]
    in_sentence = [(date, next((given for given in given_dates if _within(given, date)), None)) for date in dates]
    dates_matched: list[tuple[Figure, Figure | None]] = []
    dates_other: list[tuple[Figure, tuple[Figure, ...]]] = []
    dates_missing: list[Figure] = []
    said = {id(same) for _, same in in_sentence if same is not None}
    for date, same in in_sentence:
        rivals = tuple(f for f in given_dates if len(f.value) >= len(date.value) and id(f) not in said)
        if same is not None:
            dates_matched.append((date, same))
        elif any(_within(figure, date) for figure in nearby) and (values or len(date.value) == 4):
            dates_matched.append((date, None))
        elif rivals:
            dates_other.append((date, rivals))
        else:
            dates_missing.append(date)
    return Comparison(
        matched=tuple(matched),
        others=tuple((value, rivals) for value, rivals in others if rivals),
        missing=tuple(value for value, rivals in others if not rivals),
        dates_matched=tuple(dates_matched),
        dates_other=tuple(dates_other),
        dates_missing=tuple(dates_missing),
        names_missing=missing_names(claim, language, f"{sentence} {around}", sentence_language),
        polarity=denies(claim) == denies(sentence),
    )


def denies(text: str) -> bool:
    """Say whether ``text`` denies something; « ne ... que » does not.

    >>> denies("L'usine ne fermera pas"), denies("It has no plant"), denies("Il n'a que 12 ans"), denies("Law No. 5")
    (True, True, False, False)
    """
    return bool(_NEGATION.search(_NUMBER_SIGN.sub("", text)))


def names(text: str) -> list[str]:
    """Return the proper names of ``text``; a common word that only opens it is none.

    >>> names("Selon lui, Denis Papin dirige le pôle I-Trans.")
    ['Denis Papin', 'I-Trans']
    """
    found = []
    for match in _NAME.finditer(text):
        words = match[0].split()
        if words[0].lower() in FUNCTION_WORDS or (match.start() == 0 and len(words) == 1):
            words = words[1:]
        if words:
            found.append(re.sub(r"^[A-Za-z]['’](?=\w)", "", " ".join(words)))
    return found


def _apart(figures: Sequence[Figure]) -> tuple[list[Figure], list[Figure]]:
    values = [figure for figure in figures if figure.kind not in ("date", *_SUBJECT_KINDS)]
    return values, [figure for figure in figures if figure.kind == "date"]


def _same(value: Figure, given: Sequence[Figure]) -> Figure | None:
    return next((figure for figure in given if figure.value == value.value and _of_one_kind(value, figure)), None)


def _of_one_kind(one: Figure, other: Figure) -> bool:
    """Say whether two figures can be of the same thing; a bare number can be a count of anything."""
    if one.kind == other.kind and _units_alike(one.unit, other.unit):
        return True
    return {one.kind, other.kind} <= {"count", "number"} and (one.unit is None or other.unit is None)


def gives(given: Sequence[Figure], figure: Figure) -> bool:
    """Say whether ``figure`` is among those ``given``, or a date of them is a day of its month or year."""
    if figure.kind == "date":
        return any(_within(other, figure) for other in given if other.kind == "date")
    return _same(figure, given) is not None


def _rivals(value: Figure, figure: Figure) -> bool:
    return value.value != figure.value and _of_one_kind(value, figure)


def _units_alike(one: str | None, other: str | None) -> bool:
    return one == other or any(one in group and other in group for group in _ALIKE)


def _within(given: Figure, date: Figure) -> bool:
    """Say whether the date given is the claimed one, or a day in the claimed month or year."""
    return given.value.startswith(date.value) or (
        date.value.startswith("--") and given.value[4:] == date.value[1:] and len(given.value) > 4
    )


def missing_names(claim: str, language: str, text: str, text_language: str) -> tuple[str, ...]:
    """Return the words of the claim's names that ``text`` lacks.

    Across languages a name's beginning is enough, and half of them: institutions have other names there.

    >>> missing_names("ACC est dirigé par Denis Papin.", "fr", "ACC est dirigé par Yann Vincent.", "fr")
    ('Denis', 'Papin')
    """
    there = set(re.findall(r"\w+", without_accents(text).lower()))
    begins = {word[:4] for word in there}
    wanted = [word for name in names(_without_figures(claim, language)) for word in re.findall(r"\w{2,}", name)]
    lacking = []
    for word in wanted:
        plain = without_accents(word).lower()
        alike = plain[:-1] in there or f"{plain}s" in there if language == text_language else plain[:4] in begins
        if plain not in there and not alike and not plain.isdigit() and plain not in FUNCTION_WORDS:
            lacking.append(word)
    if language != text_language and len(lacking) * 2 <= len(wanted):
        return ()
    return tuple(lacking)


def people(text: str) -> list[str]:
    """Return the names of two or three words, as people have them.

    >>> people("Yann Vincent est le directeur général d'ACC à Douai.")
    ['Yann Vincent']
    """
    return [name for name in names(text) if len(name.split()) in (2, 3)]


def _without_figures(text: str, language: str) -> str:
    """Return ``text`` without its figures: neither a month nor EUR is a name."""
    for figure in reversed(find_figures(text, language)):
        if figure.kind != "ordinal":
            text = f"{text[: figure.start]}{text[figure.end :]}"
    return text
