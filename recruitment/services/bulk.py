"""Many openings at once: checked row by row, all stored or none, as drafts or sent for approval.

Up to SMALL rows are done while the person waits; larger files are handed to the worker (recruitment.tasks), which calls
the functions below one after another. Checking reports its progress; storing is one transaction.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core import events as log
from core.policies import Actor, Conflict, Refused, require
from organizations.models import Membership, Organization
from organizations.models.calendar import today_in
from recruitment import events, policies
from recruitment.models import FeeCharge, JobOrder, JobOrderImport, JobOrderVersion
from recruitment.services import terms
from recruitment.services.fee import LawBook, judge_version
from recruitment.services.job_order import clean_draft, create_job_order, save_draft, submit_job_order
from recruitment.services.opening_file import BadFile, Opening, RowError, read_openings
from recruitment.services.refusal import refused_lines

SMALL = 200
CHUNK = 250
BATCH = 50
MOST_ERRORS = 500
STATE = JobOrderImport.State
GONE = _("The person who handed the file in may no longer write openings here.")
TAKEN = _("Another opening has this number already.")


class _RolledBack(Exception):
    """Leaves the transaction without storing anything."""


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
        openings = read_openings(content, file_name=file_name, language=language, exponents=LawBook().currencies)
    except BadFile as error:
        row.content = b""
        row.save()
        _finish(row, STATE.REFUSED, error.errors, [], now)
        return row
    row.rows = len(openings)
    row.save()
    if len(openings) > SMALL:
        log.record(events.JOB_ORDERS_HANDED_IN, subject=row, actor=actor, now=now, data={"rows": row.rows})
        return row
    today, country = day_and_country(row, now)
    errors = check_openings(openings, submit=submit, country=country, today=today, book=LawBook()) + check_numbers(openings)
    decide_import(row, openings, errors, actor=actor, now=now)
    return row


def claim_import(import_id: int) -> JobOrderImport | None:
    """Mark a waiting file as being checked; None when somebody else has it or it is decided. Its own transaction."""
    claimed = JobOrderImport.objects.filter(pk=import_id, state=STATE.WAITING).update(state=STATE.CHECKING)
    return JobOrderImport.objects.get(pk=import_id) if claimed else None


def prepare_import(row: JobOrderImport, *, now: datetime) -> tuple[Actor, list[Opening]] | None:
    """The person, with the roles of this moment, and the rows of a claimed file; None when it was refused as a whole."""
    with override(row.language):
        try:
            actor = _actor_of(row)
            require(policies.can_import(actor))
            exponents = LawBook().currencies
            return actor, read_openings(bytes(row.content), file_name=row.file_name, language=row.language, exponents=exponents)
        except BadFile as error:
            _finish(row, STATE.REFUSED, error.errors, [], now)
        except (Refused, Conflict):
            _finish(row, STATE.REFUSED, [RowError(0, "", "refused", GONE)], [], now)
    return None


def note_progress(import_id: int, done: int) -> None:
    """How many rows have been checked."""
    JobOrderImport.objects.filter(pk=import_id).update(done=done)


def check_openings(openings: list[Opening], *, submit: bool, country: str, today: date, book: LawBook) -> list[RowError]:
    """Every mistake of these rows by themselves, without writing anything."""
    return [error for opening in openings for error in _check(opening, book, submit, country, today)]


def check_numbers(openings: list[Opening]) -> list[RowError]:
    """The organization's own numbers: each once in the file, and not in use yet."""
    ids = {opening.external_id for opening in openings} - {""}
    seen = set(JobOrder.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    errors = []
    for opening in openings:
        if opening.external_id and opening.external_id in seen:
            errors.append(RowError(opening.row, "external_id", "unique", TAKEN))
        seen.add(opening.external_id)
    return errors


@transaction.atomic
def decide_import(row: JobOrderImport, openings: list[Opening], errors: list[RowError], *, actor, now: datetime) -> None:
    """With mistakes or in a dry run nothing is stored; else everything, in this one transaction."""
    if not errors and not row.dry_run:
        codes, errors = _store(openings, row.submit, actor, now)
        if not errors:
            _finish(row, STATE.DONE, [], codes, now)
            log.record(events.JOB_ORDERS_IMPORTED, subject=row, actor=actor, now=now, data={"rows": len(codes)})
            return
    errors = sorted(errors, key=lambda error: error.row)
    _finish(row, STATE.REFUSED if errors else STATE.CHECKED, errors, [], now)


def day_and_country(row: JobOrderImport, now: datetime) -> tuple[date, str]:
    """Today where the organization is, and its country."""
    country = Organization.reachable.values_list("country", flat=True).get(pk=row.organization_id)
    return today_in(country, now), country


def _check(opening: Opening, book: LawBook, submit: bool, country: str, today: date) -> list[RowError]:
    errors = list(opening.errors)
    if errors:
        return errors
    try:
        draft = clean_draft(opening.values, opening.fees, opening.pay, opening.texts, book=book, today=today)
    except ValidationError as error:
        return _row_errors(opening.row, error)
    version = JobOrderVersion(**{"origin_id": country, **draft.values})
    found = terms.contradictions(version)
    if submit:
        lines = [FeeCharge(**line) for line in draft.fees or []]
        found |= refused_lines(judge_version(version, lines, on=today, book=book), lines)
        found |= terms.gaps(version, today=today, expires_on=None)
    return _row_errors(opening.row, ValidationError(found)) if found else []


def _store(openings: list[Opening], submit: bool, actor, now: datetime) -> tuple[list[str], list[RowError]]:
    """Codes of what was stored, or the mistakes and nothing stored."""
    codes: list[str] = []
    errors: list[RowError] = []
    book = LawBook()
    try:
        with transaction.atomic():
            for done, opening in enumerate(openings, start=1):
                try:
                    codes.append(_store_one(opening, submit, actor, now, book))
                except ValidationError as error:
                    errors += _row_errors(opening.row, error)
                if len(errors) >= MOST_ERRORS:
                    break
                if done % BATCH == 0:
                    _check_references()
            if errors:
                raise _RolledBack
    except _RolledBack:
        return [], errors
    return codes, []


def _check_references() -> None:
    """Let PostgreSQL check the references so far, so that the commit of a large file is not one statement of minutes."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def _store_one(opening: Opening, submit: bool, actor, now: datetime, book: LawBook) -> str:
    job_order = create_job_order(actor=actor, now=now, external_id=opening.external_id)
    save_draft(
        job_order=job_order,
        actor=actor,
        now=now,
        values=opening.values,
        fee_lines=opening.fees,
        pay_lines=opening.pay,
        texts=opening.texts,
        book=book,
    )
    if submit:
        submit_job_order(job_order=job_order, actor=actor, now=now)
    return job_order.code


def _row_errors(row: int, error: ValidationError) -> list[RowError]:
    """`fees.0.amount` is told as the column `fee_1_amount`."""
    mistakes: dict[str, list[Any]] = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return [
        RowError(row, _column(name), mistake.code or "invalid", mistake.messages[0])
        for name, found in mistakes.items()
        for mistake in found
    ]


def _column(name: str) -> str:
    kind, _dot, rest = name.partition(".")
    number, _dot, part = rest.partition(".")
    if kind == "fees" and number.isdigit():
        return f"fee_{int(number) + 1}_{part}"
    return "" if name == NON_FIELD_ERRORS else "wage_base_jpy" if name == "wage_base" else name


def _finish(row: JobOrderImport, state: str, errors: list[RowError], codes: list[str], now: datetime) -> None:
    report = {
        "errors": [error.plain() for error in errors[:MOST_ERRORS]],
        "more": max(0, len(errors) - MOST_ERRORS),
        "openings": codes,
    }
    row.report = report
    JobOrderImport.objects.filter(pk=row.pk).update(state=state, report=report, done=row.rows, finished_at=now, content=b"")
    row.refresh_from_db()


def _actor_of(row: JobOrderImport) -> Actor:
    """The person with the roles of this moment, not of the moment the file was handed in."""
    membership = (
        Membership.objects.select_related("user", "organization", "organization__organization_kind")
        .filter(user_id=row.uploaded_by_id, ended_at__isnull=True)
        .first()
    )
    if membership is None:
        raise Conflict(GONE)
    return Actor(user=membership.user, organization=membership.organization, roles=frozenset(membership.roles))
