"""How much of a question's or a claim's words a text holds, in either language."""

from __future__ import annotations

import math

from qa.index.analysis import terms
from qa.index.lexical import LexicalIndex
from qa.languages import LANGUAGES
from qa.questions import Question
from qa.retrieval.lexicon import term_groups

_CERTAIN = 0.5  # a translation that has this share of a word's uses counts as the word itself
Said = tuple[float, ...]  # how much of each of the question's terms a text says, by the terms' weights, together 0..1


class Wanted:
    """The terms of a question, each weighted by how rare it is among the index's passages of each language."""

    def __init__(self, question: Question, lexical: LexicalIndex) -> None:
        self._groups = {}
        for language in LANGUAGES:
            groups = term_groups(question.text, question.language, language, holds=lexical.holds)
            rarities = [
                sum(share * lexical.rarity(term, language) for term, share in group.items()) / sum(group.values())
                for group in groups
            ]
            total = math.fsum(rarities)
            self._groups[language] = [
                (group, rarity / total if total else 0.0) for group, rarity in zip(groups, rarities, strict=True)
            ]

    def said(self, text: str, language: str) -> Said:
        """Return, for each term, how much of its weight stands in ``text``, a text in ``language``; 1 is all of all.

        Across languages a term stands there as its translations, the surer the better. The terms are in the same order
        whatever the language, so that what two texts say can be put together by the greater of each.
        """
        present = set(terms(text, language))
        return tuple(
            weight * min(max((share for term, share in group.items() if term in present), default=0.0) / _CERTAIN, 1.0)
            for group, weight in self._groups[language]
        )

    def coverage(self, text: str, language: str) -> float:
        """Return the share of the terms' weights that stands in ``text``, a text in ``language``, in 0..1."""
        return math.fsum(self.said(text, language))
