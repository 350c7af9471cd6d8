"""What happened, written in the same transaction as the change itself, and told to the world after the commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from core.models import Event, Outbox


@dataclass(frozen=True)
class Verb:
    """A past-tense code with a dot, and its sentence for the history page ({actor} and keys of data may stand in it)."""

    code: str
    sentence: Any

    def __post_init__(self):
        if self.code in VERBS:
            raise ValueError(f"The verb {self.code} is declared twice.")
        VERBS[self.code] = self


VERBS: dict[str, Verb] = {}

# Filled by core.tasks, which the domain may not import.
after_commit: list[Callable[[int, int | None], None]] = []


def record(
    verb: Verb, *, subject, actor, now: datetime, organization_id: int | None = None, person_id: int | None = None, data=None
) -> Event:
    """Write one event and its outbox row.

    `organization_id` defaults to the subject's own organization; an event outside any organization names the person.
    `data` holds ids, states, amounts and codes only.
    """
    if organization_id is None and person_id is None:
        organization_id = getattr(subject, "organization_id", None)
        person_id = None if organization_id else getattr(subject, "user_id", None)
    event = Event.objects.create(
        at=now,
        organization_id=organization_id,
        person_id=person_id,
        actor_id=actor.user_id,
        actor_organization_id=actor.organization_id,
        system="" if actor.user_id else getattr(actor, "name", ""),
        acting_role=actor.acting_role,
        verb=verb.code,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
        data=data or {},
    )
    Outbox.objects.create(event_id=event.pk, organization_id=organization_id, user_id=person_id, next_try_at=now)
    for hook in after_commit:
        transaction.on_commit(lambda hook=hook: hook(event.pk, organization_id), robust=True)
    return event


def record_many(verb: Verb, *, subjects: Sequence, actor, now: datetime, data=None) -> None:
    """The same event for many subjects of one organization, in a handful of statements. The broker is not asked thousands of
    times; the sweeper hands them on."""
    given = {
        "at": now,
        "actor_id": actor.user_id,
        "actor_organization_id": actor.organization_id,
        "system": "" if actor.user_id else getattr(actor, "name", ""),
        "acting_role": actor.acting_role,
        "verb": verb.code,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        "data": data or {},
    }
    found = Event.objects.bulk_create(
        (
            Event(**given, organization_id=subject.organization_id, subject_type=subject._meta.label_lower, subject_id=subject.pk)
            for subject in subjects
        ),
        batch_size=1000,
    )
    Outbox.objects.bulk_create(
        (Outbox(event_id=event.pk, organization_id=event.organization_id, next_try_at=now) for event in found), batch_size=1000
    )


def history(subject, *, limit: int = 100) -> list[Event]:
    """The events of one thing, newest first, as far as the active organization may see them."""
    return list(
        Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        .select_related("actor", "actor_organization")
        .order_by("-id")[:limit]
    )
