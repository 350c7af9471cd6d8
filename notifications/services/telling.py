"""Writing notices and the deliveries they leave by, for many people at once. Written twice, they are there once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifications.channels import open_channels
from notifications.models import Channel, Delivery, Notice, Rhythm
from notifications.policies.hours import may_go_at, next_digest
from notifications.policies.sending import USUAL, rhythm_for
from notifications.services.ways import Reader, readers

OVERTAKES = timedelta(days=1)


@dataclass(frozen=True)
class Fact:
    """What is told. `name` is the same for the same fact, however often and by whatever audience it is told."""

    name: str
    kind: str
    category: str
    at: datetime
    urgency: str = Notice.Urgency.NORMAL
    discreet: bool = False
    channels: Mapping[str, str] = field(default_factory=lambda: USUAL)
    without: frozenset[str] = frozenset()
    data: dict = field(default_factory=dict)
    path: str = ""


def tell(fact: Fact, people: Iterable[tuple[int, int | None]], *, now: datetime) -> set[str]:
    """Write this fact for (user, organization) pairs, as the postman. Returns the channels that have something to send now.

    A deleted account, which nothing leads to, is told nothing.
    """
    organizations = dict(people)
    found = {pk: reader for pk, reader in readers(organizations).items() if reader.user.is_active or reader.ways}
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=pk,
                organization_id=organizations[pk],
                fact=fact.name,
                kind=fact.kind,
                category=fact.category,
                urgency=fact.urgency,
                discreet=fact.discreet,
                at=fact.at,
                data=fact.data,
                path=fact.path,
            )
            for pk in found
        ),
        ignore_conflicts=True,
    )
    written = Notice.objects.filter(user_id__in=found, fact=fact.name).values_list("pk", "user_id")
    usable = [channel for channel in open_channels() if channel not in fact.without]
    deliveries = [
        delivery for pk, user_id in written for delivery in _deliveries(pk, found[user_id], fact=fact, usable=usable, now=now)
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return {row.channel for row in deliveries if row.state == Delivery.State.WAITING and row.next_try_at <= now}


def _deliveries(notice_id: int, reader: Reader, *, fact: Fact, usable: list[str], now: datetime) -> Iterable[Delivery]:
    has_email = bool(reader.open_ways(Channel.EMAIL, fact.category)) and Channel.EMAIL in usable
    for channel in usable:
        if not reader.open_ways(channel, fact.category) or (channel == Channel.SMS and has_email):
            continue
        rhythm = rhythm_for(
            channel,
            category=fact.category,
            urgency=fact.urgency,
            route=fact.channels,
            chosen=reader.choices.get((fact.category, channel)),
        )
        if rhythm == Rhythm.NEVER:
            continue
        held = rhythm != Rhythm.AT_ONCE
        yield Delivery(
            user_id=reader.user.pk,
            notice_id=notice_id,
            channel=channel,
            state=Delivery.State.HELD if held else Delivery.State.WAITING,
            next_try_at=next_digest(reader.clock, rhythm, now) if held else goes_at(reader, fact.urgency, now),
        )


def goes_at(reader: Reader, urgency: str, now: datetime) -> datetime:
    """Urgent ones are due since yesterday, so that they overtake whatever waits; the others go when the quiet hours are over."""
    return now - OVERTAKES if urgency == Notice.Urgency.URGENT else may_go_at(reader.clock, now)
