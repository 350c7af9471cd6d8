"""Storing thousands of drafts in few statements. The caller's transaction decides that all of them are there, or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from core import events as log
from recruitment import events
from recruitment.models import FeeCharge, JobOrder, JobOrderText, JobOrderVersion, PayLine
from recruitment.services.bulk.checking import Checker, row_errors
from recruitment.services.code import random_code
from recruitment.services.fee import settle
from recruitment.services.job_order import ATTEMPTS, Draft
from recruitment.services.opening_file import Opening, RowError

BATCH = 250


class Unstorable(Exception):
    """Rows turned out wrong; the transaction must be left. `errors`: see RowError."""

    def __init__(self, errors: Sequence[RowError]):
        super().__init__()
        self.errors = list(errors)


@dataclass
class _Written:
    """One opening on its way into the database."""

    opening: Opening
    draft: Draft
    version: JobOrderVersion


def store_drafts(openings: list[Opening], *, checker: Checker, actor, now: datetime) -> list[JobOrder]:
    """A draft with its first version for every row, in the order of the rows, with verdicts and figures. Call it inside a
    transaction; raises Unstorable."""
    found: list[JobOrder] = []
    rows = iter(openings)
    while batch := list(islice(rows, BATCH)):
        found += _store([_cleaned(opening, checker, actor) for opening in batch], checker, actor, now)
        _check_references()
    log.record_many(events.JOB_ORDER_CREATED, subjects=found, actor=actor, now=now, data={"copy_of": None})
    return found


def _cleaned(opening: Opening, checker: Checker, actor) -> _Written:
    try:
        draft = checker.draft_of(opening)
    except ValidationError as error:
        raise Unstorable(row_errors(opening.row, error)) from None
    values = {"origin_id": checker.origin, **draft.values}
    version = JobOrderVersion(organization_id=actor.organization_id, number=1, created_by=actor.user, **values)
    return _Written(opening, draft, version)


def _store(batch: list[_Written], checker: Checker, actor, now: datetime) -> list[JobOrder]:
    orders = _insert_orders(batch, actor)
    lines: dict[Any, list] = {FeeCharge: [], PayLine: [], JobOrderText: []}
    for written, order in zip(batch, orders, strict=True):
        written.version.job_order = order
        fees = list(_lines(FeeCharge, written.version, written.draft.fees))
        pay = list(_lines(PayLine, written.version, written.draft.pay))
        settle(written.version, fees, pay, on=checker.today, book=checker.book)
        lines[FeeCharge] += fees
        lines[PayLine] += pay
        lines[JobOrderText] += _lines(JobOrderText, written.version, written.draft.texts, written_at=now)
    JobOrderVersion.objects.bulk_create([written.version for written in batch])
    for model, rows in lines.items():
        for row in rows:
            row.version_id = row.version.pk
        model.objects.bulk_create(rows, batch_size=2000)
    return orders


def _insert_orders(batch: list[_Written], actor) -> list[JobOrder]:
    """Rows with codes that nobody has; another organization's codes are not visible, so the constraint decides."""
    for attempt in range(ATTEMPTS):
        orders = [
            JobOrder(
                organization_id=actor.organization_id,
                code=random_code(),
                external_id=written.opening.external_id,
                created_by=actor.user,
            )
            for written in batch
        ]
        try:
            with transaction.atomic():
                return JobOrder.objects.bulk_create(orders)
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _lines(model, version: JobOrderVersion, cleaned: Sequence[dict] | None, **more) -> Iterator:
    for position, line in enumerate(cleaned or []):
        yield model(
            organization_id=version.organization_id,
            job_order_id=version.job_order_id,
            version=version,
            position=position,
            **line,
            **more,
        )


def _check_references() -> None:
    """Let PostgreSQL check the references so far, so that the commit of a large file is not one statement of minutes."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
