"""Making a report: take the job, read everything in one transaction, write one file, say that it is ready. Exactly once.

A worker that dies leaves the job leased; the next one begins anew when the lease is over. A worker that is late finds at the end
that the lease is no longer its own, and its file is nobody's (the nightly reconcile removes it).
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from core import events as log
from core import tenancy
from core.files import FileError, StoredFile, discard, promote_on_commit, store_made
from core.policies import Actor, Refused, System
from core.vault import Context
from organizations.models import Membership
from reports import events
from reports.models import ReportJob, ReportRequest
from reports.renderers import FORMATS, Document, Seal
from reports.services.asking import facts
from reports.services.reportable import Find, Make, Reportable, Unable, fits, rows_in
from reports.services.seal import seal_file
from reports.services.ticking import OutOfTime, Stopped, Ticker
from reports.states import REPORT_JOB

logger = structlog.get_logger()

RECORD = "reports.ReportJob"
KEEP = timedelta(days=7)
WAITS = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5))
STATE, ERROR = ReportJob.State, ReportJob.Error
MACHINE = System("reports")


def unfinished(*, now: datetime) -> list[tuple[int, int]]:
    """Jobs of all organizations that wait and that nobody works on: (job, organization), the oldest first."""
    with tenancy.publishing():
        found = ReportJob.due(states=ReportJob.UNFINISHED, now=now).order_by("pk")
        return list(found.values_list("pk", "organization_id")[:100])


def make_report(job_id: int, organization_id: int, *, find: Find, limits: tuple[type[Exception], ...] = ()) -> bool:
    """Make one job's file. `limits`: what is raised when the worker itself says that it takes too long.

    True when this call brought the job to an end; False when somebody else has it, or when it failed for an unknown reason and
    will be tried again.
    """
    job = _take(job_id, organization_id)
    if job is None:
        return False
    try:
        report = find(job.report)
        if report is None:
            raise Unable(ERROR.GONE)
        _make(job, report)
    except Stopped:
        return False
    except limits:
        give_up(job, ERROR.TOO_LONG)
    except OutOfTime:
        give_up(job, ERROR.TOO_LONG)
    except Refused:
        give_up(job, ERROR.NOBODY)
    except Unable as refusal:
        give_up(job, refusal.error)
    except FileError:
        give_up(job, ERROR.NO_SPACE)
    except Exception:
        logger.exception("report_failed", job_id=job_id, reference=job.reference, tries=job.tries)
        return _later(job)
    return True


def _take(job_id: int, organization_id: int) -> ReportJob | None:
    """The job with its lease, running; None when there is nothing to do."""
    now = timezone.now()
    with tenancy.activate(organization_id=organization_id):
        job = ReportJob.due(states=ReportJob.UNFINISHED, now=now).filter(pk=job_id).first()
        if job is None:
            return None
        if job.worn_out:
            _fail(job, ERROR.BROKEN, now)
            return None
        if not ReportJob.take(job_id, states=ReportJob.UNFINISHED, now=now):
            return None
        if job.state == STATE.WAITING:
            REPORT_JOB.perform(job, "begin", actor=MACHINE, now=now, data=facts(job))
        ReportJob.objects.filter(pk=job_id).update(started_at=now, done=0)
        job.refresh_from_db()
        return job


def _make(job: ReportJob, report: Reportable) -> None:
    assert job.leased_until is not None
    with Ticker(job, job.leased_until) as ticker, tempfile.TemporaryFile() as file:
        document = _write(job, report, cast(BinaryIO, file), ticker)
        ticker.check()
        file.seek(0)
        form = FORMATS[job.format]
        stored = store_made(
            file, media_type=form.media_type, display_name=_name(job, report), context=Context(RECORD, job.reference)
        )
        with _finishing(job, stored) as now:
            if report.sealed:
                seal_file(_seal(job, now), cast(BinaryIO, file), document=document, now=now)
            _finish(job, stored, rows=ticker.done, now=now)


def _seal(job: ReportJob, now: datetime) -> Seal:
    """What stands on the paper: the job's own number is the code by which anybody can check it."""
    return Seal(code=str(job), address=f"{settings.BASE_URL}/c/{job}", day=now.date())


def _name(job: ReportJob, report: Reportable) -> str:
    with override(job.language):
        return f"{report.file_name(job.parameters, job.asked_at)}.{FORMATS[job.format].ending}"[:160]


def _write(job: ReportJob, report: Reportable, file: BinaryIO, ticker: Ticker) -> Document:
    """Everything is read in one transaction that sees one moment, as one of the people who asked and may have it now."""
    with tenancy.activate(organization_id=job.organization_id):
        actor = asker_of(job, report)
    if actor is None:
        raise Unable(ERROR.NOBODY)
    now = timezone.now()
    with _one_moment(), tenancy.activate(actor.user_id, job.organization_id), override(job.language):
        document = report.document(actor, job.parameters, now)
        if not fits(report, document, job.format):
            raise Unable(ERROR.TOO_MANY)
        ticker.rows = rows_in(report, document, job.format)
        ticker.check()
        seal = _seal(job, now) if report.sealed else None
        make = Make(actor, job.parameters, now, job.format, job.bom, ticker.tell, seal)
        report.write(document, file, make=make)
    return document


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees nothing of what others change meanwhile, writes nothing, and is not idle while a page is laid out."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if outermost:
                cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("set local idle_in_transaction_session_timeout = 0")
        yield


