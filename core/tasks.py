"""From events to effects. The broker only makes it fast; the outbox and the sweeper make it happen."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog
from celery import shared_task
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from core import events, files, tenancy
from core.models import Effect, Event, Outbox, Submission

log = structlog.get_logger()

MAX_ATTEMPTS = 5
CLAIM = timedelta(seconds=150)
BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))

_subscribers: dict[str, list[tuple[str, Callable]]] = defaultdict(list)


def subscribe(*verbs: events.Verb | str):
    """Register a function `handler(event)` for these verbs (or codes of verbs that cannot be imported). It runs as the event's
    organization and must be repeatable; what it writes is written once, together with its Effect row."""

    def register(handler):
        for verb in verbs:
            _subscribers[verb if isinstance(verb, str) else verb.code].append(
                (f"{handler.__module__}.{handler.__qualname__}", handler)
            )
        return handler

    return register


def subscribers_of(verb_code: str) -> list[tuple[str, Callable]]:
    """Names and handlers of one verb."""
    return _subscribers[verb_code]


@shared_task(name="core.tasks.dispatch")
def dispatch(event_id: int, organization_id: int | None = None, **kwargs) -> None:
    """Hand one event to its subscribers. Claims it first, so that a poison event is started at most five times."""
    outbox = _claim(event_id)
    if outbox is None:
        return
    try:
        with tenancy.activate(outbox.user_id, outbox.organization_id):
            event = Event.objects.get(pk=event_id)
        for name, handler in subscribers_of(event.verb):
            _once(event, name, handler, outbox)
    except Exception as error:  # every failure is retried and finally shown to operators
        log.exception("dispatch_failed", event_id=event_id)
        _failed(outbox, error)
        return
    Outbox.objects.filter(pk=event_id).update(state=Outbox.DONE, done_at=timezone.now(), error="")


def _claim(event_id: int) -> Outbox | None:
    now = timezone.now()
    with transaction.atomic():
        outbox = (
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(pk=event_id, state=Outbox.PENDING, next_try_at__lte=now)
            .first()
        )
        if outbox is None:
            return None
        if outbox.attempts >= MAX_ATTEMPTS:
            Outbox.objects.filter(pk=event_id).update(state=Outbox.DEAD, error=outbox.error or "The worker died each time.")
            return None
        outbox.attempts += 1
        outbox.next_try_at = now + CLAIM
        outbox.save(update_fields=["attempts", "next_try_at"])
    return outbox


def _once(event: Event, name: str, handler: Callable, outbox: Outbox) -> None:
    with tenancy.activate(outbox.user_id, outbox.organization_id):
        try:
            with transaction.atomic():
                Effect.objects.create(event_id=event.pk, subscriber=name)
        except IntegrityError:
            return
        handler(event)


def _failed(outbox: Outbox, error: Exception) -> None:
    dead = outbox.attempts >= MAX_ATTEMPTS
    wait = BACKOFF[min(outbox.attempts, len(BACKOFF)) - 1]
    Outbox.objects.filter(pk=outbox.pk).update(
        state=Outbox.DEAD if dead else Outbox.PENDING,
        next_try_at=timezone.now() + wait,
        error=f"{type(error).__name__}: {error}"[:2000],
    )


@shared_task(name="core.tasks.sweep")
def sweep(**kwargs) -> int:
    """Dispatch what the broker lost or delayed. Returns how many events were picked up."""
    due = list(
        Outbox.objects.filter(state=Outbox.PENDING, next_try_at__lte=timezone.now())
        .order_by("next_try_at")
        .values_list("pk", "organization_id")[:500]
    )
    for event_id, organization_id in due:
        dispatch(event_id, organization_id)
    return len(due)


@shared_task(name="core.tasks.forget_submissions")
def forget_submissions(**kwargs) -> int:
    """Drop form marks and delivery marks that nobody needs any more."""
    old = timezone.now() - timedelta(days=7)
    Outbox.objects.filter(Q(state=Outbox.DONE) & Q(done_at__lt=old)).delete()
    return Submission.objects.filter(at__lt=old).delete()[0]


@shared_task(name="core.tasks.reconcile_files")
def reconcile_files(**kwargs) -> None:
    """Make stored files and committed rows agree: promote what a crash left pending, drop what nobody knows."""
    files.reconcile(files.names_in_rows(), now=timezone.now(), delete=True)


def replay(event_id: int) -> None:
    """An operator gives a dead event another five tries."""
    Outbox.objects.filter(pk=event_id, state=Outbox.DEAD).update(
        state=Outbox.PENDING, attempts=0, next_try_at=timezone.now(), error=F("error")
    )
    _send(event_id, None)


def ask(task, *args) -> None:
    """Ask the broker to be quick; when it does not answer a sweep follows."""
    try:
        task.apply_async(args=args, retry=False)
    except Exception:
        log.warning("broker_unreachable", task=task.name, args=args)


def go_on(task, found: Iterable[tuple], *, seconds: float) -> int:
    """A sweep: do here, one after another, what the broker lost or a killed worker left, for at most so long before the last one
    begins. `found`: the arguments of each. Returns how many there were."""
    rows, until = list(found), time.monotonic() + seconds
    for args in rows:
        if time.monotonic() > until:
            break
        try:
            task(*args)
        except Exception:  # one bad row does not hold up the others; its lease ends by itself
            log.exception("swept_work_failed", task=task.name, args=args)
    return len(rows)


def _send(event_id: int, organization_id: int | None) -> None:
    ask(dispatch, event_id, organization_id)


events.after_commit.append(_send)
