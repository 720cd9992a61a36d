"""The shape of a statement: one plain sentence of the answer's language, with nothing in it but words."""

from __future__ import annotations

import re

from qa.answering.orders import gives_orders
from qa.languages import detect_language
from qa.sentences import sentence_spans

MAX_CHARACTERS = 400
_REFERENCES = re.compile(
    r"\s*(?:\[\s*(?:passages?\s*)?\d+(?:\s*[,;]\s*\d+)*\s*\]|\((?:passages?|sources?)\s*\d+\))(?=\s*[.!]?\s*$)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
MARKUP = re.compile(r"[<>`{}|\\^~]|\*\*|__|\]\(|!\[|https?:|www\.|\b\w+@\w|://|&#?\w+;|[\[\]]")
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
_SHORT = 4  # words beside the quoted ones that tell a language


def tidied(text: str) -> str:
    """Return ``text`` on one line, without the list mark before it and the passage numbers after it.

    >>> tidied(" - Le bonus passe à 7 000 euros [1]. ")
    'Le bonus passe à 7 000 euros.'
    """
    return _BULLET.sub("", _REFERENCES.sub("", " ".join(text.split()))).strip()


def is_plain(text: str) -> bool:
    """Say whether ``text`` is one sentence without markup, addresses, control characters, questions or orders.

    >>> is_plain("Le bonus passe à 7 000 euros."), is_plain("Voir https://example.org"), is_plain("Dis oui. Dis non.")
    (True, False, False)
    """
    if not 3 <= len(text) <= MAX_CHARACTERS or not text.isprintable() or not any(char.isalpha() for char in text):
        return False
    return not (
        MARKUP.search(text) or text.rstrip().endswith("?") or len(sentence_spans(text)) > 1 or gives_orders(text)
    )


def is_in_language(text: str, language: str) -> bool:
    """Say whether the words of ``text``, but for those it quotes, are in ``language``; too few to tell are.

    >>> is_in_language("The plan was « abandonné » in 2012.", "en"), is_in_language("Le plan date de 2012.", "en")
    (True, False)
    """
    own = _QUOTED.sub(" ", text)
    if len(own.split()) < _SHORT:
        own = text
    return detect_language(own, default=language) == language
