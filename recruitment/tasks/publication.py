"""What happens after events of job orders and of permits: the public copies follow."""

from celery import shared_task
from django.utils import timezone

from core.tasks import subscribe
from recruitment import events
from recruitment.services import publication, search_index


@subscribe(
    events.JOB_ORDER_PUBLISHED,
    events.JOB_ORDER_PAUSED,
    events.JOB_ORDER_RESUMED,
    events.JOB_ORDER_FILLED,
    events.JOB_ORDER_CLOSED,
    events.JOB_ORDER_WITHDRAWN,
    events.JOB_ORDER_SUSPENDED,
    events.JOB_ORDER_LIFTED,
    events.JOB_ORDER_COUNTED,
)
def publish_job_order(event) -> None:
    """The job order is the event's subject."""
    publication.sync_job_order(event.subject_id, now=timezone.now())


@subscribe(events.VERSION_APPROVED)
def publish_version(event) -> None:
    """A new version of a published opening was approved; its job order stands in the event's data or beside the version."""
    publication.sync_version(event.subject_id, now=timezone.now())


@shared_task(name="recruitment.tasks.publish_pending")
def publish_pending(**kwargs) -> int:
    """Every five minutes: whatever the public copies missed (a permit that was published later, a lost event)."""
    return publication.sync_pending(now=timezone.now())


@shared_task(name="recruitment.tasks.refresh_facets")
def refresh_facets(**kwargs) -> int:
    """Once a minute: the counts of large tables."""
    return search_index.refresh_facets(now=timezone.now())
