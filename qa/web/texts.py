"""Every word of the page, in French and in English."""

from __future__ import annotations

from types import MappingProxyType

from qa.dates import date_text

TEXTS = MappingProxyType(
    {
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
        "not_read": {
            "fr": "Fichiers qui n'ont pas pu être lus : {count}",
            "en": "Files that could not be read: {count}",
        },
        "undated": {"fr": "sans date", "en": "undated"},
        "tab_ask": {"fr": "Demander", "en": "Ask"},
        "tab_check": {"fr": "Vérifier", "en": "Check a fact"},
        "tab_documents": {"fr": "Documents", "en": "Documents"},
        "clear": {"fr": "Effacer", "en": "Clear"},
        "stop": {"fr": "Arrêter", "en": "Stop"},
        "filters": {"fr": "Filtres", "en": "Filters"},
        "any": {"fr": "tous", "en": "any"},
        "name_fr": {"fr": "français", "en": "French"},
        "name_en": {"fr": "anglais", "en": "English"},
        "document_language": {"fr": "Langue des documents", "en": "Language of documents"},
        "kind": {"fr": "Nature", "en": "Kind"},
        "region": {"fr": "Région", "en": "Region"},
        "since": {"fr": "Depuis", "en": "Since"},
        "until": {"fr": "Jusqu'à", "en": "Until"},
        "as_of": {"fr": "Paru à la date du", "en": "Out by"},
        "date_example": {"fr": "2013, 2013-11…", "en": "2013, 2013-11…"},
        "step_searching": {"fr": "Recherche dans les documents…", "en": "Searching the documents…"},
        "step_reading": {"fr": "Lecture de {count} passages…", "en": "Reading {count} passages…"},
        "step_writing": {"fr": "Rédaction, chaque phrase vérifiée…", "en": "Writing, each sentence checked…"},
        "step_translating": {"fr": "Traduction des citations…", "en": "Translating the quotes…"},
        "step_checking": {"fr": "Comparaison avec les documents…", "en": "Comparing with the documents…"},
        "sure": {"fr": "Réponse sûre", "en": "Sure"},
        "fairly": {"fr": "Réponse assez sûre", "en": "Fairly sure"},
        "unsure": {"fr": "Réponse incertaine : lisez la preuve", "en": "Unsure: read the proof"},
        "suggestions": {"fr": "À demander ensuite", "en": "To ask next"},
        "see_citation": {"fr": "Voir la preuve {number}", "en": "See the proof {number}"},
        "read_document": {"fr": "Lire dans « {title} »", "en": "Read in “{title}”"},
        "citations": {"fr": "Citations", "en": "Citations"},
        "previous_citation": {"fr": "← Citation précédente", "en": "← Previous citation"},
        "next_citation": {"fr": "Citation suivante →", "en": "Next citation →"},
        "export_as": {"fr": "Exporter :", "en": "Export:"},
        "file_name": {"fr": "reponse", "en": "answer"},
        "export_whole_as": {"fr": "Exporter toute la conversation :", "en": "Export the whole conversation:"},
        "link_again": {"fr": "Lien vers cette question", "en": "Link to this question"},
        "claim": {"fr": "Phrase ou paragraphe à vérifier", "en": "Sentence or paragraph to check"},
        "claim_placeholder": {
            "fr": "Par exemple : le plan de juillet 2012 porte le bonus électrique à 6 000 euros.",
            "en": "For example: the plan of July 2012 raised the electric bonus to 6,000 euros.",
        },
        "check": {"fr": "Vérifier", "en": "Check"},
        "verdicts_empty": {"fr": "Les verdicts s'afficheront ici.", "en": "The verdicts will appear here."},
        "proof": {"fr": "Preuve", "en": "Proof"},
        "claimed": {"fr": "Affirmé", "en": "Claimed"},
        "in_source": {"fr": "Dans les documents", "en": "In the documents"},
        "search": {"fr": "Chercher un document", "en": "Find a document"},
        "search_placeholder": {"fr": "Titre, éditeur, année…", "en": "Title, publisher, year…"},
        "charts": {"fr": "En graphiques", "en": "As charts"},
        "by_year": {"fr": "Documents par année", "en": "Documents by year"},
        "by_kind": {"fr": "Documents par nature et langue", "en": "Documents by kind and language"},
        "by_region": {"fr": "Documents par région et langue", "en": "Documents by region and language"},
        "no_region": {"fr": "sans région", "en": "no region"},
        "documents_found": {"fr": "Documents : {count}", "en": "Documents: {count}"},
        "passages": {"fr": "passages : {count}", "en": "passages: {count}"},
        "more_documents": {
            "fr": "Et {count} autres : précisez la recherche.",
            "en": "And {count} more: narrow the search.",
        },
        "no_document": {"fr": "Aucun document ne correspond.", "en": "No document matches."},
        "user_name": {"fr": "Nom", "en": "Name"},
        "password": {"fr": "Mot de passe", "en": "Password"},
        "log_in": {"fr": "Entrer", "en": "Log in"},
        "log_out": {"fr": "Sortir", "en": "Log out"},
        "login_wrong": {
            "fr": "Ce nom et ce mot de passe ne vont pas ensemble.",
            "en": "That name and that password do not go together.",
        },
        "login_wait": {
            "fr": "Trop de mots de passe ont été essayés : attendez une minute.",
            "en": "Too many passwords were tried: wait a minute.",
        },
        "uploads": {"fr": "Vos documents", "en": "Your documents"},
        "upload": {
            "fr": "Ajouter des fichiers : PDF, Word, ODT, HTML, Markdown, texte, e-mail",
            "en": "Add files: PDF, Word, ODT, HTML, Markdown, text, e-mail",
        },
        "no_upload": {
            "fr": "Vous n'avez pas encore ajouté de document. Ceux que vous ajoutez répondent aussi à vos questions.",
            "en": "You have added no document yet. Those that you add answer your questions too.",
        },
        "may_not_upload": {
            "fr": "Vous pouvez poser des questions, mais ni ajouter ni retirer de documents.",
            "en": "You may ask questions, but not add or remove documents.",
        },
        "not_indexed_yet": {"fr": "pas encore indexé", "en": "not indexed yet"},
        "remove": {"fr": "Retirer", "en": "Remove"},
        "remove_named": {"fr": "Retirer {name}", "en": "Remove {name}"},
        "remove_asked": {"fr": "Retirer {name} de vos documents ?", "en": "Remove {name} from your documents?"},
        "indexing_waiting": {
            "fr": "Un autre programme met l'index à jour…",
            "en": "Another program updates the index…",
        },
        "indexing_reading": {
            "fr": "Lecture des documents : {done} sur {total}",
            "en": "Reading documents: {done} of {total}",
        },
        "indexing_embedding": {
            "fr": "Indexation des passages : {done} sur {total}",
            "en": "Indexing passages: {done} of {total}",
        },
        "indexing_sentences": {
            "fr": "Indexation des phrases : {done} sur {total}",
            "en": "Indexing sentences: {done} of {total}",
        },
        "indexing_finishing": {"fr": "Vérification du nouvel index…", "en": "Verifying the new index…"},
        "indexing_meanwhile": {
            "fr": "D'ici là, l'index d'avant répond.",
            "en": "Until then the index before answers.",
        },
        "error_IndexMissingError": {
            "fr": "Il n'y a pas encore d'index. S'il se construit (l'avancement s'affiche en haut), attendez qu'il soit prêt ; sinon, ajoutez des documents sous « Documents ».",
            "en": "There is no index yet. If it is being built (how far it is shows above), wait until it is ready; if not, add documents under “Documents”.",
        },
        "error_IndexBrokenError": {
            "fr": "L'index est endommagé ; le journal du serveur dit comment le réparer.",
            "en": "The index is damaged; the server's log says how to mend it.",
        },
        "error_IndexMismatchError": {
            "fr": "L'index a été construit par une autre version ou un autre modèle : il faut le reconstruire.",
            "en": "The index was built by another version or another model: it has to be rebuilt.",
        },
        "error_IndexUnreachableError": {
            "fr": "Le serveur des vecteurs ne répond pas pour le moment. Réessayez dans un instant.",
            "en": "The server that holds the vectors does not answer at the moment. Try again shortly.",
        },
        "error_ModelError": {
            "fr": "Le modèle de ce serveur ne se charge pas ; son journal dit pourquoi.",
            "en": "This server's model cannot be loaded; its log says why.",
        },
        "judge": {"fr": "Cette réponse est :", "en": "This answer is:"},
        "judge_right": {"fr": "juste", "en": "right"},
        "judge_wrong": {"fr": "fausse", "en": "wrong"},
        "judge_citation_wrong": {"fr": "mal prouvée", "en": "badly proven"},
        "judge_missing_document": {"fr": "incomplète : il manque un document", "en": "missing a document"},
        "judge_text": {"fr": "Un mot de plus (facultatif)", "en": "A word more (optional)"},
        "judged": {"fr": "Merci, c'est noté.", "en": "Thank you, noted."},
    }
)

EXAMPLES = (
    "Combien d'entreprises de la région ont bénéficié d'un conseil stratégique et opérationnel ?",
    "Which automotive areas was the I-Trans cluster evaluating, according to its director?",
    "Quand la Banque publique d'investissement a-t-elle été créée ?",
    "What does Nord France Invest offer a foreign company?",
)

CLAIMS = (
    "Le plan de juillet 2012 porte le bonus maximal d'une voiture électrique à 6 000 euros.",
    "ACC's first battery plant was inaugurated on 30 May 2023.",
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
