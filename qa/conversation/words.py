"""The French and English words that following a conversation looks at; rules that are lists are lists here."""

from __future__ import annotations

import re

DETERMINERS = frozenset("le la les l' un une ce cet cette ces the a an this these".split())
INDEFINITE = frozenset("a an un une".split())
CONTRACTED = {"du": ("de", "le"), "des": ("de", "les"), "au": ("à", "le"), "aux": ("à", "les")}
PREPOSITIONS = {
    "fr": frozenset("à de d' dans en pour par sur sous selon chez depuis avant après avec sans vers contre entre".split()),
    "en": frozenset("in of at for by on under to from with without since before after according against into about".split()),
}  # fmt: skip
SAME_PREPOSITION = {
    "pour": "for",
    "en": "in",
    "dans": "in",
    "à": "in",
    "selon": "according to",
    "sous": "under",
    "avant": "before",
    "après": "after",
    "depuis": "since",
    "par": "by",
    "avec": "with",
}
PLACE_PREPOSITIONS = frozenset("à en dans in at near".split())
COUNTRIES = frozenset(
    "france allemagne belgique italie espagne royaume-uni europe états-unis chine japon suède pays-bas pologne "
    "germany belgium italy spain britain uk us usa china japan sweden netherlands poland".split()
)
SPOKEN_BY = frozenset("selon according to by par".split())  # the name after one says where a fact is from
# Where a noun phrase ends, beside punctuation and the other language's end of a clause.
PHRASE_ENDS = frozenset(
    "en selon qui que qu' où dont sous depuis avant après chez par et ou pour dans "
    "in by under according when that which who did does do was were is are has have had since before after and or to at on "
    "est sont était étaient a ont avait fut il elle ils elles on it they he she".split()
)
# What something has: « le budget » alone asks whose it is. The second set are people.
HAD = {
    "fr": frozenset(
        "origine tête montant budget taux plafond coût prix date nom objectif objectifs but rôle mission missions siège adresse durée "
        "capital effectif effectifs axes résultat résultats condition conditions bénéficiaires financement création "
        "fermeture ouverture calendrier part nombre statut membres actionnaires chiffre année lieu somme".split()
    ),
    "en": frozenset(
        "amount budget rate ceiling cost price date name objective objectives aim aims goal goals role mission seat "
        "address duration capital workforce headcount result results condition conditions recipients funding creation "
        "closure opening share number status members shareholders headquarters turnover year place sum".split()
    ),
}  # fmt: skip
PEOPLE = {
    "fr": frozenset("directeur directrice président présidente pdg patron patronne chef fondateur dirigeant maire".split()),
    "en": frozenset("director president chairman chairwoman chair head boss ceo founder leader mayor manager".split()),
}  # fmt: skip
# Words of which one can stand in another's place: "Et le malus ?" after a question about the bonus.
KIN = (
    frozenset("bonus malus prime primes aide aides subvention subventions crédit prêt prêts taxe impôt leasing "
              "aid grant grants loan loans tax premium subsidy".split()),
    frozenset("montant budget taux plafond coût prix durée amount rate ceiling cost price duration".split()),
    frozenset("salariés emplois entreprises communes ménages pôles usines fournisseurs étudiants habitants "
              "employees jobs companies firms towns households clusters plants suppliers students inhabitants".split()),
    frozenset("directeur président ministre préfet maire fondateur director president minister prefect mayor founder".split()),
    frozenset("fermeture ouverture création lancement closure opening creation launch".split()),
)  # fmt: skip
# The same, for words that tell one kind of thing from another: the whole phrase gives way ("an electric car").
KINDS = frozenset(
    "électrique électriques hybride hybrides thermique thermiques diesel essence hydrogène neuve neuves occasion utilitaire "
    "utilitaires particulier particuliers petites moyennes grandes pme eti electric hybrid hybrids petrol hydrogen new used "
    "vans cars car van trucks smes voiture voitures véhicule véhicules camion camions".split()
)
INSTITUTIONS = frozenset(
    "banque caisse institut agence cour conseil chambre fonds ministère union commission contrat région école comité "
    "société pacte plan programme loi médiateur groupe".split()
)
JOINERS = frozenset("de du des d' of".split())
# In « l'usine Toyota » the plant stays when another name comes; in « le pôle i-Trans » it goes with the name.
SITES = frozenset("usine usines site groupe ville région plant plants factory site group town region".split())
# A general noun beside a name belongs to it in English: "the I-Trans cluster".
GENERAL = frozenset(
    "cluster plan plant fund bank law forum factory agency group programme program scheme company supplier contract".split()
)
PEOPLES = frozenset(
    "french english european american german british regional européen européenne européens français française japonais "
    "japonaise allemand allemande état pme pmi eti tpe sme smes co2 january february march april may june july august september october november december".split()
)
VERBS = frozenset(
    "take takes took open close start begin cost hold get offer reach cover employ work say do happen".split()
)

