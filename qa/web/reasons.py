"""Why a file could not be read, in French: what ``qa.ingest`` says of it in English, sentence for sentence."""

from __future__ import annotations

import re

_READ = "Markdown, texte, HTML, PDF, DOCX, ODT et EML"
_OCR = "reconnaissez son texte avec un logiciel d'OCR et enregistrez-le en PDF ou en texte"

# What stands for "*" on the left comes back in its order for "{}" on the right.
_SENTENCES = (
    ("it holds no text: it is empty. *", "il est vide."),
    ("it holds no text. *", "il ne contient pas de texte."),
    ("it says something of itself in characters *", "il dit de lui-même quelque chose en caractères qui n'existent pas : corrigez son en-tête."),
    ("it is dated *, which is no day. *", "il est daté du {}, qui n'est pas un jour : écrivez 2013, 2013-11 ou 2013-11-14."),
    ("it is too large: * MB, where * MB are read. *", "il est trop gros : {} Mo, quand {} Mo sont lus. Coupez-le."),
    ("it has * pages, where * are read. *", "il a {} pages, quand {} sont lues. Coupez-le."),
    ("it unpacks to * MB in * parts, *", "décompressé, il fait {} Mo en {} parties : c'est trop. Retirez-en les images."),
    ("it is protected by a password: *", "il est protégé par un mot de passe : enregistrez-le sans."),
    ("it is an old Office file *", "c'est un ancien fichier Office (.doc par exemple) : enregistrez-le en DOCX ou ODT."),
    ("it is a picture: *", f"c'est une image : {_OCR}."),
    ("it is an RTF file: *", "c'est un fichier RTF : enregistrez-le en DOCX ou ODT."),
    ("it is a compressed file: *", "c'est un fichier compressé : décompressez-le."),
    ("it is damaged or cut short: *", "il est abîmé ou tronqué : récupérez-le ou enregistrez-le de nouveau."),
    ("it is an e-book (EPUB), *", f"c'est un livre numérique (EPUB) ; se lisent : {_READ}."),
    ("it is a spreadsheet, a presentation or an archive, *", f"c'est un tableur, une présentation ou une archive ; se lisent : {_READ}."),
    ("files of this kind are not read; *", f"ce genre de fichier ne se lit pas ; se lisent : {_READ}."),
    ("it is not a text file, *", "ce n'est pas un fichier de texte, quoi que dise son nom."),
    ("it is in neither French nor English. *", "il n'est ni en français ni en anglais."),
    ("it is a mail message without text. *", "c'est un courriel sans texte : ajoutez ses pièces jointes comme fichiers."),
    ("it is a scan without text: *", f"c'est un document numérisé sans texte : {_OCR}."),
    ("its fonts do not say which letters they draw, *", f"ses polices ne disent pas quelles lettres elles dessinent : {_OCR}."),
    ("its front matter * Mend the file *", "son en-tête (entre les lignes ---) est mal écrit : {}"),
    ("it could not be understood as * Save it anew.", "il n'a pas pu être lu comme {} Enregistrez-le de nouveau."),
    ("reading it took longer than * s *", "sa lecture a dépassé {} s et a été arrêtée. Coupez-le, ou enregistrez-le de nouveau."),
    ("reading it crashed, *", "sa lecture a échoué, ou demandait trop de mémoire. Enregistrez-le de nouveau, ou coupez-le."),
    ("the program that reads such files *", "le programme qui lit ces fichiers s'est arrêté. Réessayez."),
    ("it cannot be opened: *", "il ne s'ouvre pas : {}"),
    ("it is a link *", "c'est un lien : mettez le fichier lui-même."),
    ("its name is not written in UTF-8. *", "son nom n'est pas écrit en UTF-8 : renommez-le."),
    ("its name says *, but it is * and was read as that*", "son nom dit {}, mais c'est {} et il a été lu ainsi"),
    ("page * of * is a scan without text. *", f"page {{}} de {{}} : numérisée, sans texte ; {_OCR}"),
    ("pages * of * are each a scan without text. *", f"pages {{}} de {{}} : numérisées, sans texte ; {_OCR}"),
    ("page* in a font that does not say which letters it draws. *", f"page{{}} : la police ne dit pas ses lettres ; {_OCR}"),
    ("it has no end mark *", "il n'a pas de marque de fin et peut être tronqué : comparez sa dernière page"),
    ("tables were looked for on its first * pages *", "les tableaux n'ont été cherchés que sur ses {} premières pages à filets"),
    ("its blocks of HTML were not read: *", "ses blocs de HTML n'ont pas été lus : écrivez-les en Markdown, ou enregistrez-le en HTML."),
    ("its attachment * was not read*", "sa pièce jointe {} n'a pas été lue"),
)  # fmt: skip
_PATTERNS = tuple(
    (re.compile(r"(.*?)".join(map(re.escape, english.split("*"))), re.DOTALL), french) for english, french in _SENTENCES
)


def reason_text(reason: str, language: str) -> str:
    """Return why a file could not be read in ``language``; what has no French stays English and says so.

    >>> reason_text("it has 3,000 pages, where 2,000 are read. Split it into parts.", "fr")
    'il a 3,000 pages, quand 2,000 sont lues. Coupez-le.'
    """
    if language == "en":
        return reason
    for pattern, french in _PATTERNS:
        if match := pattern.fullmatch(reason):
            return french.format(*match.groups())
    return f"il n'a pas pu être lu (en anglais : {reason})"
