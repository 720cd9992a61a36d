"""The page under its content security policy, and behind a login."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.pages import WAIT, ask, opened, serious
from tests.conftest import PROJECT

PASSWORD = "correct horse battery staple"


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_the_page_runs_under_its_policy_and_asks_nothing_of_other_sites(browser, address, locale):
    page = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900}).new_page()
    told, requested = [], []
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: requested.append(request.url))
    page.goto(address)
    ask(page, "Quel taux du CICE s'appliquait en 2013 ?")
    page.locator("#answer .card .open").first.click()
    expect(page.locator("#reader mark").first).to_be_visible(timeout=WAIT)
    with page.expect_download():
        page.locator("#answer .tools a", has_text="Word").first.click()
    page.get_by_role("tab").nth(1).click()
    page.locator("#claims button", has_text="bonus").click()
    expect(page.locator("#verdicts .claim").first).to_be_visible(timeout=WAIT)
    page.get_by_role("tab").nth(2).click()
    expect(page.locator("#documents li").first).to_be_visible(timeout=WAIT)
    assert [text for text in told if "Content Security Policy" in text or "Content-Security-Policy" in text] == []
    assert [url for url in requested if not url.startswith((address, "data:", "blob:"))] == []
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.slipped = 1'; document.body.append(s)"
    )
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.slipped = 2\">')")
    page.wait_for_timeout(300)
    assert page.evaluate("window.slipped") is None
    assert [text for text in told if "Content Security Policy" in text]  # so the browser does tell


@pytest.fixture
def guarded(serve, settings, tmp_path):
    index = shutil.copytree(settings.index_dir, tmp_path / "index")
    command = [sys.executable, "-m", "qa", "user", "add", "alice", "--index", str(index)]
    subprocess.run(command, cwd=PROJECT, input=PASSWORD + "\n", text=True, check=True, timeout=60)
    with serve(QA_INDEX_DIR=str(index)) as running:
        yield running.address


@pytest.mark.parametrize(
    ("locale", "wrong", "refused"),
    [("fr-FR", "ne vont pas ensemble", "ni ajouter"), ("en-GB", "do not go together", "not add")],
)
def test_a_reader_logs_in_asks_and_leaves(browser, guarded, tmp_path, locale, wrong, refused):
    page = browser.new_context(locale=locale).new_page()
    page.goto(f"{guarded}/?q=Quel+taux+du+CICE+en+2013+%3F")
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    assert serious(page) == []
    for password, then in (
        ("wrong password", page.get_by_role("alert")),
        (PASSWORD, page.locator("#answer .card").first),
    ):
        page.locator("#name").fill("alice")
        page.locator("#password").fill(password)
        page.keyboard.press("Enter")
        expect(then).to_be_visible(timeout=WAIT)
        if password != PASSWORD:
            expect(then).to_contain_text(wrong)
    page.get_by_role("tab").nth(2).click()
    page.locator("#uploads button").first.click()
    expect(page.locator("#uploads")).to_contain_text(refused, timeout=WAIT)
    page.locator("#logged-in button").click()
    expect(page.locator("#password")).to_be_visible(timeout=WAIT)
    page.goto(guarded)
    expect(page.locator("#password")).to_be_visible(timeout=WAIT)


def test_a_conversation_belongs_to_one_browser(browser, address):
    first, second = opened(browser, address, "fr-FR"), opened(browser, address, "fr-FR")
    ask(first, "Quel taux du CICE s'appliquait en 2013 ?")
    second.reload()
    expect(second.locator("#answer .hint")).to_be_visible(timeout=WAIT)
