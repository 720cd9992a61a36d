"""Real files of every format, made by real programs: tests/data/formats/make.py says how."""

from __future__ import annotations

import email.message
import shutil
from pathlib import Path

import pytest

from qa.errors import DocumentError
from qa.ingest import read_corpus, read_document
from qa.records import Document

FORMATS = Path(__file__).resolve().parent.parent / "data" / "formats"

NOTE = """L’emploi automobile dans le Nord

La filière automobile emploie 55 000 personnes dans le Nord-Pas-de-Calais. Elle est la première de la région.

(1) Chiffre de l’association régionale, décembre 2012.

Trois priorités

former les salariés ;
soutenir les fournisseurs ;
exporter davantage.

Les usines

Le tableau donne les effectifs à la fin de chaque année.
Usine : Douai ; Effectif 2011 : 5 310 ; Effectif 2012 : 5 200
Usine : Maubeuge ; Effectif 2011 : 2 450 ; Effectif 2012 : 2 300

La seconde page conclut la note. Les effectifs baissent moins vite qu’en 2009, et le plan de juillet 2012 prévoit des aides aux fournisseurs."""

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="iso-8859-1"><title>Le plan | Le Journal du Nord</title>
<meta property="og:title" content="Le plan automobile en cinq mesures">
<meta property="og:site_name" content="Le Journal du Nord">
<meta property="article:published_time" content="2012-07-25T18:30:00+02:00">
<link rel="canonical" href="https://journal.example/plan-automobile"></head>
<body class="home ads"><header><nav><ul><li><a href="/">Accueil</a></li><li><a href="/eco">Économie</a></li></ul></nav></header>
<div id="cookie-banner" class="cookie-consent"><p>Nous utilisons des cookies. Acceptez-vous ?</p><button>Tout accepter</button></div>
<main><article><h1>Le plan automobile en cinq mesures</h1>
<p>Le gouvernement a présenté mercredi son plan de soutien à la filière, qui emploie 55 000 personnes dans la région.</p>
<h2>Un bonus relevé</h2><p>Le bonus pour l’achat d’une voiture électrique passe de 5 000 à <strong>7 000 euros</strong> le 1er août.</p>
<ul><li>Le bonus hybride double à 4 000 euros.</li><li>Le malus augmente pour les voitures polluantes.</li></ul>
<div class="ad banner"><p>Publicité : roulez moins cher avec AutoPromo, dès 99 euros par mois !</p></div>
<h2>Les usines</h2><table><tr><th>Usine</th><th>Emplois en 2012</th></tr><tr><td>Douai</td><td>5 200</td></tr></table>
<p>La Banque publique d’investissement recevra 350 millions d’euros de crédits pour les fournisseurs, selon le plan.</p>
</article></main><aside><h3>À lire aussi</h3><a href="/x">Dix recettes d’été</a></aside>
<footer><p>Mentions légales – Contact – © 2012 Le Journal du Nord</p></footer></body></html>"""

ARTICLE = """Le plan automobile en cinq mesures

Le gouvernement a présenté mercredi son plan de soutien à la filière, qui emploie 55 000 personnes dans la région.

Un bonus relevé

Le bonus pour l’achat d’une voiture électrique passe de 5 000 à 7 000 euros le 1er août.
Le bonus hybride double à 4 000 euros.
Le malus augmente pour les voitures polluantes.

Les usines

Usine : Douai ; Emplois en 2012 : 5 200

