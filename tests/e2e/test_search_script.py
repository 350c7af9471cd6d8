"""With JavaScript the search page only gets faster: the same addresses, the same answers."""

import re

from playwright.sync_api import expect

WEIGHT = 20 * 1024  # bytes of script, gzipped


def test_filters_change_the_results_without_loading_the_page_again(window, shot):
    page = window(language="en")
    page.goto("/en/jobs/")
    page.evaluate("window.sameDocument = true")
    before = page.locator("#results [role=status]").inner_text()

    summary = page.locator("form[role=search] details summary")
    if not page.locator("form[role=search] details[open]").count() and summary.is_visible():
        summary.click()
    page.locator("label", has=page.locator("xpath=../input[@name='max_cost' and @value='2']")).or_(
        page.locator("input[name=max_cost][value='2'] + label")
    ).first.click()
    page.wait_for_url("**max_cost=2**")
    expect(page.locator("#results [role=status]")).not_to_have_text(before)
    assert page.evaluate("window.sameDocument === true")
    shot(page, "js-en-filtered")

    page.fill("#q", "kaigo")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=kaigo**")
    assert page.evaluate("window.sameDocument === true")
    assert "max_cost=2" in page.url
    words = page.locator("#results [role=status]").inner_text()

    page.go_back()
    page.wait_for_url(lambda url: "q=kaigo" not in url)
    expect(page.locator("#results [role=status]")).not_to_have_text(words)
    page.go_back()
    page.wait_for_url(lambda url: "max_cost=2" not in url)
    expect(page.locator("#results [role=status]")).to_have_text(before)


def test_the_language_switch_stays_on_the_page_and_in_the_search(window, shot):
    page = window(language="en")
    page.goto("/en/jobs/?q=kaigo&max_cost=3")

    page.locator("details.lang summary").click()
    page.locator("details.lang a[lang=ja]").click()

    assert re.search(r"/ja/jobs/\?.*q=kaigo", page.url)
    assert "max_cost=3" in page.url
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.locator("#q").input_value() == "kaigo"
    shot(page, "js-ja-search")


def test_a_link_of_a_posting_leads_to_the_same_posting_in_another_language(window):
    page = window(language="en", script=False)
    page.goto("/en/jobs/")
    page.locator("#results .job h3 a").first.click()
    rest = page.url.split("/en/", 1)[1]

    page.locator("details.lang summary").click()
    page.locator("details.lang a[lang=vi]").click()

    assert page.url.endswith(f"/vi/{rest}")


def test_one_script_and_no_more_than_twenty_kilobytes(window):
    import gzip

    page = window(language="vi")
    for path in ("/vi/", "/vi/jobs/", "/vi/check/"):
        page.goto(path)
        scripts = [tag.get_attribute("src") for tag in page.locator("script[src]").all()]
        assert len(scripts) <= 2, scripts
        assert sum(len(gzip.compress(page.request.get(src, max_retries=3).body())) for src in scripts) <= WEIGHT
