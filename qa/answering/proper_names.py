"""The proper names of a text, and which of a claim's a sentence lacks."""

from __future__ import annotations

import re

from qa.answering.acronyms import said_otherwise
from qa.answering.generation.names import is_ordinary, is_translated
from qa.figures import find_figures
from qa.index.analysis import without_accents
from qa.languages import FUNCTION_WORDS

_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]*\w(?:\s+(?:de\s+|du\s+|d['’])?[A-ZÀ-Þ][\w’'-]*\w)*")
_ELISION = re.compile(r"^[A-Za-z]{1,2}['’](?=\w)")
_COUNTRIES = [  # and how the words for what is of them begin, in either language
    tuple(beginnings.split())
    for beginnings in (
        "franc french", "german alleman", "belg", "spa espagn", "ital", "dutch netherl pays-bas neerl", "brit united royaume",
        "ameri united etats", "chin", "japan japon", "swed sued", "europ", "kore core", "swi suisse", "pol", "taiw",
    )
]  # fmt: skip
_COMMON = {"pme", "tpe", "eti", "sme", "smes", "gdp", "pib"}  # acronyms that name no one thing
_BEGINS = 4  # letters after which French and English write a name differently


def names(text: str, *, language: str | None = None) -> list[str]:
    """Return the proper names of ``text``; a common word that only opens it is none.

    A word alone that opens the text is a name when ``language`` is given and its dictionary has no such word.

    >>> names("Selon lui, Denis Papin dirige le pôle I-Trans.")
    ['Denis Papin', 'I-Trans']
    >>> names("Toyota recrute à Onnaing.", language="fr"), names("Environ mille emplois à Onnaing.", language="fr")
    (['Toyota', 'Onnaing'], ['Onnaing'])
    """
    found = []
    for match in _NAME.finditer(text):
        words = match[0].split()
        first = _ELISION.sub("", words[0])
        opens = match.start() == 0
        if (
            words[0].lower() in FUNCTION_WORDS
            or not first[0].isupper()
            or (opens and len(words) == 1 and (language is None or _is_common(first, language)))
        ):
            words = words[1:]
        if words:
            found.append(_ELISION.sub("", " ".join(words)))
    return found


def missing_names(claim: str, language: str, text: str, text_language: str) -> tuple[str, ...]:
    """Return the words of the claim's names that ``text`` lacks.

    Across languages a name of several words may have another form: any of them, its beginning or its translation is enough.

    >>> missing_names("ACC est dirigé par Denis Papin.", "fr", "ACC est dirigé par Yann Vincent.", "fr")
    ('Denis', 'Papin')
    >>> missing_names("La BPI est née en 2012.", "fr", "La Banque publique d'investissement est née en 2012.", "fr")
    ()
    >>> missing_names("La Banque publique est née en 2012.", "fr", "The public bank was born in 2012.", "en")
    ()
    """
    there = set(re.findall(r"\w+", without_accents(text).lower()))
    lacking: list[str] = []
    for name in names(without_figures(claim, language), language=language):
        words = [
            word
            for word in re.findall(r"\w{2,}", name)
            if not word.isdigit() and word.lower() not in FUNCTION_WORDS | _COMMON
        ]
        missing = [word for word in words if not _stands(word, language, there, text, text_language)]
        if missing:
            otherwise = said_otherwise(claim, text)
            missing = [word for word in missing if word not in otherwise]
        if language == text_language or len(missing) == len(words):
            lacking += missing
    return tuple(lacking)


def people(text: str, *, language: str) -> list[str]:
    """Return the names of two or three words, as people have them, and not of common words alone, as places may.

    >>> people("Yann Vincent dirige ACC à Douai.", language="fr"), people("Toyota exports to North America.", language="en")
    (['Yann Vincent'], [])
    """
    return [
        name for name in names(text)
        if len(name.split()) in (2, 3) and not all(is_ordinary(word.lower(), language) for word in name.split())
    ]  # fmt: skip


def without_figures(text: str, language: str) -> str:
    """Return ``text`` without its figures: neither a month nor EUR is a name."""
    for figure in reversed(find_figures(text, language)):
        if figure.kind != "ordinal":
            text = f"{text[: figure.start]}·{text[figure.end :]}"
    return text


def _stands(word: str, language: str, there: set[str], text: str, text_language: str) -> bool:
    plain = without_accents(word).lower()
    if plain in there or plain[:-1] in there or f"{plain}s" in there:
        return True
    of_one = [beginnings for beginnings in _COUNTRIES if plain.startswith(beginnings)]
    if any(other.startswith(beginnings) for beginnings in of_one for other in there):
        return True
    if language == text_language:
        return False
    return plain[:_BEGINS] in {other[:_BEGINS] for other in there} or is_translated(word, language, text, text_language)


def _is_common(word: str, language: str) -> bool:
    return any(is_ordinary(part.lower(), language) for part in re.split(r"[-‑’']", word) if part)
