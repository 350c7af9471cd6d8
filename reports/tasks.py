"""Reports are made in the background. The broker only makes it fast: the sweep makes what it lost."""

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from core.tasks import ask, go_on, subscribe
from reports import catalogue, events
from reports.services import handing_out, making, release, scheduling

SWEEP_SECONDS = 5  # no further job is begun after this; one takes at most ticking.MAKE_SECONDS


@subscribe(events.REQUESTED, events.RETRIED)
def begin_report(event) -> None:
    """Make it in a task of its own, with transactions of its own."""
    transaction.on_commit(lambda: ask(make_report, event.subject_id, event.organization_id))


@shared_task(name="reports.tasks.make_report")
def make_report(job_id: int, organization_id: int, **kwargs) -> None:
    """One report, from its beginning to its end."""
    making.make_report(job_id, organization_id, find=catalogue.find, limits=(SoftTimeLimitExceeded,))


@shared_task(name="reports.tasks.sweep_reports")
def sweep_reports(**kwargs) -> int:
    """Make reports that the broker lost or whose worker died. Returns how many were found."""
    return go_on(make_report, making.unfinished(now=timezone.now()), seconds=SWEEP_SECONDS)


@shared_task(name="reports.tasks.run_schedules")
def run_schedules(**kwargs) -> int:
    """Ask for what is due by a schedule."""
    return scheduling.run_due(now=timezone.now(), find=catalogue.find)


@shared_task(name="reports.tasks.expire_reports")
def expire_reports(**kwargs) -> int:
    """Delete files after their last day."""
    return handing_out.expire_reports(now=timezone.now())


@shared_task(name="reports.tasks.publish_figures")
def publish_figures(**kwargs) -> int:
    """Every hour: the public figures of this month, unless they are published."""
    return release.publish_figures(now=timezone.now())
