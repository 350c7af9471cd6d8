"""Doorways to connected systems, what they may hear, and what they are sent."""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.events import Verb
from core.models import Event
from core.policies import Actor
from notifications.models import Webhook, WebhookDelivery
from organizations.events import permit_status, registration
from organizations.models import Organization, Permit
from recruitment import events as recruitment
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.services.code import show

TEST = "webhook.test"


@dataclass(frozen=True)
class Hearable:
    """A fact that a connected system may be told, and its name on the form."""

    verb: Verb
    words: Any


# The closed list. Only what happens to the organization's own openings, permits and registration: never a complaint, never people.
HEARABLE = {
    entry.verb.code: entry
    for entry in (
        Hearable(recruitment.JOB_ORDER_SUBMITTED, _("Opening sent for approval")),
        Hearable(recruitment.JOB_ORDER_RETURNED, _("Opening returned with reasons")),
        Hearable(recruitment.JOB_ORDER_APPROVED, _("Opening approved")),
        Hearable(recruitment.JOB_ORDER_PUBLISHED, _("Opening published")),
        Hearable(recruitment.JOB_ORDER_PAUSED, _("Opening paused")),
        Hearable(recruitment.JOB_ORDER_RESUMED, _("Opening shown again")),
        Hearable(recruitment.JOB_ORDER_COUNTED, _("Filled places written down")),
        Hearable(recruitment.JOB_ORDER_FILLED, _("All places filled")),
        Hearable(recruitment.JOB_ORDER_CLOSED, _("Opening closed")),
        Hearable(recruitment.JOB_ORDER_WITHDRAWN, _("Opening withdrawn")),
        Hearable(recruitment.JOB_ORDER_SUSPENDED, _("Opening suspended by the regulator")),
        Hearable(recruitment.JOB_ORDER_LIFTED, _("Suspension of an opening lifted")),
        Hearable(recruitment.VERSION_APPROVED, _("Change of an opening approved")),
        Hearable(recruitment.VERSION_RETURNED, _("Change of an opening returned")),
        Hearable(permit_status.STATUS_RECORDED, _("Status of a permit changed")),
        Hearable(permit_status.EXPIRED, _("Permit expired")),
        Hearable(registration.VERIFIED, _("Registration approved")),
        Hearable(registration.RETURNED, _("Registration returned")),
        Hearable(registration.LINE_ACCEPTED, _("Change of the profile approved")),
        Hearable(registration.LINE_RETURNED, _("Change of the profile returned")),
    )
}


def verb_words(code: str) -> str:
    """The name of a fact in the reader's language."""
    return str(_("Test message")) if code == TEST else str(HEARABLE[code].words) if code in HEARABLE else code


def webhooks_visible_to(actor: Actor) -> QuerySet[Webhook]:
    """The systems that the organization has connected, newest first; deleted ones do not exist any more."""
    return Webhook.objects.exclude(state=Webhook.State.CLOSED).select_related("created_by").order_by("-pk")


def deliveries_visible_to(actor: Actor) -> QuerySet[WebhookDelivery]:
    """What was sent to connected systems of the organization."""
    rows = WebhookDelivery.objects.exclude(webhook__state=Webhook.State.CLOSED)
    return rows.select_related("webhook", "replay_of").order_by("-pk")


def listeners(event: Event) -> list[Webhook]:
    """The systems of the event's organization that want to hear it, inside that organization."""
    if event.verb not in HEARABLE or event.verb.startswith("grievance."):
        return []
    rows = Webhook.objects.filter(verbs__contains=[event.verb])
    return list(rows.exclude(state=Webhook.State.CLOSED).order_by("pk"))


def body_of(event: Event, webhook: Webhook, *, verb: str = "") -> str:
    """The JSON of a message: ids and codes, nothing that a person wrote. `id` is the same whenever this event goes to this system."""
    body = {
        "id": str(uuid.uuid5(webhook.reference, str(event.pk))),
        "event": verb or event.verb,
        "at": event.at.isoformat(),
        "organization": Organization.reachable.values_list("slug", flat=True).get(pk=webhook.organization_id),
        "subject": {"type": event.subject_type.rpartition(".")[2], "code": _code_of(event)},
        "data": {name: value for name, value in event.data.items() if _is_code(value)},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _is_code(value) -> bool:
    """Numbers, yes and no, nothing, and short words of a code: no sentences, no names, no lists."""
    if isinstance(value, str):
        return bool(re.fullmatch(r"[A-Za-z0-9_.:-]{1,40}", value))
    return value is None or isinstance(value, (bool, int))


def _code_of(event: Event) -> str | None:
    """The public code of what the event is about, where it has one."""
    find = _CODES.get(event.subject_type)
    return find(event.subject_id) if find else None


def _of_job_order(pk: int) -> str | None:
    code = JobOrder.objects.filter(pk=pk).values_list("code", flat=True).first()
    return show(code) if code else None


def _of_version(pk: int) -> str | None:
    code = JobOrderVersion.objects.filter(pk=pk).values_list("job_order__code", flat=True).first()
    return show(code) if code else None


_CODES: dict[str, Callable[[int], str | None]] = {
    "recruitment.joborder": _of_job_order,
    "recruitment.joborderversion": _of_version,
    "organizations.permit": lambda pk: Permit.objects.filter(pk=pk).values_list("number", flat=True).first(),
    "organizations.organization": lambda pk: Organization.reachable.filter(pk=pk).values_list("slug", flat=True).first(),
}
