"""Makes the files beside it with the programs that people make such files with: LibreOffice, Chromium, a scanner's picture.

    python tests/data/formats/make.py

They are committed, so that tests need neither program; run it again when a source below changes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
SCAN_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"

NOTE = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>Note sur l’emploi automobile</dc:title><meta:creation-date>2013-03-12T09:00:00</meta:creation-date>
<dc:language>fr-FR</dc:language></office:meta>
<office:automatic-styles>
<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>
<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>
<style:header-style/><style:footer-style/></style:page-layout>
<style:style style:name="next" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:break-before="page"/></style:style>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page">
<style:header><text:p>Note interne – Direction de l’industrie</text:p></style:header>
<style:footer><text:p>Page <text:page-number>1</text:page-number> sur <text:page-count>2</text:page-count></text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text>
<text:h text:outline-level="1">L’emploi automobile dans le Nord</text:h>
<text:p>La filière automobile emploie 55 000 personnes dans le Nord-Pas-de-Calais<text:note text:id="f1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Chiffre de l’association régionale, décembre 2012.</text:p></text:note-body></text:note>. Elle est la première de la région.</text:p>
<text:h text:outline-level="2">Trois priorités</text:h>
<text:list><text:list-item><text:p>former les salariés ;</text:p></text:list-item><text:list-item><text:p>soutenir les fournisseurs ;</text:p></text:list-item><text:list-item><text:p>exporter davantage.</text:p></text:list-item></text:list>
<text:h text:outline-level="2">Les usines</text:h>
<text:p>Le tableau donne les effectifs à la fin de chaque année.</text:p>
<table:table table:name="T"><table:table-column table:number-columns-repeated="3"/>
<table:table-header-rows><table:table-row><table:table-cell table:style-name="cell"><text:p>Usine</text:p></table:table-cell><table:table-cell table:style-name="cell"><text:p>Effectif 2011</text:p></table:table-cell><table:table-cell table:style-name="cell"><text:p>Effectif 2012</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row><table:table-cell table:style-name="cell"><text:p>Douai</text:p></table:table-cell><table:table-cell table:style-name="cell"><text:p>5 310</text:p></table:table-cell><table:table-cell table:style-name="cell"><text:p>5 200</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:style-name="cell"><text:p>Maubeuge</text:p></table:table-cell><table:table-cell table:style-name="cell"><text:p>2 450</text:p></table:table-cell><table:table-cell table:style-name="cell"><text:p>2 300</text:p></table:table-cell></table:table-row>
</table:table>
<text:p text:style-name="next">La seconde page conclut la note. Les effectifs baissent moins vite qu’en 2009, et le plan de juillet 2012 prévoit des aides aux fournisseurs.</text:p>
</office:text></office:body></office:document>
"""

COLUMNS = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Lettre des pôles</title><style>
@page { size: A4; margin: 2cm } body { font: 11pt "DejaVu Serif"; hyphens: auto; text-align: justify; margin: 0 }
h1 { font-size: 20pt; text-align: left } .columns { column-count: 2; column-gap: 1cm } p { margin: 0 0 8pt }</style></head><body>
<h1>Les pôles de compétitivité du Nord</h1><p>Cette lettre présente deux pôles de la région et ce qu’ils ont accompli en une année pleine.</p>
<div class="columns">PARAGRAPHS</div><p style="margin-top: 12pt">Cette lettre paraît deux fois par an et peut être reproduite librement en citant sa source exacte.</p></body></html>"""

BORDERLESS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Aid to suppliers</title>
<style>@page { size: A4; margin: 2cm } body { font: 12pt "Liberation Serif"; margin: 0 } td, th { padding: 3pt 24pt 3pt 0; text-align: left }</style></head><body>
<h1>Aid to suppliers</h1><p>The table shows the aid that was paid to suppliers of the car industry in each year of the plan.</p>
<table><tr><th>Year</th><th>Aid paid</th><th>Suppliers helped</th></tr><tr><td>2012</td><td>€150 million</td><td>84</td></tr>
<tr><td>2013</td><td>€210 million</td><td>131</td></tr><tr><td>2014</td><td>€95 million</td><td>57</td></tr></table>
<p>The amounts do not include the loans of the Public Investment Bank.</p></body></html>"""

SCAN = [
    "Arrêté du 3 mai 2013",
    "",
    "Le préfet de la région arrête :",
    "Article 1er. Une aide de 40 000 euros est",
    "accordée à la société.",
]

MIXED = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Dossier</title><style>
@page { size: A4; margin: 2cm } body { font: 12pt "Liberation Serif"; margin: 0 } img { display: block; width: 17cm; page-break-before: always; page-break-after: always }
</style></head><body><p>La première page du dossier décrit la demande d’aide de la société.</p><img src="scan.png">
<p>La troisième page du dossier donne la réponse du préfet de région.</p></body></html>"""


def paragraphs() -> str:
    """Return text enough for two columns, each sentence numbered in reading order."""
    facts = [
        "le pôle i-Trans rassemble des industriels ferroviaires, des laboratoires universi&shy;taires et des centres de formation",
        "les entreprises adhérentes ont déposé plusieurs brevets et recruté de jeunes ingénieurs dans la métropole lilloise",
        "les collecti&shy;vités territo&shy;riales financent l’animation et accompagnent les entreprises vers les marchés interna&shy;tionaux",
    ]
    sentences = [f"Constat {number} : {facts[number % 3]}." for number in range(1, 31)]
    return "".join(f"<p>{' '.join(sentences[start : start + 5])}</p>" for start in range(0, 30, 5))


def office(source: Path, target: str, folder: Path) -> None:
    """Convert ``source`` with LibreOffice."""
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", target]
    subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True)


def printed(html: str, name: str, folder: Path, *options: str) -> None:
    """Print ``html`` to ``name`` with Chromium."""
    page = folder / f"{name}.html"
    page.write_text(html, encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", *options, f"--print-to-pdf={HERE / name}"]
    subprocess.run([*command, str(page)], check=True, capture_output=True)


def scan() -> Image.Image:
    """Return a page as a scanner sees it: a picture, a little askew."""
    picture = Image.new("L", (620, 877), 250)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(SCAN):
        draw.text((60, 80 + 30 * number), line, fill=20, font=ImageFont.truetype(SCAN_FONT, 20))
    return picture.rotate(0.6, fillcolor=250)


def main() -> None:
    """Make every file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        note = folder / "note.fodt"
        note.write_text(NOTE, encoding="utf-8")
        for suffix in ("docx", "odt", "pdf"):
            office(note, suffix, folder)
            shutil.copy(folder / f"note.{suffix}", HERE)
        password = {
            "EncryptFile": {"type": "boolean", "value": "true"},
            "DocumentOpenPassword": {"type": "string", "value": "secret"},
        }
        office(note, f"pdf:writer_pdf_Export:{json.dumps(password)}", folder)
        shutil.copy(folder / "note.pdf", HERE / "password.pdf")
        scan().save(HERE / "scan.pdf", quality=40)
        scan().save(folder / "scan.png")
        printed(
            COLUMNS.replace("PARAGRAPHS", paragraphs()), "columns.pdf", folder
        )  # with the browser's own heads and feet
        printed(BORDERLESS, "borderless.pdf", folder, "--no-pdf-header-footer")
        printed(MIXED, "mixed.pdf", folder, "--no-pdf-header-footer")


if __name__ == "__main__":
    main()
