"""How often questions are answered rightly, and left unanswered rightly: the figures behind ``benchmarks/answers.py``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from qa.answering.verify import is_verbatim
from qa.assistant import PolicyQA
from qa.errors import SettingsError
from qa.languages import LANGUAGES
from qa.records import Answer, Document, Record


@dataclass(frozen=True, slots=True)
class AnswerRates(Record):
    """Shares in 0..1, over ``n`` questions; 0 where there are none of a kind.

    ``answered`` is the share of answerable questions that are answered, ``silent`` of unanswerable ones that are not,
    ``near_misses_silent`` of those of them that are on a subject of the corpus. ``key_same`` and ``key_across`` are the
    shares of answerable questions whose statements hold every key, by whether a document in the question's language
    proves it; ``proven`` those of answered ones with a key in a cited span. ``verbatim`` is the share of citations that
    are, to the letter, in their document. ``calibration_error`` is the expected one over ten equal bins of confidence in
    a right outcome being an answer, ``auroc`` how well confidence tells answerable from unanswerable questions.
    """

    n: int
    answered: float
    silent: float
    near_misses_silent: float
    key_same: float
    key_across: float
    proven: float
    verbatim: float
    calibration_error: float
    auroc: float
    key_by_type: dict[str, float]


def read_question_set(path: Path, *, half: str | None = None) -> list[dict[str, Any]]:
    """Return the rows of a question set, all or those of one ``half``: ``tuning`` or ``reporting``."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [row for row in rows if half is None or row["half"] == half]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one ``row`` of a question set.

    ``right`` says that the statements hold every key, ``proven`` that a key is in a cited span, and ``verbatim`` has, for
    each citation, whether it is to the letter in its document. An unanswerable question's answer is never right.
    """

    row: dict[str, Any]
    answered: bool
    confidence: float
    right: bool
    proven: bool
    verbatim: tuple[bool, ...]


def answer_outcomes(
    rows: Sequence[dict[str, Any]], ask: Callable[..., Answer], document: Callable[[str], Document]
) -> list[Outcome]:
    """Put each row's ``question`` to ``ask``, after its ``history`` and within its ``filters``, and compare with its ``keys``."""
    outcomes = []
    for row in rows:
        answer = ask(row["question"], history=row.get("history", ()), **row.get("filters", {}))
        shown = flat(" ".join(statement.text for statement in answer.statements))
        quotes = [citation for statement in answer.statements for citation in statement.citations]
        held = [any(flat(key) in shown for key in wording) for wording in row["keys"]]
        outcomes.append(Outcome(
            row, not answer.abstained, answer.confidence, bool(held) and all(held), any(held),
            tuple(is_verbatim(quote, document(quote.document_id)) for quote in quotes),
        ))  # fmt: skip
    return outcomes


def answer_rates(
    rows: Sequence[dict[str, Any]], ask: Callable[..., Answer], document: Callable[[str], Document]
) -> AnswerRates:
    """Put ``rows`` to ``ask`` and return how often it was right; ``document`` finds a document by id."""
    return rates(answer_outcomes(rows, ask, document))


def rates(outcomes: Sequence[Outcome]) -> AnswerRates:
    """Return the shares of ``outcomes``."""
    answerable = [outcome for outcome in outcomes if outcome.row["keys"]]
    unanswerable = [outcome for outcome in outcomes if not outcome.row["keys"]]
    types = sorted({outcome.row["type"] for outcome in answerable})
    return AnswerRates(
        n=len(outcomes),
        answered=_share(one.answered for one in answerable),
        silent=_share(not one.answered for one in unanswerable),
        near_misses_silent=_share(not one.answered for one in unanswerable if one.row["near_miss"]),
        key_same=_share(one.right for one in answerable if not one.row["cross"]),
        key_across=_share(one.right for one in answerable if one.row["cross"]),
        proven=_share(one.proven for one in answerable if one.answered),
        verbatim=_share(letter for one in outcomes for letter in one.verbatim),
        calibration_error=expected_calibration_error([(one.confidence, one.right) for one in outcomes]),
        auroc=auroc([one.confidence for one in answerable], [one.confidence for one in unanswerable]),
        key_by_type={name: _share(one.right for one in answerable if one.row["type"] == name) for name in types},
    )


def _with_fields(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        lacking = {"question", "keys", "language", "type", "cross", "near_miss"} - row.keys()
        if lacking:
            raise ValueError(f"a line lacks {', '.join(sorted(lacking))}")
    return rows


def evaluate_answers(path: Path, corpus: PolicyQA, *, half: str | None = None) -> dict[str, Any]:
    """Return how often ``corpus`` answers the question set in ``path`` rightly: all, and by language.

    Raises SettingsError when the file is no question set.
    """
    try:
        rows = _with_fields(read_question_set(path, half=half))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise SettingsError(
            f"{path} is not a question set ({error}): each line needs question, language, type, keys, cross and near_miss, as "
            "docs/feedback.md says."
        ) from error
    outcomes = answer_outcomes(rows, corpus.ask, corpus.document)
    by_language = {
        language: rates([one for one in outcomes if one.row["language"] == language]).to_dict()
        for language in LANGUAGES
    }
    return {"set": path.stem, **rates(outcomes).to_dict(), "languages": by_language}


def expected_calibration_error(sure: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return the mean gap between confidence and how often it was right, over equal bins (Guo et al., ICML 2017).

    >>> expected_calibration_error([(0.95, True), (0.95, True), (0.05, False)])
    0.05
    """
    edges = [number / bins for number in range(bins + 1)]
    total = 0.0
    for low, high in pairwise(edges):
        inside = [(c, right) for c, right in sure if low <= c < high or (high == 1.0 and c == 1.0)]
        if inside:
            total += abs(sum(c for c, _ in inside) - sum(right for _, right in inside))
    return round(total / max(len(sure), 1), 4)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return how likely one of ``positive`` is above one of ``negative``, ties counting a half.

    >>> auroc([0.9, 0.4], [0.5, 0.1])
    0.75
    """
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    return round(sum(pairs) / len(pairs), 4) if pairs else 0.0


def flat(text: str) -> str:
    """Return ``text`` in lower case with single plain spaces, to be compared.

    >>> flat("7\u202f000  Euros")
    '7 000 euros'
    """
    return " ".join(text.replace("\u2019", "'").split()).casefold()


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return round(sum(listed) / len(listed), 4) if listed else 0.0
