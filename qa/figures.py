"""Amounts, percentages, counts, dates, ordinals and references in French and English text, in one form.

7 000 €, 7.000 euros, EUR 7,000, 7 k€ and sept mille euros have the same kind, value and unit. Separators and
"billion" are read by the language of the text: 1,5 milliard and 1.5 billion are the same, a French billion is 10^12.
The words for kinds, units and months are in ``qa/figure_words.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from qa.figure_dates import find_dates
from qa.figure_words import CURRENCIES, GAP, ORDINALS, SCALES, SPELLED, UNITS, WORD_GAP, alternatives

_GROUPED = r"\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*"
_CURRENCY = alternatives(CURRENCIES)
_HALF = rf"{GAP}(?:et{GAP}demie?|and{GAP}a{GAP}half)\b"
_PERCENT = rf"%|(?:pour{GAP}cent|per{GAP}?cent|p\.{GAP}100|pct)(?!\w)"
_LOOSE = r"(?!(?:a|an|and|are|au|aux|by|chaque|each|every|par|per|un|une|de|du|des|dans|est|et|for|from|in|le|les|of|ou|pour|qui|que|sur|sont|the|to|were|was|with)\b)"


def _pattern(language: str) -> re.Pattern[str]:
    spelled = alternatives(SPELLED[language])
    scaled = rf"(?={GAP}?-?(?:million|milliard|billion|thousand)s?\b)"
    run = rf"(?:{spelled})(?:(?:-|{WORD_GAP}(?:(?:et|and){WORD_GAP})?)(?:{spelled}))*"
    return re.compile(
        rf"(?<![\w.,/])(?<!\d['’])(?<!\w-)(?:(?P<before>{_CURRENCY}){GAP}?)?"
        rf"(?:(?P<digits>{_GROUPED})|\b(?P<words>(?:half{GAP}an?|(?:une?{GAP})?demie?|an?){scaled}|{run})\b)"
        rf"(?P<half_before>{_HALF})?"
        rf"(?:[-\s]?(?P<scale>{alternatives(SCALES[language])})(?=\b|€|{_CURRENCY}))?(?P<half>{_HALF})?"
        rf"(?:(?:{GAP}|-)?(?:d['’]|de{GAP}|of{GAP})?(?P<currency>{_CURRENCY})(?!\w)"
        rf"|{GAP}?(?P<percent>{_PERCENT})"
        rf"|(?=(?:{GAP}?|-)(?:d['’]|de{GAP}|of{GAP})?(?:{_LOOSE}[^\W\d_][\w-]*{GAP}){{0,2}}?(?P<unit>{alternatives(UNITS)})(?!\w))"
        rf"|(?![\w/]|-\w))",
        re.IGNORECASE,
    )


_FIGURES = {language: _pattern(language) for language in ("fr", "en")}
_REFERENCE = re.compile(
    r"(?:\b(?:loi|décret|law|act|article|art\.)\s+)?(?:(?:n°|nº|no\.?|number|numéro)\s*|\b[LRD]\.\s*)(\d[\d-]*\d|\d)"
    r"|(?:\b(?:loi|décret|ordonnance|law|act|decree)\s+|(?<![\d/-])(?=(?:19|20)\d{2}-))(\d{2,4}-\d{3,4})(?![\d-])",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"\b(?:(\d{{1,3}})(?:er|ère|re|e|ème|ième|nd|nde|st|rd|th)|({alternatives(ORDINALS)}))\b", re.IGNORECASE
)
# "50-249 employees": a hyphen between two numbers of which the second is measured, as a dash would stand there.
_HYPHEN = {
    language: re.compile(
        rf"(?<=\d)-(?=(?:{_GROUPED})(?:{GAP}?|-)(?:d['’]|de{GAP}|of{GAP})?(?:{_LOOSE}[^\W\d_][\w-]*{GAP}){{0,2}}?"
        rf"(?:{_PERCENT}|(?:{alternatives({**SCALES[language], **CURRENCIES, **UNITS})})(?!\w)))",
        re.IGNORECASE,
    )
    for language in ("fr", "en")
}
_SHARES = {"half": "50", "quarter": "25", "quarters": "75", "third": "33.3", "thirds": "66.7"}
# Shares in words, but not "each own half": that is said without a figure as well.
_SHARE = re.compile(
    r"(?<!\beach own )(?<!\bpossèdent chacun )(?:\b(?:(?P<half>la moitié|half)|(?P<quarters>trois quarts|three[- ]quarters)|(?P<thirds>deux tiers|two[- ]thirds)"
    r"|(?P<quarter>(?:un|le|du) quart|a quarter)|(?P<third>(?:un|le|du) tiers|a third|one third)))(?=[ \u00a0](?:of|des?|du|d['’]))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:à|to|et|and|ou|or|[-–—])\s*(?:plus de |nearly |près de )?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text: ``text[start:end]`` are its words.

    ``kind`` is ``amount``, ``percent``, ``count``, ``number``, ``date``, ``ordinal`` or ``reference``. ``value`` is a
    plain decimal number, or an ISO date as precise as the text is, or the number of a law. ``unit`` is a currency's
    ISO code, or an English singular for what is counted, or ``None`` where it is not one that we know.
    """

    start: int
    end: int
    kind: str
    value: str
    unit: str | None = None


