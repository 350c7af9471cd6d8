"""The developer's mailbox: shows what would have left, and exists nowhere else."""

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils.module_loading import import_string

from notifications.channels.email.transport import Transport
from notifications.models import MailboxMessage
from notifications.selectors.mailbox import PAGE_SIZE

PAGE = "/en/mailbox/"


@pytest.fixture
def caught(db, settings):
    settings.EMAIL_BACKEND = "notifications.channels.email.mailbox.EmailBackend"
    sms = import_string("notifications.channels.sms.mailbox.Transport")()
    sms.send("+84912345678", "Your code: 123456")
    EmailMessage("Subject <b>", "Text & http://127.0.0.1:8000/en/", to=["a@example.com"]).send()
    sms.send("+819012345678", "Third")


def test_messages_are_shown_newest_first(caught):
    body = Client().get(PAGE).content.decode()

    places = [body.index(text) for text in ("Third", "Subject &lt;b&gt;", "code: 123456")]
    assert places == sorted(places)
    assert 'href="http://127.0.0.1:8000/en/"' in body


@pytest.mark.parametrize(("wanted", "number"), [("84912", 1), ("+84 912 345 678", 1), ("A@EXAMPLE", 1), ("nobody", 0), ("", 3)])
def test_messages_are_found_by_address(caught, wanted, number):
    assert Client().get(PAGE, {"to": wanted}).content.decode().count('<section class="card">') == number


def test_all_messages_can_be_deleted(caught):
    assert Client().post(PAGE)["Location"] == PAGE

    assert MailboxMessage.objects.count() == 0


def test_it_does_not_exist_where_it_is_switched_off(caught, settings):
    settings.MAILBOX = False

    assert [Client().get(PAGE).status_code, Client().post(PAGE).status_code] == [404, 404]
    assert MailboxMessage.objects.count() == 3


def test_the_same_mail_is_caught_once_with_its_html(db, settings, letter):
    settings.EMAIL_BACKEND = "notifications.channels.email.mailbox.EmailBackend"

    for _again in range(2):
        Transport().send(letter("a@example.com", html="<p style='color:red'>Hello</p>"))

    caught = MailboxMessage.objects.get()
    assert (caught.text, caught.html) == ("You have a new message on Terang.", "<p style='color:red'>Hello</p>")


def test_the_html_of_a_mail_can_do_nothing(db, settings, letter):
    settings.EMAIL_BACKEND = "notifications.channels.email.mailbox.EmailBackend"
    Transport().send(letter("a@example.com", html="<script>alert(1)</script>"))
    message = MailboxMessage.objects.get()

    page = Client().get(PAGE).content.decode()
    answer = Client().get(f"/en/mailbox/{message.pk}/html/")

    assert f'href="/en/mailbox/{message.pk}/html/"' in page
    assert "<script>alert" not in page
    assert answer["Content-Security-Policy"] == ("sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    assert answer.content == b"<script>alert(1)</script>"


def test_a_message_without_html_has_no_such_page(caught):
    pks = MailboxMessage.objects.values_list("pk", flat=True)

    assert {Client().get(f"/en/mailbox/{pk}/html/").status_code for pk in pks} == {404}


def test_the_html_does_not_exist_where_the_mailbox_is_switched_off(db, settings):
    message = MailboxMessage.objects.create(channel="email", to="a@example.com", text="x", html="<p>x</p>")
    settings.MAILBOX = False

    assert Client().get(f"/en/mailbox/{message.pk}/html/").status_code == 404


@pytest.mark.parametrize(("channel", "number"), [("sms", 2), ("email", 1), ("push", 0), ("carrier pigeon", 3)])
def test_messages_are_found_by_channel(caught, channel, number):
    assert Client().get(PAGE, {"channel": channel}).content.decode().count('<section class="card">') == number


def test_older_messages_are_on_further_pages(db):
    for number in range(PAGE_SIZE + 1):
        MailboxMessage.objects.create(channel="sms", to="+84912345678", text=f"number {number}.")

    first = Client().get(PAGE, {"channel": "sms"}).content.decode()
    address = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = Client().get(PAGE + address).content.decode()

    assert "number 0." not in first
    assert second.count('<section class="card">') == 1
    assert "number 0." in second


@pytest.mark.parametrize("module", ["push", "line", "zalo", "whatsapp"])
def test_every_channel_has_a_mailbox_that_catches_by_key(db, letter, module):
    transport = import_string(f"notifications.channels.{module}.mailbox.Transport")()
    to = '{"endpoint": "https://fcm.googleapis.com/x", "keys": {}}' if module == "push" else "U1"

    ids = {transport.send(letter(to, link="https://terang.example/vi/")) for _again in range(2)}

    caught = MailboxMessage.objects.get()
    assert ids == {str(caught.pk)}
    assert (caught.channel, caught.to) == (module, "fcm.googleapis.com" if module == "push" else "U1")
    assert caught.text == "You have a new message on Terang.\n\nhttps://terang.example/vi/"
