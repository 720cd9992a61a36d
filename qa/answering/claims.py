"""A text that someone wants checked, parted into its claims."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from qa.errors import ClaimError
from qa.index.analysis import terms
from qa.languages import DEFAULT_LANGUAGE, FUNCTION_WORDS, LANGUAGES, detect_language
from qa.sentences import leaves_subject_open, sentence_spans

MAX_CHARACTERS = 20_000
MAX_CLAIMS = 20
_LEAST_TERMS = 2  # a claim says something of something

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_INSTRUCTION = re.compile(
    r"\s*(?:please|s'il (?:te|vous) plaît|now|maintenant)?[,\s]*(?:ignore[zs]?|oublie[zs]?|forget|disregard|say|tell me|"
    r"answer|reply|respond|write|pretend|confirm|mark|dis|dites|réponds|répondez|écris|écrivez|confirme[zs]?|considère[zs]?)"
    r"\b(?!\w)(?!\s+(?:de|est|sont|is|are|was|were)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim: its sentence, its language, and the sentence before where its subject is a pronoun."""

    text: str
    language: str
    before: str = ""

    @property
    def subject_and_text(self) -> str:
        return f"{self.before} {self.text}".strip()


def read_claims(text: str, *, default_language: str = DEFAULT_LANGUAGE) -> list[Claimed]:
    """Return the claims of ``text``, a sentence each; questions, instructions and empty sentences are none.

    HTML's tags are taken out. Raises ClaimError, in French and in English since the reader's language is not known,
    when no claim is left, when there are more than 20, or when the text is in neither language.

    >>> [claim.text for claim in read_claims("Le bonus est de 7 000 €. Pourquoi ? Il était de 5 000 € en 2011.")]
    ['Le bonus est de 7 000 €.', 'Il était de 5 000 € en 2011.']
    """
    if len(text) > MAX_CHARACTERS:
        raise ClaimError(
            f"The text has {len(text)} characters: check {MAX_CHARACTERS} at a time.",
            french=f"Le texte a {len(text)} caractères : vérifiez-en {MAX_CHARACTERS} à la fois.",
        )
    cleaned = _plain(text)
    sentences = [cleaned[start:end] for start, end in sentence_spans(cleaned)]
    spoken = [detect_language(sentence) for sentence in sentences]
    language = next((own for own in spoken if own in LANGUAGES), None) or default_language
    if not any(own in LANGUAGES for own in spoken) and detect_language(cleaned) == "other" and "other" in spoken:
        raise ClaimError(
            "The claim is in neither French nor English: write it in one of them.",
            french="L'affirmation n'est ni en français ni en anglais : écrivez-la dans l'une de ces langues.",
        )
    claims: list[Claimed] = []
    for sentence, own in zip(sentences, spoken, strict=True):
        its_language = own if own in LANGUAGES else language
        if _is_claim(sentence, its_language):
            before = claims[-1].subject_and_text if claims and leaves_subject_open(sentence) else ""
            claims.append(Claimed(sentence, its_language, before))
    if not claims:
        raise ClaimError(
            "There is no claim to check: write a statement, such as « The bonus is 7,000 euros. » (a question goes to ask).",
            french="Il n'y a rien à vérifier : écrivez une affirmation, comme « Le bonus est de 7 000 euros. » (une "
            "question se pose avec ask).",
        )
    if len(claims) > MAX_CLAIMS:
        raise ClaimError(
            f"The text holds {len(claims)} claims: check {MAX_CLAIMS} at a time.",
            french=f"Le texte contient {len(claims)} affirmations : vérifiez-en {MAX_CLAIMS} à la fois.",
        )
    return claims


def _plain(text: str) -> str:
    if _TAG.search(text):
        text = html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", text)))
    text = unicodedata.normalize("NFC", text)
    lines = (
        "".join(char if char.isprintable() or char in "\u00a0\u202f\u2009" else " " for char in line)
        for line in text.splitlines()
    )
    return "\n".join(line.strip() for line in lines)


def _is_claim(sentence: str, language: str) -> bool:
    said = [term for term in terms(sentence, language) if term not in FUNCTION_WORDS]
    return len(said) >= _LEAST_TERMS and not sentence.rstrip(' »"”)').endswith("?") and not _INSTRUCTION.match(sentence)
