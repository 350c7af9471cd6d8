"""Deliveries of one channel: claimed in small pieces, sent one by one, each outcome written at once.

A worker that dies lets go of its piece after LEASE. Whoever takes over hands the same message over with the same key.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import F

from accounts.services.phone import masked, read_phone
from core import tenancy
from notifications.channels import Busy, ChannelBroken, Message, Undeliverable, transport
from notifications.models import Category, Channel, ChannelState, Delivery, Notice, Stop
from notifications.policies.hours import is_quiet, may_go_at
from notifications.policies.sending import may_stop
from notifications.services.digest import contents
from notifications.services.rendering import DIGEST, Words, is_neutral, outgoing
from notifications.services.stop import record_stop
from notifications.services.unsubscribe import unsubscribe_link
from notifications.services.ways import Reader, Way, names_of, readers

log = structlog.get_logger()

BATCH = 20
LEASE = timedelta(seconds=60)
MOST_TRIES = 5
BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
LONGEST_REST = 600
State = Delivery.State


def claim(channel: str, *, now: datetime) -> list[Delivery]:
    """Take the next due deliveries of a channel, with their notices and people. Empty while the channel rests or as many
    others are busy with it as settings.WORKERS_PER_CHANNEL allows: a slow channel leaves room for the others."""
    with tenancy.posting():
        ChannelState.objects.get_or_create(channel=channel)
        state = ChannelState.objects.select_for_update().get(channel=channel)
        if state.paused_until is not None and state.paused_until > now:
            return []
        waiting = Delivery.objects.filter(channel=channel, state=State.WAITING)
        taken = waiting.filter(next_try_at__gt=now, next_try_at__lte=now + LEASE, claimed_until__gt=now)
        if taken.count() > BATCH * (settings.WORKERS_PER_CHANNEL - 1):
            return []
        due = waiting.filter(next_try_at__lte=now).order_by("next_try_at", "pk").select_for_update(skip_locked=True)
        ids = list(due.values_list("pk", flat=True)[:BATCH])
        until = now + LEASE
        Delivery.objects.filter(pk__in=ids).update(claimed_until=until, next_try_at=until)
        rows = list(Delivery.objects.filter(pk__in=ids).select_related("notice"))
    return sorted(rows, key=lambda row: (row.attempts, row.pk))


def due_channels(*, now: datetime) -> list[str]:
    """Channels that have something to send."""
    with tenancy.posting():
        return [
            channel
            for channel in Channel.values
            if Delivery.objects.filter(channel=channel, state=State.WAITING, next_try_at__lte=now).exists()
        ]


class Round:
    """What is known about the people of one piece, read once."""

    def __init__(self, rows: list[Delivery]):
        with tenancy.posting():
            self.readers = readers({row.user_id for row in rows})
        self.names = names_of({row.notice.organization_id for row in rows})

    def send(self, row: Delivery, *, now: datetime) -> str:
        """Send one delivery, or decide that it is not sent; returns its new state. Raises ChannelBroken, then it is as before."""
        reader = self.readers.get(row.user_id)
        if decided := _instead(row, reader, now):
            return decided
        assert reader is not None  # _instead has looked
        if row.attempts >= MOST_TRIES:
            return _end(row, State.FAILED, now, reason="tries")
        _update(row, attempts=F("attempts") + 1)
        row.attempts += 1
        try:
            return self._hand_over(row, reader, now)
        except ChannelBroken:
            _update(row, attempts=F("attempts") - 1, next_try_at=now, claimed_until=None)
            raise
        except Exception as error:  # whatever a provider's library raises: this message is tried again, the others go on
            log.exception("delivery_failed", delivery=row.pk, channel=row.channel)
            return _again(row, error, now)

    def _hand_over(self, row: Delivery, reader: Reader, now: datetime) -> str:
        """Every address of this channel gets it; one that takes it is enough."""
        sender = transport(row.channel)
        if sender is None:
            return _end(row, State.STOPPED, now, reason="channel")
        words = self._words(row, reader)
        if words is None:
            return _end(row, State.READ_BEFORE, now)
        provider_id, hint, refused = "", "", None
        for way in reader.open_ways(row.channel, row.notice.category):
            address = _open(way, reader)
            try:
                provider_id = sender.send(_message(row, reader, way, address, words)) or provider_id
                hint = _hint(way, address)
            except Undeliverable as refusal:
                refused = refusal
                if refusal.why in Stop.Why.values:
                    with tenancy.posting():
                        record_stop(user_id=row.user_id, channel=row.channel, address=address, why=refusal.why, now=now)
        if hint:
            return _end(row, State.SENT, now, provider_id=provider_id[:200], hint=hint[:120], sent_at=now)
        return _end(row, State.FAILED, now, reason=(refused.why if refused else "") or "refused")

    def _words(self, row: Delivery, reader: Reader) -> Words | None:
        """None for a summary of which everything was read meanwhile."""
        notice = row.notice
        data = contents(notice, language=reader.language) if notice.kind == DIGEST else notice.data
        if data is None:
            return None
        return outgoing(
            notice.kind,
            data,
            category=notice.category,
            discreet=notice.discreet,
            organization=self.names.get(notice.organization_id or 0, ""),
            language=reader.language,
            channel=row.channel,
            link=link_of(notice, reader.language),
            unsubscribe=_unsubscribe(row, reader),
        )


def link_of(notice: Notice, language: str) -> str:
    """The page it leads to. The address of a discreet one would tell what it is about, so it leads to the inbox."""
    path = "me/notices/" if is_neutral(notice.category, notice.discreet) else notice.path
    return f"{settings.BASE_URL}/{language}/{path}"


def _message(row: Delivery, reader: Reader, way: Way, address: str, words: Words) -> Message:
    return Message(
        key=f"n{row.notice_id}-{row.channel}" + (f"-{way.row.pk}" if way.row else ""),
        to=address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        link=link_of(row.notice, reader.language),
        language=reader.language,
        urgency=row.notice.urgency,
        unsubscribe=_unsubscribe(row, reader),
    )


def _unsubscribe(row: Delivery, reader: Reader) -> str:
    """A mail carries the link, unless it may not be switched off. That of a summary ends everything that may."""
    notice = row.notice
    if row.channel != Channel.EMAIL or not may_stop(notice.category):
        return ""
    category = "" if notice.kind == DIGEST else notice.category
    return unsubscribe_link(row.user_id, row.channel, category, reader.language)


def _open(way: Way, reader: Reader) -> str:
    if way.row is not None:
        return way.row.open()
    return way.address or read_phone(reader.user) or ""


def _hint(way: Way, address: str) -> str:
    """Enough to recognise the address in the log, not enough to use it."""
    if way.row is not None:
        return way.row.hint or way.channel
    if way.channel == Channel.SMS:
        return masked(address)
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}"


def _instead(row: Delivery, reader: Reader | None, now: datetime) -> str:
    """What happens instead of sending, or "" when it is to be sent."""
    notice = row.notice
    heavy = notice.urgency == Notice.Urgency.URGENT or notice.category == Category.LEGAL
    if notice.read_at is not None and not heavy:
        return _end(row, State.READ_BEFORE, now)
    if reader is None or not (reader.user.is_active or notice.category == Category.LEGAL):
        return _end(row, State.STOPPED, now, reason="account")
    if not reader.open_ways(row.channel, notice.category):
        return _end(row, State.STOPPED, now, reason="stopped" if reader.ways.get(row.channel) else "no_address")
    if notice.urgency != Notice.Urgency.URGENT and is_quiet(reader.clock, now):
        _update(row, next_try_at=may_go_at(reader.clock, now), claimed_until=None)
        return State.WAITING
    return ""


def _again(row: Delivery, error: Exception, now: datetime) -> str:
    if row.attempts >= MOST_TRIES:
        return _end(row, State.FAILED, now, reason=f"error:{type(error).__name__}"[:40])
    wait = BACKOFF[min(row.attempts, len(BACKOFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311  (spreads retries, no secret)
    _update(row, next_try_at=now + wait, claimed_until=None, reason=f"error:{type(error).__name__}"[:40])
    return State.WAITING


def _end(row: Delivery, state: str, now: datetime, **fields) -> str:
    _update(row, state=state, done_at=now, claimed_until=None, **{"reason": "", **fields})
    return state


def _update(row: Delivery, **fields) -> None:
    with tenancy.posting():
        Delivery.objects.filter(pk=row.pk, state=State.WAITING).update(**fields)


def let_go(rows: Iterable[Delivery], *, now: datetime) -> None:
    """What was claimed and not begun may be taken by anybody at once."""
    with tenancy.posting():
        Delivery.objects.filter(pk__in=[row.pk for row in rows], state=State.WAITING).update(claimed_until=None, next_try_at=now)


def rest(channel: str, error: ChannelBroken, *, now: datetime) -> float:
    """The channel itself is broken: let it rest, each time longer, ten minutes at most. Returns the seconds."""
    with tenancy.posting():
        state = ChannelState.objects.select_for_update().get(channel=channel)
        doubled = min(5 * 2 ** min(state.failures, 10), LONGEST_REST)
        asked = float(error.seconds) if isinstance(error, Busy) else doubled * random.uniform(0.8, 1.2)  # noqa: S311  (as above)
        seconds = min(asked, LONGEST_REST)
        ChannelState.objects.filter(channel=channel).update(
            failures=state.failures + 1,
            paused_until=now + timedelta(seconds=seconds),
            error=f"{type(error).__name__}: {error}"[:500],
        )
    return seconds


def worked(channel: str, *, now: datetime) -> None:
    """Something went out: the channel is well."""
    with tenancy.posting():
        ChannelState.objects.filter(channel=channel).update(failures=0, paused_until=None, error="", worked_at=now)


def wake_channel(*, channel: str, now: datetime) -> None:
    """An operator ends the rest of a channel."""
    with tenancy.posting():
        ChannelState.objects.filter(channel=channel).update(failures=0, paused_until=None)


def revive_deliveries(*, ids: Iterable[int], now: datetime) -> int:
    """An operator gives failed deliveries another five tries. Returns how many."""
    with tenancy.posting():
        rows = Delivery.objects.filter(pk__in=list(ids), state=State.FAILED)
        return rows.update(state=State.WAITING, attempts=0, next_try_at=now, reason="", done_at=None)
