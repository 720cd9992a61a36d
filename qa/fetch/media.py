"""What a download is: a suffix for its file's name, from what the server says it is and what it is."""

from __future__ import annotations

from pathlib import PurePosixPath

import httpx

from qa.errors import FetchError

_HTML, _PDF, _DOCX, _ODT = ".html", ".pdf", ".docx", ".odt"
_SUFFIXES = {
    "text/html": _HTML,
    "application/xhtml+xml": _HTML,
    "application/pdf": _PDF,
    "application/x-pdf": _PDF,
    "text/plain": ".txt",
    "text/markdown": ".md",
    "message/rfc822": ".eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _DOCX,
    "application/vnd.oasis.opendocument.text": _ODT,
}
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download"})
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, where zero bytes are text


def media_type(content_type: str) -> str:
    """Return the type that a Content-Type names, without its parameters.

    >>> media_type("Text/HTML; charset=ISO-8859-1")
    'text/html'
    """
    return content_type.partition(";")[0].strip().lower()


def refuse_unreadable(content_type: str) -> None:
    """Raise FetchError for a type that ``index`` does not read, before any of it is downloaded."""
    media = media_type(content_type)
    if media not in _SUFFIXES and media not in _UNSAID:
        raise FetchError(f"it is {media}, which `index` does not read")


def suffix_for(content_type: str, head: bytes, url: str) -> str:
    """Return the suffix for a file that begins with ``head``.

    What the bytes are goes before what the server says, and that before what the address ends with. Raises FetchError
    when they contradict each other, as an error page sent in place of a PDF does.

    >>> suffix_for("application/octet-stream", b"%PDF-1.7", "https://example.org/download?id=3")
    '.pdf'
    """
    if not head:
        raise FetchError("it is empty")
    media = media_type(content_type)
    if b"%PDF-" in head[:1024]:
        return _PDF
    suffix = _SUFFIXES.get(media) or _guessed(head, url)
    packed = head.startswith(b"PK")
    binary = b"\0" in head and not head.startswith(_BYTE_ORDER_MARKS)
    if suffix is None or suffix == _PDF or (suffix in (_DOCX, _ODT)) != packed or (not packed and binary):
        raise FetchError(
            f"the server says that it is {media or 'nothing in particular'}, and its content is something else"
        )
    return suffix


def _guessed(head: bytes, url: str) -> str | None:
    if b"<html" in head.lower() or head.lstrip().lower().startswith(b"<!doctype html"):
        return _HTML
    ending = PurePosixPath(httpx.URL(url).path).suffix.lower()
    return ending if ending in _SUFFIXES.values() else None
