"""What goes by age and with the person, and how many days it is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services.account import erase_account
from core import tenancy
from core.models import Outbox
from core.policies import Actor
from core.tasks import dispatch
from notifications.models import Address, Choice, Delivery, Fanout, Hours, Notice, Stop
from notifications.services.forgetting import forget_old
from notifications.services.stop import record_stop
from tests.factories.notifications import DAY, a_delivery, a_device, a_notice, a_reader

OLD = DAY - timedelta(days=400)
HALF = DAY - timedelta(days=200)


def test_read_notices_the_log_and_done_work_go_and_the_rest_stays(db):
    user = a_reader(email="a@test.example")
    unread, fresh = a_notice(user, at=OLD), a_notice(user, at=OLD, read_at=HALF)
    a_notice(user, at=OLD, read_at=OLD)
    a_delivery(user, unread, state="sent", done_at=HALF)
    kept = a_delivery(user, fresh, state="sent", done_at=DAY)
    waiting = a_delivery(user, unread, channel="sms")
    Fanout.objects.create(event_id=1, route="x", state="done", next_try_at=DAY - timedelta(days=8))
    dead = Fanout.objects.create(event_id=2, route="x", state="dead", next_try_at=OLD)

    forget_old(now=DAY)

    with tenancy.posting():
        assert set(Notice.objects.values_list("pk", flat=True)) == {unread.pk, fresh.pk}
        assert set(Delivery.objects.values_list("pk", flat=True)) == {kept.pk, waiting.pk}
    assert list(Fanout.objects.values_list("pk", flat=True)) == [dead.pk]


@pytest.mark.parametrize("model", [Notice, Delivery, Choice, Hours, Address, Stop])
def test_nothing_stays_of_a_person_who_deleted_their_account(db, model):
    user, other = a_reader(email="a@test.example"), a_reader(email="b@test.example")
    for person, address in ((user, "a@test.example"), (other, "b@test.example")):
        a_device(person)
        a_delivery(person)
        with tenancy.posting():
            Choice.objects.create(user=person, category="company", channel="email", rhythm="daily")
            Hours.objects.create(user=person, time_zone="Asia/Tokyo", digest_at="08:00")
            record_stop(user_id=person.pk, channel="email", address=address, why="bounced", now=DAY)

    erase_account(user=user, actor=Actor(user=user), now=timezone.now())
    event = Outbox.objects.get(user_id=user.pk)
    dispatch(event.pk)

    with tenancy.posting():
        assert set(model.objects.values_list("user_id", flat=True)) == {other.pk}
