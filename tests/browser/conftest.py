"""Headless Chromium, and the page that it opens."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def address(serve):
    """The page over the real corpus, as ``python app.py`` starts it."""
    with serve("app.py") as running:
        yield running.address


@pytest.fixture(scope="module")  # while it runs, no event loop can be started in this thread
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("QA_TESTS_NEED_BROWSER"):
            pytest.fail("there is no Chromium here, and this run needs one")
        pytest.skip("needs Chromium (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()
