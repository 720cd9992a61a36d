"""Test sets: a folder with ``documents.jsonl[.gz]`` and ``queries.jsonl[.gz]``."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.errors import SettingsError
from qa.records import Document


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the ids of the documents that answer it.

    ``relevant_same`` and ``relevant_cross`` are those in the question's language and in the other one; ``grades``
    rank them from 1, the best. ``context`` is what a reader would know beside the question, such as the act's title,
    and ``answers`` are words of a document that answer, in other wordings or from other readers.
    """

    id: str
    language: str
    type: str
    text: str
    relevant: frozenset[str]
    relevant_same: frozenset[str] | None = None
    relevant_cross: frozenset[str] | None = None
    grades: dict[str, int] = field(default_factory=dict)
    context: str | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A test set, whole or sampled."""

    name: str
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]


def load_dataset(folder: Path) -> Dataset:
    """Read the test set in ``folder``. Raises SettingsError when a file is missing or not as it should be."""
    try:
        documents = tuple(_document(row) for row in _rows(folder, "documents"))
        queries = tuple(_query(row) for row in _rows(folder, "queries"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{folder} is not a test set ({error!r}): it needs documents.jsonl[.gz] with id, lang, title and text, and "
            "queries.jsonl[.gz] with id, lang, type, text and relevant."
        ) from error
    return Dataset(folder.name, documents, queries)


def sampled(dataset: Dataset, sample: int, seed: int) -> Dataset:
    """Return ``sample`` queries of each type, the documents that answer them, and ``4 * sample`` other documents."""
    rng = random.Random(seed)
    queries: list[Query] = []
    for kind in sorted({query.type for query in dataset.queries}):
        of_kind = [query for query in dataset.queries if query.type == kind]
        queries += rng.sample(of_kind, min(sample, len(of_kind)))
    gold = {document_id for query in queries for document_id in query.relevant}
    others = [document.id for document in dataset.documents if document.id not in gold]
    kept = gold | set(rng.sample(others, min(4 * sample, len(others))))
    return Dataset(dataset.name, tuple(d for d in dataset.documents if d.id in kept), tuple(queries))


def half(query_id: str) -> str:
    """Return the half that a query is in, ``tuning`` or ``reporting``, by a hash of what it asks about.

    The ids of a question in two languages differ in their last part, those of passages of one document, and of
    requests on one topic, in their number: they fall in the same half.

    >>> half("note/act/A-1/s2/en") == half("note/act/A-1/s2/fr")
    True
    """
    subject = re.sub(r"(?:/\d+)?(?:/(?:en|fr))?$", "", query_id).partition("/")[2]
    return "tuning" if hashlib.sha256(subject.encode()).digest()[0] % 2 == 0 else "reporting"


def halved(dataset: Dataset, wanted: str) -> Dataset:
    """Return the data set with the queries of one half only: constants are chosen on one and reported on the other."""
    return Dataset(dataset.name, dataset.documents, tuple(q for q in dataset.queries if half(q.id) == wanted))


def _rows(folder: Path, stem: str) -> Iterator[dict[str, Any]]:
    packed, plain = folder / f"{stem}.jsonl.gz", folder / f"{stem}.jsonl"
    with gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else plain.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def _document(row: dict[str, Any]) -> Document:
    return Document(id=row["id"], title=row.get("title") or "", text=row["text"], language=row["lang"])


def _query(row: dict[str, Any]) -> Query:
    def ids(name: str) -> frozenset[str] | None:
        return frozenset(row[name]) if name in row else None

    return Query(
        id=row["id"], language=row["lang"], type=row["type"], text=row["text"], relevant=frozenset(row["relevant"]),
        relevant_same=ids("relevant_same"), relevant_cross=ids("relevant_cross"), grades=row.get("grades", {}),
        context=row.get("context"), answers=tuple(row.get("answers") or ([row["answer"]] if row.get("answer") else [])),
    )  # fmt: skip
