"""A file to its blocks: what it is decides which format's module reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

from qa.ingest.blocks import Parsed, UnreadableError
from qa.ingest.formats import NAMES, SUFFIXES, format_of
from qa.ingest.limits import Limits
from qa.ingest.text import decoded


def parse_file(path: Path, limits: Limits) -> tuple[str, Parsed]:
    """Return what ``parse_data`` does of the file at ``path``; raises OSError when it cannot be opened."""
    limits.check_size(path.stat().st_size)
    return parse_data(path.read_bytes(), path.name, limits)


def parse_data(data: bytes, name: str, limits: Limits) -> tuple[str, Parsed]:
    """Return what the file ``name`` with the content ``data`` is (a key of ``formats.NAMES``) and what is in it.

    Raises UnreadableError, with what is wrong and what to do.

    >>> parse_data(b"Un plan.", "plan.txt", Limits())[1].blocks
    [Block(kind='paragraph', text='Un plan.', page=None)]
    """
    kind = format_of(data, name, limits)
    try:
        parsed = parse(kind, data, limits)
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # a library's, about a file that is damaged in a way of its own
        reason = f"it could not be understood as {NAMES[kind]} ({type(error).__name__}: {error}); it may be damaged"
        raise UnreadableError(f"{reason}. Save it anew.") from error
    expected = SUFFIXES.get(PurePath(name).suffix.lower(), kind)
    if expected != kind:
        warning = f"its name says {NAMES[expected]}, but it is {NAMES[kind]} and was read as that"
        parsed = replace(parsed, warnings=(warning, *parsed.warnings))
    return kind, parsed


def parse(kind: str, data: bytes, limits: Limits) -> Parsed:  # noqa: PLR0911 (one line for each format)
    """Parse ``data`` as the format ``kind``; each format's library is imported when a file first needs it."""
    if kind == "markdown":
        from qa.ingest.markdown import parse_markdown

        try:
            return parse_markdown(decoded(data))
        except UnreadableError:
            raise
        except ValueError as error:  # it says which line of the front matter
            raise UnreadableError(f"{error}. Mend the file and run `python -m qa index` again.") from error
    if kind == "pdf":
        from qa.ingest.pdf import parse_pdf

        return parse_pdf(data, limits)
    if kind == "docx":
        from qa.ingest.docx import parse_docx

        return parse_docx(data)
    if kind == "odt":
        from qa.ingest.odt import parse_odt

        return parse_odt(data)
    if kind == "html":
        from qa.ingest.html import parse_html

        return parse_html(data)
    if kind == "eml":
        from qa.ingest.eml import parse_eml

        return parse_eml(data)
    from qa.ingest.text import parse_text

    return parse_text(decoded(data))
