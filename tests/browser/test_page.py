"""The page in headless Chromium, as an investor uses it."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qa.export import FORMATS
from qa.feedback import open_feedback
from tests.browser.pages import WAIT, ask, opened


def test_a_french_question_is_answered_and_its_citation_opened(browser, address, corpus):
    page = opened(browser, address, "fr-FR")
    expect(page.get_by_text("Votre question")).to_be_visible()
    ask(page, "Combien d'entreprises de la région ont bénéficié d'un conseil stratégique et opérationnel ?")
    expect(page.locator("#answer .statements")).to_contain_text("75")
    expect(page.locator("#answer .confidence")).to_contain_text("Confiance")
    expect(page.locator("#answer .card mark").first).to_have_text("75")
    page.locator("#answer .statements .number").first.click()
    mark = page.locator("#reader mark").first
    expect(mark).to_be_visible(timeout=WAIT)
    expect(mark).to_contain_text("75")
    expect(mark).to_be_in_viewport()
    quote = page.locator("#answer .card.current blockquote").inner_text()
    assert quote in page.locator("#reader").inner_text()
    expect(page.locator("#reader a").first).to_have_attribute("href", re.compile(r"^https?://"))


def test_an_english_question_is_answered_in_a_page_switched_to_english(browser, address):
    page = opened(browser, address, "fr-FR")
    page.locator("#language").get_by_text("English").click()
    expect(page.get_by_text("Your question")).to_be_visible(timeout=WAIT)
    expect(page.locator("html")).to_have_attribute("lang", "en", timeout=WAIT)
    ask(page, "Which automotive areas was the I-Trans cluster evaluating, according to its director?")
    expect(page.locator("#answer .statements")).to_contain_text("energy consumption")
    page.locator("#answer .card .open").first.click()
    expect(page.locator("#reader mark").first).to_contain_text("energy consumption", timeout=WAIT)
    page.locator("#language").get_by_text("Français").click()
    expect(page.locator("#answer .confidence")).to_contain_text("Confiance", timeout=WAIT)
    expect(page.locator("#reader mark").first).to_contain_text("energy consumption")


def test_an_english_browser_gets_an_english_page_and_silence_is_said(browser, address):
    page = opened(browser, address, "en-GB")
    expect(page.get_by_text("Your question")).to_be_visible(timeout=WAIT)
    ask(page, "Who won the football world cup in 1998?")
    expect(page.locator("#answer .reason")).to_contain_text("do not answer")
    page.locator("#answer .card .open").first.click()
    expect(page.locator("#reader mark").first).to_be_visible(timeout=WAIT)


def test_an_example_asks_itself(browser, address):
    page = opened(browser, address, "en-GB")
    page.locator("#examples button", has_text="Nord France Invest").click()
    expect(page.locator("#next [data-ask]").first).to_be_visible(timeout=WAIT)  # what the corpus answers next
    expect(page.locator("#answer .statements")).to_contain_text("centralised information", timeout=WAIT)


@pytest.mark.parametrize(("question", "says"), [("   ", "question est vide"), ("x " * 1500, "2999")])
def test_a_bad_question_says_what_to_do(browser, address, question, says):
    page = opened(browser, address, "fr-FR")
    page.locator("#question textarea").fill(question)
    page.locator("#ask").click()
    expect(page.locator("#answer .notice")).to_contain_text(says, timeout=WAIT)


def test_a_follow_up_is_shown_as_it_was_understood_and_only_in_its_own_conversation(browser, address):
    page = opened(browser, address, "fr-FR")
    ask(page, "Quel taux du CICE s'appliquait en 2013 ?")
    expect(page.locator("#answer .understood")).to_have_count(0)
    assert page.locator("#answer .turn").count() == 1
    page.locator("#question textarea").fill("Et en 2014 ?")
    page.locator("#ask").click()
    understood = page.locator("#answer .understood")
    expect(understood).to_have_text("Question comprise : Quel taux du CICE s'appliquait en 2014 ?", timeout=WAIT)
    page.locator("#language").get_by_text("English").click()
    expect(understood).to_have_text("Understood as: Quel taux du CICE s'appliquait en 2014 ?", timeout=WAIT)
    other = opened(browser, address, "fr-FR")
    ask(other, "Et en 2014 ?")
    expect(other.locator("#answer .understood")).to_have_count(0)


def test_a_page_reloaded_keeps_its_conversation(browser, address):
    page = opened(browser, address, "fr-FR")
    ask(page, "Quel taux du CICE s'appliquait en 2013 ?")
    expect(page.locator("#answer .tools")).to_be_visible(timeout=WAIT)
    page.wait_for_function("Object.keys(localStorage).some((key) => key.includes('policy-qa-conversation'))")
    page.reload()
    expect(page.locator("#answer .asked").first).to_have_text("Quel taux du CICE s'appliquait en 2013 ?", timeout=WAIT)
    page.locator("#clear").click()
    expect(page.locator("#answer .turn")).to_have_count(0, timeout=WAIT)


def test_a_link_reopens_a_question_with_its_filters(browser, address):
    page = opened(browser, f"{address}/?q=Quel+taux+du+CICE+en+2013+%3F&language=en", "fr-FR")
    expect(page.locator("#question textarea")).to_have_value("Quel taux du CICE en 2013 ?", timeout=WAIT)
    expect(page.locator("#answer .card .about").first).to_contain_text("en anglais", timeout=WAIT)
    with page.expect_download() as download:
        page.locator("#answer .tools a", has_text="Markdown").first.click()
    assert "CICE" in Path(download.value.path()).read_text("utf-8")


def test_a_claim_is_checked_and_its_proof_read_with_the_next_one(browser, address):
    page = opened(browser, address, "fr-FR")
    page.get_by_role("tab", name="Vérifier").click()
    page.locator("#claim textarea").fill(
        "Le plan de juillet 2012 porte le bonus maximal d'une voiture électrique à 6 000 euros."
    )
    page.locator("#check").click()
    expect(page.locator("#verdicts .contradicted .claimed")).to_have_text("6 000 euros", timeout=WAIT)
    page.locator("#verdicts .card .open").first.click()
    expect(page.locator("#reader mark b").first).to_contain_text("7 000 euros", timeout=WAIT)
    first = page.locator("#reader h2").inner_text()
    page.locator("#reader [data-step='1']").click()
    expect(page.locator("#reader h2")).not_to_have_text(first, timeout=WAIT)


def test_what_a_reader_judges_is_kept(browser, address, settings):
    page = opened(browser, address, "fr-FR")
    ask(page, "Quel taux du CICE s'appliquait en 2013 ?")
    page.locator("#answer .judging input").fill("Vérifié à la source.")
    page.locator("#answer [data-judge='right']").click()
    expect(page.locator("#judged")).to_contain_text("Merci", timeout=WAIT)
    kept = list(open_feedback(settings.index_dir).judgements())[-1]
    assert (kept.verdict, kept.text) == ("right", "Vérifié à la source.")
    assert "CICE" in kept.question


@pytest.mark.parametrize(("locale", "says"), [("fr-FR", "n'est pas une date"), ("en-GB", "is not a date")])
def test_an_error_is_in_the_language_of_the_page_alone(browser, address, locale, says):
    page = opened(browser, address, locale)
    page.locator("#filters button").first.click()
    page.locator("#filters input").nth(3).fill("hier")
    page.locator("#question textarea").fill("Quel taux du CICE s'appliquait en 2013 ?")
    page.locator("#ask").click()
    expect(page.locator("#answer .notice")).to_contain_text(says, timeout=WAIT)
    assert ("is not a date" in page.locator("#answer .notice").inner_text()) == (locale == "en-GB")


def test_filters_hold_on_every_tab(browser, address):
    page = opened(browser, f"{address}/?q=Quel+taux+du+CICE+en+2013+%3F&language=en", "en-GB")
    expect(page.locator("#answer .card").first).to_contain_text("in English", timeout=WAIT)
    assert page.locator("#answer .card", has_text="in French").count() == 0
    page.get_by_role("tab", name="Documents").click()
    expect(page.locator("#documents li").first).to_contain_text("in English", timeout=WAIT)
    expect(page.locator("#documents li", has_text="in French")).to_have_count(0, timeout=WAIT)
    page.get_by_role("tab", name="Check a fact").click()
    page.locator("#claim textarea").fill("ACC's first battery plant was inaugurated on 30 May 2023.")
    page.locator("#check").click()
    expect(page.locator("#verdicts .supported .card").first).to_contain_text("in English", timeout=WAIT)
    assert page.locator("#verdicts .card", has_text="in French").count() == 0


def test_a_conversation_is_exported_whole_and_each_answer_alone(browser, address):
    page = opened(browser, address, "fr-FR")
    ask(page, "Quel taux du CICE s'appliquait en 2013 ?")
    assert page.locator("#answer .tools.whole").count() == 0
    page.locator("#question textarea").fill("Et en 2014 ?")
    page.locator("#ask").click()
    expect(page.locator("#answer .tools.whole")).to_be_visible(timeout=WAIT)
    files = {}
    for link in page.locator("#answer .turn").first.locator(".tools a:not(.again)").all():
        with page.expect_download() as download:
            link.click()
        files[download.value.suggested_filename] = Path(download.value.path()).read_bytes()
    assert sorted(files) == sorted(
        f"{name}.{form.ending}" for name in ("reponse", "conversation") for form in FORMATS.values()
    )
    whole, alone = files["conversation.md"].decode(), files["reponse.md"].decode()
    assert "Quel taux du CICE s'appliquait en 2013" in whole
    assert "Quel taux du CICE s'appliquait en 2013" not in alone
    assert "2014" in alone
    assert json.loads(files["conversation.json"])
    assert files["reponse.docx"].startswith(b"PK")


def test_five_who_ask_at_once_are_each_answered_what_they_asked(browser, address):
    asked = [f"Quel taux du CICE s'appliquait en {year} ?" for year in range(2013, 2018)]
    pages = [opened(browser, address, "fr-FR") for _ in asked]
    for page, question in zip(pages, asked, strict=True):
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
    for page, question in zip(pages, asked, strict=True):
        expect(page.locator("#answer .card").first).to_be_visible(timeout=WAIT)
        assert page.locator("#answer .asked").all_inner_texts() == [question]
        page.context.close()


@pytest.fixture
def slow_address(serve):
    """A page whose language model thinks without end."""
    done = threading.Event()

    class Thinking(BaseHTTPRequestHandler):
        def do_POST(self):
            done.wait(WAIT / 1000)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Thinking) as model:
        thread = threading.Thread(target=model.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{model.server_port}/v1"
        with serve(QA_LLM="openai:slow", QA_LLM_URL=url, QA_LLM_KEY="none") as running:
            yield running.address
        done.set()
        model.shutdown()
        thread.join()


def test_an_answer_that_takes_too_long_is_stopped(browser, slow_address):
    page = opened(browser, slow_address, "fr-FR")
    page.locator("#question textarea").fill("Quel taux du CICE s'appliquait en 2013 ?")
    page.locator("#ask").click()
    expect(page.locator("#answer .step")).to_contain_text("Rédaction", timeout=WAIT)
    page.locator("#stop").click()
    expect(page.locator("#answer .step")).to_have_count(0, timeout=WAIT)
    expect(page.locator("#answer .hint")).to_be_visible(timeout=WAIT)
    page.get_by_role("tab", name="Vérifier").click()
    page.locator("#claims button", has_text="bonus").click()  # which asks no language model
    expect(page.locator("#verdicts .claim").first).to_be_visible(timeout=WAIT)
