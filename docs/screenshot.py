"""Take the README's pictures of the page: start it (``make run``), then ``python docs/screenshot.py``."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUESTION = "Combien d'entreprises de la région ont bénéficié d'un conseil stratégique et opérationnel ?"
CLAIM = "The Automotive Plan of July 2012 raised the bonus for an electric car to EUR 6,000."
WAIT = 60_000  # milliseconds
FOLDER = Path(__file__).parent


def main() -> None:
    """Write ``page-fr.png``, a question and its open citation, and ``page-en.png``, a claim and its proof."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:7860")
    address = parser.parse_args().address
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = opened(browser, address, "fr-FR")
        page.locator("#question textarea").fill(QUESTION)
        page.locator("#ask").click()
        page.locator("#answer .card .open").first.click(timeout=WAIT)
        taken(page, FOLDER / "page-fr.png")
        page = opened(browser, address, "en-GB")
        page.get_by_role("tab", name="Check").click()
        page.locator("#claim textarea").fill(CLAIM)
        page.locator("#check").click()
        page.locator("#verdicts .card .open").first.click(timeout=WAIT)
        taken(page, FOLDER / "page-en.png")
        browser.close()


def opened(browser: Browser, address: str, locale: str) -> Page:
    """Return the page as a reader with that language sees it first."""
    page = browser.new_page(locale=locale, viewport={"width": 1280, "height": 860})
    page.goto(address)
    page.locator("#corpus p").wait_for(timeout=WAIT)
    return page


def taken(page: Page, file: Path) -> None:
    """Write the picture, once the reader has scrolled to the mark."""
    page.locator("#reader mark").first.wait_for(timeout=WAIT)
    page.wait_for_timeout(1500)
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=file)


if __name__ == "__main__":
    main()
