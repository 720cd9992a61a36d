"""Answers as files that other programs open: text with footnotes, tables, and the cited documents as references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from qa.errors import UsageError
from qa.records import Answer

Writer = Callable[[Sequence[Answer], str], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its media type, its file name's ending, and the module of this package that writes it."""

    media_type: str
    ending: str
    module: str


FORMATS = {
    "md": Format("text/markdown; charset=utf-8", "md", "markdown"),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "docx"),
    "csv": Format("text/csv; charset=utf-8", "csv", "table"),
    "bibtex": Format("application/x-bibtex; charset=utf-8", "bib", "bibtex"),
    "ris": Format("application/x-research-info-systems; charset=utf-8", "ris", "ris"),
    "csl": Format("application/vnd.citationstyles.csl+json", "json", "csl"),
}


def export(answers: Sequence[Answer], file_format: str, *, language: str | None = None) -> bytes:
    """Return ``answers``, one or a whole conversation, as a file's bytes.

    ``file_format`` is ``md``, ``docx`` (footnotes), ``csv`` (a row for each citation), or one that lists the cited documents:
    ``bibtex``, ``ris`` or ``csl`` (CSL-JSON). Our own words are in ``language``, ``fr`` or ``en``, by default the first
    answer's; quotes stay in theirs. Raises UsageError for another format, or when there is no answer to write.

    >>> export([], "md")
    Traceback (most recent call last):
    qa.errors.UsageError: There is no answer to export.
    """
    if file_format not in FORMATS:
        raise UsageError(f"{file_format!r} is not a format to export to: take one of {', '.join(FORMATS)}.")
    if not answers:
        raise UsageError("There is no answer to export.")
    write: Writer = import_module(f"qa.export.{FORMATS[file_format].module}").write
    return write(answers, language or answers[0].language)
