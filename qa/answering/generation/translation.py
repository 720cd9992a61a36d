"""A quote in the asker's language, beside the original: a language model's, checked, and marked as a translation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answering.generation.calls import Calls
from qa.answering.generation.failures import CallFailed
from qa.answering.generation.names import missing_names
from qa.answering.generation.prompts import new_fence, translation_prompt
from qa.answering.generation.sentence import MARKUP, is_in_language
from qa.answering.opposites import denies
from qa.answering.orders import gives_orders
from qa.answering.same_figures import gives
from qa.answering.wanted import Wanted
from qa.figures import find_figures
from qa.index.lexical import LexicalIndex
from qa.languages import DEFAULT_LANGUAGE
from qa.questions import Question
from qa.records import Citation, Statement

_MOST = 8  # quotes of one answer
_LONGEST = 1500  # characters of a quote
_LINE = re.compile(r"^\W{0,3}\[(\d{1,2})\]\W{0,3}\s*(.+)$")
_SHORTEST_SHARE, _LONGEST_SHARE = 0.5, 2.0  # of the quote's length
_HELD = 0.35  # share of the translation's words that the quote has, as far as the table of words knows them


def with_translations(
    statements: Sequence[Statement], language: str, calls: Calls, lexical: LexicalIndex
) -> tuple[Statement, ...]:
    """Return ``statements`` with a ``translation`` on each citation in another language that could be translated."""
    quotes = list(dict.fromkeys(
        (citation.quote, citation.language)
        for statement in statements
        for citation in statement.citations
        if citation.language not in (None, language) and len(citation.quote) <= _LONGEST
    ))[:_MOST]  # fmt: skip
    if not quotes:
        return tuple(statements)
    try:
        text = calls.whole(translation_prompt([" ".join(q.split()) for q, _ in quotes], language, new_fence()))
    except CallFailed:
        return tuple(statements)
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and 1 <= int(match[1]) <= len(quotes):
            quote, its = quotes[int(match[1]) - 1]
            if is_faithful(match[2].strip(), language, quote, its or DEFAULT_LANGUAGE, lexical):
                found.setdefault(quote, match[2].strip())
    return tuple(
        replace(statement, citations=tuple(_with(citation, found) for citation in statement.citations))
        for statement in statements
    )


def is_faithful(text: str, language: str, quote: str, its_language: str, lexical: LexicalIndex) -> bool:
    """Say whether ``text`` can be ``quote`` in ``language``: the same figures, both ways, its names and denials, its words."""
    if not _SHORTEST_SHARE * len(quote) <= len(text) <= _LONGEST_SHARE * len(quote) + 20 or not text.isprintable():
        return False
    ours, theirs = find_figures(text, language), find_figures(quote, its_language)
    return (
        not MARKUP.search(text)
        and not gives_orders(text)
        and is_in_language(text, language)
        and all(gives(theirs, figure) for figure in ours)
        and all(gives(ours, figure) for figure in theirs)
        and not missing_names(text, language, [(quote, its_language)])
        and denies(text) == denies(quote)
        and Wanted(Question(text, language), lexical).coverage(quote, its_language) >= _HELD
    )


def _with(citation: Citation, found: dict[str, str]) -> Citation:
    return replace(citation, translation=found[citation.quote]) if citation.quote in found else citation
