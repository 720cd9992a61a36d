"""The words of a PDF page: what they say, where they stand and how large they are."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_HYPHENS = {0x2, 0xFFFE, 0x2010, 0x2011}  # the first two are pdfium's for a hyphen at a line's end
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CLOSING = frozenset({".", ",", ".)", "),", ").", ")"})
_PRIVATE = range(0xE000, 0xF900)  # symbol fonts' bullets
_LIGATURES = range(0xFB00, 0xFB07)


@dataclass(slots=True, eq=False)
class Word:
    """A word and its place in points from the page's upper left corner, as the page is read.

    ``table`` is the number of the table that stands at this place instead of a word.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    bold: bool = False
    table: int | None = None


@dataclass(frozen=True, slots=True)
class _Character:
    code: int
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    unmapped: bool


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of a page in the order of the file, the share of its characters that have no text, and whether it reads upright.

    A page that is not ``upright`` has text that runs along a side of it as it is shown.
    """

    words: list[Word]
    unmapped: float
    upright: bool


def page_text(page: Any) -> PageText:
    """Return what is written on a pdfium page.

    Text that runs in another direction than most of the page's (a stamp in the margin) is left out.
    """
    rotation = page.get_rotation()
    page.set_rotation(0)  # pdfium finds the gaps between words better along the file's own axes
    text_page = page.get_textpage()
    try:
        turn, characters = _characters(page, text_page.raw)
    finally:
        text_page.close()
    printed = [character for character in characters if character is not None]
    unmapped = sum(character.unmapped for character in printed) / len(printed) if printed else 0.0
    return PageText(_with_closing_marks(_words(characters)), unmapped, upright=rotation == 90 * (-turn % 4))


def _characters(page: Any, text_page: Any) -> tuple[int, list[_Character | None]]:
    """Return how many quarters the page's text is turned, and its characters, ``None`` wherever white space parts two."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(text_page)
    turns = [round(pdfium.FPDFText_GetCharAngle(text_page, index) / (math.pi / 2)) % 4 for index in range(count)]
    turn = Counter(turns).most_common(1)[0][0] if turns else 0
    place = _places(page.get_mediabox(), turn)
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    characters: list[_Character | None] = []
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        generated = pdfium.FPDFText_IsGenerated(text_page, index) == 1
        if turns[index] != turn and not generated:
            continue
        if code not in _HYPHENS and (generated or 0 < code <= 0x20 or chr(code).isspace()):
            characters.append(None)
            continue
        pdfium.FPDFText_GetLooseCharBox(text_page, index, box)
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        (xa, ya), (xb, yb) = place(box.left, box.top), place(box.right, box.bottom)
        characters.append(_Character(
            code, min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb), place(x.value, y.value)[1],
            pdfium.FPDFText_GetFontSize(text_page, index), pdfium.FPDFText_GetFontWeight(text_page, index) >= 600,
            code in (0, 0xFFFD) or pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1,
        ))  # fmt: skip
    return turn, characters


def _places(media_box: tuple[float, float, float, float], turn: int) -> Callable[[float, float], tuple[float, float]]:
    """Return what turns a point of the file into one of the page as its text runs, from the upper left corner down."""
    left, lower, right, upper = media_box
    return (
        lambda x, y: (x - left, upper - y),
        lambda x, y: (upper - y, right - x),
        lambda x, y: (right - x, y - lower),
        lambda x, y: (y - lower, x - left),
    )[turn]


def _words(characters: list[_Character | None]) -> Iterator[Word]:
    word: Word | None = None
    for character in characters:
        text = _text_of(character) if character else ""
        if character is None or not text:
            if word is not None:
                yield word
            word = None
            continue
        if word is not None and _is_superscript(character, word) and text.isdigit():
            word.text += text.translate(_SUPERSCRIPT)  # 2012¹ must not be read as 20121
            word.x1 = max(word.x1, character.x1)
        elif word is not None and _goes_on(character, word):
            word.text += text
            word.x1 = max(word.x1, character.x1)
            word.top, word.bottom = min(word.top, character.top), max(word.bottom, character.bottom)
        else:
            if word is not None:
                yield word
            word = Word(
                text, character.x0, character.x1, character.top, character.bottom, character.baseline,
                character.size, character.bold,
            )  # fmt: skip
    if word is not None:
        yield word


def _with_closing_marks(words: Iterable[Word]) -> list[Word]:
    """Return the words with the full stop or comma that touches one put to it: pdfium parts it from a raised figure."""
    closed: list[Word] = []
    for word in words:
        before = closed[-1] if closed else None
        if (
            before is not None and word.text in _CLOSING and abs(word.baseline - before.baseline) < 0.3 * before.size
            and abs(word.x0 - before.x1) < 0.15 * before.size
        ):  # fmt: skip
            before.text += word.text
            before.x1 = word.x1
        else:
            closed.append(word)
    return closed


def _text_of(character: _Character) -> str:
    if character.code in _HYPHENS:
        return "-"
    if character.unmapped or 0xD800 <= character.code < 0xE000 or character.code < 0x20:
        return ""
    if character.code in _PRIVATE:
        return "•"
    text = chr(character.code)
    return unicodedata.normalize("NFKC", text) if character.code in _LIGATURES else text


def _goes_on(character: _Character, word: Word) -> bool:
    gap = character.x0 - word.x1
    return abs(character.baseline - word.baseline) < 0.3 * word.size and -word.size < gap < 0.3 * word.size


def _is_superscript(character: _Character, word: Word) -> bool:
    raised = word.baseline - character.baseline
    near = -word.size < character.x0 - word.x1 < 0.3 * word.size
    return near and character.size < 0.85 * word.size and 0.15 * word.size < raised < 0.8 * word.size
