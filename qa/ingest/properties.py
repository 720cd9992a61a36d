"""What office programs, browsers and mail write about a file, as far as it says something about the document."""

from __future__ import annotations

import re
from datetime import date, datetime

from qa.languages import LANGUAGES

_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|sans (?:titre|nom).*|(?:word )?document ?\d*|about:blank|"
    r".*\.(?:docx?|odt|pdf|rtf|indd|qxd|pages|tex|dvi|html?|pptx?|xlsx?|eml|txt))",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def title_or_none(title: str | None) -> str | None:
    """Return ``title`` unless it is a program's stop-gap: a file's name, or none given.

    >>> title_or_none("Microsoft Word - plan_v3.doc"), title_or_none(" Plan  automobile ")
    (None, 'Plan automobile')
    """
    title = " ".join((title or "").split())
    return None if not title or _NO_TITLE.fullmatch(title) else title


def language_or_none(code: str | None) -> str | None:
    """Return ``fr`` or ``en`` for a language tag such as ``fr-CA``, and ``None`` for any other.

    >>> language_or_none("fr-CA"), language_or_none("de")
    ('fr', None)
    """
    primary = re.split(r"[-_]", (code or "").strip().lower())[0]
    return primary if primary in LANGUAGES else None


def day_or_none(value: str | datetime | None) -> str | None:
    """Return the day of a time stamp as ``YYYY-MM-DD``, and ``None`` where it is none.

    >>> day_or_none("2012-07-25T09:30:00Z"), day_or_none("2012-13-41")
    ('2012-07-25', None)
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    match = _ISO_DATE.match((value or "").strip())
    try:
        return date.fromisoformat(match[0]).isoformat() if match else None
    except ValueError:
        return None
