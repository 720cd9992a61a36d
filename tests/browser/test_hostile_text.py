"""A corpus and questions full of markup: all of it shows as text, and nothing runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

WAIT = 60_000  # milliseconds
HOSTILE = (
    "<script>window.hacked = 1</script> <img src=x onerror='window.hacked = 2'> [lien](javascript:window.hacked=3) "
    "![image](https://evil.example/pixel.png) ${window.hacked=4} {{constructor.constructor('window.hacked=5')()}}"
)


@pytest.fixture(scope="module")
def hostile_address(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "corpus").mkdir()
    note = f'---\ntitle: "Le pôle {HOSTILE.replace(chr(34), "")}"\npublisher: "{HOSTILE}"\n---\n\nLe pôle Zeta emploie 4 321 personnes à Douai. {HOSTILE}\n'
    (folder / "corpus" / "note.md").write_text(note, "utf-8")
    (folder / "corpus" / "plain.txt").write_text(f"Le pôle Zeta emploie 4 321 personnes {HOSTILE} à Douai.\n", "utf-8")
    with serve(QA_CORPUS_DIR=str(folder / "corpus"), QA_INDEX_DIR=str(folder / "index")) as running:
        yield running.address


def test_text_never_becomes_markup(browser, hostile_address):
    page = browser.new_context(locale="fr-FR").new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(
        f"{hostile_address}/?q=Combien+de+personnes+emploie+le+p%C3%B4le+Zeta+%3F+%3Cscript%3Ewindow.hacked=6%3C/script%3E"
    )
    expect(page.locator("#answer .card").first).to_be_visible(timeout=WAIT)
    page.locator("#answer .card .open").first.click()
    expect(page.locator("#reader mark").first).to_be_visible(timeout=WAIT)
    expect(page.locator("#reader")).to_contain_text("window.hacked", timeout=WAIT)
    page.get_by_role("tab", name="Vérifier").click()
    page.locator("#claim textarea").fill(f"Le pôle Zeta emploie 4 000 personnes à Douai. {HOSTILE}")
    page.locator("#check").click()
    expect(page.locator("#verdicts .claim").first).to_be_visible(timeout=WAIT)
    page.get_by_role("tab", name="Documents").click()
    expect(page.locator("#documents li").first).to_be_visible(timeout=WAIT)
    assert page.evaluate("window.hacked") is None
    assert not [url for url in asked if "evil.example" in url]
    assert page.locator("a[href^='javascript']").count() == 0
