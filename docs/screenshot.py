"""Take the README's picture of the page: start it (``make run``), then ``python docs/screenshot.py``."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUESTION = "Combien d'entreprises de la région ont bénéficié d'un conseil stratégique et opérationnel ?"


def main() -> None:
    """Ask a French question, open the first citation, and write ``docs/page.png``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:7860")
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--language", default="fr-FR", help="the browser's language")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("page.png"))
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(locale=options.language, viewport={"width": 1280, "height": 800})
        page.goto(options.address)
        page.locator("#question textarea").fill(options.question)
        page.locator("#ask").click()
        page.locator("#answer .number").first.click(timeout=60_000)
        page.locator("#reader mark").first.wait_for()
        page.wait_for_timeout(1000)  # the page has scrolled to the mark
        page.screenshot(path=options.output)
        browser.close()


if __name__ == "__main__":
    main()
