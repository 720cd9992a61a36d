"""What the tests do with a page: open it, ask, look for what stands in the way of assistive technology."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

WAIT = 60_000  # milliseconds


def opened(browser: Browser, address: str, locale: str) -> Page:
    page = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", locale[:2], timeout=WAIT)
    return page


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#answer .card").first).to_be_visible(timeout=WAIT)


def serious(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
