"""How far a report is, told once a second from beside the work, and whether anybody still wants it.

The work reads its rows in one transaction, so what it wrote there would be seen by nobody before the end. A thread with a
connection of its own writes instead, and looks whether the job was cancelled.
"""

import threading
import time
from datetime import datetime
from typing import Self

from django.db import connections

from core import tenancy
from reports.models import ReportJob

MAKE_SECONDS = 90  # the limit of a worker's task is 100
TICK = 1.0


class Stopped(Exception):
    """The job was cancelled, or another worker has taken it."""


class OutOfTime(Exception):
    """The work took longer than MAKE_SECONDS."""


class Ticker:
    """Use as `with Ticker(job, lease) as ticker`; hand `ticker.tell` to the work. `lease` is the end of the lease that was taken."""

    def __init__(self, job: ReportJob, lease: datetime, *, seconds: float = MAKE_SECONDS):
        self.job, self.lease = job, lease
        self.done = 0
        self.rows: int | None = None
        self._until = time.monotonic() + seconds
        self._lost, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"report-{job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, done: int) -> None:
        """So many rows are done. Raises Stopped or OutOfTime; the work lets them pass."""
        self.done = done
        self.check()

    def check(self) -> None:
        """Whether the work may go on. Raises Stopped or OutOfTime."""
        if self._lost.is_set():
            raise Stopped
        if time.monotonic() > self._until:
            raise OutOfTime

    def _run(self) -> None:
        try:
            while not self._over.wait(TICK):
                if not self._mine():
                    self._lost.set()
                    return
        finally:
            connections.close_all()

    def _mine(self) -> bool:
        """Write how far it is; False when the job is no longer this worker's. A database that does not answer for a moment is
        no reason to give up: the end of the work asks again."""
        try:
            with tenancy.activate(organization_id=self.job.organization_id):
                mine = ReportJob.objects.filter(pk=self.job.pk, state=ReportJob.State.RUNNING, leased_until=self.lease)
                return bool(mine.update(done=self.done, rows=self.rows))
        except Exception:
            return True
