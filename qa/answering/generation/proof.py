"""The proof that a statement of a language model has to pass before anyone sees it; nothing is taken on trust.

``Prover.prove`` says what is checked, in order. It cannot tell everything: who did what to whom may be turned round with
the same words. That is why each statement stands beside the words that it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answering.asked import what_is_asked
from qa.answering.candidates import Candidate
from qa.answering.citations import cite
from qa.answering.extract import Extraction
from qa.answering.generation.borrowed import borrowed
from qa.answering.generation.cited import Quote
from qa.answering.generation.drafts import MAX_PROOFS, Draft
from qa.answering.generation.names import missing_names
from qa.answering.generation.opposites import says_the_opposite
from qa.answering.generation.quotes import find_quote
from qa.answering.generation.sentence import is_in_language, is_plain, tidied
from qa.answering.opposites import denies
from qa.answering.orders import is_under_orders
from qa.answering.same_figures import gives
from qa.answering.verify import is_verbatim
from qa.answering.wanted import Wanted
from qa.figures import find_figures
from qa.index.analysis import terms
from qa.index.lexical import LexicalIndex
from qa.languages import LANGUAGES
from qa.questions import Question
from qa.records import Document, Hit, Statement
from qa.retrieval.lexicon import term_groups

# Shares of a statement's words, which its quotes hold; a translation holds fewer.
HELD_SAME, HELD_ACROSS = 0.55, 0.4
HELD_EACH = 0.3  # by each of its quotes alone: a name of one document and a figure of another prove nothing together
EXACT_SAME, EXACT_ACROSS = 0.99, 0.8  # where the question was judged unanswerable
EXACT_QUESTION = 0.9  # there also: the question's words, by rarity, in the quotes and their titles
NEAR = 4.0  # how far below the best sentence for the question the quoted one may score
_TRANSLATES = 0.05  # share of a word's uses from which a translation counts


class Prover:
    """Proves the statements that answer one ``question`` in ``language`` from the ``passages`` that the model was given.

    ``extraction`` is what the extractive path made of the same passages: its measures tell which sentences are about
    the question, and where it found no answer the proof has to be exact.
    """

    def __init__(
        self,
        question: Question,
        language: str,
        passages: Sequence[Hit],
        extraction: Extraction,
        *,
        document: Callable[[str], Document],
        lexical: LexicalIndex,
    ) -> None:
        self._question, self._language = question, language
        self._passages, self._extraction = passages, extraction
        self._document, self._lexical = document, lexical
        self._wanted = Wanted(question, lexical)

    def prove(self, draft: Draft) -> Statement | str:
        """Return the statement with its citations, or the reason why it is refused (``prompts.REASONS``).

        It is one plain sentence of the language; each quote is in its passage exactly, and no order to a writer; every
        figure, date and name of it is in the quotes, and most of its other words; it denies what they deny and says
        nothing opposite; the quotes are about the question and, where no answer was found, exactly about it.
        """
        text = tidied(draft.text)
        if not is_plain(text):
            return "form"
        quotes = self._quotes(draft)
        if isinstance(quotes, str):
            return quotes
        reason = self._said_by(text, quotes) or self._about(text, quotes)
        if reason is not None:
            return reason
        distinct = {(quote.document.id, quote.start, quote.end): quote for quote in quotes}.values()
        citations = tuple(cite(Candidate(quote.document, quote.hit, quote.start, quote.end)) for quote in distinct)
        if not all(is_verbatim(citation, self._document(citation.document_id)) for citation in citations):
            return "quote_not_found"
        return Statement(text=text, citations=citations)

    def _quotes(self, draft: Draft) -> list[Quote] | str:
        if not draft.proofs:
            return "no_proof"
        if len(draft.proofs) > MAX_PROOFS:
            return "form"
        quotes = []
        for number, words in draft.proofs:
            hit = self._passages[number - 1] if 1 <= number <= len(self._passages) else None
            span = find_quote(words, hit.text) if hit else None
            if hit is None or span is None:
                return "quote_not_found"
            source = self._document(hit.document_id)
            quote = Quote(source, hit, hit.start + span[0], hit.start + span[1])
            if quote.cuts_a_figure:
                return "quote_not_found"
            quotes.append(quote)
        if any(is_under_orders(quote.document.text, quote.start, quote.end) for quote in quotes):
            return "instruction"
        return quotes

    def _said_by(self, text: str, quotes: Sequence[Quote]) -> str | None:
        """Return why ``text`` is not what the quotes say, if it is not."""
        joined = " ".join(quote.text for quote in quotes)
        given = [figure for quote in quotes for figure in find_figures(quote.text, quote.language)]
        missing = [figure for figure in find_figures(text, self._language) if not gives(given, figure)]
        checks = (
            ("language", is_in_language(text, self._language)),
            ("date", not any(figure.kind == "date" for figure in missing)),
            ("figure", not missing),
            ("name", not missing_names(text, self._language, [(quote.text, quote.language) for quote in quotes])),
            ("negation", denies(text) == denies(" ".join(quote.since_sentence_start for quote in quotes))),
            ("opposite", not says_the_opposite(text, joined)),
            ("words", self._held(text, quotes, HELD_SAME, HELD_ACROSS)),
            ("borrowed", not borrowed(self._question, text, self._language, quotes, self._lexical.holds)),
        )
        return next((reason for reason, holds in checks if not holds), None)

    def _held(self, text: str, quotes: Sequence[Quote], same: float, across: float) -> bool:
        """Say whether the quotes of one language hold that share of the words of ``text``, and each quote some of them."""
        if any(self._share(text, [quote]) < HELD_EACH for quote in quotes):
            return False
        for language in LANGUAGES:
            those = [quote for quote in quotes if quote.language == language]
            if those and self._share(text, those) >= (same if language == self._language else across):
                return True
        return False

    def _share(self, text: str, quotes: Sequence[Quote]) -> float:
        """Return the share of the words of ``text`` that stand in the quotes, all of one language, as they are or translated."""
        language = quotes[0].language
        present = {term for quote in quotes for term in terms(quote.text, language)}
        groups = term_groups(text, self._language, language, holds=self._lexical.holds)
        held = sum(any(term in present and share >= _TRANSLATES for term, share in group.items()) for group in groups)
        return held / len(groups) if groups else 1.0

    def _about(self, text: str, quotes: Sequence[Quote]) -> str | None:
        """Return why the quotes do not answer the question, if they do not."""
        if not self._extraction.statements:
            return None if self._is_exact(text, quotes) else "not_exact"
        asked = what_is_asked(self._question.text)
        if all((asked.year_agrees(q.text) or asked.year_agrees(q.document.title)) < 0 for q in quotes):
            return "off_topic"  # another year than the one asked for
        ranked = self._extraction.candidates
        near = [candidate for candidate in ranked if candidate.score >= ranked[0].score - NEAR]
        overlaps = any(
            quote.document.id == candidate.document.id and quote.start < candidate.end and candidate.start < quote.end
            for quote in quotes
            for candidate in near
        )
        return None if overlaps else "off_topic"

    def _is_exact(self, text: str, quotes: Sequence[Quote]) -> bool:
        """Say whether whole sentences say all of ``text`` and all that is asked: its words, names, years and kind of thing."""
        asked = what_is_asked(self._question.text)
        around = [(quote.in_context, quote.language) for quote in quotes]
        joined = "\n".join(context for context, _ in around)
        return (
            all(quote.is_whole for quote in quotes)
            and self._held(text, quotes, EXACT_SAME, EXACT_ACROSS)
            and all(self._wanted.coverage(context, language) >= EXACT_QUESTION for context, language in around)
            and not missing_names(self._question.text, self._question.language, around)
            and asked.kind_in(" ".join(quote.text for quote in quotes)) >= 0
            and all(year in joined for year in asked.years)
        )
