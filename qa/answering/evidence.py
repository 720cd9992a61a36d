"""The sentences that could decide a claim, each held against it, and what makes one decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from qa.answering.asked import Asked
from qa.answering.candidates import Candidate, find_candidates
from qa.answering.claims import Claimed
from qa.answering.comparison import Comparison, compare
from qa.answering.proper_names import missing_names
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
_SUPPORT_SAME, _SUPPORT_ACROSS = -0.5, -1.5
_CONTRADICT_SAME, _CONTRADICT_ACROSS = 0.3, 0.3
_PLAIN = 1.0  # a claim with no figure to hold on to
# The share of a claim with neither figure nor day that the sentence has to say without its title's help; with no date at all
# there is nothing else to hold on to.
_SAYS, _SAYS_UNDATED_SAME, _SAYS_UNDATED_ACROSS = 0.3, 0.65, 0.5
_SURELY = 0.9  # nearness from which a passage need not hold the claim's words
_REDATED = 0.6  # years stand everywhere: another one contradicts only where more is surely the same
_DATED = 0.8  # a claim with no figure but a month, which fewer sentences share than a year
_DAY, _MONTH = len("2012-07-25"), len("2012-07")
_SLOPE, _MIDDLE_SAME, _MIDDLE_ACROSS = 40.0, 0.86, 0.83
_COVERAGE_SAME, _COVERAGE_ACROSS, _COVERAGE_MIDDLE = 5.0, 3.0, 0.5
_COVERS_SAME, _COVERS_ACROSS = 0.5, 0.2  # the share of the claim's words that the passage has to hold


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence, held against the claim. ``nearness`` is how surely both are about the same thing: 0 is even odds.

    ``in_sentence`` and ``in_passage`` are the shares of the claim's words, by rarity, in the sentence alone and in the whole
    passage, in 0..1; ``names_in_sentence`` says whether its names stand in the sentence itself or its title.
    """

    candidate: Candidate
    comparison: Comparison
    nearness: float
    same_language: bool
    in_sentence: float
    in_passage: float
    names_in_sentence: bool

    @property
    def covered(self) -> bool:
        """Whether the passage holds enough of the claim's words, or is so near that others must mean the same."""
        least = _COVERS_SAME if self.same_language else _COVERS_ACROSS
        return self.in_passage >= least or self.nearness >= _SURELY

    @property
    def agrees(self) -> bool:
        """Whether the sentence gives all that the claim does, and affirms or denies it alike."""
        return self.comparison.agrees and self.comparison.polarity

    @property
    def supports(self) -> bool:
        """Whether it does, and surely speaks of the same."""
        found = self.comparison
        if not self.agrees:
            return False
        a_day = any(given and len(claimed.value) == _DAY for claimed, given in found.dates_matched)
        if found.matched or a_day:  # a month or a year only says when: many sentences share it
            return self.nearness >= (_SUPPORT_SAME if self.same_language else _SUPPORT_ACROSS)
        least = _SAYS if found.dates_matched else _SAYS_UNDATED_SAME if self.same_language else _SAYS_UNDATED_ACROSS
        if found.short or self.in_sentence < least:
            return False
        if self.names_in_sentence and any(
            given and len(claimed.value) == _MONTH for claimed, given in found.dates_matched
        ):
            return self.nearness >= _DATED
        return self.nearness >= _PLAIN

    @property
    def contradicts(self) -> bool:
        """Whether exactly one thing differs, and the rest is surely the same."""
        found = self.comparison
        if found.missing or not self.names_in_sentence or found.dates_missing or not self.covered:
            return False
        differences = bool(found.others) + bool(found.dates_other) + (not found.polarity)
        if differences != 1 or not (self._one_series and self._one_event):
            return False
        if found.dates_other and not found.matched and (found.short or self.in_sentence < _SAYS):
            return False
        least = _CONTRADICT_SAME if self.same_language else _CONTRADICT_ACROSS
        if found.matched and not self.same_language:
            least = _SUPPORT_ACROSS  # another of its figures is there
        if found.dates_other:
            least = max(least, _REDATED)
        if not (found.polarity or found.matched):
            least = max(least, _PLAIN)
        return self.nearness >= least

    @property
    def _one_series(self) -> bool:
        """Whether the figures that stand in the place of the claim's are of the same series as those."""
        found = self.comparison
        instead = {figure.value for _, rivals in found.others for figure in rivals}
        return len(found.others) < 2 or (bool(found.matched) and len(instead) >= len(found.others))

    @property
    def _one_event(self) -> bool:
        """Whether, where only a date or the direction tells them apart, both tell of one event.

        A claim that compares two years is of neither of other years; a plant that opened in one year may close in another.
        """
        found = self.comparison
        if found.matched:
            return True
        if found.dates_other:
            return len(found.dates_other) == 1 and found.directed
        return found.polarity or not (found.dates_matched and found.elsewhen)

    @property
    def given(self) -> tuple[Figure, ...]:
        """The sentence's values that decide."""
        found = self.comparison
        instead = found.others or found.dates_other
        if instead:
            return tuple(figure for _, rivals in instead for figure in rivals)
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
        claimed=True,
    )  # fmt: skip
    words = Wanted(Question(_without_figures(claim), claim.language), lexical)
    held = [_hold(claim, candidate, words) for candidate in candidates]
    return sorted(held, key=lambda item: -item.nearness)


def renamed(claim: Claimed, item: Evidence, name: str, other: str, lexical: LexicalIndex) -> Evidence:
    """Return ``item`` held against the claim with ``other`` in the place of ``name``; it is embedded no second time."""
    again = replace(claim, text=claim.text.replace(name, other))
    return _hold(again, item.candidate, Wanted(Question(_without_figures(again), claim.language), lexical))


def _hold(claim: Claimed, candidate: Candidate, words: Wanted) -> Evidence:
    same_language = candidate.language == claim.language
    in_sentence = words.coverage(f"{_title(candidate)}\n{candidate.text}", candidate.language) - _COVERAGE_MIDDLE
    if same_language:
        nearness = _SLOPE * (candidate.similarity - _MIDDLE_SAME) + _COVERAGE_SAME * in_sentence
    else:
        nearness = _SLOPE * (candidate.similarity - _MIDDLE_ACROSS) + _COVERAGE_ACROSS * in_sentence
    in_passage = words.coverage(_around(candidate), candidate.language)
    comparison = compare(
        claim.text, claim.language, candidate.text, candidate.language,
        around=_around(candidate), says=partial(words.coverage, language=candidate.language),
    )  # fmt: skip
    lacking = missing_names(claim.text, claim.language, f"{_title(candidate)} {candidate.text}", candidate.language)
    said = words.coverage(candidate.text, candidate.language)
    return Evidence(candidate, comparison, nearness, same_language, said, in_passage, not lacking)


def _title(candidate: Candidate) -> str:
    return f"{candidate.document.title}\n{candidate.document.section_at(candidate.start) or ''}"


def _around(candidate: Candidate) -> str:
    return f"{_title(candidate)}\n{candidate.hit.text}\n{candidate.document.date or ''}"


def _without_figures(claim: Claimed) -> str:
    text, figures = claim.text, find_figures(claim.text, claim.language)
    for figure in reversed(figures):
        if figure.kind != "ordinal":
            text = f"{text[: figure.start]} {text[figure.end :]}"
    return f"{claim.before} {text}".strip()
