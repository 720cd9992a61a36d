"""EML: one mail message, its text or the text of its HTML."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

from qa.ingest.blocks import Parsed, UnreadableError
from qa.ingest.html import parse_html
from qa.ingest.properties import day_or_none, title_or_none
from qa.ingest.text import decoded, parse_text

_QUOTE_MARKS = re.compile(r"^(?:>[ \t]?)+", re.MULTILINE)
_STUB = 0.5  # a text that is shorter than this share of the HTML's only says that there is HTML


def parse_eml(data: bytes) -> Parsed:
    """Parse a mail message: its subject is the title, its sender the publisher.

    Attachments are not read; a warning names them. Quoted messages are kept without their marks.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    parsed = _body(message)
    return replace(
        parsed,
        blocks=[*parsed.blocks, *(block for part in _further_texts(message) for block in _of_part(part).blocks)],
        metadata=replace(
            parsed.metadata, title=title_or_none(message["subject"]), date=_date(message), publisher=_sender(message),
        ),
        warnings=tuple(_attachments(message)),
    )  # fmt: skip


def _body(message: EmailMessage) -> Parsed:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    from_text = parse_text(_QUOTE_MARKS.sub("", _content(plain).split("\n-- \n")[0])) if plain else Parsed([])
    if html is None:
        if plain is None:
            raise UnreadableError("it is a mail message without text. Read its attachments as files of their own.")
        return from_text
    from_html = parse_html(_content(html))
    return from_text if _length(from_text) > _STUB * _length(from_html) else from_html


def _further_texts(message: EmailMessage) -> list[MIMEPart]:
    """Return the parts that a reader sees below the body: what was written under a picture, say."""
    return [
        part for part in message.iter_attachments()
        if part.get_content_type() in ("text/plain", "text/html") and not part.get_filename() and not part.is_attachment()
    ]  # fmt: skip


def _of_part(part: MIMEPart) -> Parsed:
    return parse_html(_content(part)) if part.get_content_subtype() == "html" else parse_text(_content(part))


def _content(part: MIMEPart) -> str:
    data = part.get_payload(decode=True)
    return decoded(data if isinstance(data, bytes) else b"", declared=part.get_content_charset())


def _length(parsed: Parsed) -> int:
    return sum(len(block.text) for block in parsed.blocks)


def _date(message: EmailMessage) -> str | None:
    try:
        return day_or_none(parsedate_to_datetime(str(message["date"])))
    except ValueError:
        return None


def _sender(message: EmailMessage) -> str | None:
    name, address = parseaddr(str(message["from"] or ""))
    return name or address or None


def _attachments(message: EmailMessage) -> list[str]:
    further = _further_texts(message)
    others = [part for part in message.iter_attachments() if part not in further]
    names = [part.get_filename() or f"of the kind {part.get_content_type()}" for part in others]
    return [f"its attachment {name} was not read: save it as a file of its own" for name in names]
