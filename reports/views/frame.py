"""Common ground of the room of reports: header, menu, which reports the person may have."""

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.views import Page
from organizations.policies.capability import Capability, declare
from organizations.selectors import desk
from organizations.selectors.desk import Room, add_room
from reports import catalogue, policies
from reports.catalogue import Report
from reports.models import ReportJob
from reports.selectors import job as selectors

SIGNS = {"waiting": "clock", "running": "clock", "done": "ok", "failed": "stop", "cancelled": "pause", "expired": "unk"}
VERDICTS = {"waiting": "warn", "running": "warn", "done": "ok", "failed": "stop", "cancelled": "pause", "expired": "unk"}


def has_reports(actor: Any) -> bool:
    """The room is in the menu of those who may have at least one report."""
    return bool(policies.can_enter(actor)) and bool(catalogue.open_to(actor))


class ReportsPage(Page):
    """What every page of the room gives to its template."""

    policy = policies.can_enter

    @cached_property
    def reports(self) -> dict[str, Report]:
        """The reports this person may have, by code."""
        return {report.code: report for report in catalogue.open_to(self.actor)}

    @cached_property
    def scopes(self) -> dict[str, str]:
        return {code: report.scope(self.actor) for code, report in self.reports.items()}

    def jobs(self):
        """The organization's jobs that this person may see, with who asked."""
        return selectors.with_people(selectors.jobs_visible_to(self.actor, self.scopes), self.actor)

    def job(self) -> ReportJob:
        """The job of the address; what is not visible does not exist."""
        job = self.jobs().filter(pk=self.kwargs["pk"]).first()
        if job is None:
            raise Http404
        return job

    def report(self) -> Report:
        """The report of the address, if the person may have it."""
        report = self.reports.get(self.kwargs["code"])
        if report is None:
            raise Http404
        return report

    def context(self, **context: Any) -> dict[str, Any]:
        actor = self.actor
        return {
            "desk_name": desk.desk_name(actor),
            "desk_nav": desk.desk_nav(actor, self.request.path),
            "slug": actor.organization.slug,
            "actor": actor,
            **context,
        }

    def tabs(self, current: str) -> list[dict[str, Any]]:
        """Reports, what was asked for, schedules."""
        from django.urls import reverse

        named = (("report_list", _("Reports")), ("job_list", _("Asked for")), ("schedule_list", _("Schedules")))
        slug = self.actor.organization.slug
        return [
            {"url": reverse(f"reports:{name}", args=[slug]), "label": label, "current": name == current} for name, label in named
        ]


def line_of(job: ReportJob, reports: dict[str, Report]) -> dict[str, Any]:
    """One line of a list of jobs."""
    return {
        "job": job,
        "title": reports[job.report].title,
        "verdict": VERDICTS[job.state],
        "people": [str(request.user) for request in job.asked_by],
        "percent": bool(job.rows and job.state == ReportJob.State.RUNNING),
    }


add_room(Room("reports:report_list", gettext_lazy("Reports"), policy=has_reports, place=50))
declare(Capability(gettext_lazy("Make the reports of the organization"), has_reports))
