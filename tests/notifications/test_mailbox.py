"""The developer's mailbox: shows what would have left, and exists nowhere else."""

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils.module_loading import import_string

from notifications.models import MailboxMessage

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
