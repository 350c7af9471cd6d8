"""Connected systems, as sentences: `a_webhook(cast.agency_owner, url=far.url)`."""

from django.utils import timezone

from core import events
from core.models import Event
from notifications.models import Webhook, WebhookDelivery
from notifications.services import webhook as services
from notifications.services import webhook_delivery as sending
from organizations.events.permit_status import STATUS_RECORDED
from organizations.models import Organization
from recruitment.events import JOB_ORDER_PUBLISHED
from tests.factories.organizations import Member


def a_webhook(
    member: Member, *, url: str = "https://hooks.partner.example/in", verbs=("job_order.published",)
) -> tuple[Webhook, str]:
    """A system of this member's organization, and its secret."""
    with member.active():
        return services.create_webhook(name="Software", url=url, verbs=list(verbs), actor=member.actor(), now=timezone.now())


def happened(member: Member, verb=JOB_ORDER_PUBLISHED, *, subject=None, data=None) -> Event:
    """Something happened to this organization; nobody was told yet."""
    with member.active():
        thing = subject or Organization.reachable.get(pk=member.organization.pk)
        return events.record(
            verb, subject=thing, actor=member.actor(), now=timezone.now(), data=data, organization_id=member.organization.pk
        )


def noted(member: Member, event: Event) -> int:
    """What the subscriber does with it."""
    with member.active():
        return sending.note_event(event, now=timezone.now())


def deliveries(member: Member) -> list[WebhookDelivery]:
    with member.active():
        return list(WebhookDelivery.objects.select_related("webhook").order_by("pk"))


def again(member: Member, webhook: Webhook) -> Webhook:
    with member.active():
        return Webhook.objects.get(pk=webhook.pk)


__all__ = ["STATUS_RECORDED", "a_webhook", "again", "deliveries", "happened", "noted"]
