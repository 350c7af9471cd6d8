"""What happens to organizations by itself, or after an event."""

from celery import shared_task
from django.utils import timezone

from organizations.services.permit_status import expire_permits as record_expired


@shared_task(name="organizations.tasks.expire_permits")
def expire_permits(**kwargs) -> int:
    """Write down which permits have reached their last day. Works on all tenants, as the machine."""
    return record_expired(now=timezone.now())
