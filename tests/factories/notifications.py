"""People who can be reached, what is told to them, and a transport that writes down what it was handed."""

import itertools
from datetime import datetime

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from accounts.services.phone import set_phone
from core import tenancy
from notifications.models import Address, Delivery, Notice
from tests.factories.organizations import a_user

_numbers = itertools.count(1)
DAY = datetime.fromisoformat("2026-11-25T03:00:00+00:00")  # ten in the morning in Viet Nam, a Wednesday


class Recorder:
    """Takes everything."""

    sent: list = []

    def send(self, message) -> str:
        Recorder.sent.append(message)
        return f"recorder-{len(Recorder.sent)}"


def a_reader(*, email: str = "", phone: str = "", language: str = "en") -> User:
    """Somebody with a proved e-mail address or phone number."""
    outer = tenancy.current()
    with tenancy.activate(role=tenancy.NOBODY):
        user = a_user(language=language)
        if email:
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if phone:
            set_phone(user, phone, verified_at=timezone.now())
    assert tenancy.current() == outer
    return user


def a_device(user: User, address: str = "device", channel: str = "push") -> Address:
    """A browser or a messenger's account of this person."""
    with tenancy.posting():
        row = Address(user=user, channel=channel, hint="Chrome, Android", added_at=timezone.now())
        row.seal(address)
        row.save()
    return row


def a_notice(user: User, **fields) -> Notice:
    given = {"kind": "channel_stopped", "category": "account", "at": DAY, "data": {"channel": "sms", "why": "bounced"}}
    with tenancy.posting():
        return Notice.objects.create(user=user, fact=f"test{next(_numbers)}", **{**given, **fields})


def a_delivery(user: User, notice: Notice | None = None, **fields) -> Delivery:
    given = {"channel": "email", "next_try_at": DAY}
    with tenancy.posting():
        return Delivery.objects.create(user=user, notice=notice or a_notice(user), **{**given, **fields})
