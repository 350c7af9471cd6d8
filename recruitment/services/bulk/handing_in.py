"""A file arrives: a small one is done at once, a larger one waits for the worker. And how a file ends."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import events as log
from core.policies import Actor, Conflict, require
from organizations.models import Membership
from recruitment import events, policies
from recruitment.models import JobOrder, JobOrderImport
from recruitment.services.bulk.checking import Checker, number_errors, row_errors
from recruitment.services.bulk.storing import Unstorable, store_drafts
from recruitment.services.fee import LawBook
from recruitment.services.job_order import submit_job_order
from recruitment.services.opening_file import BadFile, Opening, RowError, read_openings

SMALL = 100
MOST_ERRORS = 500
STATE = JobOrderImport.State
GONE = _("The person who handed the file in may no longer write openings here.")


@transaction.atomic
def hand_in(
    *, file_name: str, content: bytes, language: str, dry_run: bool, submit: bool, actor, now: datetime
) -> JobOrderImport:
    """Take a file of openings. A small one is checked (and stored, unless it is a dry run) at once; a larger one waits for
    the worker. The answer is in `state` and `report`."""
    require(policies.can_import(actor))
    row = JobOrderImport(
        organization_id=actor.organization_id,
        file_name=file_name[:160],
        content=content,
        language=language,
        dry_run=dry_run,
        submit=submit,
        uploaded_by=actor.user,
        uploaded_at=now,
    )
    try:
        openings = read_rows(row)
    except BadFile as error:
        row.content = b""
        row.save()
        return finish(row, STATE.REFUSED, errors=error.errors, now=now)
    row.rows = len(openings)
    row.save()
    if len(openings) > SMALL:
        log.record(events.JOB_ORDERS_HANDED_IN, subject=row, actor=actor, now=now, data={"rows": row.rows})
        return row
    return _do_at_once(row, openings, actor, now)


def read_rows(row: JobOrderImport) -> list[Opening]:
    """What stands in the file. Raises BadFile."""
    exponents = LawBook().currencies
    return read_openings(bytes(row.content), file_name=row.file_name, language=row.language, exponents=exponents)


def _do_at_once(row: JobOrderImport, openings: list[Opening], actor, now: datetime) -> JobOrderImport:
    checker = Checker(actor.organization, submit=row.submit, now=now)
    errors = checker.errors_of(openings) + number_errors(openings)
    if errors or row.dry_run:
        return finish(row, STATE.REFUSED if errors else STATE.CHECKED, errors=errors, now=now)
    try:
        with transaction.atomic():
            orders = store_drafts(openings, checker=checker, actor=actor, now=now)
            if row.submit:
                _send_all(openings, orders, checker, actor, now)
    except Unstorable as error:
        return finish(row, STATE.REFUSED, errors=error.errors, now=now)
    log.record(events.JOB_ORDERS_IMPORTED, subject=row, actor=actor, now=now, data={"rows": len(orders)})
    return finish(row, STATE.DONE, codes=[order.code for order in orders], now=now)


def _send_all(openings: list[Opening], orders: list[JobOrder], checker: Checker, actor, now: datetime) -> None:
    """All are sent, or the transaction is left."""
    errors = []
    for opening, order in zip(openings, orders, strict=True):
        try:
            submit_job_order(job_order=order, actor=actor, now=now, book=checker.book)
        except ValidationError as error:
            errors += row_errors(opening.row, error)
    if errors:
        raise Unstorable(errors)


def finish(row: JobOrderImport, state: str, *, errors=(), more: int = 0, codes=(), now: datetime) -> JobOrderImport:
    """Write how the file ended. `errors`: RowError or what it says plainly; `more`: how many were not kept."""
    plain = [error.plain() if isinstance(error, RowError) else error for error in errors]
    plain.sort(key=lambda error: error["row"])
    report = {"errors": plain[:MOST_ERRORS], "more": more + max(0, len(plain) - MOST_ERRORS), "openings": list(codes)}
    JobOrderImport.objects.filter(pk=row.pk).update(
        state=state, report=report, done=row.rows, finished_at=now, content=b"", leased_until=None, tries=0
    )
    row.refresh_from_db()
    return row


def actor_of(row: JobOrderImport) -> Actor:
    """The person with the roles of this moment, not of the moment the file was handed in. Raises Conflict, Refused."""
    membership = (
        Membership.objects.select_related("user", "organization", "organization__organization_kind")
        .filter(user_id=row.uploaded_by_id, ended_at__isnull=True)
        .first()
    )
    if membership is None:
        raise Conflict(GONE)
    actor = Actor(user=membership.user, organization=membership.organization, roles=frozenset(membership.roles))
    require(policies.can_import(actor))
    return actor
