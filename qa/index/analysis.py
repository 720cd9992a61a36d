"""Text to the terms that the lexical index counts, for French and for English.

A term is a lower-case stem without accents: accents come off before the stemmer sees a word, so that a question
typed without them finds the same terms. French elisions come off (l'État, qu'une), numbers lose their thousands
separators and take a decimal point (36 000, 36,000 -> 36000; 1,5 -> 1.5), hyphenated names count whole and in parts
(i-Trans -> itran, tran). Little words are dropped before accents are, so that French « thé » never becomes "the".
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from qa.languages import ENGLISH_WORDS, FRENCH_WORDS

if TYPE_CHECKING:
    from Stemmer import Stemmer

ANALYSIS_VERSION = "1"  # raise it when the same text would give other terms

_TOKEN = re.compile(
    r"(?<![\d.,])\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)"  # 36 000 or 36 000,5
    r"|\d+(?:[.,]\d+)*"  # 2013, 1,5, 36,000
    r"|[^\W\d_][\w]*(?:[-‑][\w]+)*"  # a word or a hyphenated one
)
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_STOP_WORDS = {"fr": FRENCH_WORDS, "en": ENGLISH_WORDS}


def terms(text: str, language: str) -> list[str]:
    """Return the terms of ``text``, repeated as often as they occur.

    >>> terms("L'État soutient 36 000 emplois", "fr")
    ['etat', 'soutient', '36000', 'emploi']
    """
    cleaned = unicodedata.normalize("NFKC", text.replace("\u2019", "'"))
    cleaned = _ELISION.sub(" ", cleaned) if language == "fr" else _POSSESSIVE.sub("", cleaned)
    stop_words = _STOP_WORDS[language]
    found = []
    for match in _TOKEN.finditer(cleaned):
        token = match[0].lower()
        if token[0].isdigit():
            found.append(number_term(token, language))
            continue
        if token in stop_words:
            continue
        parts = re.split(r"[-‑]", token)
        if len(parts) > 1:
            found.append(_stem("".join(parts), language))
            parts = [part for part in parts if len(part) > 1 and part not in stop_words]
        found += [_stem(part, language) for part in parts]
    return found


def number_term(token: str, language: str) -> str:
    """Return a number as written in ``language`` in one form: no separators, a decimal point.

    >>> number_term("1,5", "fr"), number_term("36,000", "en"), number_term("36 000", "fr")
    ('1.5', '36000', '36000')
    """
    token = re.sub(r"\s", "", token)
    thousands = "." if language == "fr" else ","
    token = re.sub(rf"{re.escape(thousands)}(?=\d{{3}}(?!\d))", "", token)
    return token.replace(",", ".")


def without_accents(text: str) -> str:
    """Return ``text`` with its letters' accents off and its ligatures open.

    >>> without_accents("œuvre française")
    'oeuvre francaise'
    """
    opened = text.replace("œ", "oe").replace("æ", "ae")
    return "".join(char for char in unicodedata.normalize("NFD", opened) if not unicodedata.combining(char))


def _stem(word: str, language: str) -> str:
    word = without_accents(word)
    if language == "fr" and len(word) > 3:  # Snowball's French leaves emplois and emploi apart
        word = f"{word[:-3]}al" if word.endswith("aux") else word[:-1] if word[-1] in "sx" else word
    stem: str = _stemmer(language).stemWord(word)
    return stem


@cache
def _stemmer(language: str) -> Stemmer:
    from Stemmer import Stemmer

    return Stemmer({"fr": "french", "en": "english"}[language])
