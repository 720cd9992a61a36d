"""The sentences that could decide a claim, each held against it, and what makes one decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answering.asked import Asked
from qa.answering.candidates import Candidate, find_candidates
from qa.answering.claims import Claimed
from qa.answering.comparison import Comparison, compare, missing_names
from qa.answering.wanted import Wanted
from qa.dates import years_in
from qa.embedding.model import Embedder
from qa.figures import Figure, find_figures
from qa.index.lexical import LexicalIndex
from qa.questions import Question
from qa.records import Document, Hit

_COMPARED = 24  # sentences, the nearest first

# How near a sentence has to be to the claim, in its language and across languages, as swept on the tuning halves of
# tests/data/claims.jsonl and claims_sample.jsonl. Nearness adds e5's cosine, and the share of the claim's words, by
# rarity and without its figures, in the sentence and its title.
_SUPPORT_SAME, _SUPPORT_ACROSS = 0.0, -1.5
_CONTRADICT_SAME, _CONTRADICT_ACROSS = 0.3, 0.6
_PLAIN_SAME, PLAIN_ACROSS = 1.5, 1.0  # a claim with no figure to hold on to
_DAY = len("2012-07-25")
_SLOPE, _MIDDLE_SAME, _MIDDLE_ACROSS = 40.0, 0.86, 0.83
_COVERAGE_SAME, _COVERAGE_ACROSS, _COVERAGE_MIDDLE = 5.0, 3.0, 0.5
_COVERS_SAME, _COVERS_ACROSS = 0.6, 0.3  # the share of the claim's words that the passage has to hold


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence, held against the claim. ``nearness`` is how surely both are about the same thing: 0 is even odds.

    ``covered`` says whether the whole passage holds enough of the claim's words, ``names_in_sentence`` whether its names
    stand in the sentence itself or its title.
    """

    candidate: Candidate
    comparison: Comparison
    nearness: float
    same_language: bool
    covered: bool
    names_in_sentence: bool

    @property
    def supports(self) -> bool:
        found = self.comparison
        if not (found.agrees and found.polarity):
            return False
        a_day = any(given and len(claimed.value) == _DAY for claimed, given in found.dates_matched)
        if found.matched or a_day:  # a month or a year only says when: many sentences share it
            return self.nearness >= (_SUPPORT_SAME if self.same_language else _SUPPORT_ACROSS)
        return self.nearness >= (_PLAIN_SAME if self.same_language else PLAIN_ACROSS)

    @property
    def contradicts(self) -> bool:
        """Whether exactly one thing differs, and the rest is surely the same."""
        found = self.comparison
        if found.missing or not self.names_in_sentence or found.dates_missing or not self.covered:
            return False
        differences = bool(found.others) + bool(found.dates_other) + (not found.polarity)
        if differences != 1 or (found.dates_other and not (found.matched or self._only_date)):
            return False
        least = _CONTRADICT_SAME if self.same_language else _CONTRADICT_ACROSS
        if found.matched and not self.same_language:
            least = _SUPPORT_ACROSS  # another of its figures is there
        if not found.polarity:
            least = max(least, _PLAIN_SAME if self.same_language else PLAIN_ACROSS)
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
    lexical: LexicalIndex,
) -> list[Evidence]:
    """Return the sentences of ``hits`` nearest to the claim, compared with it, nearest first."""
    anything = Asked(figure=False, date=False, years=years_in(claim.text))
    about = Question(claim.subject_and_text, claim.language)
    candidates = find_candidates(
        about, anything, Wanted(about, lexical), hits, document=document, embedder=embedder, limit=_COMPARED,
        with_subject=False,
    )  # fmt: skip
    words = Wanted(Question(_without_figures(claim), claim.language), lexical)
    evidence = []
    for candidate in candidates:
        source = candidate.document
        title = f"{source.title}\n{source.section_at(candidate.start) or ''}"
        same_language = candidate.language == claim.language
        around = f"{title}\n{candidate.hit.text}\n{source.date or ''}"
        in_sentence = words.coverage(f"{title}\n{candidate.text}", candidate.language) - _COVERAGE_MIDDLE
        in_passage = words.coverage(around, candidate.language)
        if same_language:
            nearness = _SLOPE * (candidate.similarity - _MIDDLE_SAME) + _COVERAGE_SAME * in_sentence
            covered = in_passage >= _COVERS_SAME
        else:
            nearness = _SLOPE * (candidate.similarity - _MIDDLE_ACROSS) + _COVERAGE_ACROSS * in_sentence
            covered = in_passage >= _COVERS_ACROSS
        comparison = compare(claim.text, claim.language, candidate.text, candidate.language, around=around)
        named = not missing_names(claim.text, claim.language, f"{title} {candidate.text}", candidate.language)
        evidence.append(Evidence(candidate, comparison, nearness, same_language, covered, named))
    return sorted(evidence, key=lambda item: -item.nearness)


def _without_figures(claim: Claimed) -> str:
    text, figures = claim.text, find_figures(claim.text, claim.language)
    for figure in reversed(figures):
        if figure.kind != "ordinal":
            text = f"{text[: figure.start]} {text[figure.end :]}"
    return f"{claim.before} {text}".strip()
