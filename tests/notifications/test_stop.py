"""Switching a way off and on, and receipts of the receiving side."""

import pytest
from django.utils import timezone

from core import tenancy
from notifications.models import Address, Delivery, Notice, Stop, address_lookup
from notifications.services.settling import settle
from notifications.services.stop import lift_stops, record_stop, stopped
from tests.factories.notifications import a_delivery, a_device, a_reader


@pytest.fixture
def posted(db, settings):
    settings.CHANNELS = {"email": "tests.factories.notifications.Recorder", "push": "tests.factories.notifications.Recorder"}
    with tenancy.posting():
        yield


def test_a_stop_is_recorded_once_and_told_over_another_channel(posted):
    user = a_reader(email="a@test.example")
    a_device(user)
    given = {"user_id": user.pk, "channel": "email", "address": "A@test.example", "why": Stop.Why.BOUNCED}

    record_stop(**given, now=timezone.now())
    record_stop(**given, now=timezone.now())

    notice = Notice.objects.get(user=user)
    assert (notice.kind, notice.data["why"]) == ("channel_stopped", "bounced")
    assert list(Delivery.objects.filter(notice=notice).values_list("channel", flat=True)) == ["push"]
    assert stopped(user_id=user.pk, channel="email", address="a@test.example") is True
    assert stopped(user_id=user.pk, channel="email", address="other@test.example") is False


def test_a_device_that_is_gone_is_forgotten(posted):
    user = a_reader(email="a@test.example")
    a_device(user, "subscription")

    record_stop(user_id=user.pk, channel="push", address="subscription", why=Stop.Why.GONE, now=timezone.now())

    ended = Address.objects.get(user=user)
    assert (ended.ended_why, ended.ended_at is not None) == ("gone", True)
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["email"]


def test_a_lifted_stop_holds_no_more(posted):
    user = a_reader(email="a@test.example")
    record_stop(
        user_id=user.pk, channel="email", address="a@test.example", why="unsubscribed", category="review", now=timezone.now()
    )
    before = stopped(user_id=user.pk, channel="email", address="a@test.example", category="review")

    lift_stops(user_id=user.pk, channel="email", address="a@test.example", now=timezone.now())

    after = stopped(user_id=user.pk, channel="email", address="a@test.example", category="review")
    assert (before, after) == (True, False)


@pytest.mark.parametrize(
    ("receipts", "state"),
    [
        (["delivered"], "delivered"),
        (["failed"], "failed"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "delivered"),
    ],
)
def test_receipts_settle_a_message_in_any_order(posted, receipts, state):
    row = a_delivery(a_reader(), state="sent", provider_id="p1")

    for outcome in receipts:
        settle(channel=row.channel, provider_id="p1", outcome=outcome, why="bounced", now=timezone.now())

    row.refresh_from_db()
    assert row.state == state


def test_a_stop_is_bound_to_the_address():
    assert address_lookup("email", " A@b.example ") == address_lookup("email", "a@b.example")
    assert address_lookup("line", "U1") != address_lookup("zalo", "U1")
