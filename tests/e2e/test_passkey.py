"""A passkey, with an authenticator of the browser's own: added, used to sign in alone, and as second step."""

import time

import pytest

from tests.e2e.conftest import BASE
from tests.e2e.hands import code_sent_to

LOCAL = BASE.replace("127.0.0.1", "localhost")  # browsers make no passkeys for an address of numbers
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person(window):
    """A new worker, signed in on a phone that can make passkeys. Gives the page and the number."""
    page, number = window(width=360, height=640, base=LOCAL), f"+849{int(time.time() * 10) % 10**8:08}"
    page.goto("/en/accounts/signup/")
    page.fill("[name=phone]", number)
    page.click("main form:has([name=phone]) button")
    page.fill("[name=code]", code_sent_to(page, number))
    page.click("main form:has([name=code]) button")
    page.wait_for_url("**/me/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page, number


def sign_out(page):
    page.goto("/en/accounts/logout/")
    page.click("main form button")
    page.wait_for_url("**/en/")


def test_a_passkey_signs_in_alone_and_as_second_step(person):
    page, number = person
    page.goto("/en/accounts/second-step/passkeys/add/")
    page.click("#passkey-button")
    page.wait_for_url("**/recovery/")
    assert page.locator("main .code").count() == 10

    sign_out(page)
    page.goto("/en/accounts/login/?next=/en/me/identity/")
    page.click("#passkey-button")
    page.wait_for_url("**/me/identity/", wait_until="networkidle")

    sign_out(page)
    page.goto("/en/accounts/login/")
    page.fill("[name=login]", number)
    page.click("main form:has([name=login]) button")
    page.fill("[name=code]", code_sent_to(page, number))
    page.click("main form:has([name=code]) button")
    page.wait_for_url("**/second-step/")
    page.click("#passkey-button")
    page.wait_for_url("**/me/")


def test_a_passkey_that_does_not_answer_is_said_in_words(window):
    page = window(base=LOCAL)
    page.goto("/en/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")

    page.click("#passkey-button")

    page.locator("#passkey-failed").wait_for(state="visible")


def test_without_script_the_code_is_there_and_the_passkey_is_not(window):
    page = window(base=LOCAL, script=False)
    page.goto("/en/accounts/login/")

    assert page.locator("[name=login]").is_visible()
    assert not page.locator("#passkey-button").is_visible()
