"""Short messages: their length, and each provider's own format, over real HTTP."""

import time

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from notifications.channels import Busy, ChannelBroken, Undeliverable
from notifications.channels.sms import Call, NotSigned, Receipt, Word, gateway, twilio, vonage
from notifications.channels.sms.length import MOST_PARTS, fitted, is_gsm7, parts, units
from notifications.channels.sms.transport import Transport

NUMBER = "+84912345678"


# -- length ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "basic", "length", "number"),
    [
        ("", True, 0, 1),
        ("a" * 160, True, 160, 1),
        ("a" * 161, True, 161, 2),
        ("a" * 306, True, 306, 2),
        ("a" * 307, True, 307, 3),
        ("€" * 80, True, 160, 1),
        ("€" * 81, True, 162, 2),
        ("Mã của bạn", False, 10, 1),
        ("ạ" * 70, False, 70, 1),
        ("ạ" * 71, False, 71, 2),
        ("ạ" * 135, False, 135, 3),
        ("😀" * 35, False, 70, 1),
        ("日本語" * 24, False, 72, 2),
    ],
)
def test_a_text_is_counted_as_the_networks_count_it(text, basic, length, number):
    assert (is_gsm7(text), units(text), parts(text)) == (basic, length, number)


@limits(max_examples=200, deadline=None)
@given(st.text(max_size=900), st.sampled_from(["", "https://terang.example/vi/me/inbox/7/"]))
def test_a_fitted_text_has_few_parts_and_its_link_whole(text, link):
    short = fitted(text, link)

    assert parts(short) <= MOST_PARTS
    assert link in short
    assert short.startswith(text[:1] or short[:1])


# -- the generic gateway ----------------------------------------------------------------------------------------------------


@pytest.fixture
def generic(settings, far):
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = f"{far.url}/send", "secret"
    return far.answer(200, {"id": "m-1"})


def test_a_message_is_one_post_of_json(generic):
    assert gateway.Transport().send(NUMBER, "Mã của bạn: 123456", key="code-1") == "m-1"

    call = generic.calls[0]
    assert (call.method, call.path, call.json) == ("POST", "/send", {"to": NUMBER, "text": "Mã của bạn: 123456"})
    assert call.headers["authorization"] == "Bearer secret"
    assert call.headers["idempotency-key"] == "code-1"


def test_a_code_has_no_key_and_names_none(generic):
    gateway.Transport().send(NUMBER, "123456")

    assert "idempotency-key" not in generic.calls[0].headers


@pytest.mark.parametrize(
    ("tell", "raised"),
    [
        (lambda far: far.answer(503), ChannelBroken),
        (lambda far: far.answer(401), ChannelBroken),
        (lambda far: far.answer(302, location="http://127.0.0.1:1/"), Undeliverable),
        (lambda far: far.answer(400), Undeliverable),
        (lambda far: far.answer(422), Undeliverable),
        (lambda far: far.close(), ChannelBroken),
    ],
)
def test_every_refusal_is_an_oserror_of_its_kind(settings, far, tell, raised):
    settings.SMS_GATEWAY_URL = tell(far).url

    with pytest.raises(raised) as caught:
        gateway.Transport().send(NUMBER, "x")

    assert isinstance(caught.value, OSError)


def test_a_busy_gateway_says_how_long(settings, far):
    settings.SMS_GATEWAY_URL = far.answer(429, retry_after="17").url

    with pytest.raises(Busy) as caught:
        gateway.Transport().send(NUMBER, "x")

    assert caught.value.seconds == 17


def test_a_gateway_that_hangs_is_left_in_time(settings, far, monkeypatch):
    monkeypatch.setattr("notifications.channels.http.post.__kwdefaults__", {"proxy": "", "total": 0.5})
    settings.SMS_GATEWAY_URL = far.hang().url
    began = time.monotonic()

    with pytest.raises(ChannelBroken, match="Timeout"):
        gateway.Transport().send(NUMBER, "x")

    assert time.monotonic() - began < 3


def test_nothing_leaves_without_encryption(settings):
    settings.SMS_GATEWAY_URL = "http://sms.example/send"

    with pytest.raises(ChannelBroken, match="https"):
        gateway.Transport().send(NUMBER, "x")


