from __future__ import annotations

import dataclasses

import pytest

from qa import terminal
from qa.index.generations import Manifest
from qa.index.texts import Listed
from qa.languages import LANGUAGES
from qa.records import Answer, Check, Citation, Claim, Document, ModelUse, Section, Source, Statement
from qa.web.html.conversation import Turn, conversation
from qa.web.html.library import charts, document_list, holdings
from qa.web.html.pieces import notice
from qa.web.html.reader import open_document
from qa.web.html.verdicts import verdicts
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
    sources = (
        Source("S1", NASTY, NASTY, None, "javascript:alert(3)"),
        Source("S2", "B", None, None, 'https://x/"><script>'),
    )
    document = Document(id="d.md", title=NASTY, text=NASTY, publisher=NASTY, region=NASTY, kind=NASTY, sources=sources)
    said = answer(NASTY)
    claim = Claim(NASTY, "fr", "contradicted", NASTY, NASTY, said.statements[0].citations)
    listed = Listed(NASTY, NASTY, NASTY, NASTY, "2013", NASTY, NASTY, NASTY, 3)
    html = (
        conversation([Turn(said, {"region": NASTY})] * 2, language)
        + open_document(document, 2, 9, ((3, 5),), language, cited=True)
        + notice(NASTY) + verdicts(Check(NASTY, "fr", (claim,), "1"), language)
        + document_list([listed], language) + charts([listed], language)
    )  # fmt: skip
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html


@pytest.mark.parametrize(("language", "says"), [("fr", "Question comprise : "), ("en", "Understood as: ")])
def test_a_question_understood_otherwise_than_written_is_shown(language, says):
    as_asked = answer("Et en 2013 ?")
    assert "understood" not in conversation([Turn(as_asked, {})], language)
    understood = dataclasses.replace(as_asked, understood_as="Quel <b>taux</b> en 2013 ?")
    silent = dataclasses.replace(understood, statements=(), abstained=True, reason="Rien.")
    for shown in (understood, silent):
        assert f"{says}Quel &lt;b&gt;taux&lt;/b&gt; en 2013 ?" in conversation([Turn(shown, {})], language)


def test_a_citation_is_numbered_and_described_in_the_pages_language():
    html = conversation([Turn(answer("Le plan."), {})], "en")
    assert 'aria-label="Open citation 1"' in html
    assert "November 2013" in html
    assert "page 3" in html


def test_a_superseded_quote_says_what_replaced_it():
    said = answer("Le plan.")
    citation = dataclasses.replace(said.statements[0].citations[0], superseded_by="plans/2019.md", also_in=("b.md",))
    html = conversation([Turn(dataclasses.replace(said, statements=(Statement("Le plan.", (citation,)),)), {})], "en")
    assert "Since replaced by plans/2019.md" in html
    assert "Also said in b.md" in html


def test_the_cited_span_is_marked_even_across_lines():
    text = "Aides\n\nTrois axes :\nun ;\ndeux."
    document = Document(id="d.md", title="D", text=text, sections=(Section(0, "Aides"),))
    html = open_document(document, text.index("Trois"), len(text), (), "fr", cited=False)
    assert "<h4>Aides</h4>" in html
    assert "<p><mark>Trois axes :</mark></p><p><mark>un ;</mark></p><p><mark>deux.</mark></p>" in html


def test_files_that_could_not_be_read_are_named_with_their_reason():
    manifest = Manifest(
        generation="000001", model="m", model_fingerprint="m", versions={}, corpus="corpus", documents=3, passages=9,
        built="2026-11-23T10:00:00+00:00", failures={"<b>.pdf": "it is <encrypted>", "@bob/a.md": "it holds no text: it is empty. Fill it."},
        warnings={"scan.pdf": "page 3 of 5 is a scan without text. Recognise it; its attachment a.zip was not read: save it"},
    )  # fmt: skip
    listed = [
        Listed(
            f"{n}.md",
            "T",
            kind=None,
            language="fr",
            date=None,
            region=None,
            publisher=None,
            superseded_by=None,
            passages=3,
        )
        for n in range(3)
    ]
    html = holdings(listed, manifest, lambda document_id: not document_id.startswith("@bob/"), "fr")
    assert "3 documents, 9 passages, index du 23 novembre 2026" in html
    assert "&lt;b&gt;.pdf" in html
    assert "it is &lt;encrypted&gt;" in html
    assert "page 3 of 5 is numérisé sans texte" not in html
    assert "page 3 de 5 : numérisée, sans texte" in html
    assert "sa pièce jointe a.zip" in html
    assert "@bob" not in html
    assert "n&#x27;ont pas pu être lus : 1<" in html


def test_no_string_without_both_languages():
    assert all(set(words) == set(LANGUAGES) and all(words.values()) for words in TEXTS.values())


def test_the_answering_words_are_marked_in_the_card_and_in_the_document():
    said = answer("Le bonus est de 7 000 euros.")
    citation = dataclasses.replace(said.statements[0].citations[0], answer_spans=((16, 27),))
    html = conversation(
        [Turn(dataclasses.replace(said, statements=(Statement(citation.quote, (citation,)),)), {})], "fr"
    )
    assert "<mark>7 000 euros</mark>" in html
    document = Document(id="d.md", title="D", text=citation.quote)
    assert "<mark>Le bonus est de <b>7 000 euros</b>.</mark>" in open_document(
        document, 0, 28, ((16, 27),), "fr", cited=True
    )


def test_a_link_asks_the_question_again_with_its_filters_and_exports_it():
    html = conversation([Turn(answer(q), {"since": "2013", "kind": None}) for q in ("Quel plan ?", "Et là ?")], "fr")
    assert 'href="?q=Et+l%C3%A0+%3F&amp;since=2013"' in html
    assert "api/v1/export?question=Et+l%C3%A0+%3F&amp;history=Quel+plan+%3F&amp;since=2013&amp;format=docx" in html
    assert "history=Quel+plan+%3F&amp;since=2013&amp;whole=true&amp;format=docx" in html


def test_a_turn_is_linked_with_the_filters_that_it_was_asked_with():
    html = conversation(
        [Turn(answer("Quel plan ?"), {"since": "2013"}), Turn(answer("Et là ?"), {"kind": "plan"})], "fr"
    )
    assert 'href="?q=Quel+plan+%3F&amp;since=2013"' in html
    assert 'href="?q=Et+l%C3%A0+%3F&amp;kind=plan"' in html
    assert "whole=true" not in html  # no one set of filters asks both


def test_every_text_of_the_page_is_there_in_both_languages():
    for key, wordings in TEXTS.items():
        assert set(wordings) == set(LANGUAGES), key
        assert all(wordings.values()), key


def test_a_verdict_shows_the_claimed_value_beside_the_sources():
    cited = answer("Le bonus est de 7 000 euros.").statements[0].citations
    claim = Claim("Le bonus est de 6 000 euros.", "fr", "contradicted", "6 000 euros", "7 000 euros", cited)
    html = verdicts(Check(claim.text, "fr", (claim,), "1"), "en")
    assert '<dd class="claimed">6 000 euros</dd>' in html
    assert "Contradicted by the documents" in html


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
    html = conversation([Turn(generated, {})], language)
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
    assert written not in conversation([Turn(said, {})], language)
