"""Text to the terms that the lexical index counts, for French and for English.

A term is a lower-case stem without accents: accents come off before the stemmer sees a word, so that a question
typed without them finds the same terms. French elisions come off (l'État, qu'une), numbers lose their thousands
separators and take a decimal point (36 000, 36,000 -> 36000; 1,5 -> 1.5), amounts also count as the number that they
are (1,5 milliard, 1.5 billion -> 1500000000), hyphenated names count whole and in parts (i-Trans -> itran, tran),
initials and article numbers in one piece (B.P.I. -> bpi; art. L. 511-6 -> l511-6). A pronoun behind a French verb is no part
of it (visait-il, a-t-elle). Little words are dropped before accents are, so that French « thé » never becomes "the".
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from qa.languages import ENGLISH_WORDS, FRENCH_WORDS

if TYPE_CHECKING:
    from Stemmer import Stemmer

ANALYSIS_VERSION = "3"  # raise it when the same text would give other terms

_TOKEN = re.compile(
    r"(?P<article>(?<!\w)(?!(?:à|au|by|de|du|en|et|in|la|le|of|on|or|ou|to) )[^\W\d_]{1,2}\.? ?\d+(?:[-/]\d+)+(?!\w))"  # L. 511-6, C 24/02
    r"|(?P<initials>(?<!\w)(?:[^\W\d_]\.){2,})"  # B.P.I.
    r"|(?P<number>(?<![\d.,])\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)"  # 36 000 or 36 000,5
    r"|\d+(?:[.,]\d+)*)"  # 2013, 1,5, 36,000
    r"|(?P<word>[^\W\d_]\w*(?:-\w+)*)"  # a word or a hyphenated one
)
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)", re.IGNORECASE)
_PRONOUN = re.compile(
    r"(?<=\w)(?<!\brendez)(?:-t)?-(?:ils?|elles?|on|je|tu|nous|vous|ce|moi|toi|ci|là)\b(?!-)", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_SCALE = re.compile(
    r" ?(millions?|milliards?|billions?|trillions?|thousand|mille|bn|mds?|[mk](?=€))(?=€|\b)", re.IGNORECASE
)
_STOP_WORDS = {"fr": FRENCH_WORDS, "en": ENGLISH_WORDS}
_ZEROS = {"thousand": 3, "mille": 3, "k": 3, "million": 6, "m": 6, "milliard": 9, "md": 9, "bn": 9}
_ZEROS_IN = {"fr": {**_ZEROS, "billion": 12, "trillion": 18}, "en": {**_ZEROS, "billion": 9, "trillion": 12}}


def terms(text: str, language: str) -> list[str]:
    """Return the terms of ``text``, repeated as often as they occur.

    >>> terms("L'État soutient 36 000 emplois", "fr")
    ['etat', 'soutient', '36000', 'emploi']
    >>> terms("1,5 milliard d'euros", "fr")[1], terms("art. L. 511-6 du code", "fr")
    ('1500000000', ['art', 'l511-6', 'cod'])
    """
    return [term for token in tokens(text, language) for term in token_terms(token, language)]


def tokens(text: str, language: str) -> list[str]:
    """Return the words and numbers of ``text`` that count, in lower case, numbers in one form.

    >>> tokens("Les 36 000 emplois de l'i-Trans", "fr")
    ['36000', 'emplois', 'i-trans']
    """
    cleaned = unicodedata.normalize("NFKC", text.replace("\u2019", "'")).replace("\u2010", "-")  # U+2011 too, by then
    cleaned = _PRONOUN.sub("", _ELISION.sub(" ", cleaned)) if language == "fr" else _POSSESSIVE.sub("", cleaned)
    stop_words = _STOP_WORDS[language]
    found = []
    for match in _TOKEN.finditer(cleaned):
        token = match[0].lower()
        if match["number"]:
            number = number_term(token, language)
            found.append(number)
            scale = _SCALE.match(cleaned, match.end())
            if scale is not None:
                found.append(_scaled(number, scale[1], language))
        elif match["article"] or match["initials"]:
            found.append(re.sub(r"[. ]", "", token))
        elif token not in stop_words:
            found.append(token)
    return found


@lru_cache(maxsize=1 << 17)
def token_terms(token: str, language: str) -> tuple[str, ...]:
    """Return the terms of one token: one, or for a hyphenated word the whole and its parts.

    >>> token_terms("i-trans", "fr"), token_terms("emplois", "fr"), token_terms("36000", "fr")
    (('itran', 'tran'), ('emploi',), ('36000',))
    """
    if any(char.isdigit() for char in token[:3]):
        return (token,)
    parts = token.split("-")
    if len(parts) == 1:
        return (_stem(token, language),)
    kept = [part for part in parts if len(part) > 1 and part not in _STOP_WORDS[language]]
    return (_stem("".join(parts), language), *(_stem(part, language) for part in kept))


def number_term(token: str, language: str) -> str:
    """Return a number as written in ``language`` in one form: no separators, a decimal point.

    >>> number_term("1,5", "fr"), number_term("36,000", "en"), number_term("36 000", "fr")
    ('1.5', '36000', '36000')
    """
    token = re.sub(r"\s", "", token)
    thousands = "." if language == "fr" else ","
    token = re.sub(rf"{re.escape(thousands)}(?=\d{{3}}(?!\d))", "", token)
    return token.replace(",", ".")


def _scaled(number: str, scale: str, language: str) -> str:
    """Return ``number`` times its scale word; dots beyond a decimal point (1.2.3 million) leave it as it is."""
    if number.count(".") > 1:
        return number
    scale = scale.lower()
    zeros = _ZEROS_IN[language].get(scale) or _ZEROS_IN[language][scale.rstrip("s")]
    return f"{(Decimal(number) * 10**zeros).normalize():f}"


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
