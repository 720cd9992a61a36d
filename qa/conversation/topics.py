"""What a question is about: its names, and its other nouns with what belongs to them."""

from __future__ import annotations

import re

from qa.conversation import words
from qa.conversation.phrases import Phrase, Token, tokenised
from qa.languages import ENGLISH_WORDS, FRENCH_WORDS

_ADJECTIVE = re.compile(r"(?:que|ques|enne|éenne|ale|al|aux|elle|if|ive|aire|ien)$")


def names(question: str) -> list[Phrase]:
    """Return the phrases of ``question`` that hold a name, in order, each with its article and general noun.

    >>> [name.alone for name in names("Quels domaines le pôle i-Trans évaluait-il avec Toyota ?")]
    ['le pôle i-Trans', 'Toyota']
    """
    tokens = tokenised(question)
    found, index = [], 0
    while index < len(tokens):
        if not _is_name(tokens, index):
            index += 1
            continue
        first, last = index, _end_of_name(tokens, index)
        if tokens[first].low not in words.PEOPLES or last > first:
            found.append(_phrase(question, tokens, _with_general_noun(tokens, first), last, name=True))
        index = last + 1
    return found


def nouns(question: str) -> list[Phrase]:
    """Return the phrases that open with an article, each up to the end of its clause.

    >>> [noun.alone for noun in nouns("How large was the bonus for an electric car in 2013?")]
    ['the bonus for an electric car']
    """
    tokens = tokenised(question)
    has_french = any(token.low in FRENCH_WORDS - ENGLISH_WORDS for token in tokens)
    found, index = [], 0
    while index < len(tokens):
        opens = tokens[index].low in words.DETERMINERS or tokens[index].low in words.CONTRACTED
        opens = opens and not (tokens[index].low == "a" and has_french)
        last = _end_of_phrase(tokens, index + 1) if opens else index
        if last > index:
            found.append(_phrase(question, tokens, index + 1, last))
        index = max(last, index) + 1
    return found


def topic(question: str) -> Phrase | None:
    """Return what ``question`` is about: its first name that is more than a place or a source, or else a noun.

    >>> topic("What does Nord France Invest offer in Lille?").alone
    'Nord France Invest'
    >>> topic("Quel est le plafond de revenu du leasing social 2024 ?").alone
    'le leasing social 2024'
    """
    named = [name for name in names(question) if name.lead not in words.PLACE_PREPOSITIONS | words.SPOKEN_BY]
    if named:
        return named[0]
    found = nouns(question)
    if not found:
        return None
    return _owner(question, found[0]) or found[0]


def _owner(question: str, phrase: Phrase) -> Phrase | None:
    """Return what has the amount, date or head that ``phrase`` is: le leasing in « le plafond du leasing »."""
    had = {word for sets in (words.HAD, words.PEOPLE) for language in sets.values() for word in language}
    if phrase.words.split()[0].lower() not in had:
        return None
    tokens = [token for token in tokenised(question) if phrase.start <= token.start and token.end <= phrase.end]
    for index in range(len(tokens) - 1, 0, -1):
        low, before = tokens[index].low, tokens[index - 1].low
        opens = low in ("du", "des") or (low in ("la", "l'", "the", "a", "an") and before in ("de", "of"))
        if opens and index + 1 < len(tokens):
            return _phrase(question, tokens, index + 1, len(tokens) - 1)
    return None


def _is_name(tokens: list[Token], index: int) -> bool:
    text = tokens[index].text
    if not text[0].isalnum() or text.isdigit() or tokens[index].is_inverted or text == "I":
        return False
    if tokens[index].low in words.PEOPLE["fr"] | words.PEOPLE["en"]:
        return False
    inside = any(char.isupper() for char in text[1:])
    if index:
        return text[0].isupper() or inside
    following = len(tokens) > 1 and tokens[1].text[0].isupper()
    return inside or (text[0].isupper() and tokens[0].is_content and following)


def _end_of_name(tokens: list[Token], first: int) -> int:
    last = first
    institution = tokens[first].low in words.INSTITUTIONS
    while last + 1 < len(tokens):
        after = tokens[last + 1]
        if _is_name(tokens, last + 1) or (institution and _continues(after)):
            last += 1
        elif after.low in words.JOINERS and last + 2 < len(tokens) and (
            _is_name(tokens, last + 2) or (institution and tokens[last + 2].is_content)
        ):  # fmt: skip
            last += 2
        elif after.low in words.GENERAL and first and tokens[first - 1].low == "the":
            last += 1
        else:
            break
    return last


def _continues(token: Token) -> bool:
    return token.is_content and token.text.islower() and bool(_ADJECTIVE.search(token.low))


def _with_general_noun(tokens: list[Token], first: int) -> int:
    """Return where the phrase of a name starts: at « pôle » in « le pôle i-Trans »."""
    if first < 2 or not tokens[first - 1].is_content or not tokens[first - 1].text.isalpha():
        return first
    opens = tokens[first - 2].low in words.DETERMINERS or tokens[first - 2].low in words.CONTRACTED
    return first - 1 if opens else first


def _end_of_phrase(tokens: list[Token], first: int) -> int:
    """Return the last token of the phrase from ``first`` on, or ``first - 1`` when none is there."""
    last = first - 1
    for index in range(first, len(tokens)):
        token = tokens[index]
        ends = token.low in words.PHRASE_ENDS and not (token.low in ("pour", "for") and index > first)
        if ends or token.low in words.VERBS or token.is_inverted or not token.text[0].isalnum():
            break
        last = index
    while last >= first and not tokens[last].is_content:
        last -= 1
    return last


def _phrase(question: str, tokens: list[Token], first: int, last: int, *, name: bool = False) -> Phrase:
    """Return the phrase whose nouns are tokens ``first`` to ``last``, with the article and preposition before them."""
    lead = determiner = ""
    start = first
    if start and tokens[start - 1].low in words.CONTRACTED:
        start -= 1
        lead, determiner = words.CONTRACTED[tokens[start].low]
    else:
        if start and tokens[start - 1].low in words.DETERMINERS:
            start -= 1
            determiner = tokens[start].low
        before = tokens[start - 1].low if start else ""
        if before in words.PREPOSITIONS["fr"] | words.PREPOSITIONS["en"]:
            start -= 1
            lead = {"d'": "de"}.get(before, before)
    text = question[tokens[first].start : tokens[last].end]
    return Phrase(lead, determiner, text, tokens[start].start, tokens[last].end, name)
