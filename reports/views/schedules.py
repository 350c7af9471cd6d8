"""Schedules: the list, a new one, changing, pausing, going on, deleting."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from core.policies import require
from core.tenancy import read_only
from core.views import once
from organizations.models.calendar import today_in, zone_of
from reports import policies
from reports.catalogue import Report
from reports.forms.delivery import DeliveryForm, ScheduleForm
from reports.models import ReportSchedule
from reports.selectors import job as selectors
from reports.services import scheduling
from reports.services.reportable import Wish
from reports.views.frame import ReportsPage

PAGE = 20


class ScheduledPage(ReportsPage):
    """Common ground of the pages about one schedule."""

    def schedule(self) -> ReportSchedule:
        rows = selectors.schedules_visible_to(self.actor, self.reports)
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def back(self) -> str:
        return reverse("reports:schedule_list", args=[self.actor.organization.slug])


class ScheduleList(ScheduledPage):
    """What goes out regularly, and to whom."""

    template_name = "reports/schedule_list.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            names = dict(selectors.members(self.actor))
            rows = selectors.schedules_visible_to(self.actor, self.reports)
            chosen = request.GET.get("report", "")
            rows = rows.filter(report=chosen) if chosen in self.reports else rows
            after = request.GET.get("after", "")
            if after.isascii() and after.isdigit() and len(after) < 19:
                rows = rows.filter(pk__lt=int(after))
            found = list(rows.order_by("-pk")[: PAGE + 1])
            following = found[PAGE - 1].pk if len(found) > PAGE else None
            return self.render(
                self.context(
                    tabs=self.tabs("schedule_list"),
                    lines=[self._line(row, names) for row in found[:PAGE]],
                    reports=self.reports.values(),
                    chosen=chosen,
                    next=f"?report={chosen}&after={following}" if following else "",
                )
            )

    def _line(self, row: ReportSchedule, names: dict[int, str]) -> dict[str, Any]:
        return {
            "row": row,
            "title": self.reports[row.report].title,
            "when": when_words(row),
            "next": today_in(row.organization.country, row.next_run_at),
            "last": row.last_run_at and today_in(row.organization.country, row.last_run_at),
            "people": [names[user_id] for user_id in row.recipients if user_id in names],
            "may_change": bool(policies.can_change_schedule(self.actor, row)),
        }


def when_words(row: ReportSchedule) -> str:
    """ "every Monday, 08:00", in the organization's own time."""
    values = {"hour": f"{row.hour:02}:00"}
    if row.every == ReportSchedule.Every.WEEK:
        return _("Every week, %(day)s, %(hour)s") % {**values, "day": WEEKDAYS[row.day]}
    return _("Every month, day %(day)s, %(hour)s") % {**values, "day": row.day}


class ScheduleEdit(ScheduledPage):
    """Parameters, file, days and people on one page. Common ground of a new one and a change."""

    template_name = "reports/schedule_form.html"

    def edit(self, report: Report, schedule: ReportSchedule | None, *, data: Any = None):
        now = timezone.now()
        form = report.form(self.actor, now, data)
        if data is None and schedule is not None:
            form.initial = dict(schedule.parameters)
        kept = schedule and {"format": schedule.format, "language": schedule.language, "bom": schedule.bom}
        delivery = DeliveryForm(data, formats=report.formats, initial=kept)
        first = ScheduleForm.initial_of(schedule) if schedule else {"recipients": [self.actor.user_id]}
        when = ScheduleForm(data, members=selectors.members(self.actor), initial=first)
        return form, delivery, when

    def show(self, report: Report, schedule: ReportSchedule | None, forms: tuple):
        form, delivery, when = forms
        zone = str(zone_of(self.actor.organization.country))
        return self.render(
            self.context(
                report=report, schedule=schedule, form=form, delivery=delivery, when=when, zone=zone, back=self.back(),
                once=secrets.token_urlsafe(24),
            )
        )  # fmt: skip

    def save(self, report: Report, schedule: ReportSchedule | None):
        forms = self.edit(report, schedule, data=self.request.POST)
        valid = [form.is_valid() for form in forms]  # all of them are asked, so that every mistake is shown
        if not all(valid):
            return self.show(report, schedule, forms)
        return once(self.request, lambda: self._store(report, schedule, *forms)) or self.show(report, schedule, forms)

    def _store(self, report: Report, schedule: ReportSchedule | None, form, delivery, when) -> str | None:
        given: dict[str, Any] = {
            "report": report,
            "wish": Wish(report.code, form.parameters(), **delivery.wanted()),
            "actor": self.actor,
            "now": timezone.now(),
            **when.when(),
        }
        try:
            with transaction.atomic():
                if schedule is None:
                    scheduling.make_schedule(**given)
                else:
                    scheduling.change_schedule(schedule=schedule, **given)
        except ValidationError as error:
            when.add_error(None, error)
            return None
        messages.success(self.request, _("The schedule is saved."))
        return self.back()


class ScheduleCreate(ScheduleEdit):
    """A new schedule of one report."""

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        report = self.report()
        return self.show(report, None, self.edit(report, None))

    def post(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        return self.save(self.report(), None)


class ScheduleChange(ScheduleEdit):
    """Change one."""

    def get(self, request, *args, **kwargs):
        report, schedule = self._which()
        return self.show(report, schedule, self.edit(report, schedule))

    def post(self, request, *args, **kwargs):
        return self.save(*self._which())

    def _which(self) -> tuple[Report, ReportSchedule]:
        require(self.policy(self.actor))
        schedule = self.schedule()
        require(policies.can_change_schedule(self.actor, schedule))
        return self.reports[schedule.report], schedule


class ScheduleAct(ScheduledPage):
    """Pause and go on at once; deleting is asked first."""

    template_name = "reports/schedule_delete.html"

    def get(self, request, *args, **kwargs):
        schedule = self._which()
        if self.kwargs["verb"] != "delete":
            return HttpResponseRedirect(self.back())
        context = {"schedule": schedule, "title": self.reports[schedule.report].title, "when": when_words(schedule)}
        return self.render(self.context(**context, back=self.back(), once=secrets.token_urlsafe(24)))

    def post(self, request, *args, **kwargs):
        schedule = self._which()
        return once(request, lambda: self._act(schedule))

    def _which(self) -> ReportSchedule:
        require(self.policy(self.actor))
        if self.kwargs["verb"] not in ("pause", "resume", "delete"):
            raise Http404
        schedule = self.schedule()
        require(policies.can_change_schedule(self.actor, schedule))
        return schedule

    def _act(self, schedule: ReportSchedule) -> str:
        act = {
            "pause": scheduling.pause_schedule,
            "resume": scheduling.resume_schedule,
            "delete": scheduling.delete_schedule,
        }[self.kwargs["verb"]]
        act(schedule=schedule, actor=self.actor, now=timezone.now())
        words = {
            "pause": _("The schedule is paused."),
            "resume": _("The schedule goes on."),
            "delete": _("The schedule is gone."),
        }
        messages.success(self.request, words[self.kwargs["verb"]])
        return self.back()
