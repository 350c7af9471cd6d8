"""What the clock starts."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.services import account

KEEP_UNPROVED = timedelta(days=2)


@shared_task(name="accounts.tasks.forget_unproved")
def forget_unproved(**kwargs) -> int:
    """Numbers and addresses that nobody proved within two days are forgotten."""
    return account.forget_unproved(before=timezone.now() - KEEP_UNPROVED)
