"""Large files of openings, read in the background. The broker only makes it fast: the sweep goes on with what it lost."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core.tasks import ask, go_on, subscribe
from recruitment import events
from recruitment.services import bulk

SWEEP_SECONDS = 20


@subscribe(events.JOB_ORDERS_HANDED_IN)
def begin_import(event) -> None:
    """A large file waits: read it in a task of its own, with transactions of its own."""
    transaction.on_commit(lambda: ask(read_openings_file, event.subject_id, event.organization_id))


@shared_task(name="recruitment.tasks.read_openings_file")
def read_openings_file(import_id: int, organization_id: int, **kwargs) -> None:
    """One slice, then the next one is asked for, so that other tasks have their turn in between."""
    if bulk.work_on(import_id, organization_id):
        ask(read_openings_file, import_id, organization_id)


@shared_task(name="recruitment.tasks.sweep_imports")
def sweep_imports(**kwargs) -> int:
    """Go on with files that wait or whose worker died. Returns how many were found."""
    return go_on(read_openings_file, bulk.unfinished(now=timezone.now()), seconds=SWEEP_SECONDS)
