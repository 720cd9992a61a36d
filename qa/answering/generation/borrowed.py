"""Words of the question that a statement repeats as if its quotes said them.

Asked what Ms. Durand earns, a model finds "Ms. Durand said that loans grew by 10%" and writes that she earns 10%: every figure and
name is in the quote. What the quote does not say is what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answering.generation.cited import Quote
from qa.index.analysis import terms, token_terms, tokens
from qa.questions import Question
from qa.retrieval.lexicon import term_groups

# What a figure, a date or a name is called, and verbs that say nothing of their own.
_LIGHT = frozenset(
    "montant montants somme nombre total date année années an ans mois jour nom noms chiffre valeur doit doivent devait peut donne donné donnée prévoit "
    "amount sum number total date year years month day name names figure value according selon much many must gave give given get got "
    "compte élève élevait concerne concerné appelle appelé called".split()
)


def borrowed(
    question: Question, text: str, language: str, quotes: Sequence[Quote], holds: Callable[[str, str], bool]
) -> tuple[str, ...]:
    """Return the words of ``question`` in ``text`` that neither the quotes nor their titles hold, as they are or translated."""
    asked = {term for group in term_groups(question.text, question.language, language, holds=holds) for term in group}
    there = {quote.language: set[str]() for quote in quotes}
    for quote in quotes:
        there[quote.language].update(terms(quote.in_context, quote.language))
    return tuple(
        token
        for token in dict.fromkeys(tokens(text, language))
        if token not in _LIGHT
        and not token[0].isdigit()
        and asked.intersection(token_terms(token, language))
        and not any(
            term in present
            for its, present in there.items()
            for group in term_groups(token, language, its, holds=holds)
            for term in group
        )
    )
