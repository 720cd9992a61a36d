"""The sentences that could answer a question, and what is measured of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.answering.asked import Asked
from qa.answering.orders import is_under_orders
from qa.answering.wanted import Said, Wanted
from qa.embedding.model import Embedder
from qa.figures import find_figures
from qa.index.analysis import terms
from qa.languages import DEFAULT_LANGUAGE
from qa.questions import Question
from qa.quotable import in_context, quotable_spans
from qa.records import Document, Hit

# What orders the sentences: a logistic regression on the questions kept for tuning, whose sentences
# hold the answer or do not (training/answering.py). e5's cosines, squeezed between 0.75 and 0.95, have a large weight.
SIMILARITY, ACROSS = 29.94, 0.92  # a cosine across languages is short of one within a language
IN_TITLE, IN_SENTENCE, IN_PASSAGE = 0.23, 1.58, 2.31  # the question's words there
KIND, YEAR, RECENT = 0.97, 0.54, 1.82  # what kind of thing is asked for; the year; how late it is dated
READ = 0.36  # what the model says that reads question and sentence together: a logit
# Sentences that it reads, the best by the rest: with 8 one answer in two hundred gets lost, 12 find no more.
READ_TOGETHER = 10
UNREAD = -6.4  # the logit of the others: of what it reads a fifth is below
READ_CLOSELY = 64  # sentences compared by meaning, the best by their words: with 16 one answer in a hundred gets lost
_PASSAGE = 20.0  # what the passage's own cosine weighs in choosing them: of 15 to 30 the best on the tuning questions
_FRAGMENT = 4  # words that are hardly a sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a hit, with its measures; one whose subject is open takes the sentence before it along.

    ``similarity`` is its cosine with the question; ``in_title``, ``in_sentence`` and ``in_passage`` the shares of the
    question's terms, by rarity, in it and its title, in it alone, and in its passage, title and date; ``across`` whether
    it is in another language than the question. ``kind`` is 1 when it holds the figure, date, name or cause that is asked
    for, -1 when it does not, 0 where none is; ``year`` whether it, or else its title, names a year that is asked for (1),
    only others (-1), or none (0), and ``passage_year`` the same of its passage; ``recent`` how late its document
    is dated among the hits', in 0..1, where the question is how things are now; ``read`` is the logit of its answering, read
    together with the question. ``said`` tells which of the question's
    terms it and its title say.
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
    recent: float = 0.0
    read: float = UNREAD
    said: Said = ()

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def in_context(self) -> str:
        """The sentence below its document's title."""
        return in_context(self.document, self.start, self.end)

    @property
    def language(self) -> str:
        return self.document.language or DEFAULT_LANGUAGE

    @property
    def by_words(self) -> float:
        """What candidates are ordered by before they are embedded: higher is better."""
        words = IN_TITLE * self.in_title + IN_SENTENCE * self.in_sentence + IN_PASSAGE * self.in_passage
        return words + KIND * self.kind + YEAR * self.year + RECENT * self.recent

    @property
    def score(self) -> float:
        """What candidates are ordered by: higher is better."""
        return SIMILARITY * self.similarity + ACROSS * self.across + READ * self.read + self.by_words

    def overlaps(self, other: Candidate) -> bool:
        """Say whether both quote some of the same words of one document."""
        return self.document.id == other.document.id and self.start < other.end and other.start < self.end

    def says_the_same(self, other: Candidate) -> bool:
        """Say whether most words of the shorter sentence are in the longer one, with the same figures; across languages, whether
        both give the same figures.
        """
        if self.language != other.language and self.figures:
            return self.figures == other.figures
        ours, theirs = set(terms(self.text, self.language)), set(terms(other.text, other.language))
        return len(ours & theirs) > 0.6 * min(len(ours), len(theirs)) and not self.differs_in_figures(other)

    def differs_in_figures(self, other: Candidate) -> bool:
        """Say whether each gives a figure that the other does not."""
        return bool(self.figures - other.figures) and bool(other.figures - self.figures)

    @property
    def figures(self) -> set[str]:
        """The values of the sentence's amounts, shares and counts."""
        found = find_figures(self.text, self.language)
        return {figure.value for figure in found if figure.kind not in ("date", "ordinal", "reference")}


