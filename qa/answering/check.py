"""Whether the documents support a claim, contradict it, differ over it, or do not speak of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qa.answering.asked import Asked
from qa.answering.candidates import Candidate, Rarity, coverage, find_candidates
from qa.answering.citations import cite
from qa.answering.claims import Claimed
from qa.answering.comparison import Comparison, compare, missing_names, people
from qa.answering.verify import is_verbatim
from qa.dates import years_in
from qa.embedding.model import Embedder
from qa.figures import Figure, find_figures
from qa.records import Citation, Claim, Document, Hit, Verdict

READ_HITS = 8  # passages whose sentences are compared
_COMPARED = 24  # sentences, the nearest first
_NEAREST = 3
_NAMES_TRIED = 3  # sentences whose names are tried in place of the claimed one
_SHOWN = 3  # citations of one verdict

# How near a sentence has to be to the claim, as read off the tuning half of the claim set. Similarity is e5's cosine,
# coverage the share of the claim's words, by rarity and without its figures, in the sentence and its title.
_SUPPORT_SAME, _SUPPORT_ACROSS = 0.0, -0.6
_CONTRADICT_SAME, _CONTRADICT_ACROSS = 0.3, -0.2
_PLAIN_SAME, _PLAIN_ACROSS = 1.5, 0.5  # a claim with no figure to hold on to
_DAY = len("2012-07-25")
_PASSAGE_COVERS = 0.6
_SLOPE, _MIDDLE_SAME, _MIDDLE_ACROSS = 40.0, 0.86, 0.86
_COVERAGE_SLOPE, _COVERAGE_MIDDLE = 5.0, 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence, held against the claim. ``nearness`` is how surely both are about the same thing: 0 is even odds.

    ``covered`` is the share of the claim's words in the whole passage, 1 across languages. ``names_in_sentence`` says
    whether the claim's names stand in the sentence itself or its title.
    """

    candidate: Candidate
    comparison: Comparison
    nearness: float
    same_language: bool
    covered: float
    names_in_sentence: bool

    @property
    def supports(self) -> bool:
        found = self.comparison
        if not (found.agrees and found.polarity):
            return False
        a_day = any(given and len(claimed.value) == _DAY for claimed, given in found.dates_matched)
        if found.matched or a_day:  # a month or a year only says when: many sentences share it
            return self.nearness >= (_SUPPORT_SAME if self.same_language else _SUPPORT_ACROSS)
        return self.nearness >= (_PLAIN_SAME if self.same_language else _PLAIN_ACROSS)

    @property
    def contradicts(self) -> bool:
        """Whether exactly one thing differs, and the rest is surely the same."""
        found = self.comparison
        if found.missing or not self.names_in_sentence or found.dates_missing or self.covered < _PASSAGE_COVERS:
            return False
        differences = bool(found.others) + bool(found.dates_other) + (not found.polarity)
        if differences != 1 or (found.dates_other and not (found.matched or self._only_date)):
            return False
        least = _CONTRADICT_SAME if self.same_language else _CONTRADICT_ACROSS
        if found.matched and not self.same_language:
            least = _SUPPORT_ACROSS  # another of its figures is there
        if not found.polarity:
            least = max(least, _PLAIN_SAME if self.same_language else _PLAIN_ACROSS)
        return self.nearness >= least

    @property
    def _only_date(self) -> bool:
        return not self.comparison.matched and not self.comparison.others

    @property
    def given(self) -> tuple[Figure, ...]:
        """The sentence's values that decide."""
        found = self.comparison
        if self.contradicts:
            return tuple(figure for _, rivals in (found.others or found.dates_other) for figure in rivals)
        return tuple(figure for _, figure in found.matched) or tuple(
            figure for _, figure in found.dates_matched if figure
        )


def gather(
    claim: Claimed,
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
    rarity: Rarity,
) -> list[Evidence]:
    """Return the sentences of ``hits`` nearest to the claim, compared with it, nearest first."""
    anything = Asked(figure=False, date=False, years=years_in(claim.text))
    candidates = find_candidates(
        claim.subject_and_text, anything, hits, document=document, embedder=embedder, rarity=rarity
    )
    words = _without_figures(claim)
    evidence = []
    for candidate in candidates[:_COMPARED]:
        source = candidate.document
        title = f"{source.title}\n{source.section_at(candidate.start) or ''}"
        same_language = candidate.language == claim.language
        nearness = _SLOPE * (candidate.similarity - (_MIDDLE_SAME if same_language else _MIDDLE_ACROSS))
        around, covered = f"{title}\n{candidate.hit.text}\n{source.date or ''}", 1.0
        if same_language:
            in_sentence = coverage(words, f"{title}\n{candidate.text}", candidate.language, rarity)
            nearness += _COVERAGE_SLOPE * (in_sentence - _COVERAGE_MIDDLE)
            covered = coverage(words, around, candidate.language, rarity)
        comparison = compare(claim.text, claim.language, candidate.text, candidate.language, around=around)
        named = not missing_names(claim.text, claim.language, f"{title} {candidate.text}", candidate.language)
        evidence.append(Evidence(candidate, comparison, nearness, same_language, covered, named))
    return sorted(evidence, key=lambda item: -item.nearness)


def check_claim(
    claim: Claimed,
    hits: Sequence[Hit],
    *,
    document: Callable[[str], Document],
    embedder: Embedder,
    rarity: Rarity,
) -> Claim:
    """Return what ``hits`` say to the claim; every citation has been compared with its document to the letter."""
    evidence = gather(claim, hits, document=document, embedder=embedder, rarity=rarity)
    verdict, deciding = judge(evidence)
    if verdict == "not_found":
        renamed = _another_name(claim, evidence, hits, document=document, embedder=embedder, rarity=rarity)
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
    rarity: Rarity,
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
                for item in gather(again, only, document=document, embedder=embedder, rarity=rarity)
                if item.supports and other in item.candidate.text
            ]
            if proof and proof[0].nearness >= _PLAIN_ACROSS:
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
        item.candidate.document.id not in backers and item.nearness >= best.nearness - 0.5 and item.comparison.polarity
    )


def _of_something_else(item: Evidence, evidence: Sequence[Evidence]) -> bool:
    """Say whether the same value stands, in the claim's language, where words of the claim are missing.

    Words cannot be compared across languages: the sentence that can be tells what the value is of.
    """
    rivals = {figure.value for _, figures in item.comparison.others for figure in figures}
    return not item.same_language and any(
        other.same_language
        and other.covered < _PASSAGE_COVERS
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


def _without_figures(claim: Claimed) -> str:
    text, figures = claim.text, find_figures(claim.text, claim.language)
    for figure in reversed(figures):
        if figure.kind != "ordinal":
            text = f"{text[: figure.start]} {text[figure.end :]}"
    return f"{claim.before} {text}".strip()