La Banque publique d’investissement recevra 350 millions d’euros de crédits pour les fournisseurs, selon le plan."""


def real(name: str) -> Document:
    return read_document(FORMATS / name, FORMATS)


def page_of(document: Document, words: str) -> int | None:
    assert document.text.count(words) == 1
    return document.page_at(document.text.index(words))


@pytest.mark.parametrize("name", ["note.docx", "note.odt"])
def test_an_office_file_is_read_whole_and_in_order(name):
    document = real(name)
    assert document.text == NOTE
    assert [section.title for section in document.sections] == [
        "L’emploi automobile dans le Nord",
        "Trois priorités",
        "Les usines",
    ]
    assert all(document.text[s.start : s.start + len(s.title)] == s.title for s in document.sections)
    assert (document.title, document.language, document.date) == ("Note sur l’emploi automobile", "fr", "2013-03-12")
    assert document.pages == ()


def test_a_pdf_is_the_same_note_with_its_pages_and_without_its_running_heads():
    document = real("note.pdf")
    on_page = NOTE.replace("(1) Chiffre", "1 Chiffre").split("\n\n")
    note = on_page.pop(2)  # a printed page has it at its foot
    on_page.insert(-1, note)
    assert document.text.replace("Nord-Pas-de-Calais¹", "Nord-Pas-de-Calais") == "\n\n".join(on_page)
    assert page_of(document, "Usine : Douai ; Effectif 2011 : 5 310 ; Effectif 2012 : 5 200") == 1
    assert page_of(document, "La seconde page conclut la note.") == 2
    assert document.language == "fr"  # whatever LibreOffice says it is


def test_two_columns_are_read_one_after_the_other():
    document = real("columns.pdf")
    places = [document.text.index(f"Constat {number} : ") for number in range(1, 31)]
    assert places == sorted(places)
    assert document.text.startswith("Les pôles de compétitivité du Nord\n\nCette lettre présente deux pôles")
    assert document.text.endswith("en citant sa source exacte.")


def test_words_parted_at_a_line_s_end_are_whole_again():
    text = real("columns.pdf").text
    assert text.count("collectivités territoriales financent") == 10
    assert text.count("marchés internationaux") == 10
    assert text.count("le pôle i-Trans rassemble") == 10
    assert "\u00ad" not in text


def test_a_sentence_over_two_pages_is_on_the_first_and_what_follows_on_its_own():
    document = real("columns.pdf")
    assert len(document.pages) == 2
    assert document.text[document.pages[1] :].startswith("Constat 30")
    assert page_of(document, "Constat 1 :") == 1


def test_what_a_browser_prints_around_a_page_is_not_its_text():
    document = real("columns.pdf")
    assert "file://" not in document.text
    assert "1/2" not in document.text
    assert (document.title, document.date) == ("Lettre des pôles", None)  # the file only says when it was printed


def test_a_table_without_rules_has_its_headings_beside_its_figures():
    document = real("borderless.pdf")
    assert "Year : 2013 ; Aid paid : €210 million ; Suppliers helped : 131" in document.text.split("\n")
    assert document.language == "en"


def test_a_scan_without_text_is_named_as_such():
    with pytest.raises(DocumentError, match=r"scan without text.*ocrmypdf"):
        real("scan.pdf")


def test_a_scanned_page_among_others_is_a_warning(tmp_path):
    shutil.copy(FORMATS / "mixed.pdf", tmp_path)
    corpus = read_corpus(tmp_path)
    (document,) = corpus.documents
    assert not corpus.failures
    assert page_of(document, "La troisième page du dossier") == 3
    (warning,) = corpus.warnings["mixed.pdf"]
    assert warning.startswith("page 2 of 3 is a scan without text.")


def test_a_web_page_is_its_article(tmp_path):
    path = tmp_path / "articles" / "plan.html"
    path.parent.mkdir()
    path.write_bytes(PAGE.encode("cp1252"))  # what browsers read when a page says iso-8859-1
    document = read_document(path, tmp_path)
    assert document.text == ARTICLE
    assert (document.title, document.date, document.publisher, document.url, document.language, document.kind) == (
        "Le plan automobile en cinq mesures", "2012-07-25", "Le Journal du Nord",
        "https://journal.example/plan-automobile", "fr", "article",
    )  # fmt: skip


@pytest.fixture
def message() -> email.message.EmailMessage:
    message = email.message.EmailMessage()
    message["Subject"] = "Aides à l’usine de Douai"
    message["From"] = "Préfecture du Nord <contact@prefecture.example>"
    message["Date"] = "Tue, 12 Mar 2013 23:50:00 +0100"
    return message


def test_a_mail_message_with_an_html_body(message, tmp_path):
    message.set_content("Ce message est en HTML.")
    message.add_alternative(
        "<html><body><p>Bonjour,</p><p>L’aide à l’usine de Douai est de <b>2 millions d’euros</b>, versés en deux fois à la société.</p></body></html>",
        subtype="html",
    )
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="arrêté.pdf")
    (tmp_path / "aide.eml").write_bytes(message.as_bytes())
    corpus = read_corpus(tmp_path)
    (document,) = corpus.documents
    assert "L’aide à l’usine de Douai est de 2 millions d’euros, versés en deux fois à la société." in document.text
    assert (document.title, document.date, document.publisher, document.language) == (
        "Aides à l’usine de Douai", "2013-03-12", "Préfecture du Nord", "fr",
    )  # fmt: skip
    assert corpus.warnings == {"aide.eml": ("its attachment arrêté.pdf was not read: save it as a file of its own",)}


def test_a_short_page_and_its_line_breaks(tmp_path):
    path = tmp_path / "note.html"
    path.write_text(
        "<html><body><div>Bonjour,<br><br>L’aide est de <b>2 millions</b>.<br>Elle est versée.</div></body></html>"
    )
    assert read_document(path, tmp_path).text == "Bonjour,\n\nL’aide est de 2 millions. Elle est versée."


def test_a_mail_message_in_plain_text(message, tmp_path):
    message.set_content(
        "Bonjour,\n\nL’aide est accordée.\n\n> Quand l’aide est-elle versée ?\n\n-- \nLe bureau des aides\n"
    )
    path = tmp_path / "aide.eml"
    path.write_bytes(message.as_bytes())
    assert read_document(path, tmp_path).text == "Bonjour,\n\nL’aide est accordée.\n\nQuand l’aide est-elle versée ?"


def test_what_word_adds_to_a_paragraph_is_read_and_what_it_hides_is_not(tmp_path):
    import docx
    from docx.oxml import parse_xml

    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    file = docx.Document()
    paragraph = file.add_paragraph("Le taux est de ")
    for xml in (
        "<w:del {}><w:r><w:delText>quatre</w:delText></w:r></w:del>",
        "<w:ins {}><w:r><w:t>six</w:t></w:r></w:ins>",
        "<w:r {}><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>",
        "<w:sdt {}><w:sdtContent><w:r><w:t> pour cent.</w:t></w:r></w:sdtContent></w:sdt>",
    ):
        paragraph._p.append(parse_xml(xml.format(namespace)))
    table = file.add_table(rows=3, cols=3)
    for row, texts in zip(
        table.rows, [("Usine", "Année", "Effectif"), ("Douai", "2011", "5 310"), ("", "2012", "5 200")], strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    file.save(str(tmp_path / "taux.docx"))
    document = read_document(tmp_path / "taux.docx", tmp_path)
    assert document.text == (
        "Le taux est de six pour cent.\nUsine : Douai ; Année : 2011 ; Effectif : 5 310\nUsine : Douai ; Année : 2012 ; Effectif : 5 200"
    )
    assert document.date is None  # the template's is nobody's
