"""Where sentences start and end in French and English text, with exact offsets.

A sentence ends at a line's end, and at a full stop, question or exclamation mark or ellipsis that is followed by a
space and something that can start a sentence. Abbreviations, initials, article numbers (« art. L. 123-4 ») and
ordinals at a line's start do not end one. Both languages' rules are applied at once: quotations and names mix them.
"""

from __future__ import annotations

import re

from qa.languages import FUNCTION_WORDS

_SPACE = " \\t\u00a0\u202f\u2009"
# from the first of several marks on, all of them at once: a row of dots is read in one go
_END = re.compile(rf"(?<![.!?…])[.!?…]++(?:[{_SPACE}]?[»”\"’')\]])*(?=[{_SPACE}]+\S)")
_STARTS = re.compile(rf"[{_SPACE}]+[«“\"‘'(\[–—-]*[{_SPACE}]*(?P<first>\w+)")
_INITIALS = re.compile(r"(?:\w\.-?)+\w|[A-ZÀ-Þ]")  # U.S, J.-C, A.R.I.A, J
_LAST_WORD = re.compile(r"[\w.’'-]*\w$|\w$")

# never end a sentence: a name follows
_TITLES = frozenset(
    "m mm mme mmes mlle mr mrs ms dr pr prof me mgr st ste gen gén col cap sen rep vs e.g i.e c.-à-d p.ex".split()
)
# do not end one before a number or a lone letter: "art. L. 511-6", "No. 5", "p. 12"
_NUMBERED = frozenset(
    "art arts chap ch fig figs p pp para § s ss sec sect tit vol réf ref tél tel n no nos nº n° num al".split()
)
# end one only before a word that plainly starts a sentence
_MAYBE = frozenset(
    "etc inc ltd co corp cie sa cf ex env approx apr av éd ed coll jan feb mar jun jul aug sept sep oct nov dec janv févr juil déc".split()
)

_OPEN_SUBJECT = re.compile(
    r"(?:(?:il|elle)(?!\s+(?:s['’]agit|faut|y a)\b)|ils|elles|ce(?:t|tte|s)?|celui-ci|celle-ci|ceux-ci|celles-ci|cela|ceci|sa|son|ses"
    r"|leurs?|it|they|he|she|this|these|that|those|its|their|his|her|both)\b",
    re.IGNORECASE,
)


def leaves_subject_open(sentence: str) -> bool:
    """Say whether ``sentence`` opens with a word that only the sentence before explains.

    >>> leaves_subject_open("Elle emploie 3 400 personnes."), leaves_subject_open("Il faut attendre 2013.")
    (True, False)
    """
    return bool(_OPEN_SUBJECT.match(sentence))


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the ``(start, end)`` of each sentence of ``text``, in order, without surrounding white space.

    Every character that is not white space is in exactly one sentence.

    >>> text = "Selon M. Terrien, 12,5 % étaient prêts. L'art. L. 511-6 s'applique."
    >>> [text[a:b] for a, b in sentence_spans(text)]
    ['Selon M. Terrien, 12,5 % étaient prêts.', "L'art. L. 511-6 s'applique."]
    """
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for match in _END.finditer(text, line.start(), line.end()):
            if _ends_sentence(text, line.start(), match):
                _add(spans, text, start, match.end())
                start = match.end()
        _add(spans, text, start, line.end())
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(stripped)))


def _ends_sentence(text: str, line_start: int, end: re.Match[str]) -> bool:  # noqa: PLR0911 (one rule, one line)
    following = _STARTS.match(text, end.end())
    if following is None:
        return not text[end.end() :].lstrip()[:1].islower()
    first = following["first"]
    if first[0].islower():
        return False
    if not end[0].startswith(".") or end[0].startswith(".."):
        return True
    before = _LAST_WORD.search(text[line_start : end.start()][-40:])
    if before is None:
        return True
    word = before[0].rsplit("'", 1)[-1].rsplit("’", 1)[-1]
    if word.isdigit() and not text[line_start : end.start() - len(word)].strip():
        return False  # an ordinal: "1. Le plan"
    if word.lower() in _TITLES:
        return False
    if word.lower() in _NUMBERED and (first[0].isdigit() or len(first) == 1):
        return False
    if word.lower() in _MAYBE or _INITIALS.fullmatch(word):
        return first.lower() in FUNCTION_WORDS
    return True
