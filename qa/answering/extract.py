"""The sentences of the hits that answer a question, or none: no language model writes here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answering.asked import what_is_asked
from qa.answering.candidates import Candidate, find_candidates
from qa.answering.citations import cite
from qa.answering.confidence import THRESHOLD, confidence
from qa.answering.wanted import Wanted
from qa.embedding.model import Embedder
from qa.index.lexical import LexicalIndex
from qa.questions import Question
from qa.records import Document, Hit, Statement

MAX_STATEMENTS = 3
BESIDE = 4.0  # how far below the best the sentence may score that gives the figure which the best leaves out
MARGIN = 2.5  # a further sentence is shown only when it scores this close to the best


@dataclass(frozen=True, slots=True)
class Extraction:
    """The statements that answer, each quoting one sentence, and how sure that is, in 0..1.

    ``candidates`` are the sentences that were measured, best first.
    """

    statements: tuple[Statement, ...]
    confidence: float
    candidates: tuple[Candidate, ...] = ()


def extract(
    question: Question,
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
    lexical: LexicalIndex,
) -> Extraction:
    """Return the one to three sentences of ``hits`` that answer, or none below the threshold of confidence.

    ``document`` finds a document by id; ``lexical`` tells how much a term of a language says.
    """
    asked = what_is_asked(question.text)
    wanted = Wanted(question, lexical)
    candidates = find_candidates(question, asked, wanted, hits, document=document, embedder=embedder)
    if not candidates:
        return Extraction((), 0.0)
    best = candidates[0]
    figure = _beside(best, candidates)
    sure = confidence(best, misses_year=bool(asked.years) and best.passage_year != 1)
    if sure < THRESHOLD:
        return Extraction((), sure, tuple(candidates))
    chosen = [best] if figure is None else [best, figure]
    for candidate in candidates[1:]:
        if len(chosen) == MAX_STATEMENTS or candidate.score < best.score - MARGIN:
            break
        if not any(candidate.says_the_same(other) for other in chosen):
            chosen.append(candidate)
    return Extraction(tuple(_statement(candidate) for candidate in chosen), sure, tuple(candidates))


def _beside(best: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the sentence that gives the figure or date which the best one, of the same document, leaves out."""
    if best.kind >= 0:
        return None
    near = (
        c for c in candidates if c.kind > 0 and c.document.id == best.document.id and c.score >= best.score - BESIDE
    )
    return next(near, None)


def _statement(candidate: Candidate) -> Statement:
    return Statement(text=candidate.text, citations=(cite(candidate),))
