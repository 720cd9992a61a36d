"""The words of a question, and the phrases that they make, in French and in English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.conversation import words
from qa.languages import FUNCTION_WORDS

_TOKEN = re.compile(r"(?:\b(?:[cdjlmnst]|qu)['’](?=\w))|\w+(?:[-‑]\w+)*|['’]s\b|[^\w\s]", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouyàâéèêëîïôùûœh]", re.IGNORECASE)
_INVERTED = re.compile(r"\w-(?:t-)?(?:il|elle|ils|elles|on|ce)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark of a question: ``question[start:end]``; ``low`` is it in lower case with a straight apostrophe."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")

    @property
    def is_content(self) -> bool:
        return self.text[0].isalnum() and self.low not in FUNCTION_WORDS and not self.is_inverted

    @property
    def is_inverted(self) -> bool:
        """Whether it is a verb with its subject behind it: « a-t-elle »."""
        return bool(_INVERTED.search(self.low))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase, from its preposition on: ``du pôle i-Trans`` is de + le + pôle i-Trans.

    ``start`` and ``end`` are offsets into the question, 0 and 0 for a phrase of another text.
    """

    lead: str
    determiner: str
    words: str
    start: int = 0
    end: int = 0
    name: bool = False

    @property
    def alone(self) -> str:
        """The phrase without its preposition.

        >>> Phrase("de", "le", "pôle i-Trans").alone
        'le pôle i-Trans'
        """
        return joined("", self.determiner, self.words)


def tokenised(text: str) -> list[Token]:
    """Return the words and marks of ``text``; an elided article is a word.

    >>> [token.text for token in tokenised("Où est l'usine Toyota ?")]
    ['Où', 'est', "l'", 'usine', 'Toyota', '?']
    """
    return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def joined(lead: str, determiner: str, noun: str) -> str:
    """Return a phrase as it is written: de + le is « du », de + i-Trans « d'i-Trans ».

    >>> joined("de", "le", "plan"), joined("de", "", "i-Trans"), joined("for", "the", "plan")
    ('du plan', "d'i-Trans", 'for the plan')
    """
    if not determiner and lead == "de" and opens_with_vowel(noun):
        return f"d'{noun}"
    for contracted, parts in words.CONTRACTED.items():
        if (lead, determiner) == parts:
            return f"{contracted} {noun}"
    if lead == "en" and determiner in ("la", "l'"):  # la France, en France
        return f"en {noun}"
    if lead == "de" and determiner in ("un", "une"):
        return f"d'{determiner} {noun}"
    phrase = f"{determiner}{'' if determiner.endswith(chr(39)) else ' '}{noun}" if determiner else noun
    return f"{lead} {phrase}" if lead else phrase


def opens_with_vowel(noun: str) -> bool:
    """Say whether « le » and « de » lose their vowel before ``noun``.

    >>> opens_with_vowel("usine"), opens_with_vowel("plan")
    (True, False)
    """
    return bool(_VOWEL.match(noun))