def asker_of(job: ReportJob, report: Reportable) -> Actor | None:
    """The first of the people who asked who may still have it, with the roles of this moment. Inside the organization."""
    users = ReportRequest.objects.living().filter(job=job).order_by("pk").values_list("user_id", flat=True)
    for user_id in users:
        with acting(user_id) as actor:
            if actor and may_have(actor, report, job):
                return actor
    return None


@contextmanager
def acting(user_id: int) -> Iterator[Actor | None]:
    """A member as they are now, with their eyes: what a policy asks about the person is answered as on their own pages."""
    with tenancy.activate(user_id, tenancy.current_organization_id()):
        yield actor_now(user_id)


def actor_now(user_id: int) -> Actor | None:
    """A member as they are now; None for somebody who left. Inside the organization."""
    row = (
        Membership.objects.select_related("user", "organization", "organization__organization_kind")
        .filter(user_id=user_id, ended_at__isnull=True, user__is_active=True)
        .first()
    )
    return Actor(user=row.user, organization=row.organization, roles=frozenset(row.roles)) if row else None


def may_have(actor: Any, report: Reportable, job: ReportJob) -> bool:
    """The report's policy, and whether the file was made for the same eyes."""
    return bool(report.policy(actor, actor.organization)) and report.scope(actor) == job.scope


@contextmanager
def _finishing(job: ReportJob, stored: StoredFile) -> Iterator[datetime]:
    """The transaction that makes it ready, unless the job is no longer this worker's: then the file belongs to nobody."""
    with tenancy.activate(organization_id=job.organization_id):
        if not _still_mine(job):
            discard(stored.name)
            raise Stopped
        yield timezone.now()


def _finish(job: ReportJob, stored: StoredFile, *, rows: int, now: datetime) -> None:
    by_hand, by_schedule = _waiting(job)
    REPORT_JOB.perform(
        job,
        "finish",
        actor=MACHINE,
        now=now,
        data={**facts(job), "recipients": by_hand},
        stored_name=stored.name,
        display_name=stored.display_name,
        wrapped_key=stored.wrapped_key,
        size=stored.size,
        sha256=stored.sha256,
        rows=rows,
        done=rows,
        finished_at=now,
        expires_at=now + KEEP,
        leased_until=None,
        tries=0,
    )
    promote_on_commit(stored.name)
    tell_scheduled(job, by_schedule, now)


def _still_mine(job: ReportJob) -> bool:
    """Lock the job; whether it runs under the lease that was taken."""
    mine = ReportJob.objects.select_for_update().filter(pk=job.pk, state=STATE.RUNNING, leased_until=job.leased_until)
    return mine.exists()


def _waiting(job: ReportJob) -> tuple[list[int], dict[int, list[int]]]:
    """Members who wait: those who asked by hand, and by schedule those it asked for (ids of users)."""
    by_hand: list[int] = []
    by_schedule: dict[int, list[int]] = {}
    members = Membership.objects.filter(ended_at__isnull=True).values("user_id")
    living = ReportRequest.objects.living().filter(job=job, user_id__in=members)
    for user_id, schedule_id in living.values_list("user_id", "schedule_id"):
        by_hand.append(user_id) if schedule_id is None else by_schedule.setdefault(schedule_id, []).append(user_id)
    return sorted(by_hand), by_schedule


def tell_scheduled(job: ReportJob, by_schedule: dict[int, list[int]], now: datetime) -> None:
    """One event for each schedule that waited for the job."""
    for schedule_id, users in sorted(by_schedule.items()):
        data = {**facts(job), "schedule": schedule_id, "recipients": sorted(users)}
        log.record(events.SCHEDULED_READY, subject=job, actor=MACHINE, now=now, data=data)


def give_up(job: ReportJob, error: str) -> None:
    """Failed for good, for a reason in words. Nothing happens when the job is no longer this worker's."""
    with tenancy.activate(organization_id=job.organization_id):
        if _still_mine(job):
            _fail(job, error, timezone.now())


def _fail(job: ReportJob, error: str, now: datetime) -> None:
    by_hand, by_schedule = _waiting(job)
    everybody = sorted({*by_hand, *(user_id for users in by_schedule.values() for user_id in users)})
    data = {**facts(job), "error": str(error), "reference": job.reference, "recipients": everybody}
    REPORT_JOB.perform(
        job, "fail", actor=MACHINE, now=now, data=data, error=str(error), finished_at=now, leased_until=None, tries=0
    )


def _later(job: ReportJob) -> bool:
    """An unknown mistake: free again after a while, or given up when it was the last try. True when it was."""
    with tenancy.activate(organization_id=job.organization_id):
        if not _still_mine(job):
            return False
        if job.worn_out:
            _fail(job, ERROR.BROKEN, timezone.now())
            return True
        wait = WAITS[min(job.tries, len(WAITS)) - 1]
        ReportJob.objects.filter(pk=job.pk).update(leased_until=timezone.now() + wait)
    return False
