"""The flow: a model drafts statements, each is proven as it comes, those that fail are asked for once more, then dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qa.answering.asked import what_is_asked
from qa.answering.extract import Extraction
from qa.answering.generation.calls import Calls, tokens_in
from qa.answering.generation.drafts import Draft, read
from qa.answering.generation.failures import CallFailed
from qa.answering.generation.prompts import Message, answer_prompt, new_fence, repair_prompt
from qa.answering.generation.proof import Prover
from qa.answering.same_figures import gives
from qa.figures import find_figures
from qa.index.analysis import terms
from qa.index.lexical import LexicalIndex
from qa.languages import DEFAULT_LANGUAGE
from qa.questions import Question
from qa.records import Document, Hit, ModelUse, Statement

MAX_STATEMENTS = 5
_LEAST_SECONDS = 1.0  # a second try is not begun with less left
_REPAIR_TOKENS = 400  # kept free in a request for the statements to be mended
_PER_PASSAGE_TOKENS = 40  # its marks
_SAME = 0.7  # share of two statements' words above which they say the same

# Outcomes after which the plain form is tried: the structured one may be what went wrong.
_PLAIN_AFTER = ("rejected", "nonsense", "truncated", "failed")


class Writing:
    """One answer in the making: iterate over it for the proven statements, then look at how it went."""

    def __init__(
        self,
        question: Question,
        language: str,
        hits: Sequence[Hit],
        extraction: Extraction,
        calls: Calls,
        *,
        document: Callable[[str], Document],
        lexical: LexicalIndex,
    ) -> None:
        self._question, self._language, self._hits = question, language, hits
        self._extraction, self._calls = extraction, calls
        self._document, self._lexical = document, lexical
        self.kept: list[Statement] = []
        self.dropped: list[str] = []  # the reasons
        self.completed = False  # whether a quoted sentence was added for what was asked and not written
        self.broke_off = False  # whether the model was cut short after its first statements
        self.outcome = "written"
        self._refused: list[tuple[Draft, str]] = []
        self._seen: set[str] = set()

    def __iter__(self) -> Iterator[Statement]:
        yield from self._first()
        if self._refused and not self.broke_off and self._calls.seconds_left > _LEAST_SECONDS:
            yield from self._mended()
        self.dropped += [reason for _, reason in self._refused]
        if self.kept:
            self.outcome = "written"
            yield from self._completion()
        elif self.outcome == "written":
            self.outcome = "unproven" if self.dropped else "silent"

    def use(self) -> ModelUse:
        """Return what the model did and what it took so far."""
        calls = self._calls
        return ModelUse(
            name=calls.model.name, outcome=self.outcome, kept=len(self.kept) - self.completed, dropped=tuple(self.dropped),
            calls=calls.count, prompt_tokens=calls.prompt_tokens, completion_tokens=calls.completion_tokens,
            estimated=calls.estimated, cost=calls.cost, seconds=round(calls.seconds_taken, 4),
        )  # fmt: skip

    def _first(self) -> Iterator[Statement]:
        passages = within_budget(self._hits, self._calls.model.context - self._calls.model.most_written)
        for structured in (True, False) if self._calls.structured else (False,):
            self._begin(passages, structured=structured)
            try:
                for draft in self._drafts(self._asked, structured=structured):
                    yield from self._judged(draft)
            except CallFailed as failure:
                self.outcome = failure.outcome
                if self.kept or self._refused:
                    self.broke_off = True
                elif structured and failure.outcome in _PLAIN_AFTER:
                    if failure.outcome == "rejected":  # it may have been too long
                        passages = passages[: max(1, len(passages) // 2)]
                    continue
            else:
                self.outcome = "written"
            return

    def _begin(self, passages: Sequence[Hit], *, structured: bool) -> None:
        self._fence, self._structured = new_fence(), structured
        self._asked = answer_prompt(self._question.text, self._language, passages, self._fence, structured=structured)
        self._prover = Prover(
            self._question, self._language, passages, self._extraction, document=self._document, lexical=self._lexical
        )

    def _mended(self) -> Iterator[Statement]:
        """Ask once more for what was refused; what then fails, or does not come back, stays out."""
        refused, self._refused = self._refused, []
        returned = 0
        again = repair_prompt(self._asked, [(draft.text, reason) for draft, reason in refused], self._fence)
        try:
            for draft in self._drafts(again, structured=self._structured):
                if returned == len(refused):
                    break
                returned += 1
                yield from self._judged(draft)
        except CallFailed:
            pass  # what was proven before stands, and the rest is dropped
        self._refused += refused[returned:]

    def _drafts(self, messages: Sequence[Message], *, structured: bool) -> Iterator[Draft]:
        """Yield each draft when it is complete. Raises CallFailed where the reply broke off or cannot be read."""
        text, looked_at, given = "", 0, 0
        for text in self._calls.stream(messages, structured=structured):
            if not any(mark in text[looked_at:] for mark in "}\n"):
                continue
            looked_at = len(text)
            drafts = read(text, finished=False).drafts
            yield from drafts[given:]
            given = max(given, len(drafts))
        reading = read(text, finished=True)
        yield from reading.drafts[given:]
        if not reading.readable:
            raise CallFailed("nonsense")

    def _judged(self, draft: Draft) -> Iterator[Statement]:
        """Yield the draft as a statement if it is proven and new; remember why if it is refused."""
        key = " ".join(draft.text.split()).casefold()
        if len(self.kept) >= MAX_STATEMENTS or not key or key in self._seen:
            return
        proven = self._prover.prove(draft)
        if isinstance(proven, str):
            self._refused.append((draft, proven))
            return
        self._seen.add(key)
        if not any(self._alike(proven, other) for other in self.kept):
            self.kept.append(proven)
            yield proven

    def _alike(self, one: Statement, other: Statement) -> bool:
        first, second = set(terms(one.text, self._language)), set(terms(other.text, self._language))
        return len(first & second) > _SAME * max(len(first | second), 1)

    def _completion(self) -> Iterator[Statement]:
        """Yield the quoted sentence that must not be missing: the best one, or one with the figure or date asked for."""
        quoted = self._extraction.statements
        if not quoted:
            return
        asked = what_is_asked(self._question.text)
        missing = None if self._cites(quoted[0]) else quoted[0]
        written = " ".join(statement.text for statement in self.kept)
        if missing is None and asked.kind_in(written, self._language) < 0:
            missing = next((statement for statement in quoted if asked.kind_in(statement.text) > 0), None)
        if missing is not None:
            self.kept.append(missing)
            self.completed = True
            yield missing

    def _cites(self, quoted: Statement) -> bool:
        """Say whether the statements kept rest on words of ``quoted``, and on all its figures where one is asked for."""
        there = quoted.citations[0]
        shared = [
            citation
            for statement in self.kept
            for citation in statement.citations
            if citation.document_id == there.document_id and citation.start < there.end and there.start < citation.end
        ]
        asked, language = what_is_asked(self._question.text), there.language or DEFAULT_LANGUAGE
        if not shared or not (asked.figure or asked.date):
            return bool(shared)
        given = [figure for citation in shared for figure in find_figures(citation.quote, language)]
        return all(gives(given, figure) for figure in find_figures(there.quote, language))


def within_budget(hits: Sequence[Hit], tokens: int) -> list[Hit]:
    """Return the first of ``hits`` that fit into a request of ``tokens``; always one."""
    rules = sum(tokens_in(text) for _, text in answer_prompt("", "fr", (), "0" * 16, structured=False)) + _REPAIR_TOKENS
    left = tokens - rules
    kept: list[Hit] = []
    for hit in hits:
        left -= tokens_in(f"{hit.title}{hit.publisher}{hit.date}{hit.text}") + _PER_PASSAGE_TOKENS
        if left < 0 and kept:
            break
        kept.append(hit)
    return kept
