"""Whether the documents support a claim, contradict it, differ over it, or do not speak of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from qa.answering.citations import cite
from qa.answering.claims import Claimed
from qa.answering.disputes import differs_from, is_attributed
from qa.answering.evidence import Evidence, gather
from qa.answering.other_names import other_names
from qa.answering.verify import is_verbatim
from qa.embedding.model import Embedder
from qa.figures import find_figures
from qa.index.lexical import LexicalIndex
from qa.records import Citation, Claim, Document, Hit, Verdict

READ_HITS = 8  # passages whose sentences are compared
_NEAREST = 3
_SHOWN = 3  # citations of one verdict


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
    verdict, deciding = judge(evidence, attributed=is_attributed(claim.text))
    if verdict == "not_found":
        for name, item, other in other_names(claim, evidence, lexical):
            start = item.candidate.start + item.candidate.text.index(other)
            proof = cite(item.candidate, answer_spans=((start, start + len(other)),))
            if is_verbatim(proof, item.candidate.document):
                return Claim(claim.text, claim.language, "contradicted", name, other, (proof,))
    citations = [citation for item in deciding[:_SHOWN] if (citation := _citation(item)) is not None]
    if verdict == "not_found" or not citations:
        return Claim(
            claim.text, claim.language, "not_found", expected=_expected(claim, ()), nearest=tuple(hits[:_NEAREST])
        )
    return Claim(
        claim.text, claim.language, verdict, expected=_expected(claim, deciding),
        found=_found(deciding[:_SHOWN]), citations=tuple(citations),
    )  # fmt: skip


def judge(evidence: Sequence[Evidence], *, attributed: bool = False) -> tuple[Verdict, list[Evidence]]:
    """Return the verdict and the sentences that decide it, nearest first.

    ``attributed`` says that the claim tells who says so: that others say otherwise does not change that.
    """
    supporting = [item for item in evidence if item.supports]
    contradicting = [item for item in evidence if item.contradicts and not _of_something_else(item, evidence)]
    if supporting and not _turned_round(contradicting, supporting):
        against = [] if attributed else [item for item in evidence if differs_from(item, supporting)]
        if against:
            return "disputed", [supporting[0], *against]
        return "supported", _one_each(supporting)
    if contradicting:
        opposite = [item for item in contradicting if supporting and not item.comparison.polarity]
        nearest = (opposite or contradicting)[0]
        same = [item for item in contradicting if _values(item) == _values(nearest)]
        return "contradicted", _one_each(same)
    return "not_found", []


def _turned_round(contradicting: Sequence[Evidence], supporting: Sequence[Evidence]) -> bool:
    """Say whether a sentence as near as any that supports the claim says the opposite of it: it fell, and did not rise, to that."""
    return any(not item.comparison.polarity and item.nearness >= supporting[0].nearness for item in contradicting)


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
    if evidence and not evidence[-1].agrees:
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
