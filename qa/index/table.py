"""The passages as rows of arrays, and which rows the filters keep.

Row ``i`` of every array of a generation (the vectors, the lengths, the postings) is the same passage: they are in the
order in which ``texts.sqlite`` holds them.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters, filter_fields
from qa.index.arrays import load, save
from qa.languages import DEFAULT_LANGUAGE
from qa.owners import owner_of
from qa.records import Document, Passage

_PASSAGES, _DOCUMENTS = "passages.npy", "documents.json"
_FIRST_DAY, _LAST_DAY = 1, 99991231
_MISSING, _NONE = -1, -2  # a document without the field; a value that no document has


class PassageTable:
    """The rows under ``folder``, none if it is not there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        passages = load(folder / _PASSAGES, np.int32, (0, 3))
        self.document: NDArray[np.int32] = passages[:, 0]
        self._starts, self._ends = passages[:, 1], passages[:, 2]
        path = folder / _DOCUMENTS
        described: list[tuple[str, dict[str, Any]]] = json.loads(path.read_text("utf-8")) if path.exists() else []
        self._ids = [document_id for document_id, _ in described]
        self._fields = [fields for _, fields in described]
        self._ordinals = {document_id: ordinal for ordinal, document_id in enumerate(self._ids)}
        self._owners = np.array([owner_of(document_id) or "" for document_id in self._ids], dtype=str)
        self._firsts = np.searchsorted(self.document, np.arange(len(self._ids) + 1))
        self._language_rows: dict[str, NDArray[np.bool_]] = {}
        self._values: dict[str, tuple[dict[str, int], NDArray[np.int32]]] = {}
        self._days: dict[str, NDArray[np.int32]] = {}

    def __len__(self) -> int:
        return len(self.document)

    def language_rows(self, language: str) -> NDArray[np.bool_]:
        """Return which rows are of ``language``; a document that tells none counts as French."""
        if language not in self._language_rows:
            own = np.array(
                [fields.get("language", DEFAULT_LANGUAGE) == language for fields in self._fields], dtype=bool
            )
            self._language_rows[language] = own[self.document]
        return self._language_rows[language]

    def ids(self, rows: Iterable[int]) -> list[str]:
        """Return the passage ids of ``rows``."""
        return [f"{self._ids[self.document[row]]}#{self._starts[row]}-{self._ends[row]}" for row in rows]

    def rows(self, passage_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows of passages that are there."""
        return np.array([self._row(passage_id) for passage_id in passage_ids], dtype=np.int64)

    def _row(self, passage_id: str) -> int:
        document_id, _, span = passage_id.rpartition("#")
        ordinal = self._ordinals[document_id]
        first, last = self._firsts[ordinal], self._firsts[ordinal + 1]
        return bisect_left(self._starts, int(span.partition("-")[0]), int(first), int(last))

    def rows_of(self, document_ids: Iterable[str]) -> NDArray[np.bool_]:
        """Return which rows belong to any of ``document_ids``; those that are not there are ignored."""
        wanted = np.zeros(len(self._ids), dtype=bool)
        wanted[[self._ordinals[document_id] for document_id in document_ids if document_id in self._ordinals]] = True
        return np.asarray(wanted[self.document])

    def kept_by(self, filters: Filters) -> NDArray[np.bool_] | None:
        """Return which rows ``filters`` keep, or ``None`` when they keep all."""
        kept = np.ones(len(self._ids), dtype=bool)
        if filters.reader is not None:
            kept &= np.isin(self._owners, ["", filters.reader])
        for name, value in filters.equal().items():
            numbers, values = self._numbered(name)
            kept &= values == numbers.get(value, _NONE)
        for name, (low, high) in filters.within().items():
            days = self._dated(name)
            kept &= (days >= (low or _FIRST_DAY)) & (days <= (high or _LAST_DAY))
        return None if kept.all() else np.asarray(kept.take(self.document))

    def _numbered(self, name: str) -> tuple[dict[str, int], NDArray[np.int32]]:
        """Return a number for each value of the field ``name``, and each document's."""
        if name not in self._values:
            numbers: dict[str, int] = {}
            own = [
                numbers.setdefault(fields[name], len(numbers)) if name in fields else _MISSING
                for fields in self._fields
            ]
            self._values[name] = numbers, np.array(own, dtype=np.int32)
        return self._values[name]

    def _dated(self, name: str) -> NDArray[np.int32]:
        """Return each document's day of the field ``name``, one before all days where it has none."""
        if name not in self._days:
            self._days[name] = np.array([fields.get(name, 0) for fields in self._fields], dtype=np.int32)
        return self._days[name]

    def update(self, kept: NDArray[np.bool_], added: Iterable[tuple[Document, list[Passage]]]) -> None:
        """Keep the rows ``kept`` and put those of ``added`` behind them."""
        remaining = np.unique(self.document[kept])
        renumbered = np.searchsorted(remaining, self.document[kept])
        described = [(self._ids[ordinal], self._fields[ordinal]) for ordinal in remaining]
        rows = [np.column_stack([renumbered, self._starts[kept], self._ends[kept]]).astype(np.int32)]
        for document, passages in added:
            if passages:
                spans = [(len(described), passage.start, passage.end) for passage in passages]
                rows.append(np.array(spans, dtype=np.int32))
                described.append((document.id, filter_fields(document)))
        save(self._folder / _PASSAGES, np.concatenate(rows))
        (self._folder / _DOCUMENTS).write_text(json.dumps(described, ensure_ascii=False), "utf-8")
        self.__init__(self._folder)  # type: ignore[misc]
