"""Doorways to a person's own notices, what became of their messages, and what they chose."""

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from core.policies import Actor
from notifications.models import Address, Channel, Choice, Clock, Delivery, Hours, Notice, Stop, usual_clock

SUMMARY = "digest"


def notices_visible_to(actor: Actor) -> QuerySet[Notice]:
    """The person's own; a summary is no notice of its own."""
    return Notice.objects.filter(user=actor.user).exclude(kind=SUMMARY).select_related("organization")


def unread_count(actor: Actor) -> int:
    """How many notices nobody opened yet. One question to an index that holds the unread ones only."""
    return notices_visible_to(actor).filter(read_at=None).count()


def with_words(rows: QuerySet[Notice], *, kinds: list[str], text: str) -> QuerySet[Notice]:
    """Notices of these kinds, or with this text among their codes and numbers (a hyphen does not matter) or organizations."""
    rows = rows.annotate(said=Cast("data", TextField()))
    plain = text.replace("-", "")
    return rows.filter(
        Q(kind__in=kinds) | Q(said__icontains=text) | Q(said__icontains=plain) | Q(organization__legal_name__icontains=text)
    )


def deliveries_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """What became of the messages to this person, over every way."""
    return Delivery.objects.filter(user=actor.user).select_related("notice", "notice__organization")


def stops_visible_to(actor: Actor) -> QuerySet[Stop]:
    """The person's ways that are switched off."""
    return Stop.objects.filter(user=actor.user, lifted_at=None).order_by("-at")


def addresses_visible_to(actor: Actor) -> QuerySet[Address]:
    """Devices and accounts of messengers at which the person can be reached."""
    return Address.objects.filter(user=actor.user, ended_at=None).order_by("channel", "-pk")


def choices_of(actor: Actor) -> dict[tuple[str, str], str]:
    """(category, channel) → rhythm, where the person chose one."""
    return {(row.category, row.channel): row.rhythm for row in Choice.objects.filter(user=actor.user)}


def clock_of(actor: Actor) -> Clock:
    """The person's hours, chosen or usual."""
    row = Hours.objects.filter(user=actor.user).first()
    if row is None:
        return usual_clock(actor.user.language)
    return Clock(row.time_zone, row.quiet_from, row.quiet_until, row.digest_at, row.digest_day)


def own_channels(actor: Actor, channels: list[str]) -> list[str]:
    """Of these channels the ones that lead to this person now, and e-mail, which everybody may add."""
    known = set(addresses_visible_to(actor).values_list("channel", flat=True)) | {Channel.EMAIL}
    if actor.user.phone_verified_at:
        known.add(Channel.SMS)
    return [channel for channel in channels if channel in known]
