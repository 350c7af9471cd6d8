"""Sending to connected systems: one delivery for each event and system, signed, tried again for about a day and a half.

Rows are written in the tenant of the event; sending is the postman's work. A worker that dies lets its row go after LEASE.
"""

import hashlib
import hmac
import random
import ssl
import time
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from core import events, tenancy
from core.models import Event
from core.policies import System
from core.vault import VaultError
from notifications import events as verbs
from notifications.channels.guard import NotAllowed, check
from notifications.channels.http import Answer, post
from notifications.models import Webhook, WebhookDelivery
from notifications.selectors.webhook import body_of, listeners
from notifications.services.webhook import close, secrets_of, stop_waiting

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
BACKOFF = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600, 86400))
JITTER = 0.2
KEPT = timedelta(days=90)
MOST_FAILURES = 50
ROUND_SECONDS = 60
SYSTEM = System("webhooks")
State, Sent = Webhook.State, WebhookDelivery.State


def note_event(event: Event, *, now: datetime) -> int:
    """Write a delivery for each system that hears this event; inside the event's organization. Returns how many wait to be sent."""
    if event.organization_id is None:
        return 0
    rows = [
        WebhookDelivery(
            organization_id=event.organization_id,
            webhook=webhook,
            event_id=event.pk,
            verb=event.verb,
            body=body_of(event, webhook),
            state=Sent.WAITING if webhook.state == State.ON else Sent.STOPPED,
            done_at=None if webhook.state == State.ON else now,
            next_try_at=now,
            created_at=now,
        )
        for webhook in listeners(event)
    ]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    return sum(row.state == Sent.WAITING for row in rows)


def send_due(*, seconds: float = ROUND_SECONDS) -> int:
    """Send what is due, one after the other, for so many seconds. A system that fails is left alone for the rest of the round.

    Returns how many were tried.
    """
    end, tried = time.monotonic() + seconds, 0
    resting: set[int] = set()
    while time.monotonic() < end and (row := claim(now=timezone.now(), without=resting)) is not None:
        tried += 1
        if not send(row, now=timezone.now()):
            resting.add(row.webhook_id)
    return tried


def forget_old(*, now: datetime) -> int:
    """Drop messages that were over ninety days ago, as the postman. Returns how many."""
    with tenancy.posting():
        old = WebhookDelivery.reachable.filter(done_at__lt=now - KEPT)
        repeated = old.filter(replay_of__isnull=False).delete()[0]
        first = old.filter(~Exists(WebhookDelivery.reachable.filter(replay_of=OuterRef("pk"))))
        return repeated + first.delete()[0]


def claim(*, now: datetime, without=()) -> WebhookDelivery | None:
    """The next due delivery of a system that nobody is sending to, taken for LEASE; None when there is none."""
    with tenancy.posting():
        waiting = WebhookDelivery.reachable.filter(state=Sent.WAITING)
        busy = waiting.filter(webhook=OuterRef("webhook"), claimed_until__gt=now)
        row = (
            waiting.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), next_try_at__lte=now, webhook__state=State.ON)
            .exclude(webhook_id__in=list(without))
            .filter(~Exists(busy))
            .select_related("webhook")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("next_try_at", "pk")
            .first()
        )
        if row is None:
            return None
        row.attempts, row.claimed_until = row.attempts + 1, now + LEASE
        row.save(update_fields=["attempts", "claimed_until"])
        return row


def send(row: WebhookDelivery, *, now: datetime) -> bool:
    """One try. Returns whether the system took it; every outcome is written, none is raised."""
    answer, error = None, ""
    try:
        answer = post(check(row.webhook.url), row.body.encode(), headers_of(row, now=now), proxy=settings.WEBHOOK_PROXY)
        error = "" if answer.ok else "status"
    except NotAllowed as refusal:
        error = refusal.code
    except ssl.SSLError:
        error = "tls"
    except TimeoutError:
        error = "timeout"
    except VaultError:
        error = "secret"
    except OSError:
        error = "connection"
    _settle(row, answer, error, timezone.now())
    return not error


def headers_of(row: WebhookDelivery, *, now: datetime) -> dict[str, str]:
    """Headers of one try; `docs/webhooks.md` tells partners how to check them."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Terang-Webhook/1",
        "Terang-Event": row.verb,
        "Terang-Delivery": str(row.message),
        "Terang-Signature": signature(secrets_of(row.webhook, now=now), int(now.timestamp()), row.body),
    }


def signature(secrets: list[str], timestamp: int, body: str) -> str:
    """`t=<unix>,v1=<hex>[,v1=<hex>]`: HMAC-SHA256 over "<t>.<body>", once for each secret that is valid now."""
    text = f"{timestamp}.{body}".encode()
    return ",".join([f"t={timestamp}", *(f"v1={hmac.new(s.encode(), text, hashlib.sha256).hexdigest()}" for s in secrets)])


def _settle(row: WebhookDelivery, answer: Answer | None, error: str, now: datetime) -> None:
    """Write the outcome, unless the row was stopped or taken over by another worker meanwhile."""
    seen = {
        "status": answer.status if answer else None,
        "milliseconds": answer.milliseconds if answer else None,
        "error": error,
        "claimed_until": None,
    }
    with tenancy.posting():
        mine = WebhookDelivery.reachable.filter(pk=row.pk, state=Sent.WAITING, claimed_until=row.claimed_until)
        if not error:
            mine.update(state=Sent.DELIVERED, done_at=now, **seen)
            Webhook.reachable.filter(pk=row.webhook_id).exclude(failures=0).update(failures=0)
            return
        dead = row.attempts > len(BACKOFF) or (answer is not None and answer.status == 410)
        if dead:
            mine.update(state=Sent.DEAD, done_at=now, **seen)
        else:
            mine.update(next_try_at=now + _wait(row.attempts), **seen)
        verdict = _count_failure(row.webhook_id, gone=answer is not None and answer.status == 410, now=now)
    if verdict is not None:
        with tenancy.activate(None, row.organization_id):
            events.record(verdict, subject=row.webhook, actor=SYSTEM, now=now, data={"failures": MOST_FAILURES})


def _count_failure(webhook_id: int, *, gone: bool, now: datetime) -> events.Verb | None:
    """One more failure of this system, as the postman; says what has to be told when it was the last straw."""
    webhook = Webhook.reachable.select_for_update().get(pk=webhook_id)
    if webhook.state != State.ON:
        return None
    if gone:
        close(webhook, now=now)
        return verbs.WEBHOOK_GONE
    Webhook.reachable.filter(pk=webhook_id).update(failures=F("failures") + 1)
    if webhook.failures + 1 < MOST_FAILURES:
        return None
    stop_waiting(webhook, now=now)
    Webhook.reachable.filter(pk=webhook_id).update(state=State.BROKEN)
    log.warning("webhook_broken", webhook=webhook_id)
    return verbs.WEBHOOK_BROKEN


def _wait(attempts: int) -> timedelta:
    return BACKOFF[attempts - 1] * (1 + random.random() * JITTER)  # noqa: S311  (spreads the tries, keeps no secret)
