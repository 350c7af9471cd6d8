"""Reports: the catalogue, what was asked for, schedules. Each organization's own people only."""

from types import SimpleNamespace

from django.utils import timezone

from reports import catalogue
from reports.services.asking import request_report
from reports.services.reportable import Wish
from reports.services.scheduling import make_schedule
from tests.access.table import AGENCY, Row, only


def prepare(cast) -> SimpleNamespace:
    """The recruiter asked for a report; the owner made a schedule."""
    report, now = catalogue.find("openings"), timezone.now()
    wish = Wish("openings", {}, "csv", "en")
    with cast.agency_recruiter.active():
        job = request_report(report=report, wish=wish, actor=cast.agency_recruiter.actor(), now=now).job
    with cast.agency_owner.active():
        schedule = make_schedule(
            report=report,
            wish=wish,
            actor=cast.agency_owner.actor(),
            now=now,
            every="week",
            day=0,
            hour=8,
            recipients=[cast.agency_owner.user.pk],
        )
    return SimpleNamespace(job=job.pk, schedule=schedule.pk)


ROOM = "/en/o/hoa-sen/reports/"

ROWS = {
    "reports:report_list": Row(lambda cast, made: ROOM, only(*AGENCY)),
    "reports:report_form": Row(lambda cast, made: f"{ROOM}openings/", only(*AGENCY)),
    "reports:job_list": Row(lambda cast, made: f"{ROOM}jobs/", only(*AGENCY)),
    "reports:job_detail": Row(lambda cast, made: f"{ROOM}jobs/{made.job}/", only(*AGENCY)),
    "reports:job_act": Row(
        lambda cast, made: f"{ROOM}jobs/{made.job}/cancel/",
        only(agency_owner=403, agency_recruiter=302, agency_viewer=403),
        method="post",
    ),
    "reports:job_file": Row(lambda cast, made: f"{ROOM}jobs/{made.job}/file/{'x' * 43}/", only()),
    "reports:schedule_list": Row(lambda cast, made: f"{ROOM}schedules/", only(*AGENCY)),
    "reports:schedule_create": Row(lambda cast, made: f"{ROOM}schedules/new/openings/", only(*AGENCY)),
    "reports:schedule_change": Row(
        lambda cast, made: f"{ROOM}schedules/{made.schedule}/",
        only("agency_owner", agency_recruiter=403, agency_viewer=403),
    ),
    "reports:schedule_act": Row(
        lambda cast, made: f"{ROOM}schedules/{made.schedule}/delete/",
        only("agency_owner", agency_recruiter=403, agency_viewer=403),
    ),
}