def find_candidates(
    question: Question,
    asked: Asked,
    wanted: Wanted,
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
    limit: int = READ_CLOSELY,
    claimed: bool = False,
) -> list[Candidate]:
    """Return the ``limit`` best sentences of ``hits``, measured, best first.

    The best of them are read together with the question, and one that leaves its subject open takes the sentence before it
    along; neither where the question is what is ``claimed``, which is compared with each sentence by itself.
    """
    surrounding = {hit.passage_id: around(hit) for hit in hits}
    covered = {
        hit.passage_id: wanted.coverage(surrounding[hit.passage_id], hit.language or DEFAULT_LANGUAGE) for hit in hits
    }
    newest = _recency(hits)
    by_words = []
    for candidate in _sentences(hits, document, with_subject=not claimed):
        if not claimed and repeats(question.text, candidate.text, candidate.language):
            continue
        said = wanted.said(candidate.in_context, candidate.language)
        measured = replace(
            candidate,
            in_title=math.fsum(said),
            in_sentence=wanted.coverage(candidate.text, candidate.language),
            in_passage=covered[candidate.hit.passage_id],
            across=candidate.language != question.language,
            kind=asked.kind_in(candidate.text, candidate.language),
            year=asked.year_agrees(candidate.text) or asked.year_agrees(candidate.document.title),
            passage_year=asked.year_agrees(surrounding[candidate.hit.passage_id]),
            said=said,
            recent=newest(candidate.document) if asked.now else 0.0,
        )
        by_words.append(measured)
    if not by_words:
        return []
    by_words.sort(key=lambda candidate: -candidate.by_words - _PASSAGE * candidate.hit.scores["dense"])
    closely = by_words[:limit]
    vector = embedder.encode_statements([question.text])[0]
    vectors = embedder.encode_passages([candidate.in_context for candidate in closely])
    found = [
        replace(candidate, similarity=float(similarity))
        for candidate, similarity in zip(closely, vectors @ vector, strict=True)
    ]
    found.sort(key=lambda candidate: -candidate.score)
    if claimed:
        return found
    first, others = found[:READ_TOGETHER], found[READ_TOGETHER:]
    logits = embedder.read(question.text, [candidate.in_context for candidate in first])
    read = [replace(candidate, read=float(logit)) for candidate, logit in zip(first, logits, strict=True)]
    return sorted(read + others, key=lambda candidate: -candidate.score)


def repeats(question: str, text: str, language: str) -> bool:
    """Say whether a text of a few words, such as an item of a list, says some of the question's and nothing else.

    >>> repeats("Quel est l'investissement d'ACC à Douvrin ?", "ACC à Douvrin.", "fr")
    True
    >>> repeats("Où est ACC ?", "ACC à Douvrin.", "fr")
    False
    """
    return len(text.split()) <= _FRAGMENT and set(terms(text, language)) < set(terms(question, language))


def _recency(hits: Sequence[Hit]) -> Callable[[Document], float]:
    """Return how late among the ``hits`` a document is dated: 0 for the earliest, 1 for the latest."""
    months = [_month(hit.date) for hit in hits if hit.date]
    first, last = min(months, default=0), max(months, default=0)

    def recency(document: Document) -> float:
        if not document.date or first == last:
            return 0.5
        return (_month(document.date) - first) / (last - first)

    return recency


def _month(date: str) -> int:
    """Return the number of a date's month; a year counts as its middle."""
    year, _, rest = date.partition("-")
    return 12 * int(year) + int(rest[:2] or 6)


def around(hit: Hit) -> str:
    """Return a passage below its document's title, with the document's date."""
    return f"{hit.title}\n{hit.text}\n{hit.date or ''}"


def _sentences(hits: Sequence[Hit], document: Callable[[str], Document], *, with_subject: bool) -> list[Candidate]:
    """Return what can be quoted of the hits, each once, but for orders to whoever writes answers."""
    seen: dict[tuple[str, int, int], Candidate] = {}
    for hit in hits:
        source = document(hit.document_id)
        for start, end in quotable_spans(source, hit.start, hit.end, with_subject=with_subject):
            if (source.id, start, end) not in seen and not is_under_orders(source.text, start, end):
                seen[source.id, start, end] = Candidate(source, hit, start, end)
    return list(seen.values())
