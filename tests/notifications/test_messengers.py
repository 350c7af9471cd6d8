"""Connecting LINE, Zalo and WhatsApp: signed calls as each provider makes them, codes, stop words, and what nobody learns."""

import json
import re
import time

import pytest
from django.core.cache import cache
from django.test import Client

from core import tenancy
from core.models import Event
from notifications.channels.line import inbound as line
from notifications.channels.whatsapp import inbound as whatsapp
from notifications.channels.zalo import inbound as zalo
from notifications.channels.zalo.transport import Transport as Zalo
from notifications.models import Address, Stop
from notifications.services.connecting import MOST_WRONG
from recruitment.services.code import parse, random_code
from tests.factories.notifications import a_delivery, a_device, a_reader
from tests.factories.organizations import Member
from tests.factories.sign_in import signed_in_client

RECORDER = "tests.factories.notifications.Recorder"
SENDERS = {"line": "U8189cf6745fc0d808977bdb0b9f22995", "zalo": "6142494823817263541", "whatsapp": "84912345678"}
MESSENGERS = list(SENDERS)
# Made with openssl and sha256sum from the words of the providers' documents, not with our own code.
LINE_SIGNATURE = "RIZv+ghLA0VnBQ9V4IKZeQBgYqUhjr9LL05tE4VSkWo="
WHATSAPP_SIGNATURE = "sha256=87d06ce8982ac92dbcb37d80565a7fd5a169e687bc983ea3a9a26b265a8f2d99"
ZALO_SIGNATURE = "mac=e226bee080f74de5ac55a898be4fc28a06af6360ec1fb97c66d5de91f96fe6b0"


@pytest.fixture(autouse=True)
def messengers(settings):
    settings.CHANNELS = {"email": RECORDER, **dict.fromkeys(MESSENGERS, RECORDER)}
    settings.CHANNEL_ACCOUNTS = {name: (f"Terang on {name}", "https://far.example/terang") for name in MESSENGERS}
    settings.LINE_CHANNEL_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
    settings.ZALO_APP_ID, settings.ZALO_SECRET = "2553928453557884079", "oa-secret"
    settings.WHATSAPP_APP_SECRET, settings.WHATSAPP_SENDER = "app-secret", "106540352242922"
    settings.WHATSAPP_VERIFY_TOKEN = "agreed"
    cache.clear()


def body_of(channel, text, *, sender="", ident="m-1", at=None):
    """The JSON that this provider sends for a text message."""
    sender, at = sender or SENDERS[channel], time.time() if at is None else at
    if channel == "line":
        event = {
            "type": "message",
            "message": {"type": "text", "id": "468789577898262530", "quoteToken": "q", "text": text},
            "webhookEventId": ident,
            "deliveryContext": {"isRedelivery": False},
            "timestamp": int(at * 1000),
            "source": {"type": "user", "userId": sender},
            "replyToken": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA",
            "mode": "active",
        }
        return {"destination": "U4af4980629000000000000000000000", "events": [event]}
    if channel == "zalo":
        return {
            "app_id": "2553928453557884079",
            "user_id_by_app": "979122185046046317",
            "event_name": "user_send_text",
            "timestamp": str(int(at * 1000)),
            "sender": {"id": sender},
            "recipient": {"id": "3662729599332560487"},
            "message": {"msg_id": ident, "text": text},
        }
    message = {"from": sender, "id": ident, "timestamp": str(int(at)), "type": "text", "text": {"body": text}}
    return whatsapp_value(contacts=[{"profile": {"name": "Mai"}, "wa_id": sender}], messages=[message])


def whatsapp_value(*, number="106540352242922", **parts):
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **parts}
    change = {"value": value, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}


def headers_of(channel, raw, data):
    if channel == "line":
        return {"X-Line-Signature": line.sign(raw)}
    if channel == "zalo":
        return {"X-ZEvent-Signature": zalo.sign(raw, str(data.get("timestamp", "")))}
    return {"X-Hub-Signature-256": whatsapp.sign(raw)}


def call(channel, data, *, headers=None):
    """The provider's call over HTTP; returns the status and the body of our answer."""
    raw = json.dumps(data, ensure_ascii=False).encode()
    given = headers_of(channel, raw, data) if headers is None else headers
    answer = Client(enforce_csrf_checks=True).post(f"/hooks/{channel}/", raw, content_type="application/json", headers=given)
    return answer.status_code, answer.content


def write(channel, text, **given):
    return call(channel, body_of(channel, text, **given))


@pytest.fixture
def person(db):
    return Member(a_reader(email="a@test.example"))


def ask_for_code(person, channel):
    shown = signed_in_client(person).post(f"/en/me/notices/connect/{channel}/").content.decode()
    return re.search(r'<p class="code">([A-Z0-9-]{9})</p>', shown)[1]


