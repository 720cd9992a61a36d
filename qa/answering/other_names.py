"""A claim that a sentence would support, had it another name in the place of one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.claims import Claimed
from qa.answering.evidence import Evidence, renamed
from qa.answering.proper_names import names, people, without_figures
from qa.index.lexical import LexicalIndex

_TRIED = 4  # sentences, the nearest first
_NEAR = 0.5  # how near such a sentence is to the claim with its name
_SURELY_NEAR = 1.5  # and where neither a figure nor a date tells that both speak of the same: any post has a holder
_SAID_BY = re.compile(  # who says so is not who the claim is about
    r"\b(?:selon|d['’]après|according to)\s+[^,;.]*"
    r"|\b[A-ZÀ-Þ]\S*(?: [A-ZÀ-Þ]\S*)* (?:wrote|report(?:s|ed)|said|says|adds|added|counted|recalled)\b",
)


def other_names(
    claim: Claimed, evidence: Sequence[Evidence], lexical: LexicalIndex
) -> Iterator[tuple[str, Evidence, str]]:
    """Yield a name of ``claim``, a near sentence without it, and the name there that makes the claim true.

    A name of one word is only exchanged in its own language, for the only other one, and where the sentence gives the
    claim's figure: abbreviations are translated, and without a figure many sentences are near.
    """
    for name in _names(claim.text, claim.language):
        for item in evidence[:_TRIED]:
            sentence, language = item.candidate.text, item.candidate.language
            if name in sentence:
                continue
            new = [other for other in _names(sentence, language) if other not in claim.text]
            for other in new:
                if (" " in name) != (" " in other):
                    continue
                again = renamed(claim, item, name, other, lexical)
                unmistakable = len(new) == 1 and item.same_language and again.comparison.matched
                told = again.comparison
                about = bool(told.matched or told.dates_matched) or again.nearness >= _SURELY_NEAR
                if (
                    again.agrees
                    and again.nearness >= _NEAR
                    and (unmistakable or (about and name in people(claim.text, language=claim.language)))
                ):
                    yield name, item, other


def _names(text: str, language: str) -> list[str]:
    """Return the names in ``text`` but for months, currencies and those who say so."""
    return names(without_figures(_SAID_BY.sub(" ", text), language), language=language)