def test_this_machine_is_no_gateway_in_production(settings, far):
    settings.SMS_GATEWAY_URL, settings.PRODUCTION = far.url, True

    with pytest.raises(ChannelBroken, match="https"):
        gateway.Transport().send(NUMBER, "x")

    assert far.calls == []


def test_a_notice_goes_over_the_provider_of_the_settings(settings, generic, letter):
    settings.SMS_TRANSPORT = "notifications.channels.sms.gateway.Transport"

    Transport().send(letter(link="https://terang.example/vi/"))

    assert generic.calls[0].json["text"] == "You have a new message on Terang.\nhttps://terang.example/vi/"
    assert generic.calls[0].headers["idempotency-key"] == "notice-7-sms"


# -- Twilio -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def twilio_at(settings, far):
    settings.TWILIO_URL, settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = far.url, "AC1", "token"
    settings.TWILIO_SENDER, settings.BASE_URL = "+15005550006", "https://terang.example"
    return far


def test_twilio_gets_its_form(twilio_at):
    twilio_at.answer(201, {"sid": "SM1", "status": "queued"})

    assert twilio.Transport().send(NUMBER, "Xin chào") == "SM1"

    call = twilio_at.calls[0]
    assert call.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert call.headers["authorization"] == "Basic QUMxOnRva2Vu"
    assert call.form == {
        "To": NUMBER,
        "Body": "Xin chào",
        "From": "+15005550006",
        "StatusCallback": "https://terang.example/hooks/sms/twilio/",
    }


def test_twilio_takes_a_messaging_service(twilio_at, settings):
    settings.TWILIO_SENDER = "MG1"
    twilio_at.answer(201, {"sid": "SM1"})

    twilio.Transport().send(NUMBER, "x")

    assert (twilio_at.calls[0].form["MessagingServiceSid"], "From" in twilio_at.calls[0].form) == ("MG1", False)


@pytest.mark.parametrize(
    ("code", "raised", "why"),
    [
        (21211, Undeliverable, "bounced"),
        (21614, Undeliverable, "bounced"),
        (21610, Undeliverable, "stop_word"),
        (21617, Undeliverable, ""),
        (21606, ChannelBroken, None),
        (21611, Busy, None),
    ],
)
def test_twilios_codes_say_whose_fault_it_is(twilio_at, code, raised, why):
    twilio_at.answer(400, {"code": code, "message": f"not for {NUMBER}"})

    with pytest.raises(raised) as caught:
        twilio.Transport().send(NUMBER, "x")

    assert getattr(caught.value, "why", None) == why
    assert NUMBER not in str(caught.value)


def twilio_call(fields, *, url="https://terang.example/hooks/sms/twilio/", signature=None):
    return Call(url, fields, {"x-twilio-signature": twilio.sign(url, fields) if signature is None else signature})


def test_twilios_signature_is_the_one_of_its_documentation(settings):
    settings.TWILIO_AUTH_TOKEN = "12345"
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }

    assert twilio.sign("https://example.com/myapp.php?foo=1&bar=2", fields) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"MessageSid": "SM1", "MessageStatus": "delivered"}, [Receipt("SM1", "delivered")]),
        ({"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"}, [Receipt("SM1", "failed", "bounced")]),
        ({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30007"}, [Receipt("SM1", "failed")]),
        ({"MessageSid": "SM1", "MessageStatus": "sent"}, []),
        ({"MessageSid": "SM2", "From": NUMBER, "Body": "HUY"}, [Word("SM2", NUMBER, "HUY")]),
    ],
)
def test_what_twilio_reports_is_read(twilio_at, fields, read):
    assert twilio.Transport().read(twilio_call(fields)) == read


@pytest.mark.parametrize("signature", ["", "x", "é"])
def test_who_is_not_twilio_is_not_heard(twilio_at, signature):
    with pytest.raises(NotSigned):
        twilio.Transport().read(twilio_call({"MessageSid": "SM1", "MessageStatus": "delivered"}, signature=signature))


def test_without_a_token_nobody_is_twilio(settings):
    settings.TWILIO_AUTH_TOKEN = ""

    with pytest.raises(NotSigned):
        twilio.Transport().read(twilio_call({"MessageSid": "SM1", "MessageStatus": "delivered"}))


# -- Vonage -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def vonage_at(settings, far):
    settings.VONAGE_URL, settings.VONAGE_API_KEY, settings.VONAGE_API_SECRET = far.url, "key", "secret"
    settings.VONAGE_SENDER, settings.VONAGE_SIGNATURE_SECRET, settings.BASE_URL = "Terang", "sign", "https://terang.example"
    return far


