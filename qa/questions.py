"""What a question has to be, and which language it is in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from qa.errors import QuestionError
from qa.languages import DEFAULT_LANGUAGE, detect_language

MAX_CHARACTERS = 2000
_TAG = re.compile(  # markup around a question is not part of it; "<5 ans" and "a < b" are
    r"<(script|style)\b.*?</\1\s*>|</?(?:script|style|p|b|i|u|em|strong|a|div|span|img|br|hr|h[1-6]|iframe|svg|ul|ol|li|table|tr|t[dh]|body|html|form|input|"
    r"button|object|embed|link|meta|font|center|video|audio)\b[^<>]*>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be asked: its text without surrounding space, and ``fr`` or ``en``."""

    text: str
    language: str


def written(text: str) -> str:
    r"""Return ``text`` as UTF-8 can hold it: JSON and file names may bring half of a surrogate pair, which it cannot.

    >>> written("Quel plan \ud800 ?")
    'Quel plan ? ?'
    """
    return text.encode("utf-8", "replace").decode()


def read_question(text: str, *, default_language: str = DEFAULT_LANGUAGE) -> Question:
    """Return the question in ``text``, without surrounding space and HTML tags.

    ``default_language`` is for those whose language cannot be told ("BPI ?"). Raises QuestionError, in French and
    in English since the reader's language is not known, when it is empty, longer than 2,000 characters, or in
    neither language.

    >>> read_question("  What is i-Trans? ")
    Question(text='What is i-Trans?', language='en')
    """
    cleaned = "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFC", text))
    cleaned = _TAG.sub(" ", cleaned).strip()
    if not any(char.isalnum() for char in cleaned):
        raise QuestionError(
            "The question is empty: write one in French or English.",
            french="La question est vide : écrivez-la en français ou en anglais.",
        )
    if len(cleaned) > MAX_CHARACTERS:
        raise QuestionError(
            f"The question has {len(cleaned)} characters: shorten it to {MAX_CHARACTERS}.",
            french=f"La question a {len(cleaned)} caractères : ramenez-la à {MAX_CHARACTERS}.",
        )
    language = detect_language(cleaned, default=default_language)
    if language not in ("fr", "en"):
        raise QuestionError(
            "The question is in neither French nor English: ask it in one of them.",
            french="La question n'est ni en français ni en anglais : posez-la dans l'une de ces langues.",
        )
    return Question(cleaned, language)
