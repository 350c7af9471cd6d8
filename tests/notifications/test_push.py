"""Messages on a device: what is posted can be read by that browser alone; the page allows, lists and takes back."""

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from py_vapid import Vapid02

from config.launcher.keys import push_key
from core import tenancy
from core.models import Event
from core.vault import Shredded
from notifications.channels import Busy, ChannelBroken, Undeliverable
from notifications.channels.push import Subscription, public_key
from notifications.channels.push.transport import Transport
from notifications.models import Address, Stop
from notifications.services import address as services
from notifications.services.stop import record_stop

PAGE = "/en/me/push/"
FCM = "https://fcm.googleapis.com/fcm/send/abc"


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Browser:
    """A browser's half: its keys, and reading what was sent to it."""

    def __init__(self, endpoint=FCM):
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.subscription = Subscription(endpoint, text_of(point), text_of(self.secret))

    def read(self, body: bytes) -> dict:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"))


@pytest.fixture
def server_key(settings, tmp_path):
    """This site's own key."""
    path = tmp_path / "vapid.pem"
    path.write_text(push_key())
    settings.VAPID_KEY_FILE = str(path)
    settings.VAPID_SUBJECT = "mailto:security@terang.example"
    settings.CHANNELS = {**settings.CHANNELS, "push": "notifications.channels.push.mailbox.Transport"}
    return path


# -- the transport ------------------------------------------------------------------------------------------------------------


def test_what_is_posted_opens_with_the_browsers_keys_only(server_key, far, letter):
    browser = Browser(f"{far.url}/send/1")
    far.answer(201, b"", location="https://push.example/m/1")
    message = letter(browser.subscription.as_text(), link="https://terang.example/vi/me/notices/", urgency="urgent")

    assert Transport().send(message) == "https://push.example/m/1"

    call = far.calls[0]
    assert browser.read(call.body) == {
        "title": "New message",
        "body": "You have a new message on Terang.",
        "url": "https://terang.example/vi/me/notices/",
        "tag": call.headers["topic"],
        "lang": "vi",
    }
    assert b"Terang" not in call.body
    with pytest.raises(http_ece.ECEException):
        Browser().read(call.body)


def test_the_push_service_learns_who_we_are_and_how_long_to_keep_it(server_key, far, letter):
    browser = Browser(f"{far.url}/send/1")
    far.answer(201)

    Transport().send(letter(browser.subscription.as_text(), urgency="low"))

    headers = far.calls[0].headers
    scheme, _space, rest = headers["authorization"].partition(" ")
    token, key = (part.partition("=")[2] for part in rest.split(","))
    assert (scheme, key) == ("vapid", public_key())
    assert Vapid02.verify(headers["authorization"])
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["aud"], claims["sub"]) == (far.url, "mailto:security@terang.example")
    assert (headers["ttl"], headers["urgency"], headers["content-encoding"]) == ("86400", "low", "aes128gcm")
    assert len(headers["topic"]) == 32


def test_a_repeated_message_replaces_itself(server_key, far, letter):
    browser = Browser(f"{far.url}/send/1")
    far.answer(201)

    for key in ("a", "a", "b"):
        Transport().send(letter(browser.subscription.as_text(), key=key))

    topics = [call.headers["topic"] for call in far.calls]
    assert topics[0] == topics[1] != topics[2]


@pytest.mark.parametrize(
    ("status", "raised", "why"),
    [
        (404, Undeliverable, "gone"),
        (410, Undeliverable, "gone"),
        (413, Undeliverable, ""),
        (429, Busy, None),
        (403, ChannelBroken, None),
        (500, ChannelBroken, None),
    ],
)
def test_a_refusal_says_whose_trouble_it_is(server_key, far, letter, status, raised, why):
    far.answer(status, b"no", retry_after="30")

    with pytest.raises(raised) as caught:
        Transport().send(letter(Browser(f"{far.url}/x").subscription.as_text()))

    assert getattr(caught.value, "why", None) == why
    assert getattr(caught.value, "seconds", 30) == 30


@pytest.mark.parametrize(
    "to",
    [
        "",
        "[]",
        "{}",
        '{"endpoint": 5, "keys": {}}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {}}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "AA", "auth": "AA"}}',
        Browser("https://evil.example/x").subscription.as_text(),
        Browser("http://fcm.googleapis.com/x").subscription.as_text(),
        Browser("https://169.254.169.254/latest").subscription.as_text(),
    ],
)
def test_what_is_no_subscription_of_a_known_service_is_gone(server_key, letter, to):
    with pytest.raises(Undeliverable) as caught:
        Transport().send(letter(to))

    assert caught.value.why == "gone"


def test_without_a_key_of_our_own_the_channel_is_broken(settings, letter):
    settings.VAPID_KEY_FILE = ""

    with pytest.raises(ChannelBroken):
        Transport().send(letter(Browser().subscription.as_text()))