def page(person, channel):
    return signed_in_client(person).get(f"/en/me/notices/connect/{channel}/").content.decode()


def living(channel, user):
    with tenancy.posting():
        return [row.open() for row in Address.objects.filter(channel=channel, user=user, ended_at=None)]


def stops():
    with tenancy.posting():
        return [(row.channel, row.why) for row in Stop.objects.filter(lifted_at=None)]


# -- codes --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", MESSENGERS)
@pytest.mark.parametrize("form", ["{}", " code: {}. ", "{}\n"])
def test_whoever_sends_the_code_is_connected(person, channel, form):
    code = ask_for_code(person, channel)
    assert "Your code has not arrived yet." in page(person, channel)

    assert write(channel, form.format(code).replace(".", "")) == (200, b"")

    address = f"+{SENDERS[channel]}" if channel == "whatsapp" else SENDERS[channel]
    assert living(channel, person.user) == [address]
    assert "It is connected" in page(person, channel)
    with person.active():
        assert Event.objects.filter(verb="device.added", data__channel=channel).count() == 1


def test_a_code_works_once_and_for_one_messenger(person):
    code = ask_for_code(person, "line")

    write("zalo", code)
    write("line", code)
    write("line", code, sender="U" + "0" * 32, ident="m-2")

    assert living("zalo", person.user) == []
    assert living("line", person.user) == [SENDERS["line"]]


def test_a_new_code_ends_the_earlier_one(person):
    earlier = ask_for_code(person, "line")
    ask_for_code(person, "line")

    write("line", earlier)

    assert living("line", person.user) == []


def test_a_code_lies_nowhere_in_clear(person, monkeypatch):
    kept = []
    original = cache.set

    def note(*args, **kwargs):
        kept.append((args, kwargs))
        return original(*args, **kwargs)

    monkeypatch.setattr(cache, "set", note)
    code = ask_for_code(person, "line")

    assert [args[2] for args, _named in kept if "connect" in args[0]] == [900, 900]
    assert code not in str(kept)
    assert parse(code) not in str(kept)


def test_an_account_belongs_to_the_person_who_connected_it_last(person):
    other = Member(a_reader())
    write("line", ask_for_code(person, "line"))

    write("line", ask_for_code(other, "line"), ident="m-2")

    assert (living("line", person.user), living("line", other.user)) == ([], [SENDERS["line"]])
    with tenancy.posting():
        assert Address.objects.get(user=person.user, channel="line").ended_why == "moved"


@pytest.mark.parametrize("channel", MESSENGERS)
def test_wrong_codes_are_answered_like_right_ones_and_end_soon(person, channel):
    answers = {write(channel, random_code(), ident=f"w{n}") for n in range(MOST_WRONG)}

    answers.add(write(channel, ask_for_code(person, channel), ident="right"))

    assert answers == {(200, b"")}
    assert living(channel, person.user) == []


def test_talk_is_no_attempt(person):
    for number in range(MOST_WRONG + 2):
        write("line", f"hello {number}", ident=f"t{number}")

    write("line", ask_for_code(person, "line"))

    assert living("line", person.user) == [SENDERS["line"]]


def test_a_blocked_person_is_not_connected(person):
    code = ask_for_code(person, "line")
    person.user.is_active = False
    person.user.save(update_fields=["is_active"])

    write("line", code)

    assert living("line", person.user) == []


# -- who calls ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", MESSENGERS)
def test_a_call_without_the_right_signature_changes_nothing(person, channel, settings):
    data = body_of(channel, ask_for_code(person, channel))
    raw = json.dumps(data, ensure_ascii=False).encode()
    right = headers_of(channel, raw, data)
    for wrong in ({}, dict.fromkeys(right, ""), dict.fromkeys(right, "ö"), headers_of(channel, raw + b" ", data)):
        assert call(channel, data, headers=wrong)[0] == 403
    settings.LINE_CHANNEL_SECRET = settings.ZALO_SECRET = settings.WHATSAPP_APP_SECRET = ""

    assert call(channel, data)[0] == 403
    assert living(channel, person.user) == []


def test_zalos_calls_for_another_application_are_refused(person):
    assert call("zalo", {**body_of("zalo", "x"), "app_id": "1"})[0] == 403


def test_signatures_are_those_of_the_providers_documents():
    body = b'{"events":[]}'

    assert line.sign(body) == LINE_SIGNATURE
    assert whatsapp.sign(body) == WHATSAPP_SIGNATURE
    assert zalo.sign(body, "1699003881354") == ZALO_SIGNATURE


