"""The page for whoever reads it by keyboard, screen reader, on a small screen or in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import WAIT, ask, opened, serious


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_nothing_serious_stands_in_the_way_of_assistive_technology(browser, address, locale):
    page = opened(browser, address, locale)
    ask(page, "Quel taux du CICE s'appliquait en 2013 ?")
    page.locator("#answer .card .open").first.click()
    expect(page.locator("#reader mark").first).to_be_visible(timeout=WAIT)
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert serious(page) == []


def test_everything_is_reached_by_keyboard_alone(browser, address):
    page = opened(browser, address, "en-GB")
    expect(page.locator("#question textarea")).to_be_focused(timeout=WAIT)
    page.keyboard.type("What does Nord France Invest offer a foreign company?")
    page.keyboard.press("Enter")
    expect(page.locator("#answer .card").first).to_be_visible(timeout=WAIT)
    reach(page, "#answer .statements .number")
    page.keyboard.press("Enter")
    expect(page.locator("#reader mark").first).to_be_visible(timeout=WAIT)
    for tab, there in (("Check a fact", "#claim textarea"), ("Documents", "#search input, #search textarea")):
        page.get_by_role("tab").first.focus()
        for _ in range(6):
            if page.evaluate("document.activeElement.innerText").strip() == tab:
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(there).first).to_be_visible(timeout=WAIT)
    reach(page, "#documents button")
    page.keyboard.press("Enter")
    expect(page.locator("#reader h2")).not_to_have_text("", timeout=WAIT)


def reach(page: Page, selector: str) -> None:
    """Press Tab until what ``selector`` says has the focus, and its outline is to be seen."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{selector} is not reached by Tab")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_is_cut_off_and_colours_contrast_at_any_width(browser, address, width, scheme):
    context = browser.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{address}/?q=Quel+taux+du+CICE+en+2013+%3F")
    expect(page.locator("#answer .card").first).to_be_visible(timeout=WAIT)
    page.locator("#answer .card .open").first.click()
    expect(page.locator("#reader mark").first).to_be_visible(timeout=WAIT)
    assert page.get_by_role("tab").count() == 3  # none is put away in a menu
    for tab in page.get_by_role("tab").all():
        tab.click()
        for closed in page.locator("#charts > button:visible, #uploads > button:visible").all():
            closed.click()
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert serious(page) == []
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every((one) => getComputedStyle(one).animationName === 'none')"
    )


def test_a_screen_reader_is_told_of_answers_and_verdicts(browser, address):
    page = opened(browser, address, "fr-FR")
    ask(page, "Quel taux du CICE s'appliquait en 2013 ?")
    announcer = page.locator("#announcer")
    expect(announcer).to_have_role("status")
    expect(announcer).to_contain_text("Taux du CICE : 4 %", timeout=WAIT)
    expect(announcer).not_to_contain_text("Exporter")
    page.locator("#question textarea").fill("Who won the football world cup in 1998?")
    page.locator("#ask").click()
    expect(announcer).to_contain_text("do not answer", timeout=WAIT)
    page.get_by_role("tab", name="Vérifier").click()
    page.locator("#claims button", has_text="bonus").click()
    expect(announcer).to_contain_text("Contredit", timeout=WAIT)
