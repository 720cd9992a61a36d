"""Where in the last question a fragment goes: a name for a name, a place for a place, a kind of thing for its like."""

from __future__ import annotations

from qa.conversation import words
from qa.conversation.phrases import Phrase, tokenised
from qa.conversation.topics import names, topic
from qa.index.analysis import token_terms

ASKED = "?"  # stands for the article of a noun that is asked for (« quel malus »), which stays


def slot_for(phrase: Phrase, before: str) -> Phrase | None:
    """Return the phrase of the question ``before`` whose place ``phrase`` takes, or None when it has no like there.

    >>> slot_for(Phrase("pour", "les", "hybrides"), "Quel bonus pour une voiture électrique en 2012 ?").alone
    'une voiture électrique'
    """
    if phrase.name:
        country = phrase.words.lower() in words.COUNTRIES
        return _place(before) if country else _name_for(phrase.lead, before)
    same = [part for part in _prepositional(before) if part.lead == phrase.lead]
    return same[-1] if same else _kindred(phrase, before)


def _place(before: str) -> Phrase | None:
    """Return the last place that ``before`` names after « à », "in" or the like."""
    places = [name for name in names(before) if name.lead in words.PLACE_PREPOSITIONS]
    return places[-1] if places else None


def _name_for(lead: str, before: str) -> Phrase | None:
    """Return the name of ``before`` for which one after ``lead`` is put: a place's, a source's, or the topic's."""
    named = names(before)
    alike = [name for name in named if lead and name.lead == lead]
    if alike:
        return alike[-1]
    if lead in words.PLACE_PREPOSITIONS:
        return _place(before)
    if lead in words.SPOKEN_BY:
        return next((name for name in named if name.lead in words.SPOKEN_BY), None)
    about = topic(before)
    if about is not None and about.name:
        return about
    return named[0] if len(named) == 1 and not lead else None


def _prepositional(before: str) -> list[Phrase]:
    """Return the phrases of ``before`` after « pour » or the like, each up to the next such word."""
    tokens, found = tokenised(before), []
    stops = words.PHRASE_ENDS | {"pour", "for"}
    for index, token in enumerate(tokens[:-1]):
        if token.low not in ("pour", "for", "dans", "under", "sous", "selon", "with", "avec"):
            continue
        last = index
        while last + 1 < len(tokens) and tokens[last + 1].text[0].isalnum() and tokens[last + 1].low not in stops:
            last += 1
        if last > index:
            found.append(
                Phrase(token.low, "", before[tokens[index + 1].start : tokens[last].end], token.start, tokens[last].end)
            )
    return found


def _kindred(phrase: Phrase, before: str) -> Phrase | None:
    """Return the phrase of ``before`` with a word of the same kind, or the same word, as ``phrase`` has."""
    own = {token.low for token in tokenised(phrase.words) if token.is_content}
    stems = {term for word in own for language in ("fr", "en") for term in token_terms(word, language)}
    groups = [group for group in words.KIN if own & group]
    tokens = tokenised(before)
    for index, token in enumerate(tokens):
        whole = bool(own & words.KINDS) and token.low in words.KINDS
        same = (
            len(token.low) > 4
            and token.is_content
            and stems & {t for lang in ("fr", "en") for t in token_terms(token.low, lang)}
        )
        if not (whole or same or any(token.low in group for group in groups)):
            continue
        first = last = index
        if whole or same:
            while first and tokens[first - 1].is_content and tokens[first - 1].low in words.KINDS:
                first -= 1
            while last + 1 < len(tokens) and (
                tokens[last + 1].low in words.KINDS
                or (same and last == index and len(own) > 1 and tokens[last + 1].is_content)
            ):
                last += 1
        start, lead, determiner = tokens[first].start, "", ""
        if first and tokens[first - 1].low in words.CONTRACTED:
            start, (lead, determiner) = tokens[first - 1].start, words.CONTRACTED[tokens[first - 1].low]
        elif first and tokens[first - 1].low in words.DETERMINERS:
            start, determiner = tokens[first - 1].start, tokens[first - 1].low
            if first > 1 and tokens[first - 2].low in ("de", "d'"):
                start, lead = tokens[first - 2].start, "de"
        elif first and tokens[first - 1].low in ("d'", "de"):
            start, lead, determiner = tokens[first - 1].start, "de", ASKED
        else:
            determiner = ASKED
        return Phrase(lead, determiner, before[tokens[first].start : tokens[last].end], start, tokens[last].end)
    return None
