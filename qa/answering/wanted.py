"""How much of a question's or a claim's words a text holds, in either language."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal

from qa.answering.acronyms import said_otherwise
from qa.answering.framing import without_framing
from qa.dates import years_in
from qa.index.analysis import terms
from qa.index.lexical import Group, LexicalIndex
from qa.languages import LANGUAGES
from qa.questions import Question
from qa.retrieval.lexicon import term_groups

_CERTAIN = 0.5  # a translation that has this share of a word's uses counts as the word itself
_RANGE = re.compile(r"(?<![\d.,])(\d+)\s*(?:à|to|et|and|-|–)\s*(\d+)(?![\d.,])")
_NAME = re.compile(r"(?<=[\w,;:'’»] )[A-ZÀ-Þ][\w-]*\w|(?<=['’])[A-ZÀ-Þ][\w-]*\w|\b\w*[A-Z0-9-]\w*[A-Z]\w*\b")
Said = tuple[float, ...]  # how much of each of the question's terms a text says, by the terms' weights, together 0..1


class Wanted:
    """The terms of a question, each weighted by how rare it is among the index's passages of each language."""

    def __init__(self, question: Question, lexical: LexicalIndex) -> None:
        self._groups: dict[str, list[tuple[Group, float]]] = {}
        self.total = 0.0  # of the terms' rarities in the question's language: 0 where no word of it counts
        own = [
            next(iter(group))
            for group in term_groups(question.text, question.language, question.language, holds=lexical.holds)
        ]
        for language in LANGUAGES:
            groups = term_groups(question.text, question.language, language, holds=lexical.holds)
            groups = without_framing(groups, own, question.language)
            rarities = [
                sum(share * lexical.rarity(term, language) for term, share in group.items()) / sum(group.values())
                for group in groups
            ]
            total = math.fsum(rarities)
            self.total = total if language == question.language else self.total
            self._groups[language] = [
                (group, rarity / total if total else 0.0) for group, rarity in zip(groups, rarities, strict=True)
            ]
        self._text, self._language = question.text, question.language
        self._own = own = [next(iter(group)) for group, _ in self._groups[question.language]]
        named = {term for name in _NAME.findall(question.text) for term in terms(name, question.language)}
        self._names = [number for number, term in enumerate(own) if term in named]
        held = [
            any(lexical.holds(term, language) for language in LANGUAGES for term in self._groups[language][number][0])
            for number in range(len(own))
        ]  # which of the terms, or a translation of it, the index holds anywhere
        self.knows_names = all(held[number] for number in self._names)
        self.knows_some = any(held)
        self._others = [
            number for number, term in enumerate(own) if term not in named and not term.replace(".", "").isdecimal()
        ]
        self._numbers = [term for term in own if term.isdecimal() and not years_in(term)]

    def __len__(self) -> int:
        return len(next(iter(self._groups.values())))

    def said(self, text: str, language: str) -> Said:
        """Return, for each term, how much of its weight stands in ``text``, a text in ``language``; 1 is all of all.

        Across languages a term stands there as its translations, the surer the better. The terms are in the same order
        whatever the language, so that what two texts say can be put together by the greater of each.
        """
        present, otherwise = {*terms(text, language), *self._within(text)}, self._otherwise(text)
        return tuple(
            weight
            if number in otherwise
            else weight
            * min(max((share for term, share in group.items() if term in present), default=0.0) / _CERTAIN, 1.0)
            for number, (group, weight) in enumerate(self._groups[language])
        )

    def coverage(self, text: str, language: str) -> float:
        """Return the share of the terms' weights that stands in ``text``, a text in ``language``, in 0..1."""
        return math.fsum(self.said(text, language))

    def lacks_names(self, text: str, language: str) -> float:
        """Return the share of the question's proper names, by weight, that ``text`` does not say; 0 where it has none."""
        return self._lacks(self._names, text, language)

    def lacks_words(self, text: str, language: str) -> float:
        """Return the same of its words that are neither names nor numbers."""
        return self._lacks(self._others, text, language)

    def _lacks(self, chosen: Sequence[int], text: str, language: str) -> float:
        said, weights = self.said(text, language), [weight for _, weight in self._groups[language]]
        total = math.fsum(weights[number] for number in chosen)
        return 1.0 - math.fsum(said[number] for number in chosen) / total if total else 0.0

    def _otherwise(self, text: str) -> set[int]:
        """Return which of the terms ``text`` says as their acronym, or spells out."""
        words = said_otherwise(self._text, text)
        said = {term for word in words for term in terms(word, self._language)}
        return {number for number, term in enumerate(self._own) if term in said}

    def _within(self, text: str) -> set[str]:
        """Return the question's numbers that a range of ``text`` includes: 182 g are in its « 181 à 185 g »."""
        if not self._numbers:
            return set()
        ranges = [(Decimal(low), Decimal(high)) for low, high in _RANGE.findall(text)]
        return {number for number in self._numbers if any(low <= Decimal(number) <= high for low, high in ranges)}
