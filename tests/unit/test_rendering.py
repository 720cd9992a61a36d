from __future__ import annotations

import dataclasses

import pytest

from qa import terminal
from qa.index.generations import Manifest
from qa.languages import LANGUAGES
from qa.records import Answer, Citation, Document, ModelUse, Section, Source, Statement
from qa.web.rendering import answer_html, corpus_html, notice_html, reader_html
from qa.web.texts import TEXTS

NASTY = "<script>alert(1)</script> & <img src=x onerror=alert(2)> ${7*7} {{7*7}}"


def answer(text: str) -> Answer:
    citation = Citation(
        document_id="d.md", title=text, kind=text, language="fr", date="2013-11", publisher=text, region=text, url=None,
        page=3, start=0, end=len(text), quote=text,
    )  # fmt: skip
    return Answer(
        question=text, understood_as=text, language="fr", statements=(Statement(text, (citation,)),), confidence=0.9,
        abstained=False, reason=None, nearest=(), generation="000001",
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_never_becomes_markup(language):
    document = Document(id="d.md", title=NASTY, text=NASTY, publisher=NASTY, region=NASTY, kind=NASTY)
    sources = [
        Source("S1", NASTY, NASTY, None, "javascript:alert(3)"),
        Source("S2", "B", None, None, 'https://x/"><script>'),
    ]
    html = answer_html(answer(NASTY), language) + reader_html(document, 2, 9, sources, language) + notice_html(NASTY)
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html


@pytest.mark.parametrize(("language", "says"), [("fr", "Question comprise : "), ("en", "Understood as: ")])
def test_a_question_understood_otherwise_than_written_is_shown(language, says):
    as_asked = answer("Et en 2013 ?")
    assert "understood" not in answer_html(as_asked, language)
    understood = dataclasses.replace(as_asked, understood_as="Quel <b>taux</b> en 2013 ?")
    silent = dataclasses.replace(understood, statements=(), abstained=True, reason="Rien.")
    for shown in (understood, silent):
        assert f"{says}Quel &lt;b&gt;taux&lt;/b&gt; en 2013 ?" in answer_html(shown, language)


def test_a_citation_is_numbered_and_described_in_the_pages_language():
    html = answer_html(answer("Le plan."), "en")
    assert 'aria-label="Open citation 1"' in html
    assert "November 2013" in html
    assert "page 3" in html


def test_a_superseded_quote_says_what_replaced_it():
    said = answer("Le plan.")
    citation = dataclasses.replace(said.statements[0].citations[0], superseded_by="plans/2019.md", also_in=("b.md",))
    html = answer_html(dataclasses.replace(said, statements=(Statement("Le plan.", (citation,)),)), "en")
    assert "Since replaced by plans/2019.md" in html
    assert "Also said in b.md" in html


def test_the_cited_span_is_marked_even_across_lines():
    text = "Aides\n\nTrois axes :\nun ;\ndeux."
    document = Document(id="d.md", title="D", text=text, sections=(Section(0, "Aides"),))
    html = reader_html(document, text.index("Trois"), len(text), (), "fr")
    assert "<h4>Aides</h4>" in html
    assert "<p><mark>Trois axes :</mark></p><p><mark>un ;</mark></p><p><mark>deux.</mark></p>" in html


def test_files_that_could_not_be_read_are_named_with_their_reason():
    manifest = Manifest(
        generation="000001", model="m", model_fingerprint="m", versions={}, corpus="corpus", documents=3, passages=9,
        built="2026-11-23T10:00:00+00:00", failures={"<b>.pdf": "it is <encrypted>"}, warnings={"scan.pdf": "page 3 has no text"},
    )  # fmt: skip
    html = corpus_html(manifest, "fr")
    assert "3 documents, 9 passages, index du 23 novembre 2026" in html
    assert "&lt;b&gt;.pdf" in html
    assert "it is &lt;encrypted&gt;" in html
    assert "page 3 has no text" in html


def test_no_string_without_both_languages():
    assert all(set(words) == set(LANGUAGES) and all(words.values()) for words in TEXTS.values())


@pytest.mark.parametrize(
    ("language", "written", "translated"),
    [("fr", "Rédigé par un modèle de langue", "Traduction automatique"), ("en", "Written by a language model", "Machine translation")],
)  # fmt: skip
def test_what_a_language_model_did_is_said_and_escaped(language, written, translated):
    said = answer("Le plan.")
    source = "en" if language == "fr" else "fr"
    citation = dataclasses.replace(said.statements[0].citations[0], language=source, translation=NASTY)
    generated = dataclasses.replace(
        said, language=language, mode="generated", note=NASTY, model=ModelUse(NASTY, "written", kept=1),
        statements=(Statement("Autre chose.", (citation,)), Statement(citation.quote, (citation,))),
    )  # fmt: skip
    html = answer_html(generated, language)
    assert "<script" not in html
    assert "<img" not in html
    assert written in html
    assert html.count(translated) == 2
    assert f'<p lang="{language}">Autre chose.' in html
    assert f'<p lang="{source}">Le plan.' in html  # a quote is in its source's language
    shown = terminal.answer(generated)
    assert written in shown
    assert translated in shown
    assert NASTY in shown
    assert written not in answer_html(said, language)
