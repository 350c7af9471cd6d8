"""E-mail: what the mail looks like, and what each refusal means. A small SMTP server on this machine answers."""

import contextlib
import socketserver
import threading
from email import message_from_bytes, policy

import pytest
from django.core import mail

from notifications.channels import Busy, ChannelBroken, Undeliverable
from notifications.channels.email.transport import Transport, build, message_id

TO = "nguyen@example.com"
INACTIVE = (
    f"You tried to send to a recipient that is inactive.\nFound inactive addresses: {TO}.\nInactive recipients are ones that …"
)


class Smtp(socketserver.StreamRequestHandler):
    """Says what `server.words` tells for RCPT and DATA."""

    def handle(self):
        def say(text):
            self.wfile.write(f"{text}\r\n".encode())

        say("220 test")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                say("250 test")
            elif verb == b"RCPT":
                say(self.server.words.get("rcpt", "250 ok"))
            elif verb == b"MAIL":
                say(self.server.words.get("mail", "250 ok"))
            elif verb == b"DATA":
                say("354 go on")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                self.server.mails.append(text)
                say(self.server.words.get("data", "250 ok"))
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


@pytest.fixture
def smtp(settings):
    """`with smtp(rcpt="550 no such user") as mails:` a running server."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"

    @contextlib.contextmanager
    def run(**words):
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
            server.words, server.mails, server.daemon_threads = words, [], True
            settings.EMAIL_PORT = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            try:
                yield server.mails
            finally:
                server.shutdown()
                thread.join(5)

    return run


def test_a_mail_has_text_and_html_and_says_that_a_machine_wrote_it(smtp, letter, settings):
    settings.BASE_URL = "https://terang.example"
    message = letter(TO, html="<p>Xin chào</p>", unsubscribe="https://terang.example/u/1", subject="Tin\r\nBcc: x@example.com")

    with smtp() as mails:
        given = Transport().send(message)

    read = message_from_bytes(mails[0], policy=policy.default)
    assert (read["To"], read["Subject"], read["Bcc"]) == (TO, "Tin Bcc: x@example.com", None)
    assert read["From"] == "Terang <no-reply@terang.example>"
    assert read.get_body(("plain",)).get_content().strip() == message.text
    assert read.get_body(("html",)).get_content().strip() == message.html
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Unsubscribe"] == "<https://terang.example/u/1>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert given == read["Message-ID"] == message_id(message.key)
    assert read["Message-ID"].endswith("@terang.example>")


def test_a_mail_that_must_arrive_offers_no_end(letter):
    assert "List-Unsubscribe" not in build(letter(TO)).message()


def test_the_same_message_has_the_same_id_and_another_another():
    assert message_id("a") == message_id("a") != message_id("b")
    assert "secret-fact" not in message_id("secret-fact")


@pytest.mark.parametrize(
    ("words", "raised", "why"),
    [
        ({"rcpt": "550 5.1.1 no such user"}, Undeliverable, "bounced"),
        ({"rcpt": "450 greylisted"}, Busy, None),
        ({"data": "554 not this content"}, Undeliverable, ""),
        ({"data": "451 try later"}, Busy, None),
        ({"mail": "530 sign in first"}, ChannelBroken, None),
    ],
)
def test_a_refusal_says_whose_trouble_it_is(smtp, letter, words, raised, why):
    with smtp(**words), pytest.raises(raised) as caught:
        Transport().send(letter(TO))

    assert getattr(caught.value, "why", None) == why


def test_no_server_is_trouble_of_the_channel(letter, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )

    with pytest.raises(ChannelBroken):
        Transport().send(letter(TO))


@pytest.fixture
def postmark(settings, far):
    """A provider's API through anymail."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": f"{far.url}/", "REQUESTS_TIMEOUT": 2}
    return far


def test_a_providers_api_gets_the_mail_and_gives_its_id(postmark, letter):
    postmark.answer(
        200, {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": TO, "SubmittedAt": "2026-11-25T08:00:00Z"}
    )

    assert Transport().send(letter(TO, html="<p>x</p>")) == "b7bc2f4a"

    sent = postmark.calls[0].json
    assert (sent["To"], sent["TextBody"], sent["HtmlBody"]) == (TO, "You have a new message on Terang.", "<p>x</p>")
    assert {"Name": "Auto-Submitted", "Value": "auto-generated"} in sent["Headers"]


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (429, {}, Busy),
        (503, {}, ChannelBroken),
        (401, {}, ChannelBroken),
        (413, {}, Undeliverable),
        (422, {"ErrorCode": 406, "Message": INACTIVE}, Undeliverable),
    ],
)
def test_a_providers_refusal_says_whose_trouble_it_is(postmark, letter, status, body, raised):
    postmark.answer(status, body)

    with pytest.raises(raised):
        Transport().send(letter(TO))


def test_a_provider_that_closes_the_line_is_trouble_of_the_channel(postmark, letter):
    postmark.close()

    with pytest.raises(ChannelBroken):
        Transport().send(letter(TO))


def test_the_backend_of_the_settings_is_used(letter):
    Transport().send(letter(TO))

    assert mail.outbox[0].extra_headers["Message-ID"] == message_id("notice-7-sms")
