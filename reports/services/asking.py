"""Asking for a report, and no longer waiting for it. Who asks for what is being made already waits for that one."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from core import events as log
from core.policies import Conflict, require
from organizations.models.calendar import today_in
from reports import events, policies
from reports.models import ReportJob, ReportRequest, ReportSchedule
from reports.services.reportable import Reportable, Wish
from reports.services.seal import new_seal
from reports.states import REPORT_JOB

FRESH = timedelta(minutes=10)
STATE = ReportJob.State
AGAIN = {
    "rows": None,
    "done": 0,
    "started_at": None,
    "finished_at": None,
    "error": "",
    "leased_until": None,
    "tries": 0,
}


@transaction.atomic
def request_report(
    *, report: Reportable, wish: Wish, actor: Any, now: datetime, schedule: ReportSchedule | None = None
) -> ReportRequest:
    """Ask for a report. Identical wishes of one organization share a job while it waits or runs, and ten minutes afterwards.

    Relative parameters ("the month before") are fixed here. Raises Refused by the report's policy.
    """
    require(policies.can_enter(actor))
    require(report.policy(actor, actor.organization))
    today = today_in(actor.organization.country, now)
    wish = dataclasses.replace(wish, parameters=report.fixed(wish.parameters, today))
    scope = report.scope(actor)
    key = wish.key(scope)
    job = _same(key, now) or _begin(wish, scope, key, actor, now)
    return _join(job, actor, now, schedule)


def _same(key: str, now: datetime) -> ReportJob | None:
    """A job for the same that is at work, or was done a moment ago."""
    found = ReportJob.objects.filter(key=key)
    at_work = found.open().first()
    return at_work or found.filter(state=STATE.DONE, finished_at__gt=now - FRESH).order_by("-finished_at").first()


def _begin(wish: Wish, scope: str, key: str, actor: Any, now: datetime) -> ReportJob:
    """A new job. Whoever comes at the same moment waits for the unique index and takes this one."""
    try:
        with transaction.atomic():
            job = ReportJob.objects.create(
                organization_id=actor.organization_id,
                report=wish.report,
                parameters=wish.parameters,
                format=wish.format,
                language=wish.language,
                bom=wish.bom,
                scope=scope,
                key=key,
                reference=new_seal(now=now).code.replace("-", ""),
                asked_at=now,
            )
    except IntegrityError:
        found = _same(key, now)
        if found is None:  # it was finished and deleted in between, or the random number is taken
            raise
        return found
    log.record(events.REQUESTED, subject=job, actor=actor, now=now, data=facts(job))
    return job


def _join(job: ReportJob, actor: Any, now: datetime, schedule: ReportSchedule | None) -> ReportRequest:
    request, made = ReportRequest.objects.get_or_create(
        job=job,
        user=actor.user,
        defaults={"organization_id": job.organization_id, "asked_at": now, "schedule": schedule},
    )
    if not made and (request.withdrawn_at or not request.schedule_id):
        request.withdrawn_at, request.schedule = None, schedule or request.schedule
        request.save(update_fields=["withdrawn_at", "schedule"])
    return request


@transaction.atomic
def cancel_report(*, job: ReportJob, actor: Any, now: datetime) -> ReportJob:
    """No longer wait. The job itself ends when nobody else waits for it. Raises Conflict when it is done already."""
    job = ReportJob.objects.select_for_update().get(pk=job.pk)
    require(policies.can_cancel(actor, job))
    others = ReportRequest.objects.living().filter(job=job).exclude(user_id=actor.user_id)
    if others.exists() and job.is_open:
        ReportRequest.objects.filter(job=job, user_id=actor.user_id).update(withdrawn_at=now)
        log.record(events.TAKEN_BACK, subject=job, actor=actor, now=now, data=facts(job))
        return job
    return REPORT_JOB.perform(job, "cancel", actor=actor, now=now, data=facts(job), finished_at=now, leased_until=None)


@transaction.atomic
def retry_report(*, report: Reportable, job: ReportJob, actor: Any, now: datetime) -> ReportJob:
    """Make a failed or cancelled one after all. Raises Conflict in any other state, Refused by the report's policy."""
    require(policies.can_retry(actor, job))
    require(report.policy(actor, actor.organization))
    if report.scope(actor) != job.scope:
        raise Conflict(policies.OTHER_EYES)
    try:
        with transaction.atomic():
            again = REPORT_JOB.perform(job, "retry", actor=actor, now=now, data=facts(job), **AGAIN)
    except IntegrityError:  # the same is being made already
        again = ReportJob.objects.filter(key=job.key).open().get()
    _join(again, actor, now, None)
    return again


def facts(job: ReportJob) -> dict:
    """What an event may say about a job."""
    return {"report": job.report, "format": job.format}
