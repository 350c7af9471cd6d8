"""Large files of openings, read in the background."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone, translation

from core import tenancy
from core.tasks import subscribe
from recruitment import events
from recruitment.services import bulk


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
