"""Every event that somebody hears of becomes fan-outs; a fan-out is worked off in pieces."""

import time

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core.tasks import ask, subscribe
from notifications import routing
from notifications.services import fanout
from notifications.tasks.delivery import deliver

log = structlog.get_logger()

BUDGET_SECONDS = 40


@subscribe(*sorted(routing.told_verbs()))
def tell_people(event) -> None:
    """Write down the work together with this effect; the broker is asked when it is committed."""
    for pk in fanout.plan(event, now=timezone.now()):
        transaction.on_commit(lambda pk=pk: ask(fan_out, pk), robust=True)


@shared_task(name="notifications.tasks.fan_out")
def fan_out(pk: int, **kwargs) -> int:
    """Work a fan-out off, at most BUDGET_SECONDS long, then hand it on. Returns how many people were told."""
    if not fanout.claim(pk, now=timezone.now()):
        return 0
    began, told, channels = time.monotonic(), 0, set()
    try:
        while piece := fanout.step(pk, now=timezone.now()):
            told += piece.told
            for channel in piece.channels - channels:
                ask(deliver, channel)
            channels |= piece.channels
            if piece.is_last:
                break
            if time.monotonic() - began > BUDGET_SECONDS:
                fanout.let_go(pk, now=timezone.now())
                ask(fan_out, pk)
                break
    except Exception as error:  # every failure is tried again and finally shown to operators
        log.exception("fan_out_failed", fan_out=pk)
        fanout.failed(pk, error, now=timezone.now())
    return told


@shared_task(name="notifications.tasks.sweep_fan_outs")
def sweep_fan_outs(**kwargs) -> int:
    """Go on with what the broker lost or a dead worker left. Returns how many fan-outs were looked at."""
    began, due = time.monotonic(), fanout.due_fanouts(now=timezone.now())
    for number, pk in enumerate(due, start=1):
        fan_out(pk)
        if time.monotonic() - began > BUDGET_SECONDS:
            return number
    return len(due)
