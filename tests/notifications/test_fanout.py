"""From an event to notices and deliveries: in pieces, once, over the ways that people chose."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core import events, tenancy
from core.policies import System
from core.tasks import dispatch
from notifications.models import Choice, Delivery, Fanout, Notice
from notifications.services import fanout
from notifications.services.stop import record_stop
from notifications.services.telling import Fact, tell
from notifications.tasks.fanout import fan_out, sweep_fan_outs
from organizations.events import membership as member_verbs
from organizations.events import permit_status as permit_verbs
from organizations.events import review as review_verbs
from organizations.models import Membership, Review
from tests.factories.notifications import DAY, a_device, a_reader
from tests.factories.organizations import a_member, a_permit, an_organization

RECORDER = "tests.factories.notifications.Recorder"


@pytest.fixture(autouse=True)
def channels(settings):
    settings.CHANNELS = {"email": RECORDER, "sms": RECORDER, "push": RECORDER}


@pytest.fixture
def office(db):
    return an_organization("hoa-sen")


def crowd(organization, number: int, role: str = "owner") -> None:
    """This many new members, in two statements."""
    first = User.objects.count()
    users = User.objects.bulk_create(User(name=f"P{first + n}", language="vi") for n in range(number))
    with tenancy.activate(None, organization.pk):
        Membership.objects.bulk_create(Membership(organization=organization, user=user, roles=[role]) for user in users)


def happened(organization, verb=permit_verbs.EXPIRED, subject=None, **data):
    with tenancy.activate(None, organization.pk):
        subject = subject or a_permit(organization, permit_kind="VN-SERVICE")
        event = events.record(verb, subject=subject, actor=System("test"), now=timezone.now(), data=data)
        fanout.plan(event, now=timezone.now())
    return event


def notices():
    with tenancy.posting():
        return list(Notice.objects.order_by("user_id"))


def deliveries(**wanted):
    with tenancy.posting():
        return list(Delivery.objects.filter(**wanted).select_related("notice").order_by("user_id", "channel"))


def told(people, **fields):
    given = {"name": "f1", "kind": "member_left", "category": "company", "at": DAY}
    with tenancy.posting():
        return tell(Fact(**{**given, **fields}), people, now=DAY)


def test_an_event_is_told_once_however_often_its_work_is_done(office):
    crowd(office, 3)
    event = happened(office)

    for _time in range(3):
        with tenancy.activate(None, office.pk):
            fanout.plan(event, now=timezone.now())
        Fanout.objects.update(state=Fanout.WAITING, cursor=0, next_try_at=timezone.now())
        sweep_fan_outs()

    assert Fanout.objects.count() == 1
    assert len(notices()) == 3
    assert {notice.fact for notice in notices()} == {f"{event.pk}:permit_expired"}


def test_a_thousand_people_are_told_in_pieces_of_constant_cost(office):
    crowd(office, 1250)
    event = happened(office)
    pk = Fanout.objects.get().pk
    counts, told_people = [], []

    while not told_people or told_people[-1] == fanout.BATCH:
        with CaptureQueriesContext(connection) as queries:
            piece = fanout.step(pk, now=timezone.now())
        counts.append(len(queries))
        told_people.append(piece.told)

    assert told_people == [500, 500, 250]
    assert len(set(counts)) == 1
    assert counts[0] < 60
    assert [notice.fact for notice in notices()] == [f"{event.pk}:permit_expired"] * 1250
    assert Fanout.objects.get().state == Fanout.DONE


def test_a_killed_worker_is_followed_by_another_after_its_lease(office):
    crowd(office, 700)
    happened(office)
    pk, now = Fanout.objects.get().pk, timezone.now()
    assert fanout.claim(pk, now=now)
    fanout.step(pk, now=now)

    too_early = fanout.claim(pk, now=now + timedelta(seconds=1))
    in_time = fanout.claim(pk, now=now + fanout.LEASE + timedelta(seconds=1))
    fanout.step(pk, now=now)

    assert (too_early, in_time) == (False, True)
    assert len(notices()) == 700
    assert len({notice.user_id for notice in notices()}) == 700


def test_work_that_kills_its_worker_is_begun_five_times_and_then_shown_to_operators(office):
    happened(office)
    pk, now = Fanout.objects.get().pk, timezone.now()

    begun = [fanout.claim(pk, now=now + n * (fanout.LEASE + timedelta(seconds=1))) for n in range(7)]

    assert begun == [True] * 5 + [False] * 2
    assert Fanout.objects.get().state == Fanout.DEAD


def test_a_failure_is_tried_again_later_and_five_times_at_most(office, monkeypatch):
    happened(office)
    pk = Fanout.objects.get().pk
    monkeypatch.setattr(fanout, "tell", lambda *args, **kwargs: 1 / 0)
    crowd(office, 1)

    for _time in range(6):
        Fanout.objects.update(next_try_at=timezone.now())
        fan_out(pk)

    row = Fanout.objects.get()
    assert (row.state, row.attempts, row.error.startswith("ZeroDivisionError")) == (Fanout.DEAD, 5, True)
    assert notices() == []

    monkeypatch.undo()
    fanout.revive_fanout(fanout=row, now=timezone.now())
    fan_out(pk)
    assert len(notices()) == 1


def test_the_subscriber_writes_the_work_with_its_effect(office):
    crowd(office, 2)
    with tenancy.activate(None, office.pk):
        event = events.record(
            permit_verbs.EXPIRED, subject=a_permit(office, permit_kind="VN-SERVICE"), actor=System("x"), now=timezone.now()
        )

    dispatch(event.pk, office.pk)
    dispatch(event.pk, office.pk)

    assert list(Fanout.objects.values_list("event_id", flat=True)) == [event.pk]


def test_only_living_members_with_the_role_hear_and_not_whoever_did_it(cast):
    gone = a_member(cast.agency, "owner")
    blocked = a_member(cast.agency, "manager")
    with tenancy.activate(None, cast.agency.pk):
        Membership.objects.filter(user=gone.user).update(ended_at=timezone.now())
    User.objects.filter(pk=blocked.user.pk).update(is_active=False)
    other = a_member(cast.agency, "manager")
    with cast.agency_owner.active():
        actor = cast.agency_owner.actor()
        event = events.record(
            member_verbs.KEY_CREATED, subject=cast.agency, actor=actor, now=timezone.now(), data={"prefix": "trg_1"}
        )
        fanout.plan(event, now=timezone.now())

    sweep_fan_outs()

    assert [(notice.user_id, notice.data, notice.path) for notice in notices()] == [
        (other.user.pk, {"prefix": "trg_1"}, "o/hoa-sen/keys/")
    ]


def test_officers_hear_of_a_review_by_summary_but_not_of_their_own_company(cast):
    torn = a_member(cast.regulator, "officer")
    with tenancy.activate(None, cast.agency.pk):
        Membership.objects.create(organization=cast.agency, user=torn.user, roles=["viewer"])
    with tenancy.activate(None, cast.regulator.pk):
        review = Review.objects.create(
            organization=cast.regulator,
            subject_organization=cast.agency,
            subject_name="x",
            subject_type="registration",
            subject_id=cast.agency.pk,
            title="x",
            submitted_at=timezone.now(),
            due_on="2026-12-04",
        )
    happened(cast.regulator, review_verbs.OPENED, review)

    sweep_fan_outs()

    assert {notice.user_id for notice in notices()} == {cast.officer_one.user.pk, cast.officer_two.user.pk}
    assert {notice.path for notice in notices()} == {f"o/co-quan/reviews/{review.pk}/"}
    assert {row.state for row in deliveries()} <= {"held"}


def test_a_person_in_two_audiences_of_one_event_hears_the_fact_once(db):
    user = a_reader(email="a@test.example")

    told([(user.pk, None)])
    told([(user.pk, None)])

    assert (len(notices()), len(deliveries())) == (1, 1)


# -- which way --------------------------------------------------------------------------------------------------------


def test_every_free_way_with_an_address_is_used_and_no_other(db):
    user = a_reader(email="a@test.example", phone="+84912345678")
    a_device(user)

    told([(user.pk, None)])

    assert [row.channel for row in deliveries()] == ["email", "push"]


@pytest.mark.parametrize(
    ("fields", "used"),
    [
        ({}, []),
        ({"urgency": "urgent"}, ["sms"]),
        ({"category": "legal"}, ["sms"]),
        ({"urgency": "low"}, []),
    ],
)
def test_a_text_message_is_paid_for_only_when_it_matters(db, fields, used):
    user = a_reader(phone="+84912345678")

    told([(user.pk, None)], **fields)

    assert [row.channel for row in deliveries()] == used


def test_nobody_with_an_e_mail_address_gets_a_text_message(db):
    user = a_reader(email="a@test.example", phone="+84912345678")

    told([(user.pk, None)], urgency="urgent")

    assert [row.channel for row in deliveries()] == ["email"]


def test_a_choice_is_followed_but_never_for_what_has_a_legal_effect(db):
    user = a_reader(email="a@test.example")
    with tenancy.posting():
        Choice.objects.create(user=user, category="company", channel="email", rhythm="never")
        Choice.objects.create(user=user, category="legal", channel="email", rhythm="daily")
        Choice.objects.create(user=user, category="reports", channel="email", rhythm="weekly")

    told([(user.pk, None)], name="f1")
    told([(user.pk, None)], name="f2", category="legal")
    told([(user.pk, None)], name="f3", category="reports")

    assert [(row.notice.fact, row.state) for row in deliveries()] == [("f2", "waiting"), ("f3", "held")]
    assert len(notices()) == 3


def test_what_bounced_takes_nothing_and_what_was_unsubscribed_still_takes_legal_notices(db):
    bounced, tired = a_reader(email="b@test.example"), a_reader(email="t@test.example")
    with tenancy.posting():
        record_stop(user_id=bounced.pk, channel="email", address="b@test.example", why="bounced", now=DAY)
        record_stop(user_id=tired.pk, channel="email", address="t@test.example", why="unsubscribed", category="company", now=DAY)

    told([(bounced.pk, None), (tired.pk, None)], name="f1")
    told([(bounced.pk, None), (tired.pk, None)], name="f2", category="legal")
    told([(bounced.pk, None), (tired.pk, None)], name="f3", category="reports")

    with tenancy.posting():
        sent = list(Delivery.objects.filter(notice__fact__startswith="f").values_list("user_id", "notice__fact"))
    assert sorted(sent) == [(tired.pk, "f2"), (tired.pk, "f3")]


def test_at_night_only_what_is_urgent_goes(db):
    user = a_reader(email="a@test.example", language="vi")
    night = DAY + timedelta(hours=15)

    with tenancy.posting():
        tell(Fact(name="f1", kind="member_left", category="company", at=night), [(user.pk, None)], now=night)
        tell(Fact(name="f2", kind="member_left", category="company", at=night, urgency="urgent"), [(user.pk, None)], now=night)

    due = {row.notice.fact: row.next_try_at for row in deliveries()}
    assert due["f1"] == DAY + timedelta(hours=21)
    assert due["f2"] < night


def test_a_deleted_account_is_told_nothing(db):
    user = a_reader()
    User.objects.filter(pk=user.pk).update(is_active=False)

    told([(user.pk, None)])

    assert notices() == []
