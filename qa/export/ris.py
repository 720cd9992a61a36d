"""RIS: a record for each cited document, which reference managers import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.export.references import Reference, references
from qa.records import Answer

_TYPES = {"article": "NEWS", "plan": "RPRT"}


def write(answers: Sequence[Answer], language: str) -> bytes:  # noqa: ARG001 (a record has no words of ours)
    """Return the documents that ``answers`` cite as RIS, in UTF-8."""
    lines = [line for reference in references(answers) for line in (*_record(reference), "ER  - ", "")]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _record(reference: Reference) -> Iterator[str]:
    yield f"TY  - {_TYPES.get(reference.kind or '', 'ELEC')}"
    date = [f"{part:02}" for part in reference.date_parts]
    tags = [
        ("ID", reference.key), ("TI", reference.title), ("PB", reference.publisher), ("PY", date[0] if date else None),
        ("DA", "/".join([*date, "", "", ""][:3]) + "/" if date else None), ("LA", reference.language), ("UR", reference.url),
        *(("N1", quote) for quote in reference.quotes),
    ]  # fmt: skip
    yield from (f"{tag}  - {' '.join(value.split())}" for tag, value in tags if value)
