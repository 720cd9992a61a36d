"""Which of the passages found are shown: the latest version, and one of several near-copies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from qa.filters import Filters
from qa.index.analysis import terms
from qa.index.reader import Generation
from qa.languages import DEFAULT_LANGUAGE
from qa.records import Document, Passage

_SAME = 0.8  # the share of terms that two passages of near-copies have in common to count as saying the same


@dataclass
class Shown:
    """A passage to show, with what replaces its document and the near-copies left out for it."""

    passage: Passage
    document: Document
    score: float
    scores: dict[str, float]
    superseded_by: str | None
    also_in: list[str] = field(default_factory=list)

    @cached_property
    def terms(self) -> set[str]:
        """The passage's terms, which each near-copy's passage is compared with."""
        return set(terms(self.passage.text, self.document.language or DEFAULT_LANGUAGE))


def current(
    found: Iterable[tuple[str, float, dict[str, float]]],
    *,
    generation: Generation,
    filters: Filters,
    k: int,
    years: Collection[str] = (),
) -> list[Shown]:
    """Return the first ``k`` of ``found`` without what a newer version or a near-copy says in its place.

    A document that another replaces is left out when that other, or one that replaces it in turn, passes the same
    filters: ``as_of`` an earlier day the older version counts, and says that it was superseded. It also counts when
    the question names the year that it is dated (``years``). Among near-copies
    the passage ranked first stands for those that say the same.
    """
    shown: list[Shown] = []
    groups: dict[str, list[Shown]] = {}
    for passage_id, score, scores in found:
        passage = generation.texts.passage(passage_id)
        group, newer = generation.texts.relations(passage.document_id)
        document = generation.texts.document(passage.document_id)
        of_that_year = document.date is not None and document.date[:4] in years
        if not of_that_year and any(filters.matches(version) for version in _versions_after(generation, document.id)):
            continue
        candidate = Shown(passage, document, score, scores, newer)
        twin = next((other for other in groups.get(group or "", ()) if _says_the_same(candidate, other)), None)
        if twin is not None:
            if passage.document_id not in twin.also_in:
                twin.also_in.append(passage.document_id)
            continue
        if len(shown) == k:
            break
        shown.append(candidate)
        if group is not None:
            groups.setdefault(group, []).append(candidate)
    return shown


def _versions_after(generation: Generation, document_id: str) -> Iterator[Document]:
    newer = generation.texts.relations(document_id)[1]
    while newer is not None:
        yield generation.texts.document(newer)
        newer = generation.texts.relations(newer)[1]


def _says_the_same(one: Shown, other: Shown) -> bool:
    if one.document.id == other.document.id:  # a document's own passages are no copies
        return False
    if one.passage.text == other.passage.text:  # as most do that say the same: no need to look for terms
        return True
    return len(one.terms & other.terms) >= _SAME * max(len(one.terms | other.terms), 1)
