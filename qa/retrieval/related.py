"""Which words a text says where a question asks in another: *guilty* and *contravenes* where it asks for offences.

``training/related.py`` derives the table from marginal notes of laws with the sections that they stand beside, within
French and English and across the two.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path

from qa.index.lexical import Group
from qa.retrieval.lexicon import term_groups

TABLE = Path(__file__).with_name("related.tsv.gz")
WEIGHT = 2.0  # of a related word's share against a word that stands as it was asked: docs/benchmarks.md

Related = dict[str, dict[str, float]]


@cache
def related_words() -> dict[tuple[str, str], Related]:
    """Return, by the languages of a question and a text, a question's terms with the text's terms and their shares in 0..1.

    >>> related_words()["en", "fr"]["penalti"]["passibl"]
    0.292
    """
    tables: dict[tuple[str, str], Related] = {}
    with gzip.open(TABLE, "rt", encoding="utf-8") as file:
        for line in file:
            asked, said, term, other, share = line.rstrip("\n").split("\t")
            tables.setdefault((asked, said), {}).setdefault(term, {})[other] = float(share)
    return tables


def searched_groups(
    question: str, question_language: str, language: str, *, holds: Callable[[str, str], bool]
) -> list[Group]:
    """Return ``qa.retrieval.lexicon.term_groups``, each with the words of ``language`` that are related to its term.

    >>> [group] = searched_groups("Offences", "en", "en", holds=lambda term, language: True)
    >>> sorted(group, key=group.__getitem__, reverse=True)[:3]
    ['offenc', 'guilti', 'commit']
    """
    groups = term_groups(question, question_language, language, holds=holds)
    terms = [next(iter(group)) for group in term_groups(question, question_language, question_language, holds=holds)]
    table = related_words()[question_language, language]
    return [
        {**group, **{other: max(group.get(other, 0.0), WEIGHT * share) for other, share in table.get(term, {}).items()}}
        for term, group in zip(terms, groups, strict=True)
    ]
