"""What a file is, told from its content; its name only decides between kinds of text."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import PurePath

from qa.ingest.blocks import DAMAGED, UnreadableError
from qa.ingest.limits import Limits

SUFFIXES = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".text": "text", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".docm": "docx", ".odt": "odt", ".ott": "odt", ".eml": "eml",
}  # fmt: skip
NAMES = {
    "markdown": "Markdown", "text": "plain text", "html": "HTML", "pdf": "PDF", "docx": "DOCX", "odt": "ODT",
    "eml": "an e-mail (EML)",
}  # fmt: skip
SUPPORTED = "Markdown, plain text, HTML, PDF, DOCX, ODT and EML"

_HEAD = 4096
_PDF_WITHIN = 1024  # readers accept a PDF whose mark comes this late
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_OTHERS = (
    (b"{\\rtf", "it is an RTF file: save it as DOCX or ODT"),
    (b"\x1f\x8b", "it is a compressed file: unpack it"),
    (b"7z\xbc\xaf", "it is a compressed file: unpack it"),
    (b"Rar!", "it is a compressed file: unpack it"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(r"(?:\s|<\?xml[^>]*>|<!--.*?-->)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_HEADER = re.compile(r"([A-Za-z][A-Za-z-]*):[ \t]")
_MAIL_ONLY = frozenset({"mime-version", "received", "message-id", "return-path", "delivered-to"})


def format_of(data: bytes, name: str, limits: Limits) -> str:
    """Return what the file ``name`` with the content ``data`` is: a key of ``NAMES``.

    Raises UnreadableError, with what it is and what to do, when it is something that is not read.

    >>> format_of(b"<!DOCTYPE html><title>Aides</title>", "aides.txt", Limits())
    'html'
    """
    if not data.strip():
        raise UnreadableError("it holds no text: it is empty. Fill it or remove it.")
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _container(data, limits)
    if data.startswith(_OLE):
        raise UnreadableError(
            "it is protected by a password: save it without one."
            if "EncryptedPackage".encode("utf-16-le") in data
            else "it is an old Office file (such as .doc): save it as DOCX or ODT."
        )
    if data.startswith(_PICTURES):
        raise UnreadableError("it is a picture: recognise its text with an OCR program and save that as PDF or text.")
    for mark, reason in _OTHERS:
        if data.startswith(mark):
            raise UnreadableError(f"{reason}.")
    return _kind_of_text(data, PurePath(name).suffix.lower())


def _container(data: bytes, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = container.infolist()
            limits.check_unpacked(parts)
            names = {part.filename for part in parts}
            kind = container.read("mimetype").decode("latin-1") if "mimetype" in names else ""
    except UnreadableError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise UnreadableError(DAMAGED) from error
    if "word/document.xml" in names:
        return "docx"
    if kind.startswith("application/vnd.oasis.opendocument.text"):
        return "odt"
    what = "an e-book (EPUB)" if "epub" in kind else "a spreadsheet, a presentation or an archive"
    raise UnreadableError(f"it is {what}, which is not read; read are {SUPPORTED}. Save its text as one of them.")


def _kind_of_text(data: bytes, suffix: str) -> str:
    by_name = SUFFIXES.get(suffix)
    head = decoded_head(data)
    if _HTML.match(head):
        return "html"
    headers = _mail_headers(head)
    if (by_name == "eml" and headers) or (headers & _MAIL_ONLY and {"from", "subject", "date"} & headers):
        return "eml"
    if by_name in ("markdown", "text", "html"):
        return by_name
    if by_name is None:
        raise UnreadableError(
            f"files of this kind are not read; read are {SUPPORTED}. Save it as one of them, or remove it."
        )
    return "text"


def decoded_head(data: bytes) -> str:
    """Return the first characters of a text, whatever is cut in two at their end."""
    head = data[:_HEAD]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise UnreadableError("it is not a text file, whatever its name says. Remove it.")
    return head.decode("utf-8-sig", errors="replace")


def _mail_headers(head: str) -> set[str]:
    """Return the names of the e-mail headers that ``head`` starts with, in small letters."""
    names: set[str] = set()
    for line in head.splitlines():
        header = _HEADER.match(line)
        if header:
            names.add(header[1].lower())
        elif not (names and line[:1] in (" ", "\t")):
            break
    return names
