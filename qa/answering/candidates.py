"""The sentences that could answer a question, and what is measured of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.answering.asked import Asked
from qa.embedding.model import Embedder
from qa.index.analysis import terms
from qa.languages import DEFAULT_LANGUAGE
from qa.records import Document, Hit
from qa.sentences import sentence_spans

COVERAGE_WEIGHT = 0.15  # what the question's words in a sentence count beside its cosine
YEAR_WEIGHT = 0.03  # what the right or the wrong year counts
KIND_WEIGHT = 0.05  # what it costs to hold no figure, or no date, where one is asked for
MAX_LIST_ITEMS = 12  # lines shown with a sentence that announces a list

Rarity = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a hit, with its measures.

    ``similarity`` is its cosine with the question, ``coverage`` the share of the question's terms in it and its
    title, by rarity. ``holds_kind`` says whether it holds the figure or date that is asked for, ``year`` whether it,
    or else its title, names a year that is asked for (1), only others (-1), or none (0).
    """

    document: Document
    hit: Hit
    start: int
    end: int
    similarity: float = 0.0
    coverage: float = 0.0
    holds_kind: bool = True
    year: int = 0

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def language(self) -> str:
        return self.document.language or DEFAULT_LANGUAGE

    @property
    def score(self) -> float:
        """What candidates are ordered by: higher is better."""
        fit = YEAR_WEIGHT * self.year - (0.0 if self.holds_kind else KIND_WEIGHT)
        return self.similarity + COVERAGE_WEIGHT * self.coverage + fit

    def says_the_same(self, other: Candidate) -> bool:
        """Say whether most words of the shorter sentence are in the longer one."""
        ours, theirs = set(terms(self.text, self.language)), set(terms(other.text, other.language))
        return len(ours & theirs) > 0.6 * min(len(ours), len(theirs))


def find_candidates(
    question: str,
    asked: Asked,
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
    rarity: Rarity,
) -> list[Candidate]:
    """Return the sentences of ``hits``, measured, best first."""
    found = _sentences(hits, document)
    if not found:
        return []
    vector = embedder.encode_queries([question])[0]
    vectors = embedder.encode_passages([_in_context(candidate) for candidate in found])
    measured = (
        replace(
            candidate,
            similarity=float(similarity),
            coverage=coverage(question, _in_context(candidate), candidate.language, rarity),
            holds_kind=asked.in_its_words(candidate.text),
            year=asked.year_agrees(candidate.text) or asked.year_agrees(candidate.document.title),
        )
        for candidate, similarity in zip(found, vectors @ vector, strict=True)
    )
    return sorted(measured, key=lambda candidate: -candidate.score)


def coverage(question: str, text: str, language: str, rarity: Rarity) -> float:
    """Return the share of the question's terms that stand in ``text``, each weighted by how rare it is, in 0..1."""
    wanted = {term: rarity(term, language) for term in terms(question, language)}
    total = math.fsum(wanted.values())
    present = set(terms(text, language))
    return math.fsum(weight for term, weight in wanted.items() if term in present) / total if total else 0.0


def _in_context(candidate: Candidate) -> str:
    return f"{candidate.document.title}\n{candidate.text}"


def _sentences(hits: Sequence[Hit], document: Callable[[str], Document]) -> list[Candidate]:
    """Return each sentence of the hits once, but for headings and questions; one that announces a list takes its lines."""
    seen: dict[tuple[str, int], Candidate] = {}
    for hit in hits:
        source = document(hit.document_id)
        headings = {section.start for section in source.sections}
        spans = [(hit.start + start, hit.start + end) for start, end in sentence_spans(hit.text)]
        for index, (start, end) in enumerate(spans):
            sentence = source.text[start:end]
            if start in headings or (source.id, start) in seen or sentence.endswith("?"):
                continue
            last = _end_of_list(source.text, end, spans[index + 1 :]) if sentence.endswith(":") else end
            seen[source.id, start] = Candidate(source, hit, start, last)
    return list(seen.values())


def _end_of_list(text: str, end: int, following: Sequence[tuple[int, int]]) -> int:
    """Return where the lines below a sentence end: those that only a line's end parts from it."""
    for start, stop in following[:MAX_LIST_ITEMS]:
        if "\n\n" in text[end:start]:
            break
        end = stop
    return end
