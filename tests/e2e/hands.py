"""What people do with their hands: sign in, read a code from a phone or an authenticator app, confirm once more."""

import re
import time
from urllib.parse import urlsplit

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from config.demo import people

STEP = 30  # seconds an authenticator's code lives


class App:
    """An authenticator app. Every code works once, so each is of a later half minute than the last; it waits when it must."""

    def __init__(self, secret: str):
        self.secret, self.last = secret, 0

    def code(self) -> str:
        step = max(self.last + 1, int(time.time()) // STEP - 1)
        while step > int(time.time()) // STEP + 1:
            time.sleep(0.5)
        self.last = step
        return totp.format_hotp_value(totp.hotp_value(self.secret, step))


_apps: dict[str, App] = {}


def demo_app(email: str) -> App:
    """The app of a demo account; one for the whole run, because a code works once."""
    return _apps.setdefault(email, App(people._secret(1, email)))


def sign_in(page: Page, email: str, *, password: str = people.PASSWORD, app: App | None = None, place: str = "") -> None:
    """With password and authenticator app, then to `place`."""
    page.goto(f"/en/accounts/login/?with=password&next={place or '/en/me/'}")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main form:has([name=password]) button")
    page.wait_for_url("**/second-step/**")
    page.fill("[name=code]", (app or demo_app(email)).code())
    page.click("main form:has([name=code]) button")
    page.wait_for_url(lambda url: urlsplit(url).path == (place or "/en/me/"))


def code_sent_to(page: Page, address: str) -> str:
    """The six digits of the newest message to this phone or e-mail, read on the mailbox page in a tab of its own."""
    tab = page.context.new_page()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        tab.goto(f"/en/mailbox/?to={address.replace('+', '%2B')}")
        found = (
            re.search(r"\b\d{6}\b", tab.locator("main section.card").first.inner_text())
            if tab.locator("main section.card").count()
            else None
        )
        if found:
            tab.close()
            return found.group()
        time.sleep(0.3)
    raise AssertionError(f"No message with a code came to {address}.")


def confirm_again(page: Page, app: App) -> None:
    """The page that asks for the second factor once more, when it comes."""
    if "/second-step/" in page.url:
        page.fill("[name=code]", app.code())
        page.click("main form:has([name=code]) button")
        page.wait_for_url(lambda url: "/second-step/" not in url)


def go_on(page: Page) -> None:
    """The main button of the page's form."""
    page.locator("main .acts button").first.click()


def wait_until_shown(page: Page, address: str, selector: str, *, seconds: float = 60) -> None:
    """Open the page again and again until the selector is there: publishing runs in the background."""
    deadline = time.monotonic() + seconds
    page.goto(address)
    while not page.locator(selector).count() and time.monotonic() < deadline:
        time.sleep(0.5)
        page.goto(address)
    expect(page.locator(selector).first).to_be_visible()


def open_code(page: Page, language: str = "vi") -> str:
    """The printed code of an opening that is in the public list now."""
    page.goto(f"/{language}/jobs/?sort=cost")
    return page.locator("#results .job a[href*='/jobs/']").first.get_attribute("href").rstrip("/").rsplit("/", 1)[-1]
