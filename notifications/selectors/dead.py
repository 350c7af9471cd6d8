"""Doorways to what was given up, for operators."""

from django.db.models import Q, QuerySet

from core import tenancy
from notifications.models import Delivery, Fanout, WebhookDelivery


def dead_webhook_messages() -> QuerySet[WebhookDelivery]:
    """Messages to connected systems that nobody tries any more, of every organization; to be asked as the postman."""
    return WebhookDelivery.reachable.filter(state=WebhookDelivery.State.DEAD)


def dead_letters() -> dict[str, int]:
    """How many of each kind were given up because of us or a provider; an address that bounces is no alarm."""
    ours = Q(reason="tries") | Q(reason__startswith="error:")
    with tenancy.posting():
        return {
            "fan_out": Fanout.objects.filter(state=Fanout.DEAD).count(),
            "delivery": Delivery.objects.filter(ours, state=Delivery.State.FAILED).count(),
            "webhook": dead_webhook_messages().count(),
        }
