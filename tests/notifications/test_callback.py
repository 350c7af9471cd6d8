"""What providers report: who is believed, and what follows."""

import base64
import json
import time

import pytest
from django.test import Client

from core import tenancy
from notifications.channels.sms import twilio, vonage
from notifications.models import Delivery, Stop
from notifications.services.callback import word_of
from tests.factories.notifications import a_delivery, a_reader

NUMBER = "+84912345678"
MAIL = "a@test.example"


@pytest.fixture
def reader(db):
    return a_reader(email=MAIL, phone=NUMBER)


@pytest.fixture
def twilio_calls(settings):
    """`twilio_calls({...})`: a signed call of Twilio (or with another `signature`)."""
    settings.SMS_TRANSPORT, settings.BASE_URL = "notifications.channels.sms.twilio.Transport", "https://terang.example"
    settings.TWILIO_AUTH_TOKEN = "token"

    def call(fields, signature=None):
        sign = twilio.sign("https://terang.example/hooks/sms/twilio/", fields) if signature is None else signature
        return Client().post("/hooks/sms/twilio/", fields, headers={"X-Twilio-Signature": sign}).status_code

    return call


def sent(user, channel="sms", provider_id="SM1"):
    return a_delivery(user, channel=channel, state="sent", provider_id=provider_id)


def state_of(delivery):
    with tenancy.posting():
        row = Delivery.objects.get(pk=delivery.pk)
    return row.state, row.reason


def stops():
    with tenancy.posting():
        return [(row.channel, row.why) for row in Stop.objects.filter(lifted_at=None).order_by("pk")]


# -- SMS ----------------------------------------------------------------------------------------------------------------------


def test_a_receipt_settles_its_delivery(reader, twilio_calls):
    row = sent(reader)

    assert twilio_calls({"MessageSid": "SM1", "MessageStatus": "delivered"}) == 204
    assert twilio_calls({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30008"}) == 204

    assert state_of(row)[0] == "delivered"
    assert stops() == []


def test_a_dead_number_is_not_tried_again(reader, twilio_calls):
    row = sent(reader)

    for _again in range(2):
        twilio_calls({"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"})

    assert state_of(row) == ("failed", "bounced")
    assert stops() == [("sms", "bounced")]


def test_who_is_not_the_provider_changes_nothing(reader, twilio_calls):
    row = sent(reader)

    assert twilio_calls({"MessageSid": "SM1", "MessageStatus": "delivered"}, signature="x") == 403
    assert twilio_calls({"MessageSid": "SM9", "From": NUMBER, "Body": "STOP"}, signature="") == 403

    assert state_of(row)[0] == "sent"
    assert stops() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"MessageSid": "unknown", "MessageStatus": "delivered"},
        {"MessageSid": "unknown", "MessageStatus": "undelivered", "ErrorCode": "30005"},
        {"MessageSid": "SM7", "From": "+840000000", "Body": "STOP"},
        {"MessageSid": "SM7", "From": "", "Body": "STOP"},
        {},
    ],
)
def test_what_is_not_known_is_taken_without_effect(reader, twilio_calls, fields):
    assert twilio_calls(fields) == 204
    assert stops() == []


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("STOP", "stop"),
        (" stop. ", "stop"),
        ("HUY", "stop"),
        ("Hủy", "stop"),
        ("HUỶ", "stop"),
        ("hu\u0309y", "stop"),
        ("DUNG", "stop"),
        ("dừng", "stop"),
        ("Berhenti!", "stop"),
        ("停止", "stop"),
        ("ＳＴＯＰ", "stop"),
        ("STOP Terang", "stop"),
        ("START", "start"),
        ("mulai", "start"),
        ("nhận", "start"),
        ("再開", "start"),
        ("đúng", ""),
        ("dùng", ""),
        ("please do not stop", ""),
        ("stop start", ""),
        ("", ""),
        ("Terang", ""),
        ("0", ""),
    ],
)
def test_a_word_alone_is_understood(text, meaning):
    assert word_of(text) == meaning


def test_a_stop_word_ends_and_a_start_word_begins(reader, twilio_calls):
    twilio_calls({"MessageSid": "SM1", "From": NUMBER, "Body": "HUỶ"})
    assert stops() == [("sms", "stop_word")]

    twilio_calls({"MessageSid": "SM2", "From": NUMBER, "Body": "start"})
    assert stops() == []


def test_an_old_stop_played_again_does_not_undo_a_newer_start(reader, twilio_calls):
    old = {"MessageSid": "SM1", "From": NUMBER, "Body": "STOP"}
    twilio_calls(old)
    twilio_calls({"MessageSid": "SM2", "From": NUMBER, "Body": "START"})

    assert twilio_calls(old) == 204
    assert stops() == []


