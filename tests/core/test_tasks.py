"""From events to effects: once, repeated, poisoned, swept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import events, tasks, tenancy
from core.models import Effect, Event, Outbox
from core.policies import System
from organizations.models import Representative
from tests.factories.organizations import an_organization

VERB = events.Verb("test.happened", "{actor} tested")


@pytest.fixture
def organization(db):
    return an_organization("a-one")


@pytest.fixture
def subscribed():
    """Register a handler for the test verb only."""
    before = list(tasks.subscribers_of(VERB.code))
    yield tasks.subscribe(VERB)
    tasks.subscribers_of(VERB.code)[:] = before


def happen(organization):
    with tenancy.activate(None, organization.pk):
        return events.record(VERB, subject=organization, actor=System("test"), now=timezone.now(), data={"n": 1})


def add_representative(event):
    Representative.objects.create(organization_id=event.organization_id, name="Made by the event")


def names(organization):
    with tenancy.activate(None, organization.pk):
        return [r.name for r in Representative.objects.all()]


def test_an_event_writes_its_outbox_row(organization):
    event = happen(organization)

    assert Outbox.objects.values_list("event_id", "state", "organization_id").get() == (event.pk, "pending", organization.pk)


def test_dispatch_runs_subscribers_as_the_events_organization(organization, subscribed):
    subscribed(add_representative)
    event = happen(organization)

    tasks.dispatch(event.pk, organization.pk)

    assert names(organization) == ["Made by the event"]
    assert Outbox.objects.get().state == Outbox.DONE


def test_a_repeated_delivery_does_nothing_twice(organization, subscribed):
    subscribed(add_representative)
    event = happen(organization)

    tasks.dispatch(event.pk, organization.pk)
    Outbox.objects.update(state=Outbox.PENDING, next_try_at=timezone.now())
    tasks.dispatch(event.pk, organization.pk)

    assert names(organization) == ["Made by the event"]
    assert Effect.objects.count() == 1


def test_a_failing_subscriber_leaves_nothing_and_is_tried_again(organization, subscribed):
    def fails_after_writing(event):
        add_representative(event)
        raise RuntimeError("not today")

    subscribed(fails_after_writing)
    event = happen(organization)

    tasks.dispatch(event.pk, organization.pk)

    outbox = Outbox.objects.get()
    assert (outbox.state, outbox.attempts, outbox.error) == (Outbox.PENDING, 1, "RuntimeError: not today")
    assert outbox.next_try_at > timezone.now()
    assert (names(organization), Effect.objects.count()) == ([], 0)


def test_a_poison_event_is_started_five_times_and_then_lies_dead(organization, subscribed):
    starts = []

    def poison(event):
        starts.append(event.pk)
        raise RuntimeError("poison")

    subscribed(poison)
    event = happen(organization)

    for _ in range(8):
        Outbox.objects.filter(state=Outbox.PENDING).update(next_try_at=timezone.now())
        tasks.dispatch(event.pk, organization.pk)

    assert len(starts) == 5
    assert Outbox.objects.get().state == Outbox.DEAD


def test_a_worker_killed_five_times_leaves_a_dead_letter(organization):
    event = happen(organization)
    Outbox.objects.update(attempts=5)

    tasks.dispatch(event.pk, organization.pk)

    assert Outbox.objects.get().state == Outbox.DEAD


def test_a_dead_event_can_be_replayed(organization, subscribed):
    subscribed(add_representative)
    event = happen(organization)
    Outbox.objects.update(state=Outbox.DEAD, attempts=5)

    tasks.replay(event.pk)
    tasks.dispatch(event.pk, organization.pk)

    assert names(organization) == ["Made by the event"]


def test_the_sweeper_finds_what_the_broker_lost(organization, subscribed):
    subscribed(add_representative)
    happen(organization)

    assert tasks.sweep() == 1
    assert tasks.sweep() == 0
    assert names(organization) == ["Made by the event"]


def test_a_claimed_event_is_left_alone(organization, subscribed):
    subscribed(add_representative)
    event = happen(organization)
    Outbox.objects.update(next_try_at=timezone.now() + timedelta(seconds=100))

    tasks.dispatch(event.pk, organization.pk)

    assert names(organization) == []


def test_an_unreachable_broker_neither_breaks_nor_loses(organization, subscribed, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(tasks.dispatch, "apply_async", refuse)
    subscribed(add_representative)
    event = happen(organization)

    tasks._send(event.pk, organization.pk)

    assert tasks.sweep() == 1
    assert names(organization) == ["Made by the event"]


def test_events_carry_no_free_text(organization):
    happen(organization)

    with tenancy.activate(None, organization.pk):
        assert Event.objects.get().data == {"n": 1}
