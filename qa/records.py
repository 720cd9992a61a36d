"""The records that flow through the package: frozen, typed, and one ``to_dict()`` away from JSON.

A position in a document is a pair of character offsets into ``Document.text``, ``start`` included and ``end``
not, as in ``text[start:end]``. A date is an ISO 8601 string as precise as the source is: ``2013``, ``2013-11`` or
``2013-11-14``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


class Record:
    """A record that can be written as JSON."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain dicts, lists, strings and numbers.

        >>> Source(key="S001", title="Plan automobile").to_dict()["title"]
        'Plan automobile'
        """
        return _plain(asdict(self))  # type: ignore[call-overload, no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Source(Record):
    """A public source that a document restates, under the ``key`` that its text cites it by."""

    key: str
    title: str = ""
    publisher: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Section(Record):
    """A heading of a document and where it starts; it reaches to the next one."""

    start: int
    title: str


@dataclass(frozen=True, slots=True)
class Document(Record):
    """One source of the corpus.

    ``id`` is the file's path from the corpus folder, with ``/``. What a file does not say and what cannot be told
    from it is ``None``. ``source_marks`` are ``(offset, key)`` pairs: the sentence that ends at ``offset`` is
    supported by the source ``key``. ``pages`` holds the offset at which each page starts; it is empty where the
    format has no pages. ``replaces`` is the id of the older document that this one supersedes, and ``also_at`` holds
    the ids of its exact copies, which are indexed once.
    """

    id: str
    title: str
    text: str
    kind: str | None = None
    language: str | None = None
    date: str | None = None
    region: str | None = None
    publisher: str | None = None
    url: str | None = None
    sources: tuple[Source, ...] = ()
    source_marks: tuple[tuple[int, str], ...] = ()
    sections: tuple[Section, ...] = ()
    pages: tuple[int, ...] = ()
    replaces: str | None = None
    also_at: tuple[str, ...] = ()

    def section_at(self, offset: int) -> str | None:
        r"""Return the heading above ``offset``, or ``None`` before the first one.

        >>> Document(id="a.md", title="A", text="Aides\n\nOui.", sections=(Section(0, "Aides"),)).section_at(8)
        'Aides'
        """
        index = bisect_right([section.start for section in self.sections], offset)
        return self.sections[index - 1].title if index else None

    def page_at(self, offset: int) -> int | None:
        """Return the page that ``offset`` is on, counted from 1, or ``None`` where there are no pages.

        >>> Document(id="a.pdf", title="A", text="Un. Deux.", pages=(0, 4)).page_at(5)
        2
        """
        return bisect_right(self.pages, offset) or None

    def sources_of(self, start: int, end: int) -> tuple[Source, ...]:
        """Return the sources marked in ``text[start:end]`` or, where none is, all of the document's."""
        keys = {key for offset, key in self.source_marks if start < offset <= end}
        return tuple(source for source in self.sources if source.key in keys) or self.sources


