"""The work on a large file, cut into slices that are far shorter than a lease.

A slice takes the file, goes on where the last one stopped, and lets go. Each step is a transaction of its own that first asks
whether the file still stands where the slice found it; so two workers, one of them late, never do a step twice.
"""

import time
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core import events as log
from core import tenancy
from core.policies import Conflict, Refused
from organizations.models import Organization
from recruitment import events
from recruitment.models import JobOrder, JobOrderImport
from recruitment.services.bulk.checking import Checker, number_errors, row_errors
from recruitment.services.bulk.handing_in import GONE, MOST_ERRORS, STATE, actor_of, finish, read_rows
from recruitment.services.bulk.storing import Unstorable, store_drafts
from recruitment.services.code import show
from recruitment.services.fee import LawBook
from recruitment.services.job_order import submit_job_order
from recruitment.services.opening_file import BadFile, Opening, RowError

SLICE_SECONDS = 20
CHUNK = 250  # rows checked in one transaction
SENT_TOGETHER = 10
WORN_OUT = _("The file could not be read. Hand it in again, or in smaller parts.")


def unfinished(*, now: datetime) -> list[tuple[int, int]]:
    """Files of all organizations that wait and that nobody works on: (import, organization), the oldest first."""
    with tenancy.publishing():
        found = JobOrderImport.due(states=JobOrderImport.UNFINISHED, now=now).order_by("pk")
        return list(found.values_list("pk", "organization_id")[:100])


def work_on(import_id: int, organization_id: int) -> bool:
    """One slice of the work on one file. True when more is to be done at once; False when it is done or somebody else has it."""
    now = timezone.now()
    with tenancy.activate(organization_id=organization_id):
        row = JobOrderImport.due(states=JobOrderImport.UNFINISHED, now=now).filter(pk=import_id).first()
        if row is None:
            return False
        if row.worn_out:
            _give_up(row, now)
            return False
        if not JobOrderImport.take(import_id, states=JobOrderImport.UNFINISHED, now=now):
            return False
    more = _Slice(row, now).run()
    with tenancy.activate(organization_id=organization_id):
        JobOrderImport.let_go(import_id)
    return more


def _give_up(row: JobOrderImport, now: datetime) -> None:
    """Workers died of it again and again. What is stored already stays stored."""
    with override(row.language):
        if row.state == STATE.SENDING:
            _end_sending(row, [_unsent("", RowError(0, "", "worn_out", WORN_OUT))], now)
        else:
            finish(row, STATE.REFUSED, errors=[RowError(0, "", "worn_out", WORN_OUT)], now=now)


