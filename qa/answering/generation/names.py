"""The names in a statement, and whether its quotes hold them, in either language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from qa.figures import find_figures
from qa.index.analysis import token_terms, without_accents
from qa.languages import FUNCTION_WORDS, LANGUAGES
from qa.retrieval.lexicon import translations

# Places whose English and French names do not begin alike, without accents; the table of words has the countries.
_PLACES = {
    "dunkirk": "dunkerque", "brussels": "bruxelles", "london": "londres", "antwerp": "anvers", "ghent": "gand", "geneva": "geneve",
    "flanders": "flandre", "picardy": "picardie", "brittany": "bretagne", "normandy": "normandie", "burgundy": "bourgogne",
    "lisbon": "lisbonne", "warsaw": "varsovie", "vienna": "vienne", "munich": "munich", "cologne": "cologne", "turin": "turin",
}  # fmt: skip
_PLACES |= {french: english for english, french in _PLACES.items()}

Quote = tuple[str, str]  # its text and its language

_WORD = re.compile(r"[^\W\d_]\w*")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[:«“\"]\s?)\W*$")
_PREFIX = 6  # letters of a name that French and English write differently after them: européenne, European
_TRANSLATES = 0.05  # share of a word's uses from which a translation counts


def missing_names(statement: str, language: str, quotes: Sequence[Quote]) -> tuple[str, ...]:
    """Return the words of ``statement`` that name something, and are not in its ``quotes``.

    A name is a word with a capital, but for a common one that opens the sentence, and a word that is in no dictionary
    whatever its case. Across languages it may stand as its translation: Banque as Bank, Allemagne as Germany.

    >>> missing_names("Toyota emploie 5 000 personnes.", "fr", [("Renault employs 5,000 people.", "en")])
    ('Toyota',)
    >>> missing_names("La Banque publique aide Renault.", "fr", [("The Public Bank helps Renault.", "en")])
    ()
    """
    text = _without_figures(statement, language)
    there = {plain for quote, _ in quotes for plain in _plain_words(quote)}
    stems = {
        there_language: {term for quote, its in quotes if its == there_language for term in _terms(quote, its)}
        for there_language in LANGUAGES
    }
    starts = {word[:_PREFIX] for word in there if len(word) >= _PREFIX}
    lacking = []
    for match in _WORD.finditer(text):
        word = match[0]
        plain = without_accents(word.lower())
        if len(word) < 2 or word.lower() in FUNCTION_WORDS or plain in there or plain.rstrip("s") in there:
            continue
        if not _names_something(word, language, opens=bool(_OPENS.search(text[: match.start()]))):
            continue
        across = any(its != language for _, its in quotes)
        if (
            f"{plain}s" in there
            or _PLACES.get(plain) in there
            or (across and (_translated(word, language, stems) or plain[:_PREFIX] in starts))
        ):
            continue
        lacking.append(word)
    return tuple(lacking)


def _names_something(word: str, language: str, *, opens: bool) -> bool:
    if any(char.isupper() for char in word[1:]):
        return True
    ordinary = is_ordinary(word.lower(), language)
    return not ordinary if opens or word[0].islower() else True


@cache
def is_ordinary(word: str, language: str) -> bool:
    """Say whether ``word``, in lower case, has a translation that is another word, as names have not.

    >>> is_ordinary("production", "en"), is_ordinary("environ", "fr"), is_ordinary("toyota", "en")
    (True, True, False)
    """
    other = "en" if language == "fr" else "fr"
    known = translations()[language]
    for term, same in zip(token_terms(word, language), token_terms(word, other), strict=False):
        given = known.get(term, {})
        if sum(share for translated, share in given.items() if translated != same) < _TRANSLATES:
            return False
    return True


def is_translated(word: str, language: str, text: str, text_language: str) -> bool:
    """Say whether ``word`` stands in ``text``, in the other language, as its translation or under the place's other name.

    >>> is_translated("Allemagne", "fr", "a plant in Germany", "en"), is_translated("Dunkirk", "en", "à Dunkerque", "fr")
    (True, True)
    """
    other_name = _PLACES.get(without_accents(word.lower()))
    return other_name in _plain_words(text) or _translated(word, language, {text_language: _terms(text, text_language)})


def _translated(word: str, language: str, stems: dict[str, set[str]]) -> bool:
    other = "en" if language == "fr" else "fr"
    known = translations()[language]
    return any(
        share >= _TRANSLATES and translated in stems[other]
        for term in token_terms(word.lower(), language)
        for translated, share in known.get(term, {}).items()
    )


def _terms(text: str, language: str) -> set[str]:
    return {term for word in _WORD.findall(_parted(text)) for term in token_terms(word.lower(), language)}


def _plain_words(text: str) -> set[str]:
    return {without_accents(word.lower()) for word in _WORD.findall(_parted(text))}


def _parted(text: str) -> str:
    return _POSSESSIVE.sub(" ", _ELISION.sub(" ", text))


def _without_figures(text: str, language: str) -> str:
    """Return ``text`` without its figures and elisions: neither a month nor EUR is a name."""
    for figure in reversed(find_figures(text, language)):
        if figure.kind != "ordinal":
            text = f"{text[: figure.start]} {text[figure.end :]}"
    return _parted(text)
