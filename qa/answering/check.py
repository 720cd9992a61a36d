"""Whether the documents support a claim, contradict it, differ over it, or do not speak of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from qa.answering.citations import cite
from qa.answering.claims import Claimed
from qa.answering.comparison import people
from qa.answering.evidence import PLAIN_ACROSS, Evidence, gather
from qa.answering.verify import is_verbatim
from qa.embedding.model import Embedder
from qa.figures import find_figures
from qa.index.lexical import LexicalIndex
from qa.records import Citation, Claim, Document, Hit, Verdict

READ_HITS = 8  # passages whose sentences are compared
_NEAREST = 3
_NAMES_TRIED = 3  # sentences whose names are tried in place of the claimed one
_SHOWN = 3  # citations of one verdict
_FEWEST, _MOST = Decimal("0.2"), 5  # how much sources that differ over one figure differ; more is another thing


def check_claim(
    claim: Claimed,
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
    lexical: LexicalIndex,
) -> Claim:
    """Return what ``hits`` say to the claim; every citation has been compared with its document to the letter."""
    evidence = gather(claim, hits, document=document, embedder=embedder, lexical=lexical)
    verdict, deciding = judge(evidence)
    if verdict == "not_found":
        renamed = _another_name(claim, evidence, hits, document=document, embedder=embedder, lexical=lexical)
        if renamed is not None:
            return renamed
    citations = [citation for item in deciding[:_SHOWN] if (citation := _citation(item)) is not None]
    if verdict == "not_found" or not citations:
        return Claim(
            claim.text, claim.language, "not_found", expected=_expected(claim, evidence), nearest=tuple(hits[:_NEAREST])
        )
    return Claim(
        claim.text, claim.language, verdict, expected=_expected(claim, deciding),
        found=_found(deciding[:_SHOWN]), citations=tuple(citations),
    )  # fmt: skip


def _another_name(
    claim: Claimed,
    evidence: Sequence[Evidence],
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
    lexical: LexicalIndex,
) -> Claim | None:
    """Return the claim as contradicted when it would be supported with a name that a near sentence has instead."""
    for name in people(claim.text):
        if any(name in item.candidate.hit.text for item in evidence):
            continue
        near = [item for item in evidence if people(item.candidate.text)][:_NAMES_TRIED]
        for other in dict.fromkeys(other for item in near for other in people(item.candidate.text)):
            if other in claim.text:
                continue
            again = Claimed(claim.text.replace(name, other), claim.language, claim.before)
            only = [hit for hit in hits if other in hit.text]
            proof = [
                item
                for item in gather(again, only, document=document, embedder=embedder, lexical=lexical)
                if item.supports and other in item.candidate.text
            ]
            if proof and proof[0].nearness >= PLAIN_ACROSS:
                start = proof[0].candidate.start + proof[0].candidate.text.index(other)
                citation = cite(proof[0].candidate, answer_spans=((start, start + len(other)),))
                if is_verbatim(citation, proof[0].candidate.document):
                    return Claim(claim.text, claim.language, "contradicted", name, other, (citation,))
    return None


def judge(evidence: Sequence[Evidence]) -> tuple[Verdict, list[Evidence]]:
    """Return the verdict and the sentences that decide it, nearest first."""
    supporting = [item for item in evidence if item.supports]
    contradicting = [item for item in evidence if item.contradicts and not _of_something_else(item, evidence)]
    if supporting:
        against = [item for item in contradicting if _differs_from(item, supporting)]
        if against:
            return "disputed", [supporting[0], *against]
        return "supported", _one_each(supporting)
    if contradicting:
        nearest = contradicting[0]
        same = [item for item in contradicting if _values(item) == _values(nearest)]
        return "contradicted", _one_each(same)
    return "not_found", []


def _differs_from(item: Evidence, supporting: Sequence[Evidence]) -> bool:
    """Say whether a sentence speaks of the very same thing as those that support, in another document, otherwise."""
    best = max(supporting, key=lambda other: other.nearness)
    backers = {other.candidate.document.id for other in supporting}
    return (
        item.candidate.document.id not in backers
        and item.nearness >= best.nearness - 0.5
        and item.comparison.polarity
        and _alike(item)
    )


def _alike(item: Evidence) -> bool:
    """Say whether the two values could be estimates of one thing."""
    return any(
        _FEWEST <= Decimal(figure.value) / Decimal(claimed.value) <= _MOST
        for claimed, figures in item.comparison.others
        for figure in figures
        if claimed.kind != "reference" and Decimal(claimed.value)
    )


def _of_something_else(item: Evidence, evidence: Sequence[Evidence]) -> bool:
    """Say whether the same value stands, in the claim's language, where words of the claim are missing.

    Words cannot be compared across languages: the sentence that can be tells what the value is of.
    """
    rivals = {figure.value for _, figures in item.comparison.others for figure in figures}
    return not item.same_language and any(
        other.same_language
        and not other.covered
        and rivals & {figure.value for _, figures in other.comparison.others for figure in figures}
        for other in evidence
        if other.nearness >= item.nearness
    )


def _one_each(evidence: Iterable[Evidence]) -> list[Evidence]:
    first: dict[str, Evidence] = {}
    for item in evidence:
        first.setdefault(item.candidate.document.id, item)
    return list(first.values())


def _values(item: Evidence) -> frozenset[str]:
    return frozenset(figure.value for figure in item.given)


def _citation(item: Evidence) -> Citation | None:
    candidate = item.candidate
    spans = tuple((candidate.start + figure.start, candidate.start + figure.end) for figure in item.given)
    citation = cite(candidate, answer_spans=spans)
    return citation if is_verbatim(citation, candidate.document) else None


def _expected(claim: Claimed, evidence: Sequence[Evidence]) -> str | None:
    """Return the claimed value that differs from the sources' or, where none does, all that the claim gives."""
    if evidence and evidence[-1].contradicts:
        found = evidence[-1].comparison
        decisive = [claimed for claimed, _ in (*found.others, *found.dates_other)]
    else:
        figures = find_figures(claim.text, claim.language)
        decisive = [figure for figure in figures if figure.kind not in ("date", "ordinal")] or [
            figure for figure in figures if figure.kind == "date"
        ]
    return "; ".join(claim.text[figure.start : figure.end] for figure in decisive) or None


def _found(evidence: Iterable[Evidence]) -> str | None:
    words: dict[str, str] = {}
    for item in evidence:
        for figure in item.given:
            words.setdefault(figure.value, item.candidate.text[figure.start : figure.end])
    return "; ".join(words.values()) or None