@pytest.mark.parametrize("channel", MESSENGERS)
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"events": "x", "entry": "x"},
        {"events": [5, {"type": "message", "message": 7, "source": []}], "entry": [{"changes": [{"value": 3}]}]},
        {"event_name": "user_send_text", "sender": 3, "message": {"text": 9}},
        {"events": [{"type": "follow", "source": {"type": "user", "userId": "U1"}}], "event_name": "follow"},
    ],
)
def test_signed_nonsense_has_no_effect(db, channel, data):
    data = {**data, "app_id": "2553928453557884079", "timestamp": str(int(time.time() * 1000))} if channel == "zalo" else data

    assert call(channel, data) == (200, b"")


@pytest.mark.parametrize("channel", MESSENGERS)
def test_old_messages_are_not_heard(person, channel):
    write(channel, ask_for_code(person, channel), at=time.time() - 3 * 24 * 3600)

    assert living(channel, person.user) == []


def test_meta_is_told_that_the_address_is_ours(db):
    asked = {"hub.mode": "subscribe", "hub.verify_token": "agreed", "hub.challenge": "1158201444"}

    answer = Client().get("/hooks/whatsapp/", asked)

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"1158201444", "text/plain")
    assert Client().get("/hooks/whatsapp/", {**asked, "hub.verify_token": "guess"}).status_code == 403
    assert Client().get("/hooks/whatsapp/").status_code == 403
    assert Client().get("/hooks/line/", asked).status_code == 405


@pytest.mark.parametrize("channel", ["line", "sms", "push", "nobody"])
def test_what_is_not_set_up_has_no_door_and_no_page(person, settings, channel):
    settings.CHANNELS = {"email": RECORDER, "sms": RECORDER, "push": RECORDER}
    browser = signed_in_client(person)

    assert Client().post(f"/hooks/{channel}/").status_code == 404
    assert browser.get(f"/en/me/notices/connect/{channel}/").status_code == 404
    assert "/connect/" not in browser.get("/en/me/notices/choices/").content.decode()


def test_without_an_account_of_ours_nobody_is_sent_anywhere(person, settings):
    settings.CHANNEL_ACCOUNTS = {"line": ("", "")}

    assert signed_in_client(person).get("/en/me/notices/connect/line/").status_code == 404


def test_choices_lead_to_each_messenger(person):
    shown = signed_in_client(person).get("/en/me/notices/choices/").content.decode()

    assert re.findall(r'href="/en/me/notices/connect/(\w+)/">([^<]+)<', shown) == [
        ("line", "Connect LINE"),
        ("zalo", "Connect Zalo"),
        ("whatsapp", "Connect WhatsApp"),
    ]


# -- stop words and receipts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", MESSENGERS)
def test_stop_and_start_words_do_what_they_do_over_sms(person, channel):
    sender = f"+{SENDERS[channel]}" if channel == "whatsapp" else SENDERS[channel]
    a_device(person.user, sender, channel)

    write(channel, "HUỶ", ident="s-1")
    assert stops() == [(channel, "stop_word")]

    write(channel, "mulai", ident="s-2")
    write(channel, "HUỶ", ident="s-1")
    assert stops() == []


def test_a_stop_word_of_a_stranger_stops_nothing(person):
    a_device(person.user, "U1", "line")

    assert write("line", "STOP") == (200, b"")
    assert stops() == []


def test_connecting_again_lifts_what_stopped_it(person):
    write("line", ask_for_code(person, "line"))
    write("line", "stop", ident="s-1")
    with person.active():
        Address.objects.filter(user=person.user).update(ended_at="2026-11-25T03:00:00Z", ended_why="removed")

    write("line", ask_for_code(person, "line"), ident="m-2")

    assert stops() == []


def test_whatsapp_says_what_became_of_a_message(person):
    row = a_delivery(person.user, channel="whatsapp", state="sent", provider_id="wamid.1")
    status = {"id": "wamid.1", "status": "delivered", "timestamp": "1750030073", "recipient_id": "84912345678"}

    call("whatsapp", whatsapp_value(number="999", statuses=[status]))
    with tenancy.posting():
        row.refresh_from_db()
    assert row.state == "sent"

    call("whatsapp", whatsapp_value(statuses=[status]))
    with tenancy.posting():
        row.refresh_from_db()
    assert row.state == "delivered"


def test_zalo_writes_to_a_connected_account_by_its_id(settings, far, letter):
    settings.ZALO_OA_URL, settings.ZALO_TOKEN, settings.ZALO_TEMPLATE = far.url, "token", "7895417a"
    far.answer(200, {"error": 0, "message": "Success", "data": {"message_id": "z-1"}})

    assert Zalo().send(letter(SENDERS["zalo"])) == "z-1"

    assert far.calls[0].path == "/v3.0/oa/message/template"
    assert (far.calls[0].json["user_id"], far.calls[0].json["template_id"]) == (SENDERS["zalo"], "7895417a")
    assert "phone" not in far.calls[0].json
