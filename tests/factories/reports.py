"""Reports as sentences: `ask(member, "openings", "csv")`, `made(job)`, `a_schedule(member)`; and reports that behave badly."""

from datetime import timedelta

from django.utils import timezone

from core import tenancy
from core.policies import ALLOWED, Denied
from reports import catalogue
from reports.catalogue.report import Report
from reports.models import ReportJob, ReportRequest
from reports.renderers import Column, Table
from reports.services import asking, making, scheduling
from reports.services.reportable import Wish


def ask(member, code="openings", form="csv", *, parameters=None, language="en", now=None) -> ReportJob:
    """The job this person gets when they ask."""
    wish = Wish(code, parameters or {}, form, language)
    with member.active():
        report = catalogue.find(code)
        return asking.request_report(report=report, wish=wish, actor=member.actor(), now=now or timezone.now()).job


def made(job) -> ReportJob:
    """Make it as a worker does, and look at it."""
    making.make_report(job.pk, job.organization_id, find=catalogue.find)
    return reload(job)


def reload(job) -> ReportJob:
    with tenancy.activate(organization_id=job.organization_id):
        return ReportJob.objects.get(pk=job.pk)


def change(job, **fields) -> None:
    """What time, or a worker that died, does to a job."""
    with tenancy.activate(organization_id=job.organization_id):
        ReportJob.objects.filter(pk=job.pk).update(**fields)


def lease_ends(job) -> None:
    change(job, leased_until=timezone.now() - timedelta(seconds=1))


def requests_of(job) -> list[ReportRequest]:
    with tenancy.activate(organization_id=job.organization_id):
        return list(ReportRequest.objects.filter(job=job).order_by("pk"))


def a_schedule(member, code="openings", *, now=None, recipients=None, parameters=None, **when):
    given = {"every": "week", "day": 0, "hour": 8, **when}
    with member.active():
        return scheduling.make_schedule(
            report=catalogue.find(code),
            wish=Wish(code, parameters or {}, "csv", "en"),
            actor=member.actor(),
            now=now or timezone.now(),
            recipients=[person.user.pk for person in recipients or [member]],
            **given,
        )


class Sample(Report):
    """A report of so many rows; `pause(n)` is called before each."""

    code = "sample"
    title = "Sample"
    purpose = "For tests."
    main = "rows"

    def __init__(self, rows=3, pause=lambda n: None, known=True):
        self.rows, self.pause, self.known = rows, pause, known

    def policy(self, actor, organization=None):
        return ALLOWED if actor.organization_id else Denied("no")

    def document(self, actor, parameters, now):
        table = Table("rows", "Rows", (Column("n", "N", "integer"),), self._rows, count=self.rows if self.known else None)
        return self.says(facts=(), figures=(), parts=(table,), actor=actor, now=now)

    def _rows(self):
        for n in range(self.rows):
            self.pause(n)
            yield (n,)
