"""Answers as files: what each format's own readers make of them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree as ET

import bibtexparser
import pytest
import rispy
from markdown_it import MarkdownIt

from qa.errors import UsageError
from qa.export import FORMATS, export
from qa.records import Answer, Citation, Statement

HOSTILE = "=SUM(A1) <script>alert(1)</script> [x](javascript:alert(1)) ![y](http://evil/z.png) & 5 % #1 {a} \\b_c"


def citation(document_id="plans/2012-plan.md", quote="Le bonus passe à 7 000 euros.", **fields):
    particulars = {
        "title": "Le plan « été » & ses suites", "kind": "plan", "language": "fr", "date": "2012-07-25", "publisher": "État",
        "region": None, "url": "https://exemple.fr/a?b=1&c={2}", "page": 3,
    }  # fmt: skip
    return Citation(document_id=document_id, start=10, end=10 + len(quote), quote=quote, **{**particulars, **fields})


def answer(*citations, language="fr", question="Quel bonus ?", understood_as=None, **fields):
    statements = tuple(Statement(text=cited.quote, citations=(cited,)) for cited in citations)
    return Answer(
        question=question, understood_as=understood_as or question, language=language, statements=statements,
        confidence=0.87, abstained=not citations, reason=None if citations else "Les documents ne répondent pas.",
        nearest=(), generation="000001", **fields,
    )  # fmt: skip


@pytest.fixture
def hostile():
    return answer(citation(quote=HOSTILE, title=HOSTILE, publisher=HOSTILE), question=HOSTILE)


def test_markdown_says_all_of_it_and_shows_hostile_text_as_text(hostile):
    first = answer(citation(), understood_as="Quel bonus en 2012 ?")
    written = export([first, hostile], "md").decode()
    assert "Question comprise : Quel bonus en 2012 ?" in written
    assert "25 juillet 2012, page 3" in written
    html = MarkdownIt("commonmark", {"html": True, "linkify": True}).render(written)
    shown = "".join(ET.fromstring(f"<body>{html.replace('&nbsp;', ' ')}</body>").itertext())
    assert " ".join(HOSTILE.split()) in " ".join(shown.split())
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:alert(1)</p>" not in html
    assert 'href="javascript' not in html


def test_every_number_of_markdown_has_its_note():
    written = export(
        [answer(citation(), citation("b.md", "Autre.")), answer(citation("c.md", "Enfin."))], "md"
    ).decode()
    for number in (1, 2, 3):
        assert f"(#n{number})" in written
        assert f'<a id="n{number}">' in written


def test_a_row_of_csv_for_each_citation_and_nothing_that_a_spreadsheet_runs(hostile):
    rows = list(csv.DictReader(io.StringIO(export([answer(), hostile], "csv").decode("utf-8-sig"), newline="")))
    assert [row["answered"] for row in rows] == ["no", "yes"]
    assert rows[0]["reason"] == "Les documents ne répondent pas."
    assert rows[1]["quote"] == f"'{HOSTILE}"
    assert (rows[1]["start"], rows[1]["page"]) == ("10", "3")


def test_bibtex_has_each_document_once_and_parses(hostile):
    cited = answer(citation(), citation(quote="Deux."), citation("articles/é-1.md", kind="article", date="2013-05"))
    entries = bibtexparser.parse_string(export([cited], "bibtex").decode()).entries_dict
    assert list(entries) == ["plans-2012-plan", "articles-e-1"]
    plan = entries["plans-2012-plan"]
    assert plan.entry_type == "techreport"
    assert plan["title"] == "{Le plan « été » \\& ses suites}"
    assert (plan["year"], plan["month"], plan["url"]) == ("2012", "jul", "https://exemple.fr/a?b=1&c=%7B2%7D")
    assert "« Deux. » (p. 3)" in plan["annote"]
    parsed = bibtexparser.parse_string(export([hostile], "bibtex").decode())
    assert (len(parsed.entries), parsed.failed_blocks) == (1, [])


def test_ris_parses(hostile):
    records = rispy.loads(
        export([answer(citation(), citation("b.md", kind="cluster", date=None)), hostile], "ris").decode()
    )
    assert [record["type_of_reference"] for record in records] == ["RPRT", "ELEC"]
    assert records[0]["title"] == "Le plan « été » & ses suites"
    assert (records[0]["year"], records[0]["date"]) == ("2012", "2012/07/25/")
    assert "7 000 euros" in records[0]["notes"][0]


def test_csl_json_has_what_processors_need():
    items = json.loads(export([answer(citation())], "csl"))
    assert items[0]["type"] == "report"
    assert items[0]["issued"] == {"date-parts": [[2012, 7, 25]]}
    assert items[0]["id"] == "plans-2012-plan"


def test_docx_has_real_footnotes_even_of_hostile_text(hostile):
    broken = answer(citation(quote="Avant\x00\x0baprès."))
    with zipfile.ZipFile(io.BytesIO(export([answer(citation()), hostile, broken], "docx"))) as file:
        notes = ET.fromstring(file.read("word/footnotes.xml"))
        text = ET.fromstring(file.read("word/document.xml"))
        assert "footnotes+xml" in file.read("[Content_Types].xml").decode()
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    referred = [element.get(f"{word}id") for element in text.iter(f"{word}footnoteReference")]
    written = [
        element.get(f"{word}id") for element in notes.iter(f"{word}footnote") if element.get(f"{word}type") is None
    ]
    assert referred == written == ["1", "2", "3"]
    assert "25 juillet 2012" in "".join(notes.itertext())
    assert HOSTILE in "".join(text.itertext())


def test_documents_whose_names_are_alike_have_keys_of_their_own():
    first, second = citation("a/b.md"), citation("a-b.md")
    items = json.loads(export([answer(first, second)], "csl"))
    assert items[0]["id"] != items[1]["id"]
    again = json.loads(export([answer(second, first)], "csl"))
    assert {item["id"] for item in again} == {item["id"] for item in items}


@pytest.mark.parametrize("name", FORMATS)
def test_an_unanswered_question_is_written_too(name):
    written = export([answer()], name, language="en")
    assert name not in ("md", "csv") or b"Les documents ne r" in written
    assert name != "csl" or json.loads(written) == []


def test_the_frame_is_in_the_language_asked_for():
    assert "# Answers and their proof" in export([answer(citation())], "md", language="en").decode()


def test_what_cannot_be_exported_says_why():
    with pytest.raises(UsageError, match="bibtex"):
        export([answer()], "pdf")
