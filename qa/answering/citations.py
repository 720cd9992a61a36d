"""A sentence of a hit as the citation that quotes it."""

from __future__ import annotations

from qa.answering.candidates import Candidate
from qa.records import Citation


def cite(candidate: Candidate, *, answer_spans: tuple[tuple[int, int], ...] = ()) -> Citation:
    """Return the citation of ``candidate``, with its source's address; ``answer_spans`` are the words that answer."""
    source, start, end, hit = candidate.document, candidate.start, candidate.end, candidate.hit
    sources = source.sources_of(start, end)
    return Citation(
        document_id=source.id, title=source.title, kind=source.kind, language=source.language, date=source.date,
        publisher=source.publisher, region=source.region, url=sources[0].url if sources else source.url,
        page=source.page_at(start), start=start, end=end, quote=candidate.text, answer_spans=answer_spans,
        section=source.section_at(start), sources=sources, superseded_by=hit.superseded_by, also_in=hit.also_in,
    )  # fmt: skip
