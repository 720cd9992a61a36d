"""Words of a passage that a model quoted, found there, with what stands around them."""

from __future__ import annotations

from dataclasses import dataclass

from qa.figures import find_figures
from qa.languages import DEFAULT_LANGUAGE
from qa.records import Document, Hit
from qa.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class Quote:
    """``document.text[start:end]``, in the passage ``hit``."""

    document: Document
    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def language(self) -> str:
        return self.document.language or DEFAULT_LANGUAGE

    @property
    def in_context(self) -> str:
        """The quote with its document's title and date and its section."""
        source = self.document
        return f"{source.title}\n{source.section_at(self.start) or ''}\n{self.text}\n{source.date or ''}"

    @property
    def since_sentence_start(self) -> str:
        """The quote with what stands before it in its sentence: "did not" turns it round."""
        first = max((first for first, _ in self._sentences() if first <= self.start), default=self.start)
        return self.document.text[first : self.end]

    @property
    def is_whole(self) -> bool:
        """Whether it is one or more whole sentences of the passage."""
        spans = self._sentences()
        return any(self.start == first for first, _ in spans) and any(self.end == last for _, last in spans)

    @property
    def cuts_a_figure(self) -> bool:
        """Whether an end of it is inside a figure: « 500 euros » is no quote from « 1 500 euros »."""
        ends = (self.start - self.hit.start, self.end - self.hit.start)
        figures = find_figures(self.hit.text, self.language)
        return any(figure.start < place < figure.end for figure in figures for place in ends)

    def _sentences(self) -> list[tuple[int, int]]:
        return [(self.hit.start + first, self.hit.start + last) for first, last in sentence_spans(self.hit.text)]
