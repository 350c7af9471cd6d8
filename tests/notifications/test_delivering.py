"""Handing messages over: once, in the reader's language, each channel for itself, every outcome written down."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from core import tenancy
from notifications.channels import Busy, ChannelBroken, Undeliverable, transport
from notifications.models import ChannelState, Delivery, MailboxMessage, Notice, Stop
from notifications.services import delivering
from notifications.services.stop import record_stop
from notifications.tasks import delivery as tasks
from notifications.tasks.delivery import deliver, sweep_deliveries
from tests.factories.notifications import DAY, Recorder, a_delivery, a_device, a_notice, a_reader
from tests.factories.organizations import a_member, an_organization

RECORDER = "tests.factories.notifications.Recorder"


class Trouble(Recorder):
    """Raises what it is told to."""

    raises: list = []

    def send(self, message) -> str:
        if Trouble.raises:
            error = Trouble.raises.pop(0)
            if error is not None:
                raise error
        return super().send(message)


@pytest.fixture(autouse=True)
def channels(settings, monkeypatch):
    """Recorders, and a day on which nobody sleeps."""
    settings.CHANNELS = {"email": RECORDER, "sms": RECORDER, "push": f"{__name__}.Trouble", "line": f"{__name__}.Trouble"}
    transport.cache_clear()
    Recorder.sent, Trouble.raises = [], []
    monkeypatch.setattr(timezone, "now", lambda: DAY)
    monkeypatch.setattr(tasks, "ask", lambda task, *args: None)
    yield
    transport.cache_clear()


def reader(**fields):
    return a_reader(**{"email": "reader@test.example", "language": "vi", **fields})


def row_of(delivery) -> Delivery:
    with tenancy.posting():
        return Delivery.objects.get(pk=delivery.pk)


def test_a_message_leaves_in_the_readers_language_with_its_link_and_its_way_out(db, settings):
    member = a_member_who_reads()
    delivery = a_delivery(
        member.user,
        a_notice(
            member.user,
            kind="permit_expired",
            category="review",
            organization=member.organization,
            data={"permit": "12"},
            path="o/hoa-sen/registration/",
        ),
    )

    deliver("email")

    message = Recorder.sent[0]
    assert (message.key, message.to, message.language) == (f"n{delivery.notice_id}-email", "member@test.example", "vi")
    assert message.subject == "Test Hoa Sen: Giấy phép 12 đã hết hạn"
    assert message.link == f"{settings.BASE_URL}/vi/o/hoa-sen/registration/"
    assert message.link in message.text
    assert message.unsubscribe.startswith(f"{settings.BASE_URL}/vi/notices/stop/")
    row = row_of(delivery)
    assert (row.state, row.provider_id, row.hint, row.sent_at) == ("sent", "recorder-1", "m•••@test.example", DAY)


def a_member_who_reads():
    member = a_member(an_organization("hoa-sen"), "owner")
    User.objects.filter(pk=member.user.pk).update(language="vi")
    EmailAddress.objects.create(user=member.user, email="member@test.example", verified=True, primary=True)
    return member


def test_a_discreet_notice_leaves_as_a_neutral_message_that_leads_to_the_inbox(db, settings):
    user = reader()
    notice = a_notice(user, kind="permit_expired", category="messages", discreet=True, data={"permit": "12"}, path="me/x/GR-1/")
    a_delivery(user, notice)

    deliver("email")

    message = Recorder.sent[0]
    assert message.link == f"{settings.BASE_URL}/vi/me/notices/"
    assert "GR-1" not in message.text + message.html + message.subject
    assert "12" not in message.subject


def test_what_has_a_legal_effect_carries_no_way_out(db):
    user = reader()
    a_delivery(user, a_notice(user, kind="account_enabled", category="legal", data={}))

    deliver("email")

    assert Recorder.sent[0].unsubscribe == ""


def test_each_device_gets_it_and_a_dead_one_is_forgotten(db):
    user = reader()
    first, second = a_device(user, "first"), a_device(user, "second")
    delivery = a_delivery(user, channel="push")
    Trouble.raises = [Undeliverable("gone")]

    deliver("push")

    assert [message.key for message in Recorder.sent] == [f"n{delivery.notice_id}-push-{second.pk}"]
    assert row_of(delivery).state == "sent"
    with tenancy.posting():
        first.refresh_from_db()
        assert first.ended_why == "gone"
        assert Notice.objects.filter(user=user, fact__startswith="stop").count() == 1


def test_an_address_that_takes_nothing_fails_and_is_switched_off(db):
    user = reader()
    a_device(user, "U1", channel="line")
    delivery = a_delivery(user, channel="line")
    Trouble.raises = [Undeliverable("bounced")]

    deliver("line")

    row = row_of(delivery)
    assert (row.state, row.reason) == ("failed", "bounced")
    with tenancy.posting():
        assert Stop.objects.get(user=user).why == "bounced"


def test_an_unknown_failure_is_tried_five_times_and_then_shown(db):
    user = reader()
    a_device(user)
    delivery = a_delivery(user, channel="push")
    Trouble.raises = [ValueError("x") for _ in range(9)]

    for _time in range(9):
        with tenancy.posting():
            Delivery.objects.filter(pk=delivery.pk).update(next_try_at=DAY)
        deliver("push")

    row = row_of(delivery)
    assert (row.state, row.attempts, row.reason) == ("failed", 5, "error:ValueError")
    assert len(Trouble.raises) == 4


def test_a_message_that_kills_its_worker_is_begun_five_times(db):
    user = reader()
    delivery = a_delivery(user)
    for _time in range(6):
        with tenancy.posting():
            Delivery.objects.filter(pk=delivery.pk).update(next_try_at=DAY)
        rows = delivering.claim("email", now=DAY)
        if rows and rows[0].attempts < delivering.MOST_TRIES:
            delivering._update(rows[0], attempts=rows[0].attempts + 1)
        elif rows:
            delivering.Round(rows).send(rows[0], now=DAY)

    assert (row_of(delivery).state, row_of(delivery).reason) == ("failed", "tries")
    assert Recorder.sent == []


def test_a_broken_channel_rests_without_a_mark_on_its_messages_and_the_others_go_on(db):
    user = reader()
    a_device(user)
    pushed, mailed = [a_delivery(user, channel="push") for _ in range(3)], a_delivery(user)
    Trouble.raises = [ChannelBroken("down")]

    deliver("push")
    deliver("push")
    deliver("email")

    assert [(row_of(row).state, row_of(row).attempts) for row in pushed] == [("waiting", 0)] * 3
    assert row_of(mailed).state == "sent"
    state = ChannelState.objects.get(channel="push")
    assert 3 <= (state.paused_until - DAY).total_seconds() <= 7
    assert (state.failures, state.error) == (1, "ChannelBroken: down")


def test_the_rest_grows_to_ten_minutes_and_ends_with_success(db):
    ChannelState.objects.create(channel="push")
    rests = [delivering.rest("push", ChannelBroken(), now=DAY) for _ in range(12)]

    delivering.worked("push", now=DAY)

    assert rests[0] < 10
    assert rests[-1] > 470
    assert all(seconds <= 600 for seconds in rests)
    assert ChannelState.objects.get().failures == 0


def test_a_provider_that_asks_for_patience_gets_it(db):
    ChannelState.objects.create(channel="push")

    assert delivering.rest("push", Busy(90), now=DAY) == 90


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"read_at": DAY}, "read_before"),
        ({"read_at": DAY, "urgency": "urgent"}, "sent"),
        ({"read_at": DAY, "category": "legal"}, "sent"),
        ({}, "sent"),
    ],
)
def test_what_was_read_on_the_site_is_not_sent_any_more_unless_it_is_heavy(db, fields, state):
    user = reader()
    delivery = a_delivery(user, a_notice(user, kind="member_left", **fields))

    deliver("email")

    assert row_of(delivery).state == state


def test_a_way_switched_off_since_takes_nothing(db):
    user = reader()
    delivery = a_delivery(user)
    with tenancy.posting():
        record_stop(user_id=user.pk, channel="email", address="reader@test.example", why="complained", now=DAY)

    deliver("email")

    assert (row_of(delivery).state, row_of(delivery).reason) == ("stopped", "stopped")


@pytest.mark.parametrize(("category", "state"), [("account", "stopped"), ("legal", "sent")])
def test_a_blocked_account_hears_only_what_has_a_legal_effect(db, category, state):
    user = reader()
    User.objects.filter(pk=user.pk).update(is_active=False)
    delivery = a_delivery(user, a_notice(user, category=category))

    deliver("email")

    assert row_of(delivery).state == state


def test_what_comes_late_into_the_night_waits_for_the_morning(db, monkeypatch):
    user = reader()
    night = DAY + timedelta(hours=15)
    calm, urgent = a_delivery(user), a_delivery(user, a_notice(user, urgency="urgent"))
    monkeypatch.setattr(timezone, "now", lambda: night)

    deliver("email")

    assert (row_of(calm).state, row_of(calm).next_try_at) == ("waiting", DAY + timedelta(hours=21))
    assert row_of(urgent).state == "sent"


def test_a_channel_takes_no_more_workers_than_it_may_so_that_others_go_on(db):
    user = reader()
    for channel in ("sms", "sms", "email"):
        a_delivery(user, channel=channel)

    assert len(delivering.claim("sms", now=DAY)) == 2
    a_delivery(user, channel="sms")
    assert delivering.claim("sms", now=DAY) == []
    assert len(delivering.claim("email", now=DAY)) == 1


def test_two_workers_share_a_channel_and_a_third_finds_nothing(db, settings):
    settings.WORKERS_PER_CHANNEL = 2
    user = reader()
    for _ in range(delivering.BATCH * 3):
        a_delivery(user)

    taken = [delivering.claim("email", now=DAY) for _ in range(3)]

    assert [len(rows) for rows in taken] == [delivering.BATCH, delivering.BATCH, 0]
    assert not {row.pk for row in taken[0]} & {row.pk for row in taken[1]}


def test_what_a_dead_worker_held_is_taken_over_after_its_lease(db):
    user = reader()
    delivery = a_delivery(user)
    delivering.claim("email", now=DAY)

    before = delivering.claim("email", now=DAY + timedelta(seconds=5))
    after = delivering.claim("email", now=DAY + delivering.LEASE + timedelta(seconds=1))

    assert (before, [row.pk for row in after]) == ([], [delivery.pk])


def test_the_same_message_handed_over_twice_is_caught_once(db, settings):
    settings.CHANNELS = {"email": "notifications.channels.email.transport.Transport"}
    settings.EMAIL_BACKEND = "notifications.channels.email.mailbox.EmailBackend"
    transport.cache_clear()
    user = reader()
    delivery = a_delivery(user)

    deliver("email")
    with tenancy.posting():
        Delivery.objects.filter(pk=delivery.pk).update(state="waiting", next_try_at=DAY)
    deliver("email")

    assert MailboxMessage.objects.count() == 1
    assert row_of(delivery).state == "sent"


def test_the_time_of_a_turn_is_kept_and_the_rest_is_let_go(db, monkeypatch):
    user = reader()
    rows = [a_delivery(user) for _ in range(5)]
    ticks = iter([0.0, 1.0, 30.0, 40.0, 50.0, 60.0])
    asked = []
    monkeypatch.setattr(tasks.time, "monotonic", lambda: next(ticks))
    monkeypatch.setattr(tasks, "ask", lambda task, *args: asked.append((task.name, args)))

    deliver("email")

    assert [row_of(row).state for row in rows].count("sent") == 1
    assert [row_of(row).claimed_until for row in rows] == [None] * 5
    assert asked == [("notifications.tasks.deliver", ("email",))]


def test_the_clock_asks_for_every_channel_that_has_something(db, monkeypatch):
    user = reader()
    a_delivery(user)
    a_delivery(user, channel="push")
    a_delivery(user, channel="line", next_try_at=DAY + timedelta(hours=1))

    assert sweep_deliveries() == ["email", "push"]


def test_an_operator_gives_a_failed_delivery_another_try(db):
    user = reader()
    delivery = a_delivery(user, state="failed", attempts=5, reason="tries")

    delivering.revive_deliveries(ids=[delivery.pk], now=DAY)
    deliver("email")

    assert row_of(delivery).state == "sent"
