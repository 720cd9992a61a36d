"""The documents of the page: found, counted and read, and those that a reader adds."""

from __future__ import annotations

import shutil

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.pages import WAIT, ask, opened, serious
from tests.conftest import PROJECT


def test_documents_are_found_filtered_and_read(browser, address):
    page = opened(browser, address, "en-GB")
    page.get_by_role("tab", name="Documents").click()
    expect(page.locator("#documents li").nth(20)).to_be_visible(timeout=WAIT)
    page.locator("#search input, #search textarea").first.fill("hotelier matteoli")
    expect(page.locator("#documents")).to_contain_text("No document matches", timeout=WAIT)
    page.locator("#search input, #search textarea").first.fill("matteoli")
    expect(page.locator("#documents li").first).to_contain_text("Matteoli", timeout=WAIT)
    page.locator("#documents button").first.click()
    expect(page.locator("#reader h2")).to_contain_text("Matteoli", timeout=WAIT)


def test_one_event_alone_writes_the_list(address):
    # Of two, the later reply would undo what was typed meanwhile.
    page = httpx.get(f"{address}/config").json()
    (listing,) = (part["id"] for part in page["components"] if part["props"].get("elem_id") == "documents")
    (writer,) = (event for event in page["dependencies"] if listing in event["outputs"])
    assert writer["trigger_mode"] == "always_last"


def test_charts_count_what_is_listed(browser, address, corpus):
    page = opened(browser, address, "en-GB")
    page.get_by_role("tab", name="Documents").click()
    page.get_by_role("button", name="As charts").click()
    figures = page.locator("#charts figure")
    expect(figures.first).to_be_visible(timeout=WAIT)
    kinds = figures.nth(1).locator("td").all_inner_texts()
    assert sum(int(count) for count in kinds if count.strip()) == len(list(corpus.documents()))


@pytest.fixture
def own_address(serve, settings, tmp_path):
    """A page over an index of its own, that files can be added to."""
    with serve(QA_INDEX_DIR=str(shutil.copytree(settings.index_dir, tmp_path / "index"))) as running:
        yield running.address


@pytest.mark.parametrize(
    ("locale", "opens", "remove", "reason"),
    [
        ("fr-FR", "Vos documents", "Retirer", "c'est une image"),
        ("en-GB", "Your documents", "Remove", "it is a picture"),
    ],
)
def test_a_file_that_is_added_answers_and_one_that_cannot_be_read_says_why(
    browser, own_address, tmp_path, locale, opens, remove, reason
):
    note, picture = tmp_path / "note été.md", tmp_path / "photo.txt"
    note.write_text("La prime locale du Douaisis vaut 1 234 euros par véhicule acheté en 2024.", "utf-8")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n0000")
    page = opened(browser, own_address, locale)
    page.get_by_role("tab", name="Documents").click()
    page.get_by_role("button", name=opens).click()
    page.locator("#upload input[type=file]").set_input_files([note, picture])
    expect(page.locator("#own .open")).to_have_text("note été.md", timeout=WAIT)
    expect(page.locator("#own .failed")).to_contain_text(reason)
    assert serious(page) == []
    page.locator("#own .open").click()
    expect(page.locator("#reader .text")).to_contain_text("1 234 euros", timeout=WAIT)
    page.get_by_role("tab").first.click()
    ask(page, "Combien vaut la prime locale du Douaisis ?")
    expect(page.locator("#answer .statements")).to_contain_text("1 234 euros")
    page.get_by_role("tab", name="Documents").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#own").get_by_role("button", name=f"{remove} note été.md").click()
    expect(page.locator("#own li")).to_have_count(1, timeout=WAIT)
    expect(page.locator("#documents")).not_to_contain_text("note été", timeout=WAIT)


def test_a_first_start_shows_how_far_the_index_is_and_answers_once_it_is_there(browser, serve, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for path in sorted((PROJECT / "corpus" / "plans").glob("*.md")):
        shutil.copy(path, corpus)
    with serve(ready="healthz", QA_INDEX_DIR=str(tmp_path / "index"), QA_CORPUS_DIR=str(corpus)) as running:
        page = opened(browser, running.address, "fr-FR")
        expect(page.locator("#status progress")).to_be_visible(timeout=WAIT)
        expect(page.locator("#status")).to_be_empty(timeout=2 * WAIT)
        page.get_by_role("tab", name="Documents").click()
        expect(page.locator("#documents li").first).to_be_visible(timeout=WAIT)
        page.get_by_role("tab").first.click()
        ask(page, "Quel taux du CICE s'appliquait en 2013 ?")
        expect(page.locator("#answer .statements")).to_contain_text("4 %")
