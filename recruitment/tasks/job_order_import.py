"""Large files of openings, read in the background. The broker only makes it fast: the sweep goes on with what it lost."""

import time

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core.tasks import subscribe
from recruitment import events
from recruitment.services import bulk

log = structlog.get_logger()
SWEEP_SECONDS = 20


@subscribe(events.JOB_ORDERS_HANDED_IN)
def begin_import(event) -> None:
    """A large file waits: read it in a task of its own, with transactions of its own."""
    transaction.on_commit(lambda: _ask(event.subject_id, event.organization_id))


@shared_task(name="recruitment.tasks.read_openings_file")
def read_openings_file(import_id: int, organization_id: int, **kwargs) -> None:
    """One slice, then the next one is asked for, so that other tasks have their turn in between."""
    if bulk.work_on(import_id, organization_id):
        _ask(import_id, organization_id)


@shared_task(name="recruitment.tasks.sweep_imports")
def sweep_imports(**kwargs) -> int:
    """Go on with files that wait or whose worker died. Returns how many were found."""
    found = bulk.unfinished(now=timezone.now())
    until = time.monotonic() + SWEEP_SECONDS
    for import_id, organization_id in found:
        if time.monotonic() > until:
            break
        try:
            read_openings_file(import_id, organization_id)
        except Exception:  # one bad file does not hold up the others; its lease ends by itself
            log.exception("import_slice_failed", import_id=import_id)
    return len(found)


def _ask(import_id: int, organization_id: int) -> None:
    try:
        read_openings_file.apply_async(args=[import_id, organization_id], retry=False)
    except Exception:
        log.warning("broker_unreachable", import_id=import_id)
