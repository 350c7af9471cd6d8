"""Switching a way off, by an answer of the receiving side or by the person, and on again. To be called as the postman
(`core.tenancy.posting`), or by the person for their own."""

from datetime import datetime

from core.policies import Actor
from notifications.models import Address, Category, Stop, address_lookup
from notifications.policies.sending import USUAL
from notifications.services.telling import Fact, tell


def record_stop(*, user_id: int, channel: str, address: str, why: str, category: str = "", now: datetime) -> Stop:
    """No more messages (of this category, or any that may be switched off) to this address. Done twice, it is done once.

    The person is told by a notice in the inbox and, unless they did it themselves a moment ago, over another channel.
    """
    lookup = address_lookup(channel, address)
    stop, is_new = Stop.objects.get_or_create(
        user_id=user_id, channel=channel, category=category, address=lookup, lifted_at=None, defaults={"why": why, "at": now}
    )
    if why == Stop.Why.GONE:
        Address.objects.filter(user_id=user_id, channel=channel, lookup=lookup, ended_at=None).update(ended_at=now, ended_why=why)
    if is_new:
        _tell_of(stop, now)
    return stop


def _tell_of(stop: Stop, now: datetime) -> None:
    own_doing = stop.why == Stop.Why.UNSUBSCRIBED
    fact = Fact(
        name=f"stop{stop.pk}:channel_stopped",
        kind="channel_stopped",
        category=Category.ACCOUNT,
        at=now,
        channels={} if own_doing else USUAL,
        without=frozenset({stop.channel}),
        data={"channel": stop.channel, "why": stop.why, "category": stop.category},
        path="me/notices/choices/",
    )
    tell(fact, [(stop.user_id, None)], now=now)


def lift_stop(*, stop: Stop, actor: Actor, now: datetime) -> None:
    """The person switches this way on again."""
    Stop.objects.filter(pk=stop.pk, user=actor.user, lifted_at=None).update(lifted_at=now)


def lift_stops(*, user_id: int, channel: str, address: str, now: datetime) -> int:
    """The person asked for messages to this address again (an answer "START", a device allowed anew). Returns how many."""
    rows = Stop.objects.filter(user_id=user_id, channel=channel, address=address_lookup(channel, address), lifted_at=None)
    return rows.update(lifted_at=now)


def stopped(*, user_id: int, channel: str, address: str, category: str = "") -> bool:
    """Whether this address is switched off for this category ("" = for everything that may be switched off)."""
    rows = Stop.objects.filter(user_id=user_id, channel=channel, address=address_lookup(channel, address), lifted_at=None)
    return rows.filter(category__in={"", category}).exists()
