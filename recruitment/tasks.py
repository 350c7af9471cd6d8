"""What happens after events of job orders and of permits: the public copies follow."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone, translation

from core import tenancy
from core.tasks import subscribe
from recruitment import events
from recruitment.services import bulk, publication, search_index


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


@subscribe(events.JOB_ORDERS_HANDED_IN)
def begin_import(event) -> None:
    """A large file waits: read it in a task of its own, with transactions of its own."""
    transaction.on_commit(lambda: read_openings_file.delay(event.subject_id, event.organization_id))


@shared_task(name="recruitment.tasks.read_openings_file", time_limit=900, soft_time_limit=880)
def read_openings_file(import_id: int, organization_id: int, **kwargs) -> None:
    """Check row by row with visible progress, then store everything or nothing. A second run finds the file taken."""
    with tenancy.activate(organization_id=organization_id):
        row = bulk.claim_import(import_id)
    if row is None:
        return
    now, member = timezone.now(), row.uploaded_by_id
    with tenancy.activate(member, organization_id):
        prepared = bulk.prepare_import(row, now=now)
        today, country = bulk.day_and_country(row, now)
    if prepared is None:
        return
    (actor, openings), errors = prepared, []
    for start in range(0, len(openings), bulk.CHUNK):
        chunk = openings[start : start + bulk.CHUNK]
        with tenancy.activate(member, organization_id), translation.override(row.language):
            book = bulk.LawBook()
            errors += bulk.check_openings(chunk, submit=row.submit, country=country, today=today, book=book)
            bulk.note_progress(row.pk, start + len(chunk))
    with tenancy.activate(member, organization_id), translation.override(row.language):
        bulk.decide_import(row, openings, errors + bulk.check_numbers(openings), actor=actor, now=now)
