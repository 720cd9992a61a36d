"""Judgements as questions to evaluate answers with, in the form that ``qa.evaluation.answers`` reads.

An answer that readers found right says by itself what a right answer shows; the others say only that a question was
asked, and need a person.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from qa.evaluation.datasets import half
from qa.feedback.store import Judgement

Row = dict[str, Any]


def evaluation_questions(judgements: Iterable[Judgement]) -> tuple[list[Row], list[Row]]:
    """Return the questions that readers found rightly answered, and those that a person has to complete.

    Judgements of one question, asked with the same filters, are one row. It is complete when all of them say ``right``:
    ``documents`` are those cited, ``proofs`` the cited spans, and ``keys`` the quotes, any of which an answer has to show; a
    silence that was right is a question of the type ``unanswerable``, with none of them. In the others ``keys`` and
    ``documents`` are ``None``, so that no figure can be made of them by mistake.
    """
    complete, others = [], []
    for judged in _by_question(judgements):
        if all(judgement.verdict == "right" for judgement in judged):
            complete.append(_complete(judged))
        else:
            others.append(_to_complete(judged))
    return complete, others


def _by_question(judgements: Iterable[Judgement]) -> list[list[Judgement]]:
    def key(judgement: Judgement) -> tuple[str, str, str]:
        words = " ".join(judgement.understood_as.split()).casefold()
        return words, judgement.language, repr(sorted(judgement.filters.items()))

    groups = [list(group) for _, group in groupby(sorted(judgements, key=key), key=key)]
    return sorted(groups, key=lambda group: group[0].id)


def _complete(judged: Sequence[Judgement]) -> Row:
    judgement = judged[-1]
    named = judgement.citations
    if judgement.citation is not None:  # the reader said which one it is that proves it
        named = named[judgement.citation - 1 : judgement.citation]
    proofs = [{name: cited[name] for name in ("document_id", "start", "end", "quote")} for cited in named]
    documents = list(dict.fromkeys(cited["document_id"] for cited in named))
    quotes = list(dict.fromkeys(cited["quote"] for cited in named))
    return {
        **_common(judged, documents),
        "type": "feedback" if named else "unanswerable",
        "keys": [quotes] if quotes else [],
        "documents": documents,
        "cross": bool(named) and judgement.language not in {cited["language"] for cited in named},
        "proofs": proofs,
    }


def _to_complete(judged: Sequence[Judgement]) -> Row:
    row = {**_common(judged, []), "type": "feedback", "keys": None, "documents": None, "cross": None, "proofs": None}
    return {**row, "judgements": [_said(judgement) for judgement in judged]}


def _said(judgement: Judgement) -> Row:
    cited = judgement.citations[judgement.citation - 1] if judgement.citation is not None else None
    return {
        "verdict": judgement.verdict, "time": judgement.time, "text": judgement.text,
        "citation": cited and {name: cited[name] for name in ("document_id", "start", "end", "quote")},
        "shown": [statement["text"] for statement in judgement.statements],
    }  # fmt: skip


def _common(judged: Sequence[Judgement], documents: Sequence[str]) -> Row:
    judgement = judged[0]
    # Questions that one document proves have one subject, and so are in one half, whoever asked them.
    subject = _slug(documents[0]) if documents else hashlib.sha256(judgement.understood_as.encode()).hexdigest()[:12]
    number = f"feedback/{subject}/{judgement.id}/{judgement.language}"
    filters = {"filters": judgement.filters} if judgement.filters else {}
    return {
        "id": number, "question": judgement.understood_as, "language": judgement.language, "half": half(number),
        "near_miss": False, **filters,
    }  # fmt: skip


def _slug(document_id: str) -> str:
    letters = unicodedata.normalize("NFKD", document_id).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters.rpartition(".")[0] or letters).strip("-")
