"""BibTeX: an entry for each cited document, with what was quoted of it as its annotation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.export.references import Reference, references
from qa.records import Answer

_TYPES = {"article": ("article", "journal"), "plan": ("techreport", "institution")}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}  # fmt: skip


def write(answers: Sequence[Answer], language: str) -> bytes:  # noqa: ARG001 (an entry has no words of ours)
    """Return the documents that ``answers`` cite as BibTeX, in UTF-8."""
    return "\n".join(_entry(reference) for reference in references(answers)).encode()


def _entry(reference: Reference) -> str:
    kind, published_in = _TYPES.get(reference.kind or "", ("misc", "howpublished"))
    date = reference.date_parts
    fields = {
        "title": f"{{{escape(reference.title)}}}",
        published_in: escape(reference.publisher or ""),
        "year": str(date[0]) if date else "",
        "month": _MONTHS[date[1] - 1] if len(date) > 1 else "",
        "day": str(date[2]) if len(date) > 2 else "",
        "url": re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", reference.url or ""),
        "language": {"fr": "french", "en": "english"}.get(reference.language or "", ""),
        "annote": escape(" ".join(reference.quotes)),
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{reference.key},", *lines, "}", ""])


def escape(text: str) -> str:
    r"""Return ``text`` in one line, with what LaTeX would read as a command escaped.

    >>> escape("R&D, 5 % {ici}")
    'R\\&D, 5 \\% \\{ici\\}'
    """
    return "".join(_SPECIAL.get(mark, mark) for mark in " ".join(text.split()))
