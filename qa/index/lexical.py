"""The lexical index: which passages hold each term, and BM25 over them.

French and English terms are apart, so that each language's rare words are rare in it. A question's term may stand for
several of a language, each with a weight: the counts of a word's translations add up before they are weighed, as in
probabilistic structured queries (Darwish and Oard, SIGIR 2003), which ready-made BM25 libraries cannot do.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.index.analysis import terms
from qa.index.arrays import load, save
from qa.index.table import PassageTable
from qa.languages import DEFAULT_LANGUAGE, LANGUAGES
from qa.records import Document, Passage

K1, B = 1.2, 0.75
TITLE_WEIGHT = 2  # how often a title's words count in each of its passages; benchmarks/fusion.py compares
_TERMS, _STARTS, _ROWS, _COUNTS, _LENGTHS = "terms.txt", "starts.npy", "rows.npy", "counts.npy", "lengths.npy"

Group = Mapping[str, float]  # the terms of a language that a question's term stands for, each with its weight
Scores = NDArray[np.float32]


class LexicalIndex:
    """The terms of the passages in ``table``, under ``folder``; none if it is not there yet.

    A term's postings are ``rows[starts[t]:starts[t + 1]]``, ascending, with its counts beside them.
    """

    def __init__(self, folder: Path, table: PassageTable) -> None:
        self._folder = folder
        path = folder / _TERMS
        names = path.read_text("utf-8").split("\n")[:-1] if path.exists() else []
        self._terms = {name: number for number, name in enumerate(names)}
        self._starts = np.array(load(folder / _STARTS, np.int64, (1,)))
        self._rows = load(folder / _ROWS, np.int32, (0,))
        self._counts = load(folder / _COUNTS, np.uint16, (0,))
        self._lengths = np.array(load(folder / _LENGTHS, np.int32, (0,)))
        self._pools = {language: _Pool(table, table.language_rows(language), self._lengths) for language in LANGUAGES}

    def __len__(self) -> int:
        return len(self._lengths)

    def scores(self, groups: Sequence[Group], language: str) -> tuple[Scores, Scores]:
        """Return the BM25 of every row's passage and of every row's document, in 0..1: 0 outside ``language``.

        Each is the share of the most that any text could score, so that questions of any length, and languages, compare.
        """
        pool = self._pools[language]
        passages, documents = np.zeros(len(self), np.float32), np.zeros(pool.documents, np.float32)
        most_passage = most_document = 0.0
        for group in groups:
            rows, counts = self._counted(group, language)
            most_passage += _add(passages, rows, counts, pool.passage_norm, pool.passage_count)
            held, whole = pool.by_document(rows, counts)
            most_document += _add(documents, held, whole, pool.document_norm, pool.document_count)
        return passages / (most_passage or 1.0), (documents / (most_document or 1.0)).take(pool.document) * pool.rows

    def holds(self, term: str, language: str) -> bool:
        """Say whether any passage of ``language`` holds ``term``."""
        return f"{language} {term}" in self._terms

    def rarity(self, term: str, language: str) -> float:
        """Return the inverse document frequency of a term among the passages of ``language``: 0 where all have it."""
        return _idf(len(self._postings(term, language)[0]), self._pools[language].passage_count)

    def _postings(self, term: str, language: str) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        number = self._terms.get(f"{language} {term}")
        start, end = (0, 0) if number is None else self._starts[number : number + 2]
        return self._rows[start:end], self._counts[start:end]

    def _counted(self, group: Group, language: str) -> tuple[NDArray[np.integer], Scores]:
        """Return the rows that hold any term of ``group``, ascending, each with how often, by the terms' weights."""
        postings = [(*self._postings(term, language), np.float32(weight)) for term, weight in group.items()]
        if len(postings) == 1:
            [(rows, counts, weight)] = postings
            return rows, counts * weight
        counted = np.zeros(len(self), np.float32)
        for rows, counts, weight in postings:
            counted[rows] += counts * weight
        found = np.flatnonzero(counted > 0)  # ten times as fast as of the numbers themselves
        return found, counted[found]

    def update(
        self, kept: NDArray[np.bool_], added: Iterable[tuple[Document, list[Passage]]], table: PassageTable
    ) -> None:
        """Keep the rows ``kept``, put those of ``added`` behind them; ``table`` holds the rows as they are then."""
        held = kept[self._rows]
        numbers = [np.repeat(np.arange(len(self._terms)), np.diff(self._starts))[held]]
        rows = [(np.cumsum(kept) - 1)[self._rows[held]]]
        counts = [self._counts[held]]
        lengths = list(self._lengths[kept])
        known = dict(self._terms)
        for document, passages in added:
            language = document.language or DEFAULT_LANGUAGE
            title = terms(document.title, language) * TITLE_WEIGHT
            for passage in passages:
                occurring = Counter(title + terms(passage.text, language))
                numbers.append(np.array([known.setdefault(f"{language} {t}", len(known)) for t in occurring], np.int64))
                rows.append(np.full(len(occurring), len(lengths)))
                counts.append(np.minimum(np.fromiter(occurring.values(), np.int64), 65535).astype(np.uint16))
                lengths.append(occurring.total())
        every = np.concatenate(numbers)
        order = np.argsort(every, kind="stable")  # rows ascend within a term: they were put in in order
        frequency = np.bincount(every, minlength=len(known))
        used = np.flatnonzero(frequency)
        names = np.array(list(known), dtype=object)[used]
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / _TERMS).write_text("".join(f"{name}\n" for name in names), "utf-8")
        save(self._folder / _STARTS, np.concatenate([[0], np.cumsum(frequency[used])]).astype(np.int64))
        save(self._folder / _ROWS, np.concatenate(rows)[order].astype(np.int32))
        save(self._folder / _COUNTS, np.concatenate(counts)[order].astype(np.uint16))
        save(self._folder / _LENGTHS, np.array(lengths, dtype=np.int32))
        self.__init__(self._folder, table)  # type: ignore[misc]


