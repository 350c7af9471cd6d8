"""Deliveries, each channel for itself, and the summaries."""

import time

from celery import shared_task
from django.utils import timezone

from core.tasks import ask
from notifications.channels import ChannelBroken
from notifications.services import delivering, digest
from notifications.services.delivering import Round

BUDGET_SECONDS = 20


@shared_task(name="notifications.tasks.deliver")
def deliver(channel: str, **kwargs) -> int:
    """Send what is due on one channel for BUDGET_SECONDS, then ask for the next turn. Returns how many were looked at."""
    began, done = time.monotonic(), 0
    while rows := delivering.claim(channel, now=timezone.now()):
        number, is_well = _send(channel, rows, until=began + BUDGET_SECONDS)
        done += number
        if not is_well:
            return done
        if time.monotonic() > began + BUDGET_SECONDS:
            ask(deliver, channel)
            return done
    return done


def _send(channel: str, rows: list, *, until: float) -> tuple[int, bool]:
    """Send these; returns how many were looked at and whether the channel is well."""
    turn, sent = Round(rows), False
    for place, row in enumerate(rows):
        if time.monotonic() > until:
            delivering.let_go(rows[place:], now=timezone.now())
            return place, True
        try:
            sent = turn.send(row, now=timezone.now()) == "sent" or sent
        except ChannelBroken as error:
            now = timezone.now()
            delivering.rest(channel, error, now=now)
            delivering.let_go(rows[place:], now=now)
            return place, False
    if sent:
        delivering.worked(channel, now=timezone.now())
    return len(rows), True


@shared_task(name="notifications.tasks.sweep_deliveries")
def sweep_deliveries(**kwargs) -> list[str]:
    """Ask for every channel that has something to send: whatever its own turns left, and what comes due by the clock."""
    due = delivering.due_channels(now=timezone.now())
    for channel in due:
        ask(deliver, channel)
    return due


@shared_task(name="notifications.tasks.make_digests")
def make_digests(**kwargs) -> int:
    """Make the summaries that are due. After an outage everybody gets one, not one for each missed moment."""
    made = 0
    began = time.monotonic()
    while time.monotonic() - began < BUDGET_SECONDS:
        people, channels = digest.merge_due(now=timezone.now())
        made += people
        for channel in sorted(channels):
            ask(deliver, channel)
        if people < digest.PEOPLE:
            break
    return made
