"""A claim that a sentence would support, had it another name in the place of one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.claims import Claimed
from qa.answering.evidence import Evidence, renamed
from qa.answering.proper_names import names, people
from qa.index.lexical import LexicalIndex

_TRIED = 4  # sentences, the nearest first
_NEAR = 0.5  # how near such a sentence is to the claim with its name
_SAID_BY = re.compile(  # who says so is not who the claim is about
    r"\b(?:selon|d['’]après|according to)\s+[^,;.]*"
    r"|\b[A-ZÀ-Þ]\S*(?: [A-ZÀ-Þ]\S*)* (?:wrote|report(?:s|ed)|said|says|adds|added|counted|recalled)\b",
)


def other_names(
    claim: Claimed, evidence: Sequence[Evidence], lexical: LexicalIndex
) -> Iterator[tuple[str, Evidence, str]]:
    """Yield a name of ``claim``, a near sentence without it, and the name there that makes the claim true.

    A name of one word is only exchanged where the sentence gives the claim's figure: without one, many are near.
    """
    for name in names(claim.text, language=claim.language):
        for item in evidence[:_TRIED]:
            if name in item.candidate.text:
                continue
            for other in names(_SAID_BY.sub(" ", item.candidate.text), language=item.candidate.language):
                if other in claim.text or (" " in name) != (" " in other):
                    continue
                again = renamed(claim, item, name, other, lexical)
                if (
                    again.agrees
                    and again.nearness >= _NEAR
                    and (again.comparison.matched or name in people(claim.text))
                ):
                    yield name, item, other