def test_a_number_that_nobody_has_proved_stops_nothing(twilio_calls, db):
    user = a_reader(phone=NUMBER)
    user.phone_verified_at = None
    user.save(update_fields=["phone_verified_at"])

    twilio_calls({"MessageSid": "SM1", "From": NUMBER, "Body": "STOP"})

    assert stops() == []


def test_vonage_is_heard_with_its_own_signature(reader, settings):
    settings.SMS_TRANSPORT, settings.VONAGE_SIGNATURE_SECRET = "notifications.channels.sms.vonage.Transport", "sign"
    fields = {"messageId": "0C2", "msisdn": NUMBER.lstrip("+"), "text": "BERHENTI", "timestamp": str(int(time.time()))}

    signed = Client().post("/hooks/sms/vonage/", {**fields, "sig": vonage.sign(fields)})
    old = {**fields, "timestamp": "1000000000", "messageId": "0C3"}
    replayed = Client().post("/hooks/sms/vonage/", {**old, "sig": vonage.sign(old)})

    assert (signed.status_code, replayed.status_code) == (204, 403)
    assert stops() == [("sms", "stop_word")]


@pytest.mark.parametrize("path", ["/hooks/sms/vonage/", "/hooks/sms/nobody/", "/hooks/pigeon/twilio/", "/hooks/email/postmark/"])
def test_a_provider_that_is_not_in_use_has_no_door(twilio_calls, db, path):
    assert Client().post(path, {"sig": "x"}).status_code == 404


def test_a_browser_has_no_business_there(twilio_calls, db):
    assert Client().get("/hooks/sms/twilio/").status_code == 405
    assert Client().head("/hooks/sms/twilio/").status_code == 204


# -- mail ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def postmark_calls(settings):
    """`postmark_calls({...})`: a report of Postmark with the right secret (or another)."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "WEBHOOK_SECRET": "user:pass"}

    def call(report, secret="user:pass"):
        login = base64.b64encode(secret.encode()).decode()
        body = report if isinstance(report, bytes) else json.dumps(report)
        headers = {"Authorization": f"Basic {login}"}
        return Client().post("/hooks/email/postmark/", body, content_type="application/json", headers=headers).status_code

    return call


BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "TypeCode": 1,
    "ID": 901542550,
    "MessageID": "pm-1",
    "Email": MAIL,
    "BouncedAt": "2026-11-25T16:33:54-04:00",
}
COMPLAINT = {**BOUNCE, "RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512}
SOFT = {**BOUNCE, "Type": "SoftBounce", "TypeCode": 4096}
DELIVERED = {"RecordType": "Delivery", "MessageID": "pm-1", "Recipient": MAIL, "DeliveredAt": "2026-11-25T16:33:54Z"}


def test_a_mail_that_arrived_is_settled(reader, postmark_calls):
    row = sent(reader, "email", "pm-1")

    assert postmark_calls(DELIVERED) == 204
    assert state_of(row)[0] == "delivered"


@pytest.mark.parametrize(("report", "why"), [(BOUNCE, "bounced"), (COMPLAINT, "complained")])
def test_a_dead_or_unwilling_address_is_switched_off_once(reader, postmark_calls, report, why):
    sent(reader, "email", "pm-1")

    assert [postmark_calls({**report, "Email": MAIL.upper()}), postmark_calls(report)] == [204, 204]

    assert stops() == [("email", why)]


def test_a_bounce_is_written_into_the_log(reader, postmark_calls):
    row = sent(reader, "email", "pm-1")

    postmark_calls(BOUNCE)

    assert state_of(row) == ("failed", "bounced")


@pytest.mark.parametrize(
    "report", [{**BOUNCE, "Email": "nobody@test.example"}, {**DELIVERED, "MessageID": "x"}, {"RecordType": "Open"}]
)
def test_reports_about_others_have_no_effect(reader, postmark_calls, report):
    assert postmark_calls(report) == 204
    assert stops() == []


@pytest.mark.parametrize("secret", ["user:wrong", "", "wrong:pass"])
def test_a_report_without_the_secret_is_refused(reader, postmark_calls, secret):
    assert postmark_calls(BOUNCE, secret) == 403
    assert stops() == []


def test_without_a_secret_of_ours_there_is_no_door(reader, postmark_calls, settings):
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token"}

    assert postmark_calls(BOUNCE) == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"RecordType": 5}', b"\xff"])
def test_nonsense_is_a_broken_request(reader, postmark_calls, body):
    assert postmark_calls(body) in (204, 400)
    assert stops() == []


def test_a_soft_bounce_switches_nothing_off(reader, postmark_calls):
    assert postmark_calls(SOFT) == 204
    assert stops() == []
