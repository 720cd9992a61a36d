"""Which French terms an English one stands for, and the reverse: a question's words for both languages' passages.

The table is derived by ``training/lexicon.py`` from aligned sentences of laws, government pages and manuals; a glossary
written by hand adds words of car making and economic policy that those do not have.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import cache
from itertools import zip_longest
from pathlib import Path

from qa.index.analysis import terms, token_terms, tokens
from qa.index.lexical import Group

TABLE = Path(__file__).with_name("lexicon.tsv.gz")
GLOSSARY = Path(__file__).with_name("glossary.tsv")
BY_HAND = 0.67  # the share that a word's translations of the glossary take of its uses, where the table has others
AS_IT_IS = 0.3  # what a word weighs as it stands where it also has translations: most names are the same in both


@cache
def translations() -> dict[str, dict[str, dict[str, float]]]:
    """Return, by language, each term's translations into the other one with their shares of its uses, in 0..1.

    >>> [max(translations()["en"][term].items(), key=lambda item: item[1])[0] for term in ("vehicl", "cluster")]
    ['vehicul', 'pol']
    """
    english: dict[str, dict[str, float]] = {}
    french: dict[str, dict[str, float]] = {}
    with gzip.open(TABLE, "rt", encoding="utf-8") as file:
        for line in file:
            from_english, from_french, to_french, to_english = line.split("\t")
            english.setdefault(from_english, {})[from_french] = float(to_french)
            french.setdefault(from_french, {})[from_english] = float(to_english)
    by_hand: dict[str, dict[str, list[str]]] = {"en": {}, "fr": {}}
    for line in GLOSSARY.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            (from_english,), (from_french,) = (
                terms(word, language) for word, language in zip(line.split("\t"), ("en", "fr"), strict=True)
            )
            by_hand["en"].setdefault(from_english, []).append(from_french)
            by_hand["fr"].setdefault(from_french, []).append(from_english)
    for language, table in (("en", english), ("fr", french)):
        for term, others in by_hand[language].items():
            known = {other: share * (1 - BY_HAND) for other, share in table.get(term, {}).items()}
            table[term] = known | dict.fromkeys(others, (BY_HAND if known else 1.0) / len(others))
    return {"en": english, "fr": french}


def term_groups(
    question: str, question_language: str, language: str, *, holds: Callable[[str, str], bool]
) -> list[Group]:
    """Return what each term of ``question`` is looked up as among the passages of ``language``.

    In the question's own language a term stands for itself. In the other one it stands for its translations, whose
    weights add up to 1, and, where the index ``holds`` it, for itself; a term without translations, such as a name or a
    number, only for itself. There are as many groups in both languages, in the order of the question's terms.

    >>> [sorted(group) for group in term_groups("Quelles usines ?", "fr", "fr", holds=lambda term, language: True)]
    [['usin']]
    """
    groups: dict[str, Group] = {}
    for token in dict.fromkeys(tokens(question, question_language)):
        own = token_terms(token, question_language)
        if language == question_language:
            groups.update((term, {term: 1.0}) for term in own)
            continue
        there = token_terms(token, language)
        for term, same in zip_longest(own, there[: len(own)]):
            known = translations()[question_language].get(term)
            if known is None:
                groups[term] = {same or term: 1.0}
                continue
            total = sum(known.values())
            group = {translated: share / total for translated, share in known.items()}
            if same and same not in group and holds(same, language):
                group[same] = AS_IT_IS
            groups[term] = group
    return list(groups.values())