def find_figures(text: str, language: str) -> list[Figure]:
    """Return the figures of ``text``, in order and without overlap; ``language`` is ``fr`` or ``en``.

    >>> text = "Près de 2,87 milliards d'euros et 12,5 % des emplois au 1er juillet 2012"
    >>> [(figure.kind, figure.value, figure.unit) for figure in find_figures(text, "fr")]
    [('amount', '2870000000', 'EUR'), ('percent', '12.5', None), ('date', '2012-07-01', None)]
    >>> [figure.value for figure in find_figures("EUR 7,000 or seven thousand euros", "en")]
    ['7000', '7000']
    """
    text = _HYPHEN[language].sub("–", text)
    taken = [
        *(Figure(start, end, "date", value) for start, end, value in find_dates(text)),
        *(Figure(*match.span(), "reference", match[1] or match[2]) for match in _REFERENCE.finditer(text)),
        *(
            Figure(*match.span(), "ordinal", match[1] or ORDINALS[match[2].lower()])
            for match in _ORDINAL.finditer(text)
        ),
        *(Figure(*match.span(), "percent", _SHARES[str(match.lastgroup)]) for match in _SHARE.finditer(text)),
    ]
    kept: list[Figure] = []
    for figure in [*taken, *_numbers(text, language)]:
        if not any(figure.start < other.end and other.start < figure.end for other in kept):
            kept.append(figure)
    return sorted(kept, key=lambda figure: figure.start)


def _numbers(text: str, language: str) -> Iterator[Figure]:
    found: list[tuple[Figure, bool]] = []  # each with whether it was written with a scale, as in "3 milliards"
    for match in _FIGURES[language].finditer(text):
        figure = _figure(match, language)
        if figure is None:
            continue
        scaled = bool(match["scale"])
        if found:
            last, last_scaled = found[-1]
            between = text[last.end : figure.start]
            if last_scaled and last.kind == "number" and between.strip() in ("", "et", "and") and between != "":
                if Decimal(figure.value) < Decimal(last.value):  # "2 milliards 870 millions"
                    total = _plain(Decimal(last.value) + Decimal(figure.value))
                    found[-1] = replace(figure, start=last.start, value=total), True
                    continue
            elif last.unit is None and last.kind == "number" and _RANGE.fullmatch(between):
                found[-1] = _same_unit(last, figure, None if last_scaled else match["scale"], language), last_scaled
            elif last.kind == "amount" and figure.kind == "number" and _RANGE.fullmatch(between) and scaled:
                figure = replace(figure, kind="amount", unit=last.unit)  # "€2-3 billion"
                found[-1] = _same_unit(last, figure, None if last_scaled else match["scale"], language), last_scaled
        found.append((figure, scaled))
    yield from (figure for figure, _ in found)


def _same_unit(first: Figure, second: Figure, scale: str | None, language: str) -> Figure:
    """Return the first figure of a range with the unit, and the scale, that only the second one says."""
    value = Decimal(first.value) * (SCALES[language][scale.lower()] if scale else 1)
    return replace(first, value=_plain(value), kind=second.kind, unit=second.unit)


def _figure(match: re.Match[str], language: str) -> Figure | None:
    currency, scale, counted = match["currency"] or match["before"], match["scale"], match["unit"]
    measured = currency or scale or match["percent"]
    word = (match["words"] or "").lower()
    if not measured and (word in ("un", "une", "one") or (word == "neuf" and not counted)):
        return None  # « une usine » counts nothing, nor does « un moteur neuf »
    number = (
        _decimal(match["digits"], language, money=bool(currency) and not scale)
        if match["digits"]
        else _spelled(word, language)
    )
    if number is None:
        return None
    start, end = match.span()
    if len(scale or "") == 1 and not (currency or match["percent"] or counted):
        if scale == "m":
            return Figure(start, end, "count", _plain(number), UNITS[scale])  # "640 m" is a length
        return Figure(start, match.start("scale"), "number", _plain(number))  # "5 M" and "6 k" are no amounts
    years_and_a_half = counted and re.match(rf"{GAP}?{re.escape(counted)}{_HALF}", match.string[end:], re.IGNORECASE)
    half = Decimal("0.5") if match["half_before"] or match["half"] or years_and_a_half else 0
    value = _plain((number + half) * (SCALES[language][scale.lower()] if scale else 1))
    kind = "amount" if currency else "percent" if match["percent"] else "count" if counted else "number"
    unit = CURRENCIES[currency.lower()] if currency else UNITS[_spaced(counted)] if kind == "count" else None
    return Figure(start, end, kind, value, unit)


def _decimal(digits: str, language: str, *, money: bool) -> Decimal | None:
    """Return a number written in digits. An amount has no three decimals: in « EUR 7,000 » they are thousands."""
    digits = re.sub(r"\s", "", digits)
    marks = re.findall(r"[.,]", digits)
    thousands = "." if language == "fr" else ","
    if len(marks) > 1:
        last = marks[-1] if marks[-1] != marks[0] else ""
        digits = digits.replace(marks[0], "").replace(last or marks[0], ".")
    elif marks and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits) and (money or marks[0] == thousands):
        digits = digits.replace(marks[0], "")
    digits = digits.replace(",", ".")
    return Decimal(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) and digits.isascii() else None


def _spelled(words: str, language: str) -> Decimal | None:
    from text_to_num import text2num

    words = words.lower()
    if "half" in words or "demi" in words:
        return Decimal("0.5")
    if words in ("a", "an", "une"):
        return Decimal(1)
    try:
        return Decimal(text2num(words, language))
    except ValueError:
        return None


def _spaced(words: str) -> str:
    return " ".join(words.lower().split())


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
