"""Every word of the page, in French and in English."""

from __future__ import annotations

from types import MappingProxyType

from qa.dates import date_text

TEXTS = MappingProxyType({
    "title": {"fr": "Politiques publiques, preuves à l'appui", "en": "Public policy, with the proof"},
    "subtitle": {
        "fr": "Posez une question en français ou en anglais : la réponse cite, mot pour mot, les documents qui la prouvent.",
        "en": "Ask in French or English: the answer quotes, word for word, the documents that prove it.",
    },
    "question": {"fr": "Votre question", "en": "Your question"},
    "placeholder": {
        "fr": "Par exemple : que finance la Banque publique d'investissement ?",
        "en": "For example: what does the Public Investment Bank finance?",
    },
    "ask": {"fr": "Demander", "en": "Ask"},
    "interface_language": {"fr": "Langue de la page", "en": "Language of the page"},
    "examples": {"fr": "Exemples", "en": "Examples"},
    "answer": {"fr": "Réponse", "en": "Answer"},
    "evidence": {"fr": "Preuves", "en": "Evidence"},
    "nearest": {"fr": "Passages les plus proches", "en": "Nearest passages"},
    "reader_empty": {
        "fr": "Ouvrez une citation : le document s'affiche ici, à l'endroit cité.",
        "en": "Open a citation: the document appears here, at the cited place.",
    },
    "answer_empty": {"fr": "La réponse s'affichera ici.", "en": "The answer will appear here."},
    "open_citation": {"fr": "Ouvrir la citation {number}", "en": "Open citation {number}"},
    "open_document": {"fr": "Lire dans le document", "en": "Read in the document"},
    "understood": {"fr": "Question comprise : {question}", "en": "Understood as: {question}"},
    "confidence": {"fr": "Confiance : {percent} %", "en": "Confidence: {percent}%"},
    "sources": {"fr": "Sources", "en": "Sources"},
    "no_source": {"fr": "Ce document n'indique pas de source.", "en": "This document names no source."},
    "unexpected": {
        "fr": "Une erreur inattendue s'est produite ; elle est notée dans le journal du serveur. Réessayez.",
        "en": "Something unexpected went wrong; it is in the server's log. Please try again.",
    },
    "kind_article": {"fr": "article", "en": "article"},
    "kind_plan": {"fr": "plan", "en": "plan"},
    "kind_cluster": {"fr": "pôle", "en": "cluster"},
    "language_fr": {"fr": "en français", "en": "in French"},
    "language_en": {"fr": "en anglais", "en": "in English"},
    "page": {"fr": "page {page}", "en": "page {page}"},
    "superseded": {"fr": "Remplacé depuis par {documents}", "en": "Since replaced by {documents}"},
    "also_in": {"fr": "Dit aussi dans {documents}", "en": "Also said in {documents}"},
    "corpus": {
        "fr": "{documents} documents, {passages} passages, index du {date}",
        "en": "{documents} documents, {passages} passages, index of {date}",
    },
    "read_in_part": {"fr": "Fichiers lus en partie : {count}", "en": "Files read in part: {count}"},
    "not_read": {"fr": "Fichiers qui n'ont pas pu être lus : {count}", "en": "Files that could not be read: {count}"},
    "undated": {"fr": "sans date", "en": "undated"},
})  # fmt: skip

EXAMPLES = (
    "Combien d'entreprises de la région ont bénéficié d'un conseil stratégique et opérationnel ?",
    "Which automotive areas was the I-Trans cluster evaluating, according to its director?",
    "Quand la Banque publique d'investissement a-t-elle été créée ?",
    "What does Nord France Invest offer a foreign company?",
)


def text(key: str, language: str, **values: object) -> str:
    """Return the page's words for ``key`` in ``language``, with ``values`` filled in.

    >>> text("confidence", "fr", percent=90)
    'Confiance : 90 %'
    """
    return TEXTS[key][language].format(**values)


def shown_date(date: str | None, language: str) -> str:
    """Return an ISO date as it is written in ``language``, or that there is none."""
    return date_text(date, language) if date else text("undated", language)
