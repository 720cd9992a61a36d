"""CSL-JSON: an item for each cited document, as Zotero, Pandoc and citation processors read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from qa.export.references import Reference, references
from qa.records import Answer

_TYPES = {"article": "article-newspaper", "plan": "report"}


def write(answers: Sequence[Answer], language: str) -> bytes:  # noqa: ARG001 (an item has no words of ours)
    """Return the documents that ``answers`` cite as CSL-JSON."""
    return json.dumps([_item(reference) for reference in references(answers)], ensure_ascii=False, indent=2).encode()


def _item(reference: Reference) -> dict[str, Any]:
    kind = _TYPES.get(reference.kind or "", "webpage")
    item = {
        "id": reference.key,
        "type": kind,
        "title": reference.title,
        "publisher" if kind == "report" else "container-title": reference.publisher,
        "issued": {"date-parts": [reference.date_parts]} if reference.date else None,
        "URL": reference.url,
        "language": reference.language,
        "note": " ".join(reference.quotes),
    }
    return {name: value for name, value in item.items() if value}