OPENER = re.compile(
    r"^\W*(?:et\s+(?:qu['’]en\s+est-il\s+(?=d)|si\s+c['’]était\s+)?|qu['’]en\s+est-il\s+(?=d)|mais\s+|"
    r"même\s+question\s+(?=pour|en|à|dans)|"
    r"(?:and\s+|but\s+|so\s+)?(?:what|how)\s+about\s+|and\s+|but\s+|same\s+(?:question\s+)?(?=for|in))",
    re.IGNORECASE,
)  # fmt: skip
ALSO = re.compile(r"(?:\s*,)?\s+(?:aussi|également|non plus|alors|too|as well|also|then)$", re.IGNORECASE)
# A question word on its own, and what it becomes inside a question.
BARE = re.compile(
    r"(?:pourquoi|quand|comment|combien|où|qui|(?:par|pour|avec|contre|à|de|selon)\s+qui|depuis\s+quand|jusqu['’]à\s+quand|"
    r"combien\s+d(?:e\s+|['’])\w+|how\s+many\s+\w+|le(?:s)?quel(?:le)?s?|la(?:s)?quelles?|de\s+combien|à\s+quel\s+prix|pourquoi\s+(?:donc|ça|cela)|"
    r"why|when|where|how|who|by\s+whom|how\s+(?:much|many|long|so)|since\s+when|until\s+when|which(?:\s+ones?)?|what\s+for|"
    r"(?:(?:par|dans|pour|avec|selon|depuis|à|en|sous|de)\s+)?quel(?:le)?s?\s+\w+|(?:(?:by|in|for|under|with|since|at|from)\s+)?(?:which|what)\s+(?!about|for)\w+|who\s+by|says\s+who|according\s+to\s+whom|why\s+(?:so|is\s+that|was\s+that))",
    re.IGNORECASE,
)
# Question words that stand in each other's place at the head of a question.
HEADS = re.compile(
    r"^(?:quand|pourquoi|comment|où|depuis quand|when|why|how|where)\b(?!\s+(?:much|many|long|large|big|high|far))",
    re.IGNORECASE,
)
HOW_MANY = re.compile(r"^combien\s+d(?:e\s+|['’]\s?)", re.IGNORECASE)
IN_LANGUAGE = re.compile(
    r"(?:(?:et|and|or|ou|aussi|also|now|maintenant)\s+)*(?:(?:in|en)\s+)(?P<language>français|anglais|french|english)(?:\s+(?:too|as well|aussi|also|please|s['’]il vous plaît))?",
    re.IGNORECASE,
)
LANGUAGE_NAMES = {"français": "fr", "french": "fr", "anglais": "en", "english": "en"}
CLAUSE = re.compile(  # a question of its own rather than a fragment
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|what|who|whose|where|when|why|how|which|"
    r"qui|que|qu['’]|quoi|quand|comment|combien|pourquoi|où|quel(?:le)?s?|le(?:s)?quel(?:le)?s?|est-ce|est-il|a-t-|y a-t-il)(?!\w)"
    r"|\w-(?:t-)?(?:il|elle|ils|elles|on|ce|vous|nous|tu|je)\b",
    re.IGNORECASE,
)
# How a question begins, as against a statement or a heading.
ASKS = re.compile(
    r"^\W*(?:(?:à|de|d['’]|dans|par|pour|en|sur|sous|depuis|selon|avec|chez|contre|by|in|for|under|with|since|at|from|on|to|of)\s+)?"
    r"(?:what|who|whom|whose|where|when|why|how|which|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|"
    r"qui|que|qu['’]\S|quoi|quand|comment|combien|pourquoi|où|quel(?:le)?s?|le(?:s)?quel(?:le)?s?|est-ce|\w+-(?:t-)?(?:il|elle|ils|elles))(?!\w)"
    r"|^\W*qu['’]",
    re.IGNORECASE,
)
WHOSE = {
    "fr": re.compile(
        r"(?:qui|quel(?:le)?s?)\s+(?:est|sont|était|étaient|fut)\s+(?:le\s+|la\s+|les\s+|l['’])(?P<had>\w+)(?:\s+(?:exact|total|annuel)e?)?\s*\??",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:who|what)\s+(?:is|are|was|were)\s+the\s+(?:exact\s+|total\s+|annual\s+)?(?P<had>\w+)\s*\??", re.IGNORECASE
    ),
}
# A fragment without « et » before it.
PREPOSITIONAL = {
    "fr": re.compile(
        r"(?:en\s+)?(?:19|20)\d{2}|(?:en|pour|à|au|aux|dans|selon|chez|depuis|avant|après)\s+(?!quel|qui\b)\S+(?:\s+\S+){0,4}",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:in\s+)?(?:19|20)\d{2}|(?:in|for|at|under|since|before|after|according\s+to)\s+(?!which|what|whom?\b)\S+(?:\s+\S+){0,4}",
        re.IGNORECASE,
    ),
}
_QUESTION_WORDS = {
    "pourquoi": "why", "quand": "when", "où": "where", "comment": "how", "qui": "who", "combien": "how much",
    "lesquels": "which ones", "lesquelles": "which ones", "par qui": "by whom", "depuis quand": "since when",
}  # fmt: skip
SAME_QUESTION_WORD = {
    "en": _QUESTION_WORDS,
    "fr": {english: french for french, english in _QUESTION_WORDS.items()} | {"how many": "combien"},
}
