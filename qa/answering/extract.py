"""The sentences of the hits that answer a question, or none: no language model writes here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answering.confidence import Evidence, confidence
from qa.embedding.model import Embedder
from qa.index.analysis import terms
from qa.languages import DEFAULT_LANGUAGE
from qa.questions import Question
from qa.records import Citation, Document, Hit, Statement
from qa.sentences import sentence_spans

MAX_STATEMENTS = 3
COVERAGE_WEIGHT = 0.15  # how much the question's words in a sentence count beside its cosine
MARGIN = 0.02  # a further sentence is shown only when it scores this close to the best
MAX_LIST_ITEMS = 12  # lines shown with a sentence that announces a list


@dataclass(frozen=True, slots=True)
class Extraction:
    """The statements that answer, each quoting one sentence, and how sure that is, in 0..1."""

    statements: tuple[Statement, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    document: Document
    hit: Hit
    start: int
    end: int
    similarity: float = 0.0
    coverage: float = 0.0

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def score(self) -> float:
        return self.similarity + COVERAGE_WEIGHT * self.coverage


def extract(
    asked: Question,
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
    rarity: Callable[[str, str], float],
) -> Extraction:
    """Return the one to three sentences of ``hits`` that answer ``asked``, or none below the threshold of confidence.

    ``document`` finds a document by id; ``rarity`` is how much a term of a language says (its inverse document
    frequency).
    """
    candidates = _scored(asked, list(_sentences(hits, document)), embedder, rarity)
    if not candidates:
        return Extraction((), 0.0)
    best = candidates[0]
    sure = confidence(_evidence(asked, best, rarity))
    if not sure.answers:
        return Extraction((), sure.value)
    chosen = [best]
    for candidate in candidates[1:]:
        if len(chosen) == MAX_STATEMENTS or candidate.score < best.score - MARGIN:
            break
        if not any(_says_the_same(candidate, other) for other in chosen):
            chosen.append(candidate)
    return Extraction(tuple(_statement(candidate) for candidate in chosen), sure.value)


def _sentences(hits: Sequence[Hit], document: Callable[[str], Document]) -> list[_Candidate]:
    """Return each sentence of the hits once, but for headings and questions; one that announces a list takes its lines with it."""
    seen: dict[tuple[str, int], _Candidate] = {}
    for hit in hits:
        source = document(hit.document_id)
        headings = {section.start for section in source.sections}
        spans = [(hit.start + start, hit.start + end) for start, end in sentence_spans(hit.text)]
        for index, (start, end) in enumerate(spans):
            if start in headings or (source.id, start) in seen or source.text[start:end].endswith("?"):
                continue
            announces = source.text[start:end].endswith(":")
            last = _end_of_list(source.text, end, spans[index + 1 :]) if announces else end
            seen[source.id, start] = _Candidate(source, hit, start, last)
    return list(seen.values())


def _end_of_list(text: str, end: int, following: Sequence[tuple[int, int]]) -> int:
    for start, stop in following[:MAX_LIST_ITEMS]:
        if text[end:start] != "\n" and (text[end:start].strip(" ") or "\n\n" in text[end:start]):
            break
        end = stop
    return end


def _scored(
    asked: Question, candidates: list[_Candidate], embedder: Embedder, rarity: Callable[[str, str], float]
) -> list[_Candidate]:
    """Return the candidates with their similarity and coverage, best first."""
    if not candidates:
        return []
    question = embedder.encode_queries([asked.text])[0]
    vectors = embedder.encode_passages([f"{candidate.document.title}\n{candidate.text}" for candidate in candidates])
    scored = [
        _Candidate(
            candidate.document, candidate.hit, candidate.start, candidate.end, similarity=float(similarity),
            coverage=coverage(asked.text, f"{candidate.document.title}\n{candidate.text}", _language(candidate), rarity),
        )
        for candidate, similarity in zip(candidates, vectors @ question, strict=True)
    ]  # fmt: skip
    return sorted(scored, key=lambda candidate: -candidate.score)


def coverage(question: str, text: str, language: str, rarity: Callable[[str, str], float]) -> float:
    """Return the share of the question's terms that stand in ``text``, each weighted by how rare it is, in 0..1."""
    wanted = {term: rarity(term, language) for term in terms(question, language)}
    total = math.fsum(wanted.values())
    present = set(terms(text, language))
    return math.fsum(weight for term, weight in wanted.items() if term in present) / total if total else 0.0


def _evidence(asked: Question, best: _Candidate, rarity: Callable[[str, str], float]) -> Evidence:
    return Evidence(
        similarity=best.similarity,
        coverage=coverage(asked.text, f"{best.document.title}\n{best.hit.text}", _language(best), rarity),
        same_language=best.document.language == asked.language,
    )


def _language(candidate: _Candidate) -> str:
    return candidate.document.language or DEFAULT_LANGUAGE


def _says_the_same(one: _Candidate, other: _Candidate) -> bool:
    words = set(terms(one.text, _language(one))), set(terms(other.text, _language(other)))
    return len(words[0] & words[1]) > 0.6 * min(len(words[0]), len(words[1]))


def _statement(candidate: _Candidate) -> Statement:
    source, start, end, hit = candidate.document, candidate.start, candidate.end, candidate.hit
    sources = source.sources_of(start, end)
    citation = Citation(
        document_id=source.id, title=source.title, kind=source.kind, language=source.language, date=source.date,
        publisher=source.publisher, region=source.region, url=sources[0].url if sources else source.url,
        page=source.page_at(start), start=start, end=end, quote=candidate.text, section=source.section_at(start),
        sources=sources, superseded_by=hit.superseded_by, also_in=hit.also_in,
    )  # fmt: skip
    return Statement(text=candidate.text, citations=(citation,))
