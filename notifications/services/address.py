"""Devices and accounts at which a person can be reached. The address itself lies sealed."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import events, tenancy
from core.policies import Actor, require, signed_in
from core.vault import shred
from notifications.channels.guard import NotAllowed, read
from notifications.channels.push import Subscription
from notifications.events import DEVICE_ADDED, DEVICE_REMOVED
from notifications.models import Address, Channel, address_lookup
from notifications.services.stop import lift_stops

MOST_DEVICES = 20
MOVED = "moved"
REMOVED = "removed"


def add_device(*, subscription: Subscription, hint: str, actor: Actor, now: datetime) -> Address:
    """This browser takes messages for this person from now on. Done twice, it is done once.

    A browser shows the messages of one person: whoever had it before gets none there any more. Raises Refused, and ValidationError when
    the address is not one of a known push service or there are too many devices.
    """
    require(signed_in(actor))
    try:
        read(subscription.endpoint, services=settings.PUSH_SERVICES)
    except NotAllowed:
        raise ValidationError(_("This browser uses a message service that we do not know."), code="service") from None
    text = subscription.as_text()
    lookup = address_lookup(Channel.PUSH, text)
    own = Address.objects.filter(user=actor.user, channel=Channel.PUSH, ended_at=None)
    known = own.filter(lookup=lookup).first()
    if known is not None:
        return known
    if own.count() >= MOST_DEVICES:
        raise ValidationError(_("You have too many devices. Remove one first."), code="too_many")
    end_elsewhere(channel=Channel.PUSH, lookup=lookup, now=now)
    row = Address(user=actor.user, channel=Channel.PUSH, hint=hint[:120], added_at=now)
    row.seal(text)
    row.save()
    lift_stops(user_id=row.user_id, channel=Channel.PUSH, address=text, now=now)
    events.record(DEVICE_ADDED, subject=row, actor=actor, now=now)
    return row


def remove_device(*, device: Address, actor: Actor, now: datetime) -> Address:
    """No more messages there. The address is destroyed; that there was one stays. Doing it again changes nothing."""
    if _end(Address.objects.filter(pk=device.pk, user=actor.user, ended_at=None), REMOVED, now):
        events.record(DEVICE_REMOVED, subject=device, actor=actor, now=now)
    return device


def end_elsewhere(*, channel: str, lookup: bytes, now: datetime) -> None:
    """Whoever this address belonged to before gets no messages there any more."""
    with tenancy.posting():
        _end(Address.objects.filter(channel=channel, lookup=lookup, ended_at=None), MOVED, now)


def _end(rows, why: str, now: datetime) -> int:
    return rows.update(ended_at=now, ended_why=why, wrapped_key=shred())
