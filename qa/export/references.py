"""The documents that answers cite, each once, as a bibliography knows them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from qa.records import Answer, Citation


@dataclass(frozen=True, slots=True)
class Reference:
    """One cited document, under a key that stays the same from one export to the next, with what was quoted of it."""

    key: str
    kind: str | None
    title: str
    publisher: str | None
    date: str | None
    url: str | None
    language: str | None
    quotes: tuple[str, ...]

    @property
    def date_parts(self) -> list[int]:
        """Year, month and day, as far as they are known."""
        return [int(part) for part in self.date.split("-")] if self.date else []


def citations_of(answers: Sequence[Answer]) -> list[Citation]:
    """Return every citation of ``answers``, in the order of their numbers."""
    statements = chain.from_iterable(answer.statements for answer in answers)
    return [citation for statement in statements for citation in statement.citations]


def references(answers: Sequence[Answer]) -> list[Reference]:
    """Return the documents that ``answers`` cite, in the order of their first citation."""
    cited: dict[str, list[Citation]] = {}
    for citation in citations_of(answers):
        cited.setdefault(citation.document_id, []).append(citation)
    keys = _keys(list(cited))
    return [
        Reference(
            key=keys[document_id], kind=first.kind, title=first.title or document_id, publisher=first.publisher,
            date=first.date, url=next((citation.url for citation in all_of_it if citation.url), None),
            language=first.language, quotes=tuple(dict.fromkeys(_quote(citation) for citation in all_of_it)),
        )
        for document_id, all_of_it in cited.items()
        for first in all_of_it[:1]
    ]  # fmt: skip


def _quote(citation: Citation) -> str:
    page = f" (p. {citation.page})" if citation.page else ""
    return f"« {' '.join(citation.quote.split())} »{page}"


def _keys(document_ids: Sequence[str]) -> dict[str, str]:
    """Return a key for each id: its letters and digits, and a piece of its hash where another would have the same."""
    plain = {document_id: _plain(document_id) for document_id in document_ids}
    taken = list(plain.values())
    return {
        document_id: key if key and taken.count(key) == 1 else f"{key}-{hashlib.sha256(document_id.encode()).hexdigest()[:6]}"
        for document_id, key in plain.items()
    }  # fmt: skip


def _plain(document_id: str) -> str:
    letters = unicodedata.normalize("NFKD", document_id).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", re.sub(r"\.\w+$", "", letters)).strip("-")
