"""Messages on a device in a real browser: allowed with one button, shown by the worker, listed, and taken back.

No push service can be reached from here. So the browser's own subscription is replaced by one whose keys are ours, and the finished payload
is handed to the worker through the browser's DevTools, as it would be after the browser has decrypted it.
"""

import base64
import time
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import expect

from notifications.channels import Message
from notifications.channels.push.transport import payload
from tests.e2e.conftest import BASE
from tests.e2e.hands import code_sent_to

ENDPOINT = "https://fcm.googleapis.com/fcm/send/journey"
SUBSCRIPTION = """
const given = %s;
let current = null;
PushManager.prototype.subscribe = async (options) => {
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("options");
  current = { endpoint: given.endpoint, toJSON: () => given, unsubscribe: async () => { current = null; return true; } };
  sessionStorage.setItem("subscribed", "1");
  return current;
};
PushManager.prototype.getSubscription = async () => (sessionStorage.getItem("subscribed") ? { endpoint: given.endpoint } : null);
"""


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def a_subscription() -> dict:
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"endpoint": ENDPOINT, "keys": {"p256dh": text_of(point), "auth": text_of(b"0123456789abcdef")}}


@pytest.fixture
def person(window):
    """`person(width=360, language="vi")`: a new worker, signed in."""

    def make(**options):
        page, number = window(**options), f"+849{int(time.time() * 10) % 10**8:08}"
        page.goto("/en/accounts/signup/")
        page.fill("[name=phone]", number)
        page.click("main form:has([name=phone]) button")
        page.fill("[name=code]", code_sent_to(page, number))
        page.click("main form:has([name=code]) button")
        page.wait_for_url("**/me/")
        return page

    return make


def deliver(page, words: str) -> None:
    """Hand a decrypted push message to the worker of this site."""
    tools = page.context.new_cdp_session(page)
    registrations = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    number = next(entry["registrationId"] for entry in registrations if not entry["isDeleted"])
    tools.send("ServiceWorker.deliverPushMessage", {"origin": BASE, "registrationId": number, "data": words})


def shown(page) -> list[dict]:
    """The notifications that this site shows now."""
    return page.evaluate(
        """async () => (await (await navigator.serviceWorker.getRegistration("/")).getNotifications())
            .map(({ title, body, lang, tag, data }) => ({ title, body, lang, tag, data }))"""
    )


def wait_for(page, number: int) -> list[dict]:
    for _turn in range(40):
        if len(found := shown(page)) == number:
            return found
        page.wait_for_timeout(250)
    raise AssertionError(f"{shown(page)} instead of {number} notifications")


def test_a_push_is_allowed_shown_and_taken_back(person, shot):
    page = person(width=360, height=640, language="vi", permissions=["notifications"])
    page.add_init_script(SUBSCRIPTION % str(a_subscription()).replace("'", '"'))
    page.goto("/vi/me/push/")
    shot(page, "push-before-360")

    page.click("#push button")
    page.wait_for_load_state("networkidle")

    expect(page.locator("li[data-mark]")).to_have_count(1)
    expect(page.locator("li[data-mark] b")).to_contain_text("thiết bị này")
    expect(page.locator("#push form")).to_be_hidden()
    shot(page, "push-after-360")

    message = Message(key="n1-push-1", to="", subject="Terang", text="Bạn có tin mới.", link=f"{BASE}/vi/me/", language="vi")
    deliver(page, payload(message))
    found = wait_for(page, 1)
    assert [(entry["title"], entry["body"], entry["lang"]) for entry in found] == [("Terang", "Bạn có tin mới.", "vi")]
    assert urlsplit(found[0]["data"]["url"]).path == "/vi/me/"

    deliver(page, payload(message))
    assert len(wait_for(page, 1)) == 1, "the same message again replaces itself"
    deliver(page, "no JSON")
    assert "Terang" in {entry["title"] for entry in wait_for(page, 2)}

    page.click("li[data-mark] a")
    page.click(".dialog button")
    expect(page.locator("li[data-mark]")).to_have_count(0)


def test_the_worker_keeps_nothing(person):
    page = person(permissions=["notifications"])
    page.goto("/en/me/push/")
    page.evaluate("navigator.serviceWorker.register('/push-worker.js', {scope: '/'}).then(() => navigator.serviceWorker.ready)")
    page.goto("/en/jobs/")

    assert page.evaluate("caches.keys()") == []


def test_a_browser_that_says_no_is_told_how_to_change_it(person):
    page = person()
    page.add_init_script("Notification.requestPermission = async () => 'denied'")
    page.goto("/en/me/push/")

    page.click("#push button")

    expect(page.locator("#push [role=status]")).to_contain_text("blocked in this browser")


def test_without_script_the_page_says_why_it_cannot(person, window):
    page = person(width=1280)
    page.goto("/en/me/push/")
    cookies = page.context.cookies()

    plain = window(script=False)
    plain.context.add_cookies(cookies)
    plain.goto("/en/me/push/")

    expect(plain.locator("#push noscript p")).to_be_visible()
    expect(plain.locator("#push form")).to_be_hidden()
