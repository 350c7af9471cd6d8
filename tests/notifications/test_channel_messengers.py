"""LINE, Zalo and WhatsApp: each provider's own format, over real HTTP."""

import uuid

import pytest

from notifications.channels import Busy, ChannelBroken, Undeliverable
from notifications.channels.line.transport import Transport as Line
from notifications.channels.whatsapp.transport import Transport as WhatsApp
from notifications.channels.zalo.transport import Transport as Zalo

NUMBER = "+84912345678"
LINK = "https://terang.example/vi/me/"


# -- LINE -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def line(settings, far):
    settings.LINE_URL, settings.LINE_TOKEN = far.url, "token"
    return far


def test_line_gets_one_text_with_a_key_for_repetitions(line, letter):
    line.answer(200, {"sentMessages": [{"id": "461230966842064897", "quoteToken": "x"}]})

    given = [Line().send(letter("U1", link=LINK)) for _again in range(2)]

    first, second = line.calls
    assert given == ["461230966842064897"] * 2
    assert first.path == "/v2/bot/message/push"
    assert first.headers["authorization"] == "Bearer token"
    assert first.json == {
        "to": "U1",
        "messages": [{"type": "text", "text": f"You have a new message on Terang.\n{LINK}"}],
        "notificationDisabled": False,
    }
    assert first.headers["x-line-retry-key"] == second.headers["x-line-retry-key"]
    assert str(uuid.UUID(first.headers["x-line-retry-key"])) == first.headers["x-line-retry-key"]


def test_line_says_that_it_took_the_message_before(line, letter):
    line.answer(409, {"message": "The retry key is already accepted"}, x_line_accepted_request_id="r-1")

    assert Line().send(letter("U1")) == "r-1"


@pytest.mark.parametrize(("status", "raised"), [(400, Undeliverable), (401, ChannelBroken), (429, Busy), (500, ChannelBroken)])
def test_lines_refusals(line, letter, status, raised):
    line.answer(status, {"message": "no"})

    with pytest.raises(raised):
        Line().send(letter("U1"))


# -- Zalo -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def zalo(settings, far):
    settings.ZALO_URL, settings.ZALO_TOKEN, settings.ZALO_TEMPLATE = far.url, "token", "7895417a7d3f9461cd2e"
    return far


def test_zalo_gets_its_template_filled_in(zalo, letter):
    zalo.answer(200, {"error": 0, "message": "Success", "data": {"msg_id": "a4d0243feb1c", "sent_time": "1626926349402"}})

    assert Zalo().send(letter(NUMBER, link=LINK)) == "a4d0243feb1c"

    call = zalo.calls[0]
    assert (call.path, call.headers["access_token"]) == ("/message/template", "token")
    assert call.json["phone"] == "84912345678"
    assert call.json["template_id"] == "7895417a7d3f9461cd2e"
    assert call.json["template_data"] == {"title": "New message", "text": "You have a new message on Terang.", "link": LINK}
    assert len(call.json["tracking_id"]) == 48


@pytest.mark.parametrize(
    ("error", "raised", "why"),
    [
        (-118, Undeliverable, "bounced"),
        (-141, Undeliverable, "bounced"),
        (-132, Undeliverable, ""),
        (-124, ChannelBroken, None),
        (-133, Busy, None),
    ],
)
def test_zalos_error_numbers_count_although_http_says_200(zalo, letter, error, raised, why):
    zalo.answer(200, {"error": error, "message": "no"})

    with pytest.raises(raised) as caught:
        Zalo().send(letter(NUMBER))

    assert getattr(caught.value, "why", None) == why


@pytest.mark.parametrize("body", [b"", b"[]", {"error": "x"}])
def test_zalo_without_a_result_is_trouble_of_the_channel(zalo, letter, body):
    zalo.answer(200, body)

    with pytest.raises(ChannelBroken):
        Zalo().send(letter(NUMBER))


# -- WhatsApp ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def whatsapp(settings, far):
    settings.WHATSAPP_URL, settings.WHATSAPP_TOKEN = f"{far.url}/v23.0", "token"
    settings.WHATSAPP_SENDER, settings.WHATSAPP_TEMPLATE = "106540352242922", "news"
    return far


def test_whatsapp_gets_a_template_in_the_readers_language(whatsapp, letter):
    whatsapp.answer(200, {"messaging_product": "whatsapp", "messages": [{"id": "wamid.HBgL"}]})

    assert WhatsApp().send(letter(NUMBER, text="Two\nlines", link=LINK)) == "wamid.HBgL"

    call = whatsapp.calls[0]
    assert (call.path, call.headers["authorization"]) == ("/v23.0/106540352242922/messages", "Bearer token")
    assert call.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "84912345678",
        "type": "template",
        "template": {
            "name": "news",
            "language": {"code": "vi"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "Two lines"}, {"type": "text", "text": LINK}]}
            ],
        },
    }


@pytest.mark.parametrize(
    ("status", "code", "raised", "why"),
    [
        (400, 131026, Undeliverable, "bounced"),
        (400, 131050, Undeliverable, "stop_word"),
        (400, 132000, Undeliverable, ""),
        (429, 130429, Busy, None),
        (401, 190, ChannelBroken, None),
        (500, 131000, ChannelBroken, None),
        (503, None, ChannelBroken, None),
    ],
)
def test_whatsapps_codes_say_whose_trouble_it_is(whatsapp, letter, status, code, raised, why):
    whatsapp.answer(status, {"error": {"message": "no", "code": code}} if code else b"<html>")

    with pytest.raises(raised) as caught:
        WhatsApp().send(letter(NUMBER))

    assert getattr(caught.value, "why", None) == why


@pytest.mark.parametrize("channel", [Line, Zalo, WhatsApp])
def test_a_provider_without_encryption_is_not_asked(settings, letter, channel):
    settings.LINE_URL = settings.ZALO_URL = settings.ZALO_OA_URL = settings.WHATSAPP_URL = "http://provider.example"

    with pytest.raises(ChannelBroken, match="https"):
        channel().send(letter("x"))
