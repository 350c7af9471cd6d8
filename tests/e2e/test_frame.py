"""The frame of the pages in a real browser: no sideways scrolling, nothing refused by the CSP, menus. Axe: test_everywhere."""

import os

import pytest

BASE = os.environ.get("TERANG_E2E_URL", "")
PAGES = (
    "",
    "guide/",
    "guide/paid/",
    "guide/rights/",
    "guide/tests/",
    "about/",
    "costs/",
    "privacy/",
    "accessibility/",
    "design/",
    "design/public/",
    "nothing-here/",
)


@pytest.mark.parametrize("language", ["vi", "id", "en", "ja"])
def test_no_page_scrolls_sideways_or_breaks_its_own_rules(chromium, language):
    window = chromium.new_context(viewport={"width": 320, "height": 640})
    sheet = window.new_page()
    said, asked, wide = [], [], []
    sheet.on("console", lambda message: said.append(message.text))
    sheet.on("pageerror", lambda error: said.append(str(error)))
    sheet.on("request", lambda request: asked.append(request.url))
    for rest in PAGES[:-1]:
        sheet.goto(f"{BASE}/{language}/{rest}")
        if sheet.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(rest)
    window.close()

    assert wide == []
    assert said == []
    assert [url for url in asked if not url.startswith(BASE)] == []


def test_without_script_the_page_works_and_an_error_summary_has_the_focus(chromium):
    window = chromium.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    sheet = window.new_page()

    sheet.goto(f"{BASE}/vi/design/")
    sheet.wait_for_timeout(500)
    focused = sheet.locator(".sumerr:focus").count()
    sheet.locator("details.lang summary").click()

    assert focused == 1
    assert sheet.locator("details.lang a[lang=ja]").is_visible()
    assert sheet.locator("[data-print]").is_hidden()
    window.close()


def test_the_language_menu_closes_on_escape_and_gives_the_focus_back(chromium):
    window = chromium.new_context()
    sheet = window.new_page()

    sheet.goto(f"{BASE}/en/")
    sheet.locator("details.lang summary").click()
    sheet.locator("details.lang a").first.focus()
    sheet.keyboard.press("Escape")

    assert not sheet.locator("details.lang ul").is_visible()
    assert sheet.evaluate("document.activeElement.tagName") == "SUMMARY"
    window.close()
