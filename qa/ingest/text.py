"""Plain text, and which characters a file's bytes are."""

from __future__ import annotations

import codecs
import re

from qa.ingest.blocks import Block, Parsed, UnreadableError

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")


def parse_text(text: str) -> Parsed:
    """Parse plain text: paragraphs stand between empty lines, and a line's end inside one is a space."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text))
    return Parsed([Block("paragraph", paragraph) for paragraph in paragraphs if paragraph])


def decoded(data: bytes, *, declared: str | None = None) -> str:
    r"""Return the text of ``data``, each line's end a ``\n``.

    Its byte order mark says how it is written; otherwise it is UTF-8, or what it ``declared``, or Windows-1252.
    Raises UnreadableError when it is none of them.

    >>> decoded("L’État\r\n".encode("cp1252"))
    'L’État\n'
    """
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", declared, "cp1252"]:
        try:
            text = data.decode(encoding) if encoding else None
        except (ValueError, LookupError):  # a name of an encoding may itself be damaged
            continue
        if text is not None and "\0" not in text and len(_CONTROL.findall(text)) <= len(text) // 200:
            return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    raise UnreadableError(
        "it is not a text file, whatever its name says, or not in UTF-8 or Windows-1252. Save it as UTF-8."
    )
