"""Doorways to what was given up, for operators; to be asked as the postman."""

from django.db.models import QuerySet

from notifications.models import WebhookDelivery


def dead_webhook_messages() -> QuerySet[WebhookDelivery]:
    """Messages to connected systems that nobody tries any more, of every organization."""
    return WebhookDelivery.reachable.filter(state=WebhookDelivery.State.DEAD)
