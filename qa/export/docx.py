"""DOCX: each answer with its sources in real footnotes, as Word and LibreOffice show them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from qa.export.wording import made, source_line, words
from qa.records import Answer, Citation

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
_FIRST = 1  # 0 and -1 are the lines that part notes from text
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(answers: Sequence[Answer], language: str) -> bytes:
    """Return ``answers`` as a Word document."""
    document = docx.Document()
    document.core_properties.title = words("title", language)
    document.core_properties.language = _LANGUAGES[language]
    document.core_properties.author = ""
    _add_styles(document)
    document.add_heading(words("title", language), level=0)
    notes: list[str] = []
    for answer in answers:
        document.add_heading(_clean(" ".join(answer.question.split())), level=1)
        for text, citations in _paragraphs(answer, language):
            paragraph = document.add_paragraph(_clean(text))
            for citation in citations:
                notes.append(_note(citation, text, language))
                _refer(paragraph, _FIRST + len(notes) - 1)
    closing = document.add_paragraph().add_run(made(list(answers), language))
    closing.italic = True
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES, _footnotes(notes).encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _paragraphs(answer: Answer, language: str) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    if not answer.is_as_asked:
        yield words("understood", language, text=answer.understood_as), ()
    if answer.abstained:
        yield f"{words('not_answered', language)}. {answer.reason or ''}", ()
        return
    for statement in answer.statements:
        yield statement.text, statement.citations
    yield words("confidence", language, percent=round(100 * answer.confidence)), ()


def _add_styles(document: object) -> None:
    styles = document.styles  # type: ignore[attr-defined]
    reference = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True
    styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(9)


def _refer(paragraph: Paragraph, number: int) -> None:
    run = f'<w:r {nsdecls("w")}><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
    paragraph._p.append(parse_xml(run))  # noqa: SLF001 (python-docx writes no footnotes yet)


def _note(citation: Citation, statement: str, language: str) -> str:
    quote = "" if citation.quote == statement else f" « {' '.join(citation.quote.split())} »"
    address = f" {citation.url}" if citation.url else ""
    return f"{source_line(citation, language)}.{quote}{address}"


def _footnotes(notes: Sequence[str]) -> str:
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{element}/></w:r></w:p></w:footnote>'
        for number, (kind, element) in enumerate(
            [("separator", "separator"), ("continuationSeparator", "continuationSeparator")], start=-1
        )
    )
    texts = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
        '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(_clean(note))}</w:t></w:r></w:p></w:footnote>'
        for number, note in enumerate(notes, start=_FIRST)
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {nsdecls("w")}>{lines}{texts}</w:footnotes>'


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