class _Pool:
    """What BM25 needs to know of one language's passages and documents."""

    def __init__(self, table: PassageTable, rows: NDArray[np.bool_], lengths: NDArray[np.int32]) -> None:
        self.rows, self.document = rows, table.document
        self.documents = int(self.document.max()) + 1 if len(self.document) else 0
        own = lengths * rows
        whole = np.bincount(self.document, weights=own, minlength=self.documents)
        self.passage_count, self.document_count = int(rows.sum()), int(np.count_nonzero(whole))
        self.passage_norm = _norm(own, self.passage_count)
        self.document_norm = _norm(whole, self.document_count)

    def by_document(self, rows: NDArray[np.integer], counts: Scores) -> tuple[NDArray[np.integer], Scores]:
        """Return the documents that hold any of ``rows``, each with the sum of its rows' ``counts``."""
        whole = np.bincount(self.document[rows], weights=counts, minlength=self.documents).astype(np.float32)
        held = np.flatnonzero(whole > 0)
        return held, whole[held]


def _norm(lengths: NDArray[np.number], texts: int) -> Scores:
    """Return what each text's length adds to its counts, ``texts`` of them having any."""
    average = max(float(lengths.sum()) / max(texts, 1), 1)
    return np.asarray(K1 * (1 - B + B * lengths / average), dtype=np.float32)


def _idf(frequency: float, texts: int) -> float:
    return math.log(1 + (texts - frequency + 0.5) / (frequency + 0.5))


def _add(scores: Scores, rows: NDArray[np.integer], counts: Scores, norm: Scores, texts: int) -> float:
    """Add a term's BM25 to ``scores`` and return the most that it could have added to any."""
    idf = _idf(min(float(np.minimum(counts, 1).sum()), texts), texts)
    scores[rows] += idf * counts * (K1 + 1) / (counts + norm.take(rows))
    return idf * (K1 + 1)