class _Slice:
    """One worker's turn at one file."""

    def __init__(self, row: JobOrderImport, now: datetime):
        self.row, self.now = row, now
        self.until = time.monotonic() + SLICE_SECONDS

    def run(self) -> bool:
        """True when more is to be done."""
        if self.row.state == STATE.SENDING:
            return self._send()
        openings = self._open()
        if openings is None:
            return False
        if self.row.done < self.row.rows:
            return self._check(openings)
        return self._store(openings)

    @contextmanager
    def _step(self):
        """A transaction as the person who handed the file in, in the language of the file."""
        with tenancy.activate(self.row.uploaded_by_id, self.row.organization_id), override(self.row.language):
            yield

    def _stands(self, state: str) -> bool:
        """Lock the file; whether it is still as this slice left it."""
        found = JobOrderImport.objects.select_for_update().filter(pk=self.row.pk, state=state, done=self.row.done)
        return found.exists()

    def _open(self) -> list[Opening] | None:
        """The rows, or None when the file was refused as a whole."""
        with self._step():
            JobOrderImport.objects.filter(pk=self.row.pk, state=STATE.WAITING).update(state=STATE.CHECKING)
            try:
                actor_of(self.row)
                return read_rows(self.row)
            except BadFile as error:
                finish(self.row, STATE.REFUSED, errors=error.errors, now=self.now)
            except (Refused, Conflict):
                finish(self.row, STATE.REFUSED, errors=[RowError(0, "", "refused", GONE)], now=self.now)
        return None

    # -- checking -------------------------------------------------------------------------------------------------------

    def _check(self, openings: list[Opening]) -> bool:
        with self._step():
            checker = self._checker()
        while self.row.done < self.row.rows:
            with self._step():
                if not self._stands(STATE.CHECKING):
                    return False
                self._check_chunk(openings, checker)
            if time.monotonic() > self.until and self.row.done < self.row.rows:
                return True
        report = self.row.report
        if not report.get("errors") and not self.row.dry_run:
            return True
        with self._step():
            if self._stands(STATE.CHECKING):
                state = STATE.REFUSED if report["errors"] else STATE.CHECKED
                finish(self.row, state, errors=report["errors"], more=report["more"], now=self.now)
        return False

    def _check_chunk(self, openings: list[Opening], checker: Checker) -> None:
        """Check the next rows and write down how far it is."""
        chunk = openings[self.row.done : self.row.done + CHUNK]
        errors = checker.errors_of(chunk)
        self.row.done += len(chunk)
        if self.row.done == self.row.rows:
            errors += number_errors(openings)
        before = self.row.report
        found = [*before.get("errors", []), *(error.plain() for error in errors)]
        more = before.get("more", 0) + max(0, len(found) - MOST_ERRORS)
        self.row.report = {"errors": found[:MOST_ERRORS], "more": more}
        JobOrderImport.objects.filter(pk=self.row.pk).update(done=self.row.done, report=self.row.report)

    def _checker(self) -> Checker:
        organization = Organization.reachable.get(pk=self.row.organization_id)
        return Checker(organization, submit=self.row.submit, now=self.now)

    # -- storing --------------------------------------------------------------------------------------------------------

    def _store(self, openings: list[Opening]) -> bool:
        """All drafts in one transaction, with what the file says afterwards: whoever comes later finds it stored."""
        try:
            with self._step():
                if not self._stands(STATE.CHECKING):
                    return False
                self._store_all(openings)
        except Unstorable as error:
            with self._step():
                if self._stands(STATE.CHECKING):
                    finish(self.row, STATE.REFUSED, errors=error.errors, now=self.now)
            return False
        return self.row.submit

    def _store_all(self, openings: list[Opening]) -> None:
        actor = actor_of(self.row)
        checker = self._checker()
        if errors := number_errors(openings):
            raise Unstorable(errors)
        codes = [order.code for order in store_drafts(openings, checker=checker, actor=actor, now=self.now)]
        log.record(events.JOB_ORDERS_IMPORTED, subject=self.row, actor=actor, now=self.now, data={"rows": len(codes)})
        if not self.row.submit:
            finish(self.row, STATE.DONE, codes=codes, now=self.now)
            return
        report = {"errors": [], "more": 0, "openings": codes, "unsent": []}
        JobOrderImport.objects.filter(pk=self.row.pk).update(state=STATE.SENDING, done=0, report=report, content=b"")

    # -- sending --------------------------------------------------------------------------------------------------------

    def _send(self) -> bool:
        """Send the drafts for approval, some in each transaction, together with how far it is. One that cannot be sent any more
        (a permit stopped meanwhile, somebody withdrew it) stays as it is and is named in the report."""
        codes = self.row.report["openings"]
        with self._step():
            book = LawBook()
        while self.row.done < len(codes):
            with self._step():
                if not self._stands(STATE.SENDING):
                    return False
                try:
                    actor = actor_of(self.row)
                except (Refused, Conflict):
                    _end_sending(self.row, [_unsent("", RowError(0, "", "refused", GONE))], self.now)
                    return False
                self._send_some(codes[self.row.done : self.row.done + SENT_TOGETHER], actor, book)
            if time.monotonic() > self.until and self.row.done < len(codes):
                return True
        with self._step():
            if self._stands(STATE.SENDING):
                _end_sending(self.row, [], self.now)
        return False

    def _send_some(self, codes: list[str], actor, book: LawBook) -> None:
        orders = {order.code: order for order in JobOrder.objects.filter(code__in=codes)}
        failed = []
        for code in codes:
            try:
                with transaction.atomic():
                    submit_job_order(job_order=orders[code], actor=actor, now=timezone.now(), book=book)
            except ValidationError as error:
                failed += [_unsent(code, mistake) for mistake in row_errors(0, error)]
            except (Refused, Conflict) as refusal:
                failed.append(_unsent(code, RowError(0, "", "refused", refusal.reason)))
        self.row.done += len(codes)
        if failed:
            self.row.report["unsent"] = (self.row.report.get("unsent", []) + failed)[:MOST_ERRORS]
            JobOrderImport.objects.filter(pk=self.row.pk).update(done=self.row.done, report=self.row.report)
        else:
            JobOrderImport.objects.filter(pk=self.row.pk).update(done=self.row.done)


def _unsent(code: str, error: RowError) -> dict:
    """One opening that stayed a draft, or with "" all that were not reached."""
    plain = error.plain()
    return {"opening": show(code) if code else "", **{name: plain[name] for name in ("field", "code", "message")}}


def _end_sending(row: JobOrderImport, failed: list[dict], now: datetime) -> None:
    report = {**row.report, "unsent": row.report.get("unsent", []) + failed}
    JobOrderImport.objects.filter(pk=row.pk).update(state=STATE.DONE, report=report, finished_at=now, leased_until=None, tries=0)
