"""How much of a question's or a claim's words a text holds, in either language."""

from __future__ import annotations

import math

from qa.index.analysis import terms
from qa.index.lexical import LexicalIndex
from qa.languages import LANGUAGES
from qa.questions import Question
from qa.retrieval.lexicon import term_groups

_CERTAIN = 0.5  # a translation that has this share of a word's uses counts as the word itself


class Wanted:
    """The terms of a question, each weighted by how rare it is among the index's passages of each language."""

    def __init__(self, question: Question, lexical: LexicalIndex) -> None:
        self._groups = {}
        for language in LANGUAGES:
            groups = term_groups(question.text, question.language, language, holds=lexical.holds)
            self._groups[language] = [
                (
                    group,
                    sum(share * lexical.rarity(term, language) for term, share in group.items()) / sum(group.values()),
                )
                for group in groups
            ]

    def coverage(self, text: str, language: str) -> float:
        """Return the share of the terms' weights that stands in ``text``, a text in ``language``, in 0..1.

        Across languages a term stands there as its translations, the surer the better.
        """
        present = set(terms(text, language))
        groups = self._groups[language]
        total = math.fsum(weight for _, weight in groups)
        held = math.fsum(
            weight * min(max((share for term, share in group.items() if term in present), default=0.0) / _CERTAIN, 1.0)
            for group, weight in groups
        )
        return held / total if total else 0.0
