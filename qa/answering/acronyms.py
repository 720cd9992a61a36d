"""Acronyms and what they are short for: « la BPI » is « la Banque publique d'investissement »."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.index.analysis import without_accents
from qa.languages import FUNCTION_WORDS

_LEAST, _MOST = 3, 7  # letters
_SURE = 4  # letters that no run of words has by chance; one of three has to begin with a capital
_ACRONYM = re.compile(r"\b[A-Z]{3,7}\b|(?<!\w)(?:[A-Z]\.){3,7}")
_PHRASE = re.compile(r"[^.,;:()\n\"«»“”]+")
_WORD = re.compile(r"[^\W\d_]{2,}")  # which leaves d' and l' out


def acronyms(text: str) -> set[str]:
    """Return the acronyms of ``text``, without their dots.

    >>> sorted(acronyms("La BPI et le C.I.R. aident PSA à Douai."))
    ['BPI', 'CIR', 'PSA']
    """
    return {match[0].replace(".", "") for match in _ACRONYM.finditer(text)}


def spelt_out(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the acronym of each run of words in ``text`` that may have one, with those words; little words count for nothing.

    >>> dict(spelt_out("C'est la Banque publique d'investissement."))["BPI"]
    ('Banque', 'publique', 'investissement')
    """
    for phrase in _PHRASE.findall(text):
        words = [word for word in _WORD.findall(phrase) if word.lower() not in FUNCTION_WORDS]
        initials = "".join(without_accents(word)[0].upper() for word in words)
        for start, first in enumerate(words):
            least = _LEAST if first[0].isupper() else _SURE
            for end in range(start + least, min(start + _MOST, len(words)) + 1):
                yield initials[start:end], tuple(words[start:end])


def said_otherwise(text: str, other: str) -> set[str]:
    """Return the words of ``text`` that ``other`` says as their acronym, and its acronyms that ``other`` spells out.

    >>> sorted(said_otherwise("La BPI aide PSA.", "La Banque publique d'investissement est née en 2012."))
    ['BPI']
    >>> sorted(said_otherwise("La Banque publique d'investissement est née en 2012.", "La BPI aide PSA."))
    ['Banque', 'investissement', 'publique']
    """
    there = acronyms(other)
    found = {word for short, words in spelt_out(text) if short in there for word in words}
    if short_here := acronyms(text) - there:
        found |= short_here & {short for short, _ in spelt_out(other)}
    return found
