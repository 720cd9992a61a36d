"""The lexical index: BM25 over the terms of each passage, in tantivy.

French and English passages stand in fields of their own, so that each language's rare words are rare in it. Our own
analysis makes the terms; tantivy only splits them at spaces.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import tantivy

from qa.filters import Filters, filter_fields
from qa.index.analysis import terms
from qa.languages import DEFAULT_LANGUAGE, LANGUAGES
from qa.records import Document, Passage

_HEAP_BYTES = 64 << 20


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("document_id", tokenizer_name="raw", index_option="basic")
    for name in ("kind", "language", "region", "publisher"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("first_day", "last_day"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for language in LANGUAGES:
        builder.add_text_field(language, tokenizer_name="spaces", index_option="freq")
    return builder.build()


class LexicalIndex:
    """The passages' terms under ``folder``, made if it is not there yet."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("spaces", spaces)

    def update(self, removed: Iterable[str], added: Iterable[tuple[Document, list[Passage]]]) -> None:
        """Take out the passages of the documents ``removed`` and put those ``added`` in, in one commit."""
        writer = self._index.writer(_HEAP_BYTES, 1)
        for document_id in removed:
            writer.delete_documents_by_term("document_id", document_id)
        for document, passages in added:
            about = filter_fields(document)
            language = document.language or DEFAULT_LANGUAGE
            for passage in passages:
                words = " ".join(terms(f"{document.title}\n{passage.text}", language))
                entry = tantivy.Document(passage_id=passage.id, document_id=document.id, **{language: words})
                for name, value in about.items():
                    if isinstance(value, int):
                        entry.add_integer(name, value)
                    else:
                        entry.add_text(name, value)
                writer.add_document(entry)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def search(self, question: str, limit: int, filters: Filters) -> list[tuple[str, float]]:
        """Return up to ``limit`` ``(passage id, BM25 score)``, best first.

        The question's words are looked up as French ones in French passages and as English ones in English ones:
        names and figures are the same in both.
        """
        either = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, language, term, "freq"))
            for language in LANGUAGES
            for term in dict.fromkeys(terms(question, language))
        ]
        if not either:
            return []
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(either))]
        clauses += [
            (tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in self._conditions(filters)
        ]
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(clauses), limit).hits
        return [(searcher.doc(address)["passage_id"][0], float(score)) for score, address in found]

    def rarity(self, term: str, language: str) -> float:
        """Return the inverse document frequency of a term among the passages of ``language``: 0 where all have it."""
        searcher = self._index.searcher()
        count, frequency = searcher.num_docs, searcher.doc_freq(language, term)
        return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))

    def _conditions(self, filters: Filters) -> list[tantivy.Query]:
        equal = [
            tantivy.Query.term_query(self._schema, name, value, "basic") for name, value in filters.equal().items()
        ]
        within = [
            tantivy.Query.range_query(self._schema, name, tantivy.FieldType.Integer, low, high)
            for name, (low, high) in filters.within().items()
        ]
        return equal + within
