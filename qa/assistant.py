"""One open corpus: the few calls that the page, the command line and Python all make."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack, cast

from qa.answering.check import READ_HITS as CHECK_HITS
from qa.answering.check import check_claim
from qa.answering.claims import read_claims
from qa.answering.extract import extract
from qa.answering.follow_up import turns, understand
from qa.answering.generation.condense import condensed, needs_condensing
from qa.answering.generation.notes import notes_on
from qa.answering.generation.opening import opened_calls
from qa.answering.generation.translation import with_translations
from qa.answering.generation.write import Writing
from qa.answering.set_replies import says_nothing, set_reply, without_orders
from qa.answering.verify import verified
from qa.embedding.choice import get_embedder
from qa.embedding.model import Embedder
from qa.embedding.remembered import Remembered
from qa.errors import UsageError
from qa.events import Event
from qa.filters import FilterOptions, Filters
from qa.index.reader import Generation, IndexReader
from qa.index.sentences import Foreseen
from qa.index.server import get_server
from qa.languages import DEFAULT_LANGUAGE, message
from qa.owners import owner_of
from qa.questions import Question, read_question, written
from qa.records import Answer, Check, Document, Hit
from qa.retrieval.neighbours import merged
from qa.retrieval.retriever import DEFAULT_K, check_k, retrieve_hits
from qa.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Observer = Callable[[str, str, Mapping[str, float]], None]  # an operation, its outcome, the seconds of its steps

READ_HITS = 14  # passages whose sentences may answer
_NEAREST = 3  # passages shown when the corpus does not answer


class PolicyQA:
    """A corpus that can be asked; safe to share between threads.

    It follows the index: after ``python -m qa index`` has swapped a new generation in, the next call reads that one.
    Nothing heavy is loaded before the first call.
    """

    def __init__(self, settings: Settings, *, embedder: Embedder | None = None) -> None:
        self.settings = settings
        self.embedder = embedder or get_embedder(settings)
        self._remembered = Remembered(self.embedder)
        self._reader = IndexReader(settings.index_dir, self.embedder, server=get_server(settings))
        self._who: str | None = None
        self.observers: list[Observer] = []  # told of each call when it ends; views share them

    def seen_by(self, reader: str | None) -> PolicyQA:
        """Return the corpus as ``reader`` sees it: without what others uploaded; ``None`` sees everything.

        It shares the open index and the model.
        """
        seen = copy(self)
        seen._who = reader  # noqa: SLF001 (our own)
        return seen

    def generation(self) -> Generation:
        """Return the index's current generation. Raises an CorpusIndexError when there is none that can be read."""
        return self._reader.generation()

    def retrieve(self, question: str, *, k: int = DEFAULT_K, **filters: Unpack[FilterOptions]) -> tuple[Hit, ...]:
        """Return the ``k`` passages that answer ``question`` best, best first; see ``qa.retrieve``."""
        with self._observed("retrieve") as ended:
            started = time.perf_counter()
            asked, wanted, k = read_question(question), self._wanted(filters), check_k(k)
            hits = self._hits(self.generation(), asked, wanted, k)
            ended("answered", {"total": time.perf_counter() - started})
            return hits

    def retrieve_many(
        self, questions: Iterable[str], *, k: int = DEFAULT_K, **filters: Unpack[FilterOptions]
    ) -> list[tuple[Hit, ...]]:
        """Return what ``retrieve`` returns for each of ``questions``, embedding them together; see ``qa.retrieve_many``."""
        asked, wanted, k = [read_question(question) for question in questions], self._wanted(filters), check_k(k)
        return retrieve_hits(asked, generation=self.generation(), embedder=self.embedder, filters=wanted, k=k)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str | Answer] = (),
        default_language: str = DEFAULT_LANGUAGE,
        llm: str | BaseChatModel | None = None,
        translate: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Answer:
        """Return the checked answer to ``question``, or an abstention; see ``qa.ask``.

        ``default_language`` is for a question whose own language neither it nor the ``history`` tells.
        """
        *_, done = self.ask_stream(
            question, history=history, default_language=default_language, llm=llm, translate=translate, **filters
        )
        return cast("Answer", done.answer)

    def ask_stream(
        self,
        question: str,
        *,
        history: Sequence[str | Answer] = (),
        default_language: str = DEFAULT_LANGUAGE,
        llm: str | BaseChatModel | None = None,
        translate: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Iterator[Event]:
        """Yield what happens while ``question`` is answered, the answer last; raises what ``ask`` raises, at the first."""
        with self._observed("ask") as ended:
            for event in self._answering(
                question, history, default_language, self._wanted(filters), llm=llm, translate=translate
            ):
                if event.answer is not None:
                    ended("abstained" if event.answer.abstained else "answered", event.answer.seconds)
                yield event

    def _answering(
        self,
        question: str,
        history: Sequence[str | Answer],
        default_language: str,
        wanted: Filters,
        *,
        llm: str | BaseChatModel | None,
        translate: bool,
    ) -> Iterator[Event]:
        started = time.perf_counter()
        question = written(question)
        calls = opened_calls(llm, self.settings, translate=translate)
        told = turns(history, default_language=default_language)
        default_language = told[-1].language if told else default_language
        asked, unfiltered = read_question(question, default_language=default_language), wanted == self._wanted({})
        generation = self.generation()
        if (reply := set_reply(asked)) is not None:
            yield Event("done", answer=_replied(question, asked.text, *reply, generation))
            return
        asked = read_question(without_orders(asked.text), default_language=asked.language)
        understood = understand(asked.text, told, asked.language)
        language = understood.wanted or asked.language
        if calls is not None and told and understood.text == asked.text and needs_condensing(asked):
            asked = condensed(asked, told, calls) or asked
        else:
            asked = Question(understood.text, understood.language)
        if says_nothing(asked):
            yield Event("done", answer=_replied(question, asked.text, "nothing_asked", language, generation))
            return
        if understood.wanted is not None and wanted.language is None:
            wanted = replace(wanted, language=understood.wanted)
        opened = time.perf_counter()
        yield Event("searching")
        hits = self._hits(generation, asked, wanted, READ_HITS)
        found = time.perf_counter()
        yield Event("reading", passages=len(hits))
        document, lexical = generation.texts.document, generation.lexical
        foreseen = Foreseen(self._remembered, generation.sentences)
        extracted = extract(asked, hits, document=document, embedder=foreseen, lexical=lexical)
        statements = verified(extracted.statements, document)
        extracted_at = time.perf_counter()
        writing = None
        if calls is not None and hits:
            yield Event("writing")
            writing = Writing(asked, language, hits, extracted, calls, document=document, lexical=lexical)
            for statement in writing:
                yield Event("statement", statement=statement)
            statements = verified(writing.kept, document) or statements
        if writing is None or not writing.kept:
            for statement in statements:
                yield Event("statement", statement=statement)
        if calls is not None and translate and statements:
            yield Event("translating")
            statements = with_translations(statements, language, calls, lexical)
        done = time.perf_counter()
        reason = None if statements else message("not_answered" if hits or unfiltered else "no_passage", language)
        yield Event("done", answer=Answer(
            question=question, understood_as=asked.text, language=language, statements=statements,
            confidence=round(extracted.confidence, 4), abstained=not statements, reason=reason,
            nearest=() if statements else merged(hits, document, _NEAREST), generation=generation.name,
            seconds={
                "open": round(opened - started, 4), "retrieve": round(found - opened, 4),
                "answer": round(extracted_at - found, 4), **({"write": round(done - extracted_at, 4)} if calls else {}),
                "total": round(done - started, 4),
            },
            mode="generated" if writing and writing.kept else "extractive",
            note=notes_on(generation, writing, answered=bool(statements), language=language),
            model=writing.use() if writing else None,
        ))  # fmt: skip

    def check(self, text: str, *, default_language: str = DEFAULT_LANGUAGE, **filters: Unpack[FilterOptions]) -> Check:
        """Return a verdict on each claim of ``text``; see ``qa.check``.

        ``default_language`` is for a text whose own language cannot be told.
        """
        with self._observed("check") as ended:
            checked = self._checking(text, default_language, self._wanted(filters))
            ended("answered" if checked.supported else "abstained", checked.seconds)
            return checked

    def _checking(self, text: str, default_language: str, wanted: Filters) -> Check:
        started = time.perf_counter()
        text = written(text)
        claims = read_claims(text, default_language=default_language)
        generation = self.generation()
        opened, foreseen = time.perf_counter(), Foreseen(self._remembered, generation.sentences)
        checked = tuple(
            check_claim(
                claim,
                self._hits(generation, Question(claim.subject_and_text, claim.language), wanted, CHECK_HITS),
                document=generation.texts.document,
                embedder=foreseen,
                lexical=generation.lexical,
            )
            for claim in claims
        )
        done = time.perf_counter()
        return Check(
            text=text, language=claims[0].language, claims=checked, generation=generation.name,
            seconds={
                "open": round(opened - started, 4), "check": round(done - opened, 4), "total": round(done - started, 4),
            },
        )  # fmt: skip

    def document(self, document_id: str) -> Document:
        """Return one document. Raises UsageError when the corpus has none of that id."""
        try:
            found = self.generation().texts.document(document_id)
        except KeyError:
            found = None
        if found is None or not self.sees(document_id):
            raise UsageError(
                f"There is no document {document_id!r} in the index.",
                french=f"Il n'y a pas de document « {document_id} » dans l'index.",
            )
        return found

    def documents(self) -> Iterator[Document]:
        """Yield every document, by id: those of the index as it is when the first is asked for."""
        generation = self.generation()  # held to the end, since one that nobody holds is closed when another follows
        for document_id in generation.texts.document_ids():
            if self.sees(document_id):
                yield generation.texts.document(document_id)

    def document_ids(self) -> list[str]:
        """Return the ids of every document, in order."""
        return [document_id for document_id in self.generation().texts.document_ids() if self.sees(document_id)]

    def sees(self, document_id: str) -> bool:
        """Say whether a document is the corpus's or the reader's own, and not another's."""
        return self._who is None or owner_of(document_id) in (None, self._who)

    @contextmanager
    def _observed(self, operation: str) -> Iterator[Callable[[str, Mapping[str, float]], None]]:
        """Give what tells the observers how a call ended; that it failed they are told without it."""

        def ended(outcome: str, seconds: Mapping[str, float]) -> None:
            for observer in self.observers:
                observer(operation, outcome, seconds)

        try:
            yield ended
        except Exception as error:
            ended(type(error).__name__, {})
            raise

    def _wanted(self, filters: FilterOptions) -> Filters:
        return Filters(**filters, reader=self._who)

    def _hits(self, generation: Generation, asked: Question, filters: Filters, k: int) -> tuple[Hit, ...]:
        return retrieve_hits([asked], generation=generation, embedder=self._remembered, filters=filters, k=k)[0]


def _replied(question: str, understood_as: str, key: str, language: str, generation: Generation) -> Answer:
    """Return our own words to what asks nothing of the documents: no fact, no passage."""
    return Answer(
        question=question, understood_as=understood_as, language=language, statements=(), confidence=0.0,
        abstained=True, reason=message(key, language), nearest=(), generation=generation.name, seconds={},
    )  # fmt: skip
