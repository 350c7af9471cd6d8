"""J1: a job seeker with a small phone and no JavaScript finds a job and sees the true cost."""

import gzip
import re

import pytest

FIRST_VIEW = 14 * 1024  # bytes of HTML and CSS, gzipped
WORDS = {"vi": "dieu duong", "id": "perawat lansia"}
MONEY = re.compile(r"\d[\d.,]*\s?(₫|ドン|¥)|₫\s?\d|Rp\s?\d|¥\s?\d|\d[\d.,]*\s?(円|JPY|yên|yen)|JP¥")


def weight(page) -> int:
    """Gzipped bytes of this page's HTML and style sheets."""
    parts = [page.request.get(page.url, max_retries=3).body()]
    for link in page.locator("link[rel=stylesheet]").all():
        parts.append(page.request.get(link.get_attribute("href"), max_retries=3).body())
    return sum(len(gzip.compress(part)) for part in parts)


@pytest.mark.parametrize("language", ["vi", "id"])
def test_search_open_compare_flyer(window, shot, language):
    page = window(width=360, height=640, script=False, language=language)

    page.goto("/")
    assert page.url.endswith(f"/{language}/"), "the first page is in the reader's language without choosing"
    assert page.locator("html").get_attribute("lang") == language
    assert weight(page) <= FIRST_VIEW
    shot(page, f"j1-{language}-1-home")

    page.goto(f"/{language}/jobs/")
    page.fill("#q", WORDS[language])
    page.locator("form[role=search] details summary").click()
    page.check("input[name=max_cost][value='2']")
    shot(page, f"j1-{language}-2-filters")
    page.get_by_role("button").and_(page.locator("form[role=search] details button")).click()
    assert "max_cost=2" in page.url
    assert page.locator("#q").input_value() == WORDS[language]
    assert weight(page) <= FIRST_VIEW
    cards = page.locator("#results .job")
    assert cards.count() >= 2
    for text in cards.all_inner_texts():
        assert MONEY.search(text), text
    shot(page, f"j1-{language}-3-results")

    links = [card.get_attribute("href") for card in page.locator("#results .job h3 a").all()][:2]
    page.locator("#results .job h3 a").first.click()
    assert page.url.endswith(links[0])
    box = page.locator(".lit").first
    assert MONEY.search(box.inner_text())
    assert box.locator(".months").count() == 1
    assert page.locator("table.fees tbody .grp .sw, table.fees tbody .grp svg, table.fees tbody .grp i").count() >= 1
    amounts = page.locator("table.fees td.num").all_inner_texts()
    assert amounts
    assert [text for text in amounts if not MONEY.search(text) and re.search(r"\d", text)] == []
    assert page.locator("table.fees .grp").count() >= 1, "every fee stands under who pays it"
    assert weight(page) <= FIRST_VIEW
    shot(page, f"j1-{language}-4-posting")

    flyer = page.locator("a[href*='flyer.pdf']").first.get_attribute("href")
    answer = page.request.get(flyer, max_retries=3)
    assert answer.status == 200
    assert answer.body()[:5] == b"%PDF-"
    small = page.request.get(f"{flyer}?size=a6", max_retries=3)
    assert small.body()[:5] == b"%PDF-"

    codes = [link.rstrip("/").rsplit("/", 1)[-1] for link in links]
    page.goto(f"/{language}/jobs/compare/?code={codes[0]}&code={codes[1]}")
    for code in codes:
        assert page.locator(f"main a[href*='{code}']").count() >= 1
    assert weight(page) <= FIRST_VIEW
    shot(page, f"j1-{language}-5-compare")


def test_two_openings_are_compared_by_buttons_alone(window, shot):
    """From a posting, without typing an address: compare, then add a second one."""
    page = window(width=360, height=640, script=False, language="vi")

    page.goto("/vi/jobs/?sort=cost")
    page.locator("#results .job h3 a").nth(0).click()
    page.locator("a[href*='compare']").first.click()
    shot(page, "j1-vi-6-compare-one")
    page.goto("/vi/jobs/kept/")
    shot(page, "j1-vi-7-kept-empty")
