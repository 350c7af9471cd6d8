"""What goes with time, and with a person."""

from celery import shared_task
from django.utils import timezone

from accounts import events
from core.tasks import subscribe
from notifications.services.forgetting import erase_person, forget_old


@subscribe(events.ERASED)
def erase_notices(event) -> None:
    """The account is deleted: so is everything that was told to it."""
    erase_person(user_id=event.person_id)


@shared_task(name="notifications.tasks.forget_notices")
def forget_notices(**kwargs) -> int:
    """Delete what is old enough."""
    return forget_old(now=timezone.now())
