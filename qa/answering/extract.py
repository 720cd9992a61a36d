"""The sentences of the hits that answer a question, or none: no language model writes here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answering.answering_words import answering_words
from qa.answering.asked import Asked, what_is_asked
from qa.answering.attribute import Attribute
from qa.answering.candidates import Candidate, find_candidates
from qa.answering.citations import cite
from qa.answering.confidence import THRESHOLD, confidence, measures
from qa.answering.wanted import Said, Wanted
from qa.embedding.model import Embedder
from qa.index.lexical import LexicalIndex
from qa.questions import Question
from qa.records import Document, Hit, Statement

MAX_STATEMENTS = 3
# Scaled with the scores: of 0.65 to 1 times what they were the least that hold as many answers as any on the tuning half.
MARGIN = 2.25  # a further sentence is shown only when it scores this close to the best
CLOSE = 2.25  # and this close without what it gains
NEW_WORDS = 12.0  # what a sentence gains by saying words of the question that those chosen before it do not
OWN_LANGUAGE = 0.75  # how far below another the sentence may score that comes first, being in the question's language
BESIDE = 3.0  # how far below the best the sentence may score that gives the figure which the best leaves out


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
    attribute = Attribute(question, lexical)
    candidates = find_candidates(question, asked, wanted, hits, document=document, embedder=embedder)
    if not candidates:
        return Extraction((), 0.0)
    sure = confidence(measures(asked, wanted, attribute, candidates))
    if sure < THRESHOLD:
        return Extraction((), sure, tuple(candidates))
    return Extraction(tuple(_statement(candidate, asked) for candidate in choose(candidates)), sure, tuple(candidates))


def choose(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the one to three of ``candidates``, best first, that answer together.

    A sentence in the question's language comes before one that is hardly better. After the best come the sentence that
    gives the figure it leaves out, and those nearly as good that say something else: other words of the question, or
    another figure.
    """
    best = max(candidates, key=lambda candidate: candidate.score - OWN_LANGUAGE * candidate.across)
    figure = _beside(best, candidates)
    chosen = [best] if figure is None else [best, figure]
    while len(chosen) < MAX_STATEMENTS:
        said = tuple(max(each) for each in zip(*(candidate.said for candidate in chosen), strict=True))
        others = [
            (candidate.score + NEW_WORDS * _gain(candidate.said, said), candidate)
            for candidate in candidates
            if candidate.kind >= best.kind
            and candidate.year >= best.year
            and candidate.score >= best.score - CLOSE
            and not any(candidate.overlaps(other) or candidate.says_the_same(other) for other in chosen)
        ]
        score, another = max(others, key=lambda other: other[0], default=(-math.inf, best))
        if score < best.score - MARGIN:
            break
        chosen.append(another)
    return sorted(chosen, key=lambda candidate: best.across and not _says_it_here(candidate, best))


def _says_it_here(candidate: Candidate, best: Candidate) -> bool:
    """Say whether ``candidate`` gives the figures of the best sentence in the question's language: then it comes first."""
    return not candidate.across and bool(best.figures & candidate.figures) and not candidate.differs_in_figures(best)


def _gain(said: Said, already: Said) -> float:
    return sum(max(ours - theirs, 0.0) for ours, theirs in zip(said, already, strict=True))


def _beside(best: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the sentence that gives the figure or date which the best one, of the same document, leaves out."""
    if best.kind >= 0:
        return None
    near = (
        c for c in candidates
        if c.kind > 0 and c.document.id == best.document.id and c.score >= best.score - BESIDE and not c.overlaps(best)
    )  # fmt: skip
    return next(near, None)


def _statement(candidate: Candidate, asked: Asked) -> Statement:
    spans = tuple(
        (candidate.start + start, candidate.start + end)
        for start, end in answering_words(asked, candidate.text, candidate.language)
    )
    return Statement(text=candidate.text, citations=(cite(candidate, answer_spans=spans),))
