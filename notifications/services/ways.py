"""What the delivery knows about its readers: language, ways to them, what they chose, what is switched off.

Read for a whole batch at once, as the postman, in a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from core import tenancy
from notifications.models import Address, Category, Channel, Choice, Clock, Hours, Stop, address_lookup, usual_clock
from organizations.models import Organization

NO_WAY_AT_ALL = (Stop.Why.BOUNCED, Stop.Why.GONE)


@dataclass(frozen=True)
class Way:
    """One address of one channel. `address` is in clear for e-mail only; others are opened when a message is sent."""

    channel: str
    lookup: bytes
    address: str = ""
    row: Any = None


@dataclass
class Reader:
    """A person as the delivery sees them."""

    user: User
    clock: Clock
    ways: dict[str, list[Way]] = field(default_factory=lambda: defaultdict(list))
    choices: dict[tuple[str, str], str] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.user.language

    def open_ways(self, channel: str, category: str) -> list[Way]:
        """The addresses of this channel that take messages of this category."""
        return [way for way in self.ways.get(channel, ()) if not self._stopped(way, category)]

    def _stopped(self, way: Way, category: str) -> bool:
        return any(
            bytes(stop.address) == way.lookup and _holds(stop, category) for stop in self.stops if stop.channel == way.channel
        )


def _holds(stop: Stop, category: str) -> bool:
    """A dead address takes nothing; what a person switched off still lets through what may not be switched off."""
    if stop.why in NO_WAY_AT_ALL:
        return True
    return category != Category.LEGAL and stop.category in ("", category)


def readers(user_ids: Iterable[int]) -> dict[int, Reader]:
    """Everything about these people, by id: six queries, however many they are. Blocked accounts are read too."""
    ids = list(user_ids)
    users = list(User.objects.filter(pk__in=ids))
    clocks = {row.user_id: _clock(row) for row in Hours.objects.filter(user_id__in=ids)}
    found = {user.pk: Reader(user, clocks.get(user.pk) or usual_clock(user.language)) for user in users}
    for email in EmailAddress.objects.filter(user_id__in=ids, verified=True).order_by("-primary", "pk"):
        ways = found[email.user_id].ways[Channel.EMAIL]
        if not ways:
            ways.append(Way(Channel.EMAIL, address_lookup(Channel.EMAIL, email.email), email.email))
    for user in users:
        if user.phone_verified_at and user.phone_hash:
            found[user.pk].ways[Channel.SMS].append(Way(Channel.SMS, bytes(user.phone_hash)))
    for row in Address.objects.filter(user_id__in=ids, ended_at=None).order_by("pk"):
        found[row.user_id].ways[row.channel].append(Way(row.channel, bytes(row.lookup), row=row))
    for choice in Choice.objects.filter(user_id__in=ids):
        found[choice.user_id].choices[choice.category, choice.channel] = choice.rhythm
    for stop in Stop.objects.filter(user_id__in=ids, lifted_at=None):
        found[stop.user_id].stops.append(stop)
    return found


def _clock(row: Hours) -> Clock:
    return Clock(row.time_zone, row.quiet_from, row.quiet_until, row.digest_at, row.digest_day)


def names_of(organization_ids: Iterable[int | None]) -> dict[int, str]:
    """What organizations are called, each asked inside its own tenant: the postman reads none."""
    found = {}
    for pk in {pk for pk in organization_ids if pk is not None}:
        with tenancy.activate(None, pk):
            found[pk] = Organization.objects.get(pk=pk).legal_name
    return found
