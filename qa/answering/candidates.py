"""The sentences that could answer a question, and what is measured of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.answering.asked import Asked
from qa.answering.orders import is_under_orders
from qa.answering.wanted import Wanted
from qa.embedding.model import Embedder
from qa.index.analysis import terms
from qa.languages import DEFAULT_LANGUAGE
from qa.questions import Question
from qa.records import Document, Hit
from qa.sentences import sentence_spans

# What orders the sentences: a logistic regression on the questions kept for tuning, whose sentences
# hold the answer or do not (training/answering.py). e5's cosines, squeezed between 0.75 and 0.95, have a large weight.
SIMILARITY, ACROSS = 56.21, 2.36  # a cosine across languages is short of one within a language
IN_TITLE, IN_SENTENCE, IN_PASSAGE = -0.4, 4.08, 5.69  # the question's words there
KIND, YEAR = 0.98, 0.93  # the figure, date or person that is asked for; the year
MAX_LIST_ITEMS = 12  # lines shown with a sentence that announces a list


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a hit, with its measures.

    ``similarity`` is its cosine with the question; ``in_title``, ``in_sentence`` and ``in_passage`` the shares of the
    question's terms, by rarity, in it and its title, in it alone, and in its passage, title and date; ``across`` whether
    it is in another language than the question. ``kind`` is 1 when it holds the figure, date or person that is asked
    for, -1 when it does not, 0 where none is; ``year`` whether it, or else its title, names a year that is asked for (1),
    only others (-1), or none (0), and ``passage_year`` the same of its passage.
    """

    document: Document
    hit: Hit
    start: int
    end: int
    similarity: float = 0.0
    in_title: float = 0.0
    in_sentence: float = 0.0
    in_passage: float = 0.0
    across: bool = False
    kind: int = 0
    year: int = 0
    passage_year: int = 0

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def language(self) -> str:
        return self.document.language or DEFAULT_LANGUAGE

    @property
    def score(self) -> float:
        """What candidates are ordered by: higher is better."""
        words = IN_TITLE * self.in_title + IN_SENTENCE * self.in_sentence + IN_PASSAGE * self.in_passage
        return SIMILARITY * self.similarity + ACROSS * self.across + words + KIND * self.kind + YEAR * self.year

    def says_the_same(self, other: Candidate) -> bool:
        """Say whether most words of the shorter sentence are in the longer one."""
        ours, theirs = set(terms(self.text, self.language)), set(terms(other.text, other.language))
        return len(ours & theirs) > 0.6 * min(len(ours), len(theirs))


def find_candidates(
    question: Question,
    asked: Asked,
    wanted: Wanted,
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
) -> list[Candidate]:
    """Return the sentences of ``hits``, measured, best first."""
    found = _sentences(hits, document)
    if not found:
        return []
    vector = embedder.encode_queries([question.text])[0]
    vectors = embedder.encode_passages([_in_context(candidate) for candidate in found])
    around = {hit.passage_id: f"{hit.title}\n{hit.text}\n{hit.date or ''}" for hit in hits}
    covered = {
        hit.passage_id: wanted.coverage(around[hit.passage_id], hit.language or DEFAULT_LANGUAGE) for hit in hits
    }
    measured = (
        replace(
            candidate,
            similarity=float(similarity),
            in_title=wanted.coverage(_in_context(candidate), candidate.language),
            in_sentence=wanted.coverage(candidate.text, candidate.language),
            in_passage=covered[candidate.hit.passage_id],
            across=candidate.language != question.language,
            kind=asked.kind_in(candidate.text),
            year=asked.year_agrees(candidate.text) or asked.year_agrees(candidate.document.title),
            passage_year=asked.year_agrees(around[candidate.hit.passage_id]),
        )
        for candidate, similarity in zip(found, vectors @ vector, strict=True)
    )
    return sorted(measured, key=lambda candidate: -candidate.score)


def _in_context(candidate: Candidate) -> str:
    return f"{candidate.document.title}\n{candidate.text}"


def _sentences(hits: Sequence[Hit], document: Callable[[str], Document]) -> list[Candidate]:
    """Return each sentence of the hits once, but for headings, questions and orders to whoever writes answers.

    One that announces a list takes its lines.
    """
    seen: dict[tuple[str, int], Candidate] = {}
    for hit in hits:
        source = document(hit.document_id)
        headings = {section.start for section in source.sections}
        spans = [(hit.start + start, hit.start + end) for start, end in sentence_spans(hit.text)]
        for index, (start, end) in enumerate(spans):
            sentence = source.text[start:end]
            if start in headings or (source.id, start) in seen or sentence.endswith("?"):
                continue
            if is_under_orders(source.text, start, end):
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
