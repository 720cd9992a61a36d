"""Which language a text is in, and the French and English words of our own answers."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"

FRENCH_WORDS = frozenset(
    "à ai ainsi alors après au aucun aucune aura aussi autre autres aux avaient avait avant avec avez avoir ce ceci cela ça "
    "celle celles celui ces cet cette ceux chaque chez combien comme comment dans de depuis des donc dont du durant elle "
    "elles en encore entre es est et étaient était étant été être eu eux fait faire font fut il ils je jusque la là le les "
    "leur leurs lors lorsque lui ma mais me même mes moi mon ne ni nos notre nous on ont où ou par parce pas pendant "
    "peut peuvent plus pour pourquoi quand que quel quelle quelles quels qui quoi sa sans se sera seront ses si son "
    "sont sous sur ta te tes toi ton tous tout toute toutes très tu un une va vers vont vos votre vous y a ait aient soit".split()
)
ENGLISH_WORDS = frozenset(
    "a about above after again against all also am an and any are as at be became because been before being below between "
    "both but by can could did do does doing down during each for from further had has have having he her here hers him his "
    "how i if in into is it its itself just many may me might more most much must my no nor not of off on once only "
    "or other our out over own same shall she should so some such than that the their them then there these they this those "
    "through to too under until up us was we were what when where which while who whom whose why will with would you your".split()
)
FUNCTION_WORDS = FRENCH_WORDS | ENGLISH_WORDS

_WORD = re.compile(r"[^\W\d_]+")
# A question that opens with one of these is in that language whatever names follow ("Qui est Alberto Nuvolari ?").
_OPENINGS = {
    "fr": re.compile(r"\W*(?:qu['’]|quel(?:le)?s?\b|quand\b|combien\b|comment\b|pourquoi\b|où\b|qui (?:est|sont|a|ont)\b)", re.IGNORECASE),
    "en": re.compile(r"\W*(?:what|who|when|where|why|how|which|whose)\b", re.IGNORECASE),
}  # fmt: skip
_PLAIN_WORDS = 3
_FOREIGN = 0.85  # lingua's probability for the other languages together above which a text is foreign


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    neighbours = (Language.GERMAN, Language.SPANISH, Language.ITALIAN, Language.PORTUGUESE, Language.DUTCH)
    return LanguageDetectorBuilder.from_languages(Language.FRENCH, Language.ENGLISH, *neighbours).build()


def detect_language(text: str, *, default: str | None = None) -> str | None:
    """Return ``fr`` or ``en``, ``other`` for a text that is plainly in a third language, or ``default`` if it can't be told.

    Names mislead a detector trained on letters (an English question about « Française de Mécanique »), so between
    French and English the little words decide first, and lingua where they tie.

    >>> detect_language("Combien d'entreprises ont reçu un conseil ?")
    'fr'
    >>> detect_language("What did the Commission decide on Française de Mécanique?")
    'en'
    """
    written = _WORD.findall(text)
    words = [word.lower() for word in written]
    if not words or not any(letter.isascii() for word in words for letter in word):
        return "other" if words else default
    opened = next((language for language, opening in _OPENINGS.items() if opening.match(text)), None)
    if opened is not None:
        return opened
    values = _probabilities(text)
    french, english = values["fr"], values["en"]
    if sum(values.values()) > 0 and 1 - french - english > _FOREIGN and len(words) >= 3 and not _only_in_names(written):
        return "other"
    little = sum(word in FRENCH_WORDS for word in words), sum(word in ENGLISH_WORDS for word in words)
    if little[0] != little[1]:
        return "fr" if little[0] > little[1] else "en"
    if max(french, english) < 0.3 or max(french, english) < 1.3 * min(french, english):
        return default
    return "fr" if french > english else "en"


def _probabilities(text: str) -> dict[str, float]:
    values = _detector().compute_language_confidence_values(text[:2000])
    return {value.language.iso_code_639_1.name.lower(): value.value for value in values}


def _only_in_names(words: list[str]) -> bool:
    """Say whether the words that no capital opens are most likely French or English (« Przybylski was born in Lens »)."""
    plain = [word for word in words if not word[0].isupper()]
    values = _probabilities(" ".join(plain))
    return len(plain) >= _PLAIN_WORDS and max(values, key=lambda language: values[language]) in LANGUAGES


# Our own words, by key and language. A quote is never translated; everything around it is.
MESSAGES = {
    "no_passage": {
        "fr": "Aucun passage des documents ne correspond à cette question avec ces filtres.",
        "en": "No passage of the documents matches this question with these filters.",
    },
    "not_answered": {
        "fr": "Les documents ne répondent pas à cette question. Voici les passages les plus proches.",
        "en": "The documents do not answer this question. These are the nearest passages.",
    },
    "greeting": {
        "fr": "Bonjour ! Posez une question : la réponse cite, mot pour mot, les documents qui la prouvent.",
        "en": "Hello! Ask a question: the answer quotes, word for word, the documents that prove it.",
    },
    "thanks": {
        "fr": "Avec plaisir. Posez une autre question quand vous voulez.",
        "en": "You're welcome. Ask another question whenever you like.",
    },
    "about": {
        "fr": "Je suis un assistant qui cherche dans un ensemble de documents de politique publique, en français et en "
        "anglais. Je réponds en citant, mot pour mot, les phrases qui le prouvent, et je dis quand les documents ne "
        "répondent pas. Posez une question sur un plan, une aide, un pôle, une entreprise ou une année.",
        "en": "I am an assistant that searches a collection of public policy documents, in French and in English. I answer "
        "by quoting, word for word, the sentences that prove it, and I say when the documents do not answer. Ask a "
        "question about a plan, a grant, a cluster, a company or a year.",
    },
    "order": {
        "fr": "C'est une consigne et non une question : je ne fais que citer les documents. Posez une question à leur sujet.",
        "en": "This is an instruction, not a question: all I do is quote the documents. Ask a question about them.",
    },
    "nothing_asked": {
        "fr": "Il manque le sujet de la question : ajoutez un nom, un plan, un lieu ou une année.",
        "en": "The question's subject is missing: add a name, a plan, a place or a year.",
    },
    "left_out_one": {
        "fr": "Une phrase du modèle de langue a été écartée : les documents cités ne la prouvent pas.",
        "en": "One sentence of the language model was left out: the cited documents do not prove it.",
    },
    "left_out_many": {
        "fr": "Des phrases du modèle de langue ont été écartées : les documents cités ne les prouvent pas.",
        "en": "Some sentences of the language model were left out: the cited documents do not prove them.",
    },
    "broke_off": {
        "fr": "Le modèle de langue s'est interrompu : la réponse peut être incomplète.",
        "en": "The language model broke off: the answer may be incomplete.",
    },
    "completed": {
        "fr": "La dernière phrase est citée telle quelle : le modèle de langue l'avait omise.",
        "en": "The last sentence is quoted as it is: the language model had left it out.",
    },
    "instead_silent": {
        "fr": "Le modèle de langue n'a pas trouvé de réponse. Voici ce que disent les documents, mot pour mot.",
        "en": "The language model found no answer. This is what the documents say, word for word.",
    },
    "instead_unproven": {
        "fr": "Les documents ne prouvent pas ce que le modèle de langue a écrit. Voici ce qu'ils disent, mot pour mot.",
        "en": "The documents do not prove what the language model wrote. This is what they say, word for word.",
    },
    "instead_failed": {
        "fr": "Le modèle de langue n'a pas pu répondre. Voici ce que disent les documents, mot pour mot.",
        "en": "The language model could not answer. This is what the documents say, word for word.",
    },
    "model_failed": {
        "fr": "Le modèle de langue n'a pas pu répondre non plus.",
        "en": "The language model could not answer either.",
    },
    "older_index": {
        "fr": "L'index le plus récent est endommagé : cette réponse vient du précédent, construit le {date}.",
        "en": "The newest index is damaged: this answer comes from the one before, built on {date}.",
    },
    "written_by": {
        "fr": "Rédigé par un modèle de langue ({name}) ; chaque phrase est prouvée par les mots cités.",
        "en": "Written by a language model ({name}); each sentence is proven by the words it cites.",
    },
    "translation": {"fr": "Traduction automatique", "en": "Machine translation"},
    "understood": {"fr": "Question comprise : {question}", "en": "Understood as: {question}"},
    "confidence": {"fr": "Confiance : {percent} %", "en": "Confidence: {percent}%"},
    "supported": {"fr": "Confirmé par les documents", "en": "Supported by the documents"},
    "contradicted": {"fr": "Contredit par les documents", "en": "Contradicted by the documents"},
    "disputed": {"fr": "Les documents divergent", "en": "The documents disagree"},
    "not_found": {"fr": "Introuvable dans les documents", "en": "Not found in the documents"},
    "contradicted_values": {
        "fr": "Affirmé : {expected} ; source : {found}.",
        "en": "Claimed: {expected}; source: {found}.",
    },
    "disputed_values": {
        "fr": "Affirmé : {expected} ; sources : {found}.",
        "en": "Claimed: {expected}; sources: {found}.",
    },
    "found_values": {"fr": "Source : {found}.", "en": "Source: {found}."},
    "nearest": {"fr": "Voici les passages les plus proches.", "en": "These are the nearest passages."},
    "sources": {"fr": "Sources", "en": "Sources"},
    "page": {"fr": "page {page}", "en": "page {page}"},
    "superseded": {"fr": "remplacé depuis par {document}", "en": "since replaced by {document}"},
    "in_fr": {"fr": "en français", "en": "in French"},
    "in_en": {"fr": "en anglais", "en": "in English"},
}


def message(key: str, language: str) -> str:
    """Return our own words for ``key`` in ``language``.

    >>> message("not_answered", "en").startswith("The documents do not answer")
    True
    """
    return MESSAGES[key][language]
