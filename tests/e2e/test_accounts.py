"""Signing in: a worker by phone, a wrong code, the list of places where one is signed in."""

import time
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.e2e.hands import code_sent_to


def a_number() -> str:
    """A phone number nobody has: 10 begins no number in Viet Nam."""
    return f"+8410{int(time.time() * 1000) % 10_000_000:07d}"


def sign_up_by_phone(page, phone: str, language: str = "vi") -> None:
    page.goto(f"/{language}/accounts/signup/")
    page.fill("[name=phone]", phone)
    page.locator("main form:has([name=phone]) button").click()
    page.fill("[name=code]", code_sent_to(page, phone))
    page.locator("main form:has([name=code]) button").first.click()
    page.wait_for_url(lambda url: urlsplit(url).path == f"/{language}/me/")


def sign_in_by_phone(page, phone: str, language: str = "vi") -> None:
    page.goto(f"/{language}/accounts/login/")
    page.fill("[name=login]", phone)
    page.locator("main form:has([name=login]) button").click()
    page.fill("[name=code]", code_sent_to(page, phone))
    page.locator("main form:has([name=code]) button").first.click()
    page.wait_for_url(lambda url: urlsplit(url).path == f"/{language}/me/")


def test_a_worker_signs_in_with_a_phone_and_no_script(window, shot):
    phone = a_number()
    page = window(width=360, height=640, script=False, language="vi")
    sign_up_by_phone(page, phone)
    shot(page, "acc-vi-me")

    again = window(width=360, height=640, script=False, language="vi")
    again.goto("/vi/accounts/login/")
    shot(again, "acc-vi-sign-in")
    sign_in_by_phone(again, phone)

    # The first browser is signed out from the second one.
    again.goto("/vi/accounts/sessions/")
    shot(again, "acc-vi-sessions")
    cards = again.locator("main section.card").count()
    assert cards == 2
    again.locator("main section.card form button").click()
    expect(again.locator("main section.card")).to_have_count(1)
    page.goto("/vi/me/")
    assert "/accounts/login/" in page.url


def test_a_wrong_code_says_so_and_keeps_the_page(window, shot):
    phone = a_number()
    page = window(width=360, height=640, script=False, language="vi")
    page.goto("/vi/accounts/signup/")
    page.fill("[name=phone]", phone)
    page.locator("main form:has([name=phone]) button").click()
    right = code_sent_to(page, phone)
    page.fill("[name=code]", "000000" if right != "000000" else "111111")
    page.locator("main form:has([name=code]) button").first.click()

    assert page.locator(".sumerr").count() == 1
    shot(page, "acc-vi-wrong-code")


def test_an_address_of_numbers_says_that_it_has_no_passkeys(window):
    page = window(language="en")

    page.goto("/en/accounts/login/")

    assert page.locator("#passkey-form").is_hidden()
