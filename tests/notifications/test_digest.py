"""Summaries: one message for many notices, at the chosen moment, once."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from core import tenancy
from notifications.channels import transport
from notifications.models import Delivery, Notice
from notifications.services import digest
from notifications.tasks import delivery as tasks
from notifications.tasks.delivery import deliver, make_digests
from tests.factories.notifications import DAY, Recorder, a_delivery, a_notice, a_reader

RECORDER = "tests.factories.notifications.Recorder"


@pytest.fixture(autouse=True)
def channels(settings, monkeypatch):
    settings.CHANNELS = {"email": RECORDER}
    transport.cache_clear()
    Recorder.sent = []
    monkeypatch.setattr(timezone, "now", lambda: DAY)
    monkeypatch.setattr(tasks, "ask", lambda task, *args: None)
    yield
    transport.cache_clear()


def held(user, due=DAY, **fields):
    return a_delivery(user, a_notice(user, **fields), state="held", next_try_at=due)


def states() -> list[str]:
    with tenancy.posting():
        return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_summary_holds_what_is_unread_by_category_and_skips_what_was_read(db):
    user = a_reader(email="a@test.example")
    held(user, kind="member_left", category="company", data={})
    held(user, kind="key_revoked", category="company", data={"prefix": "trg_9"})
    held(user, kind="report_ready", category="reports", data={})
    held(user, kind="work_handed_over", category="company", data={}, read_at=DAY)

    assert make_digests() == 1
    deliver("email")

    (message,) = Recorder.sent
    assert message.subject == "3 new notices"
    assert message.text.index("My organization") < message.text.index("• A member left") < message.text.index("Reports")
    assert "Work was handed over" not in message.text
    assert states() == ["merged", "merged", "merged", "read_before", "sent"]


def test_two_clocks_make_one_summary(db):
    user = a_reader(email="a@test.example")
    held(user)
    held(user)

    assert [make_digests(), make_digests()] == [1, 0]

    with tenancy.posting():
        assert Notice.objects.filter(kind="digest").count() == 1


def test_a_clock_that_comes_meanwhile_makes_none(db):
    user = a_reader(email="a@test.example")
    held(user)
    given = connection.get_connection_params()
    given = {key: given[key] for key in ("dbname", "user", "password", "host", "port") if given.get(key)}
    with psycopg.connect(**given) as other:
        other.execute("select pg_advisory_xact_lock(%s)", [digest.ONE_AT_A_TIME])

        assert make_digests() == 0

    assert make_digests() == 1


def test_after_three_hours_without_a_clock_everybody_gets_one_summary(db, monkeypatch):
    user = a_reader(email="a@test.example")
    for hours in range(4):
        held(user, due=DAY - timedelta(hours=hours))
    later = held(user, due=DAY + timedelta(hours=20))

    make_digests()
    deliver("email")

    assert len(Recorder.sent) == 1
    assert Recorder.sent[0].subject == "4 new notices"
    with tenancy.posting():
        assert Delivery.objects.get(pk=later.pk).state == "held"


def test_nothing_unread_is_no_message(db):
    user = a_reader(email="a@test.example")
    held(user, read_at=DAY)

    make_digests()
    deliver("email")

    assert (Recorder.sent, states()) == ([], ["read_before"])


def test_what_is_read_between_the_summary_and_its_sending_is_not_sent(db):
    user = a_reader(email="a@test.example")
    row = held(user)
    make_digests()
    with tenancy.posting():
        Notice.objects.filter(pk=row.notice_id).update(read_at=DAY)

    deliver("email")

    assert (Recorder.sent, states()) == ([], ["merged", "read_before"])


def test_a_long_summary_says_how_many_are_left_out(db):
    user = a_reader(email="a@test.example")
    for _ in range(digest.LINES + 7):
        held(user)

    make_digests()
    deliver("email")

    assert Recorder.sent[0].text.count("•") == digest.LINES
    assert "and 7 more." in Recorder.sent[0].text


def test_a_discreet_notice_stays_discreet_inside_a_summary(db):
    user = a_reader(email="a@test.example")
    held(user, kind="permit_expired", category="messages", discreet=True, data={"permit": "GR-SECRET"})

    make_digests()
    deliver("email")

    assert "GR-SECRET" not in Recorder.sent[0].text
    assert "• You have a new message on Terang" in Recorder.sent[0].text


def test_each_person_and_channel_has_a_summary_of_its_own(db):
    first, second = a_reader(email="a@test.example"), a_reader(email="b@test.example")
    held(first)
    held(second)
    a_delivery(first, channel="push", state="held")

    assert make_digests() == 3

    with tenancy.posting():
        assert Notice.objects.filter(kind="digest").count() == 3