def test_vonage_gets_its_form(vonage_at):
    vonage_at.answer(200, {"message-count": "1", "messages": [{"status": "0", "message-id": "0C1"}]})

    assert vonage.Transport().send(NUMBER, "Xin chào ạ", key="k") == "0C1"

    call = vonage_at.calls[0]
    assert call.path == "/sms/json"
    assert {name: call.form[name] for name in ("api_key", "from", "to", "text", "type", "callback")} == {
        "api_key": "key",
        "from": "Terang",
        "to": "84912345678",
        "text": "Xin chào ạ",
        "type": "unicode",
        "callback": "https://terang.example/hooks/sms/vonage/",
    }
    assert len(call.form["client-ref"]) == 40


@pytest.mark.parametrize(
    ("status", "raised", "why"),
    [
        ("1", Busy, None),
        ("7", Undeliverable, "bounced"),
        ("4", ChannelBroken, None),
        ("9", ChannelBroken, None),
        ("12", Undeliverable, ""),
    ],
)
def test_vonages_status_counts_although_http_says_200(vonage_at, status, raised, why):
    vonage_at.answer(200, {"messages": [{"status": "0", "message-id": "1"}, {"status": status, "error-text": "x"}]})

    with pytest.raises(raised) as caught:
        vonage.Transport().send(NUMBER, "x")

    assert getattr(caught.value, "why", None) == why


@pytest.mark.parametrize("body", [{}, {"messages": []}, {"messages": ["x"]}, b"<html>", b""])
def test_an_answer_without_a_message_is_trouble_of_the_channel(vonage_at, body):
    vonage_at.answer(200, body)

    with pytest.raises(ChannelBroken):
        vonage.Transport().send(NUMBER, "x")


def vonage_call(fields, *, at=None, sig=None):
    signed = {**fields, "timestamp": str(int(time.time()) if at is None else at)}
    return Call("https://terang.example/hooks/sms/vonage/", {**signed, "sig": vonage.sign(signed) if sig is None else sig}, {})


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"messageId": "0C1", "status": "delivered", "err-code": "0"}, [Receipt("0C1", "delivered")]),
        ({"messageId": "0C1", "status": "failed", "err-code": "9"}, [Receipt("0C1", "failed", "bounced")]),
        ({"messageId": "0C1", "status": "expired", "err-code": "1"}, [Receipt("0C1", "failed")]),
        ({"messageId": "0C1", "status": "accepted"}, []),
        ({"messageId": "0C2", "msisdn": "84912345678", "text": "STOP & go=1"}, [Word("0C2", NUMBER, "STOP & go=1")]),
    ],
)
def test_what_vonage_reports_is_read(vonage_at, fields, read):
    assert vonage.Transport().read(vonage_call(fields)) == read


@pytest.mark.parametrize("wrong", [{"sig": ""}, {"sig": "0" * 64}, {"at": 1}, {"at": 9_999_999_999}])
def test_an_old_or_unsigned_call_is_not_heard(vonage_at, wrong):
    with pytest.raises(NotSigned):
        vonage.Transport().read(vonage_call({"messageId": "0C1", "status": "delivered"}, **wrong))


# -- calls of the generic gateway -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"id": "m", "status": "delivered"}, [Receipt("m", "delivered")]),
        ({"id": "m", "status": "bounced"}, [Receipt("m", "failed", "bounced")]),
        ({"id": "m", "status": "queued"}, []),
        ({"id": "m", "from": NUMBER, "text": "BERHENTI"}, [Word("m", NUMBER, "BERHENTI")]),
    ],
)
def test_what_the_gateway_reports_is_read(settings, fields, read):
    settings.SMS_GATEWAY_TOKEN = "secret"

    assert gateway.Transport().read(Call("", fields, {"authorization": "Bearer secret"})) == read


@pytest.mark.parametrize(("token", "given"), [("secret", ""), ("secret", "Bearer other"), ("", "Bearer ")])
def test_a_gateway_without_the_token_is_not_heard(settings, token, given):
    settings.SMS_GATEWAY_TOKEN = token

    with pytest.raises(NotSigned):
        gateway.Transport().read(Call("", {"id": "m", "status": "delivered"}, {"authorization": given}))