def test_a_long_text_still_fits_into_one_message(server_key, far, letter):
    far.answer(201)

    Transport().send(letter(Browser(f"{far.url}/x").subscription.as_text(), text="ạ" * 5000, subject="日" * 500))

    assert len(far.calls[0].body) <= 4096


# -- devices ------------------------------------------------------------------------------------------------------------------


def add(member, browser, hint="Chrome, Android"):
    with member.active():
        return services.add_device(subscription=browser.subscription, hint=hint, actor=member.actor(), now=timezone.now())


def living(member):
    with member.active():
        return list(Address.objects.filter(user=member.user, ended_at=None))


def test_a_device_is_kept_sealed_and_once(cast):
    browser = Browser()

    first, second = add(cast.worker, browser), add(cast.worker, browser)

    assert first == second
    assert [row.open() for row in living(cast.worker)] == [browser.subscription.as_text()]
    assert b"fcm.googleapis.com" not in bytes(first.sealed)
    with cast.worker.active():
        assert Event.objects.filter(verb="device.added", subject_id=first.pk).count() == 1


def test_a_browser_shows_messages_of_one_person_only(cast):
    browser = Browser()
    add(cast.worker, browser)

    add(cast.agency_viewer, browser)

    assert (living(cast.worker), len(living(cast.agency_viewer))) == ([], 1)
    with tenancy.posting():
        old = Address.objects.get(user=cast.worker.user)
    assert old.ended_why == "moved"


def test_allowing_again_lifts_what_stopped_it(cast):
    browser = Browser()
    with tenancy.posting():
        record_stop(
            user_id=cast.worker.user.pk, channel="push", address=browser.subscription.as_text(), why="gone", now=timezone.now()
        )

    add(cast.worker, browser)

    with tenancy.posting():
        assert not Stop.objects.filter(user=cast.worker.user, lifted_at=None).exists()


def test_a_removed_device_leaves_no_address_behind(cast):
    row = add(cast.worker, Browser())

    with cast.worker.active():
        for _again in range(2):
            services.remove_device(device=row, actor=cast.worker.actor(), now=timezone.now())
        row.refresh_from_db()
        number = Event.objects.filter(verb="device.removed").count()

    assert (row.ended_why, number) == ("removed", 1)
    with pytest.raises(Shredded):
        row.open()


@pytest.mark.parametrize("endpoint", ["https://evil.example/x", "http://fcm.googleapis.com/x", "https://10.0.0.1/", "x"])
def test_an_unknown_push_service_is_refused(cast, endpoint):
    with pytest.raises(ValidationError, match="message service"):
        add(cast.worker, Browser(endpoint))


def test_nobody_has_devices_without_end(cast, monkeypatch):
    monkeypatch.setattr(services, "MOST_DEVICES", 2)
    for _number in range(2):
        add(cast.worker, Browser())

    with pytest.raises(ValidationError, match="too many devices"):
        add(cast.worker, Browser())


# -- the page -----------------------------------------------------------------------------------------------------------------


def fields(browser):
    known = browser.subscription
    return {"endpoint": known.endpoint, "p256dh": known.p256dh, "auth": known.auth}


def test_the_page_takes_a_device_and_names_it(cast, client_for, server_key):
    client = client_for(cast.worker)
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"

    answer = client.post(PAGE, fields(Browser()), headers={"User-Agent": agent}, follow=True)

    page = answer.content.decode()
    assert "Messages are allowed on this device." in page
    assert "Chrome, Android" in page
    assert f'data-key="{public_key()}"' in page


@pytest.mark.parametrize("wrong", [{"p256dh": ""}, {"p256dh": "AAAA"}, {"auth": "x"}, {"endpoint": ""}, {"auth": "é" * 22}])
def test_half_an_answer_of_a_browser_is_refused_in_words(cast, client_for, server_key, wrong):
    page = client_for(cast.worker).post(PAGE, {**fields(Browser()), **wrong}).content.decode()

    assert page.count("The browser did not say where to send messages.") == 1
    assert living(cast.worker) == []


def test_a_device_is_removed_without_a_script(cast, client_for, server_key):
    row = add(cast.worker, Browser())
    client = client_for(cast.worker)

    assert f"/en/me/push/{row.pk}/remove/" in client.get(PAGE).content.decode()
    answer = client.post(f"/en/me/push/{row.pk}/remove/", follow=True)

    assert "This device gets no more messages." in answer.content.decode()
    assert living(cast.worker) == []


def test_where_push_is_not_set_up_the_page_says_so(cast, client_for, settings):
    settings.CHANNELS = {**settings.CHANNELS, "push": ""}

    page = client_for(cast.worker).get(PAGE).content.decode()

    assert "not set up on this site" in page
    assert "data-key" not in page


def test_the_worker_stands_at_the_root_and_keeps_nothing(db):
    answer = Client().get("/push-worker.js")

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    text = answer.content.decode()
    assert "caches" not in text
    assert '"fetch"' not in text
    assert len(answer.content) < 20 * 1024
