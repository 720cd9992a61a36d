"""What a file is, its limits, and the small decisions of the formats; the formats' real files are in integration."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from qa.ingest.blocks import UnreadableError
from qa.ingest.formats import format_of
from qa.ingest.limits import Limits
from qa.ingest.parse import parse_data
from qa.ingest.pdf.tables import MOST_PAGES
from qa.ingest.tables import table_blocks
from qa.ingest.text import decoded


def container(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "plan.txt", "pdf"),
        (b"junk before\n%PDF-1.7 ...", "plan.pdf", "pdf"),
        (container(word__document_xml=b"<w/>"), "plan.pdf", "docx"),
        (container(mimetype=b"application/vnd.oasis.opendocument.text"), "plan.docx", "odt"),
        (b"\xef\xbb\xbf<!-- saved --><!DOCTYPE html><p>Aides", "plan.txt", "html"),
        (b"<?xml version='1.0'?><html xmlns='x'><p>Aides</p></html>", "plan.xhtml", "html"),
        (b"<p>Aides</p>", "plan.html", "html"),
        (b"Received: from a\r\nFrom: a@example.org\r\nSubject: Aides\r\n\r\nTexte", "plan.txt", "eml"),
        (b"From: a@example.org\nSubject: Aides\n\nTexte", "plan.eml", "eml"),
        (b"Date: 2013\nSubject: une note, pas un courriel\n\nTexte", "plan.txt", "text"),
        ("<Aides> à l’usine".encode("utf-16"), "plan.txt", "text"),
        (b"Texte", "plan.pdf", "text"),
        (b"# Aides", "plan.MD", "markdown"),
    ],
)
def test_the_content_says_what_a_file_is(data, name, kind):
    assert format_of(data, name, Limits()) == kind


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.pdf", "it is empty"),
        (b" \r\n\t", "a.txt", "it is empty"),
        (b"Texte", "a.xyz", "files of this kind are not read"),
        (b"\0\1\2\3", "a.txt", "not a text file"),
        (b"\x89PNG\r\n", "a.pdf", "picture.*OCR"),
        (b"{\\rtf1 Texte}", "a.doc", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "old Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password"),
        (container(word__document_xml=b"<w/>")[:-30], "a.docx", "damaged or cut short"),
        (container(xl__workbook_xml=b"<w/>"), "a.docx", "spreadsheet"),
        (container(word__document_xml=bytes(3_000_000)), "a.docx", "zip bomb"),
    ],
)
def test_what_is_not_read_says_what_it_is_and_what_to_do(data, name, reason):
    with pytest.raises(UnreadableError, match=reason) as raised:
        format_of(data, name, Limits(unpacked_megabytes=2))
    assert str(raised.value).endswith(".")


def test_a_wrong_suffix_is_read_by_what_it_is_and_warned_of():
    kind, parsed = parse_data("Le plan prévoit une aide.".encode(), "plan.pdf", Limits())
    assert (kind, parsed.blocks[0].text) == ("text", "Le plan prévoit une aide.")
    assert parsed.warnings == ("its name says PDF, but it is plain text and was read as that",)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Œuvre d’État : 5 €".encode("cp1252"), "Œuvre d’État : 5 €"),
        ("Œuvre d’État : 5 €".encode(), "Œuvre d’État : 5 €"),
        ("Œuvre".encode("utf-8-sig"), "Œuvre"),
        ("Œuvre".encode("utf-16"), "Œuvre"),
        (b"un\x1a\r\ndeux\rtrois", "un\x1a\ndeux\ntrois"),
    ],
)
def test_text_in_the_ways_it_is_written(data, text):
    assert decoded(data + b" mot" * 100 if b"\x1a" in data else data).startswith(text.replace("\x1a", ""))


def test_a_billion_laughs_in_front_matter_is_refused():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    bomb = "---\n" + "\n".join(lines) + "\ntitle: *i\n---\nTexte."
    with pytest.raises(UnreadableError, match="alias"):
        parse_data(bomb.encode(), "a.md", Limits())


def test_front_matter_nested_without_end_is_refused():
    bomb = "---\ntitle: " + "[" * 5000 + "\n---\nTexte."
    with pytest.raises(UnreadableError, match="front matter|RecursionError"):
        parse_data(bomb.encode(), "a.md", Limits())


@pytest.mark.parametrize("charset", ["charset*=utf-8''utf%00-8", "charset=no-such", "charset=hex", "charset=utf-16"])
def test_a_mail_whose_character_set_is_damaged_is_read(charset):
    mail = f"From: a@example.org\nContent-Type: text/plain; {charset}\n\nL’été.\n".encode("cp1252")
    assert parse_data(mail, "a.eml", Limits())[1].blocks[0].text == "L’été."


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (
            [["Année", "Taux"], ["2013", "4 %"], ["2014", "6 %"]],
            ["Année : 2013 ; Taux : 4 %", "Année : 2014 ; Taux : 6 %"],
        ),
        ([["", "2012", "2013"], ["Emplois", "5 900", "5 700"]], ["Emplois ; 2012 : 5 900 ; 2013 : 5 700"]),
        ([["Douai", "5 900"], ["Maubeuge", "2 100"]], ["Douai ; 5 900", "Maubeuge ; 2 100"]),
        ([["Région", "Nord"], ["Chef-lieu", "Lille"]], ["Région ; Nord", "Chef-lieu ; Lille"]),
        ([["Encadré"], ["Un texte en cadre."]], ["Encadré", "Un texte en cadre."]),
        ([["Année", "Taux"], ["2013", "4 %", "provisoire"]], ["Année : 2013 ; Taux : 4 % ; provisoire"]),
    ],
)
def test_figures_stand_beside_their_headings_where_there_are_any(rows, texts):
    assert [block.text for block in table_blocks(rows)] == texts


def test_headings_on_two_rows_are_one_name():
    rows = [["Usine", "Effectif", "Effectif"], ["", "2011", "2012"], ["Douai", "5 310", "5 200"]]
    (block,) = table_blocks(rows, headings=2)
    assert block.text == "Usine : Douai ; Effectif, 2011 : 5 310 ; Effectif, 2012 : 5 200"


def test_the_documented_limits_and_formats_are_the_real_ones():
    text = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    limits = Limits()
    for words in (
        f"| {limits.megabytes} MB |", f"| {limits.pages:,}; tables with rules are looked for on the first {MOST_PAGES} pages",
        f"| {limits.unpacked_megabytes} MB in {limits.parts:,} parts |", f"| {limits.seconds:g} seconds |",
        f"| {limits.memory_megabytes:,} MB (on Linux) |",
    ):  # fmt: skip
        assert words in text
    assert {f"`{suffix}`" for suffix in (".md", ".txt", ".html", ".pdf", ".docx", ".odt", ".eml")} <= set(text.split())


def test_a_table_may_have_a_title_over_all_its_columns():
    rows = [["Taux du CICE", ""], ["Année", "Taux"], ["2013", "4 %"], ["2014", "6 %"]]
    blocks = [(block.kind, block.text) for block in table_blocks(rows)]
    assert blocks == [
        ("paragraph", "Taux du CICE"), ("row", "Année : 2013 ; Taux : 4 %"), ("row", "Année : 2014 ; Taux : 6 %"),
    ]  # fmt: skip


def test_sections_whose_identifiers_are_made_of_their_headings_stay():
    page = """<html lang="fr"><body><article><h1>Le plan</h1><p>Le gouvernement présente son plan pour la filière automobile.</p>
        <section id="consent"><h2>Consent</h2><p>Le consentement est demandé avant chaque traitement des données.</p></section>
        <h2 id="share">Share</h2><p>La part de l'État est de 40 % du capital de la société.</p>
        <div class="share"><p>Partagez cet article sur vos réseaux préférés.</p></div></article></body></html>"""
    text = [block.text for block in parse_data(page.encode(), "a.html", Limits())[1].blocks]
    assert {"Consent", "Share", "Le consentement est demandé avant chaque traitement des données."} <= set(text)
    assert not any("Partagez" in line for line in text)


def test_all_that_a_mail_shows_is_read_and_all_else_is_named():
    message = EmailMessage()
    message["Subject"], message["From"] = "Aides", "a@example.org"
    message.set_content("Le plan est en ligne.")
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif", disposition="inline")
    message.add_attachment("Le bonus est de 7 000 euros.", disposition="inline")
    inner = EmailMessage()
    inner["Subject"] = "Voir"
    inner.set_content("Un message joint.")
    message.add_attachment(inner)
    _, parsed = parse_data(bytes(message), "a.eml", Limits())
    assert [block.text for block in parsed.blocks] == ["Le plan est en ligne.", "Le bonus est de 7 000 euros."]
    assert [
        kind in warning for kind, warning in zip(("image/gif", "message/rfc822"), parsed.warnings, strict=True)
    ] == [True, True]


def test_text_whose_hiding_is_turned_off_is_read():
    docx = pytest.importorskip("docx")
    document, file = docx.Document(), io.BytesIO()
    paragraph = document.add_paragraph("Le taux ")
    for text, hidden in (("est de 4 % ", False), ("est secret ", True), ("en 2013.", None)):
        paragraph.add_run(text).font.hidden = hidden
    document.save(file)
    assert [block.text for block in parse_data(file.getvalue(), "a.docx", Limits())[1].blocks] == [
        "Le taux est de 4 % en 2013."
    ]
