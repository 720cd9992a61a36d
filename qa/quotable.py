"""What of a passage an answer can quote: its sentences, and the text that each is embedded by."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from qa.records import Document
from qa.sentences import leaves_subject_open, sentence_spans

_LINES = re.compile(
    r"(?:\n[^\n]+){0,12}"
)  # shown with the sentence that announces a list, though the passage ends before

LONGEST_LIST = 1600  # characters: of a longer one the sentence that announces it is quoted, and its lines


def in_context(document: Document, start: int, end: int) -> str:
    """Return the span below its document's title: the text that a sentence is embedded by."""
    return f"{document.title}\n{document.text[start:end]}"


def quotable_spans(document: Document, start: int, end: int, *, with_subject: bool = True) -> Iterator[tuple[int, int]]:
    """Yield each sentence of a passage, ``document.text[start:end]``, but for headings and questions.

    One that announces a list takes its lines, up to ``LONGEST_LIST``; one whose subject is open takes the sentence before it along, unless
    ``with_subject`` is false.

    >>> text = "Le pôle est à Famars. Il a 110 membres. Combien sont petits ?"
    >>> [text[a:b] for a, b in quotable_spans(Document(id="a.md", title="Pôle", text=text), 0, len(text))]
    ['Le pôle est à Famars.', 'Le pôle est à Famars. Il a 110 membres.']
    """
    headings = {section.start for section in document.sections}
    text = document.text
    spans = [(start + first, start + last) for first, last in sentence_spans(text[start:end])]
    for index, (first, last) in enumerate(spans):
        sentence = text[first:last]
        if first in headings or sentence.endswith("?"):
            continue
        yield (
            _start_of_subject(text, spans[: index + 1], headings) if with_subject else first,
            _end_of_list(text, first, last) if sentence.endswith(":") else last,
        )


def _start_of_subject(text: str, spans: Sequence[tuple[int, int]], headings: Container[int]) -> int:
    """Return where the last of ``spans`` starts or, where it leaves its subject open, the sentence of the paragraph before it."""
    start, end = spans[-1]
    if len(spans) > 1 and leaves_subject_open(text[start:end]):
        before, before_end = spans[-2]
        if before not in headings and "\n" not in text[before_end:start]:
            return before
    return start


def _end_of_list(text: str, start: int, end: int) -> int:
    """Return where the lines below ``end`` stop, up to an empty one; or ``end``, where they are too many."""
    lines = _LINES.match(text, end)
    return lines.end() if lines and lines.end() - start <= LONGEST_LIST else end