@dataclass(frozen=True, slots=True)
class Passage(Record):
    """A span of one document, cut at sentence ends: ``document.text[start:end] == text``.

    ``id`` is ``<document_id>#<start>-<end>``; ``page`` counts from 1.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    section: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """A passage that retrieval returned.

    ``rank`` counts from 1. ``score`` is how likely the passage is to answer, in 0..1, calibrated on public questions
    (``qa.retrieval.fusion``). ``scores`` holds what it was made of: ``dense`` (cosine), ``lexical`` (BM25 as a share of
    the most that any passage could score, in 0..1) and ``fused``, the weighted sum that hits are ordered by.
    ``superseded_by`` is the id of the document that replaces this one, and ``also_in`` holds the ids of documents
    that say the same and were left out for it.
    """

    rank: int
    score: float
    scores: dict[str, float]
    passage_id: str
    document_id: str
    title: str
    kind: str | None
    language: str | None
    date: str | None
    region: str | None
    publisher: str | None
    url: str | None
    section: str | None
    page: int | None
    start: int
    end: int
    text: str
    superseded_by: str | None = None
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """The span of a document that proves a statement: ``document.text[start:end] == quote``.

    ``answer_spans`` are the words inside it that answer, as offsets into the document's text. ``sources`` are the
    public sources behind this span and ``url`` the address of the first of them. ``superseded_by`` and ``also_in``
    are those of the hit that the quote was found in. ``translation`` is the quote in the answer's language, where it was
    asked for: a language model's, with the same figures and names, and no proof.
    """

    document_id: str
    title: str
    kind: str | None
    language: str | None
    date: str | None
    publisher: str | None
    region: str | None
    url: str | None
    page: int | None
    start: int
    end: int
    quote: str
    answer_spans: tuple[tuple[int, int], ...] = ()
    section: str | None = None
    sources: tuple[Source, ...] = ()
    superseded_by: str | None = None
    also_in: tuple[str, ...] = ()
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class Statement(Record):
    """One sentence of an answer, with what proves it."""

    text: str
    citations: tuple[Citation, ...]


Mode = Literal["extractive", "generated"]


@dataclass(frozen=True, slots=True)
class ModelUse(Record):
    """What a language model did for an answer, and what that took.

    ``outcome`` is ``written``, or why the answer is not its own: ``silent`` (it found none), ``unproven`` (nothing it wrote was
    proven), ``nonsense``, ``truncated``, ``timed_out``, ``rate_limited``, ``unreachable``, ``refused`` (its key or
    its name), ``rejected`` (the request) or ``failed``. ``kept`` counts the statements shown; ``dropped`` has, for each one left
    out, why (``qa.answering.generation.prompts.REASONS``), and never its words: they are unproven. ``cost`` is by the prices of the
    settings, where there are some. ``estimated`` says that some tokens are our own count.
    """

    name: str
    outcome: str
    kept: int = 0
    dropped: tuple[str, ...] = ()
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    cost: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """What the corpus says to a question, or that it says nothing.

    ``language`` is the question's, ``fr`` or ``en``, and that of ``reason``. ``confidence`` is in 0..1. When the
    corpus does not answer, ``abstained`` is true, ``statements`` is empty, ``reason`` says why and ``nearest`` holds
    the passages that came closest. ``generation`` names the build of the index that answered and ``seconds`` what
    each step took.

    ``mode`` says who wrote the statements: ``extractive`` ones are quotes, ``generated`` ones a language model's, proven
    by their quotes. ``model`` is what a language model did, where one was asked, and ``note`` what a reader should know of
    it: that something was left out, or that the documents' own sentences stand in its place.
    """

    question: str
    understood_as: str
    language: str
    statements: tuple[Statement, ...]
    confidence: float
    abstained: bool
    reason: str | None
    nearest: tuple[Hit, ...]
    generation: str
    seconds: dict[str, float] = field(default_factory=dict)
    mode: Mode = "extractive"
    note: str | None = None
    model: ModelUse | None = None

    @property
    def is_as_asked(self) -> bool:
        """Whether the question was understood as it was written."""
        return self.understood_as.split() == self.question.split()


Verdict = Literal["supported", "contradicted", "disputed", "not_found"]


@dataclass(frozen=True, slots=True)
class Claim(Record):
    """One claim of a text, and what the corpus says to it.

    ``expected`` is what the claim says, in its words, where one value decides; ``found`` what the sources say instead
    or as well, in theirs, parted by ``; ``. ``citations`` prove a verdict other than ``not_found``, their
    ``answer_spans`` mark the values, and ``nearest`` holds the passages that came closest to a claim not found.
    """

    text: str
    language: str
    verdict: Verdict
    expected: str | None = None
    found: str | None = None
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Check(Record):
    """The claims of a text, each with its verdict. ``language`` is that of the text."""

    text: str
    language: str
    claims: tuple[Claim, ...]
    generation: str
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def supported(self) -> bool:
        """Whether every claim is."""
        return all(claim.verdict == "supported" for claim in self.claims)
