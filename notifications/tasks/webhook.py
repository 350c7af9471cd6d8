"""Facts of an organization go to its connected systems."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core.tasks import ask, subscribe
from notifications.events import WEBHOOK_REPLAYED, WEBHOOK_TESTED
from notifications.selectors.webhook import HEARABLE
from notifications.services import webhook_delivery as services
from notifications.services.webhook import end_webhooks
from organizations.events.registration import CLOSED


@subscribe(*(entry.verb for entry in HEARABLE.values()))
def note_for_systems(event) -> None:
    """Writes the deliveries; sending is another task, so that a slow system holds nobody up."""
    if services.note_event(event, now=timezone.now()):
        transaction.on_commit(wake, robust=True)


@subscribe(CLOSED)
def end_connections(event) -> None:
    """A closed organization has no systems any more."""
    end_webhooks(organization_id=event.organization_id, now=timezone.now())


@subscribe(WEBHOOK_TESTED, WEBHOOK_REPLAYED)
def hurry(event) -> None:
    """Somebody waits for the outcome."""
    transaction.on_commit(wake, robust=True)


@shared_task(name="notifications.tasks.send_webhooks")
def send_webhooks(**kwargs) -> int:
    """Send what is due; also on the clock, for what was tried before or was lost by the broker. Returns how many were tried."""
    return services.send_due()


@shared_task(name="notifications.tasks.forget_webhooks")
def forget_webhooks(**kwargs) -> int:
    """The log of connected systems goes back ninety days."""
    return services.forget_old(now=timezone.now())


def wake() -> None:
    """Ask for a round now."""
    ask(send_webhooks)
