"""The file of a report: a link that works once, the file in clear, and its end."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import events as log
from core import tenancy, vault
from core.files import copy_stored, discard
from core.policies import Conflict, Denied, require
from core.vault import Context
from reports import events, policies
from reports.models import ReportJob, ReportRequest
from reports.services.asking import facts
from reports.services.making import MACHINE, RECORD, may_have
from reports.services.reportable import Reportable
from reports.states import REPORT_JOB

NO_FILE = _("There is no file to download: it is not ready, or it was deleted after seven days. Ask for the report again.")
LINK_LASTS = timedelta(minutes=10)
STATE = ReportJob.State


def may_download(actor: Any, report: Reportable, job: ReportJob):
    """Asked again at every download: the person still asks for it, may still have the report, with the same eyes."""
    held = policies.can_have_file(actor, job)
    if not held:
        return held
    allowed = report.policy(actor, actor.organization)
    if not allowed:
        return allowed
    return allowed if may_have(actor, report, job) else Denied(policies.OTHER_EYES)


@transaction.atomic
def make_link(*, report: Reportable, job: ReportJob, session: str, actor: Any, now: datetime) -> str:
    """A new token for the file, for this person in this session. The earlier link works no more.

    Raises Conflict when there is no file, Refused by the policies.
    """
    require(may_download(actor, report, job))
    job = _with_file(job, now)
    token = secrets.token_urlsafe(32)
    ReportRequest.objects.filter(job=job, user_id=actor.user_id).update(
        token_hash=_hash(token), token_until=now + LINK_LASTS, token_used_at=None, session_hash=_hash(session)
    )
    return token


def use_link(*, job: ReportJob, token: str, session: str, actor: Any, now: datetime) -> bool | None:
    """Spend the link. True = it was good; False = it was this person's and is used or over; None = not this person's here."""
    own = ReportRequest.objects.living().filter(
        job=job, user_id=actor.user_id, token_hash=_hash(token), session_hash=_hash(session)
    )
    if own.filter(token_used_at__isnull=True, token_until__gt=now).update(token_used_at=now):
        return True
    return False if own.exists() else None


def copy_file(*, report: Reportable, job: ReportJob, target: IO[bytes], actor: Any, now: datetime) -> None:
    """The file in clear into `target`, and a line in the log. Raises Refused, Conflict, FileMissing, VaultError."""
    require(may_download(actor, report, job))
    job = _with_file(job, now)
    assert job.wrapped_key is not None
    copy_stored(job.stored_name, target, wrapped_key=job.wrapped_key, context=Context(RECORD, job.reference))
    log.record(events.DOWNLOADED, subject=job, actor=actor, now=now, data=facts(job))


def _with_file(job: ReportJob, now: datetime) -> ReportJob:
    """The job as it is now. Raises Conflict when it has no file."""
    fresh = ReportJob.objects.filter(pk=job.pk, state=STATE.DONE, expires_at__gt=now).first()
    if fresh is None:
        raise Conflict(NO_FILE)
    return fresh


def expire_reports(*, now: datetime) -> int:
    """Delete the files whose days are over: first the key, then the file. Returns how many."""
    with tenancy.publishing():
        over = ReportJob.reachable.filter(state=STATE.DONE, expires_at__lte=now).order_by("pk")
        found = list(over.values_list("pk", "organization_id")[:1000])
    return sum(_expire(job_id, organization_id, now) for job_id, organization_id in found)


def _expire(job_id: int, organization_id: int, now: datetime) -> bool:
    with tenancy.activate(organization_id=organization_id):
        over = ReportJob.objects.select_for_update(skip_locked=True).filter(state=STATE.DONE, expires_at__lte=now)
        job = over.filter(pk=job_id).first()
        if job is None:
            return False
        name = job.stored_name
        REPORT_JOB.perform(job, "expire", actor=MACHINE, now=now, data=facts(job), stored_name="", wrapped_key=vault.shred())
        transaction.on_commit(partial(discard, name), robust=True)
    return True


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
