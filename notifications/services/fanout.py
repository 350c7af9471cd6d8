"""From an event to the notices of everybody who hears of it, some hundred people at a time.

A fan-out is claimed for a while, so that one that kills its worker is begun at most five times; each piece is one transaction that
moves the cursor, so whoever goes on begins where the last piece ended.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from core import tenancy
from core.models import Event
from notifications import routing
from notifications.models import Fanout
from notifications.routing.shield import fallback, keep, respondents_of
from notifications.selectors.audiences import People, members_among, platform_desk
from notifications.selectors.details import slug_of
from notifications.services.telling import Fact, tell

BATCH = 500
LEASE = timedelta(seconds=60)
MOST_TRIES = 5
BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))


@dataclass(frozen=True)
class Piece:
    """What one step did: whether it was the last, how many people, and the channels that have something to send now."""

    is_last: bool
    told: int
    channels: set[str]


def plan(event: Event, *, now: datetime) -> list[int]:
    """Write down the work of telling this event, once; returns the ids of its fan-outs."""
    routes = routing.routes_of(event.verb)
    Fanout.objects.bulk_create(
        (
            Fanout(
                event_id=event.pk,
                route=route.name,
                organization_id=event.organization_id,
                person_id=event.person_id,
                next_try_at=now,
            )
            for route in routes
        ),
        ignore_conflicts=True,
    )
    return list(Fanout.objects.filter(event_id=event.pk, state=Fanout.WAITING).order_by("pk").values_list("pk", flat=True))


def due_fanouts(*, now: datetime, limit: int = 200) -> list[int]:
    """What waits and nobody is working on, the longest first."""
    rows = Fanout.objects.filter(state=Fanout.WAITING, next_try_at__lte=now).order_by("next_try_at")
    return list(rows.values_list("pk", flat=True)[:limit])


@transaction.atomic
def claim(pk: int, *, now: datetime) -> bool:
    """Take the work for LEASE. False when somebody has it, or it is done, or was begun five times for nothing: then it is dead."""
    rows = Fanout.objects.filter(pk=pk, state=Fanout.WAITING)
    row = rows.select_for_update(skip_locked=True).filter(next_try_at__lte=now).first()
    if row is None:
        return False
    if row.attempts >= MOST_TRIES:
        rows.update(state=Fanout.DEAD, error=row.error or "The worker died each time.")
        return False
    rows.update(attempts=F("attempts") + 1, next_try_at=now + LEASE)
    return True


@transaction.atomic
def step(pk: int, *, now: datetime) -> Piece | None:
    """Tell the next BATCH people. None when another worker has the row or it is not waiting any more."""
    row = Fanout.objects.select_for_update(skip_locked=True).filter(pk=pk, state=Fanout.WAITING).first()
    if row is None:
        return None
    with tenancy.activate(row.person_id, row.organization_id):
        event = Event.objects.get(pk=row.event_id)
        route = routing.route(event.verb, row.route)
        if route is None:
            raise LookupError(f"The routing table has no row {row.route} for {event.verb}.")
        people = route.audience(event, row.cursor, BATCH)
        is_last = len(people) < BATCH
        cursor = people[-1][0] if people else row.cursor
        if routing.shielded(event.verb):
            people = _shielded(event, people, nobody_yet=is_last and row.told == 0)
        data = route.data(event)
        path = route.page(event, data, slug_of(event.organization_id))
    fact = Fact(
        name=f"{event.pk}:{route.kind}",
        kind=route.kind,
        category=route.category,
        at=event.at,
        urgency=route.urgency,
        discreet=route.discreet,
        channels=route.channels,
        data=data,
        path=path,
    )
    with tenancy.posting():
        channels = tell(fact, people, now=now) if people else set()
    Fanout.objects.filter(pk=pk).update(
        cursor=cursor,
        told=row.told + len(people),
        state=Fanout.DONE if is_last else Fanout.WAITING,
        attempts=0,
        next_try_at=now + LEASE,
        error="",
    )
    return Piece(is_last, len(people), channels)


def _shielded(event: Event, people: People, *, nobody_yet: bool) -> People:
    """The one gate of what a respondent must not learn. An event that does not say who is accused reaches the desk only."""
    respondents = respondents_of(event.data)
    if respondents is None:
        people, respondents = [], frozenset()
    accused = members_among(respondents, [user_id for user_id, _there in people])
    left = keep(people, accused=accused, respondents=respondents)
    if left or not nobody_yet:
        return left
    desk = platform_desk(event, 0, BATCH)
    return fallback(desk, accused=members_among(respondents, [pk for pk, _there in desk]), respondents=respondents)


def let_go(pk: int, *, now: datetime) -> None:
    """The worker's time is over: somebody else may go on at once."""
    Fanout.objects.filter(pk=pk, state=Fanout.WAITING).update(next_try_at=now)


def failed(pk: int, error: Exception, *, now: datetime) -> None:
    """Write down a failure: to be tried again later, or given up after five tries."""
    row = Fanout.objects.filter(pk=pk, state=Fanout.WAITING).first()
    if row is None:
        return
    wait = BACKOFF[min(max(row.attempts, 1), len(BACKOFF)) - 1]
    Fanout.objects.filter(pk=pk, state=Fanout.WAITING).update(
        state=Fanout.DEAD if row.attempts >= MOST_TRIES else Fanout.WAITING,
        next_try_at=now + wait,
        error=f"{type(error).__name__}: {error}"[:2000],
    )


def revive_fanout(*, fanout: Fanout, now: datetime) -> None:
    """An operator gives dead work another five tries; it goes on where it stopped."""
    Fanout.objects.filter(pk=fanout.pk, state=Fanout.DEAD).update(state=Fanout.WAITING, attempts=0, next_try_at=now)
