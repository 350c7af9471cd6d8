"""Schedules: making, changing, pausing, deleting, and running what is due exactly once."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import events as log
from core import tenancy
from core.policies import require
from organizations.models import Organization
from organizations.models.calendar import today_in, zone_of
from reports import events, policies
from reports.models import ReportJob, ReportSchedule
from reports.services.asking import request_report
from reports.services.making import MACHINE, acting, tell_scheduled
from reports.services.reportable import Find, Reportable, Wish

EVERY = ReportSchedule.Every
WANTED = ("every", "day", "hour", "recipients")


def next_run(*, every: str, day: int, hour: int, country: str, after: datetime) -> datetime:
    """The first moment after `after` at which it is due. `day`: 0 (Monday) to 6, or 1 to 28; `hour` in the country's own time."""
    on = today_in(country, after)
    while True:
        moment = datetime.combine(on, time(hour), tzinfo=zone_of(country))
        if moment > after and _is_day(on, every, day):
            return moment
        on += timedelta(days=1)


def _is_day(on: date, every: str, day: int) -> bool:
    return on.weekday() == day if every == EVERY.WEEK else on.day == day


@transaction.atomic
def make_schedule(*, report: Reportable, wish: Wish, actor: Any, now: datetime, **when: Any) -> ReportSchedule:
    """`when`: every, day, hour, recipients (user ids). Raises Refused, ValidationError (`recipients`)."""
    require(policies.can_enter(actor))
    require(report.policy(actor, actor.organization))
    schedule = ReportSchedule(organization_id=actor.organization_id, created_by=actor.user, created_at=now)
    _fill(schedule, report, wish, when, actor.organization, now)
    schedule.save()
    log.record(events.SCHEDULE_MADE, subject=schedule, actor=actor, now=now, data=_facts(schedule))
    return schedule


@transaction.atomic
def change_schedule(
    *, schedule: ReportSchedule, report: Reportable, wish: Wish, actor: Any, now: datetime, **when: Any
) -> ReportSchedule:
    """The same, for one that exists."""
    schedule = _locked(schedule)
    require(policies.can_change_schedule(actor, schedule))
    require(report.policy(actor, actor.organization))
    _fill(schedule, report, wish, when, actor.organization, now)
    schedule.save()
    log.record(events.SCHEDULE_CHANGED, subject=schedule, actor=actor, now=now, data=_facts(schedule))
    return schedule


@transaction.atomic
def pause_schedule(*, schedule: ReportSchedule, actor: Any, now: datetime) -> ReportSchedule:
    """Nothing is sent until it is begun again. Doing it twice changes nothing."""
    return _switch(schedule, False, events.SCHEDULE_PAUSED, actor, now)


@transaction.atomic
def resume_schedule(*, schedule: ReportSchedule, actor: Any, now: datetime) -> ReportSchedule:
    """It goes on with the next day that is due; what was missed is not made up for."""
    return _switch(schedule, True, events.SCHEDULE_RESUMED, actor, now)


@transaction.atomic
def delete_schedule(*, schedule: ReportSchedule, actor: Any, now: datetime) -> None:
    """It is gone; reports it made stay until their last day."""
    schedule = _locked(schedule)
    require(policies.can_change_schedule(actor, schedule))
    log.record(events.SCHEDULE_DELETED, subject=schedule, actor=actor, now=now, data=_facts(schedule))
    schedule.delete()


def _switch(schedule: ReportSchedule, active: bool, verb, actor: Any, now: datetime) -> ReportSchedule:
    schedule = _locked(schedule)
    require(policies.can_change_schedule(actor, schedule))
    if schedule.active != active:
        schedule.active = active
        schedule.next_run_at = _next(schedule, actor.organization.country, now)
        schedule.save(update_fields=["active", "next_run_at"])
        log.record(verb, subject=schedule, actor=actor, now=now, data=_facts(schedule))
    return schedule


def _locked(schedule: ReportSchedule) -> ReportSchedule:
    return ReportSchedule.objects.select_for_update().get(pk=schedule.pk)


def _fill(
    schedule: ReportSchedule, report: Reportable, wish: Wish, when: dict[str, Any], organization: Organization, now: datetime
) -> None:
    require_recipients(report, when["recipients"])
    values = {"parameters": wish.parameters, "format": wish.format, "language": wish.language, "bom": wish.bom}
    for name, value in {"report": wish.report, **values, **{name: when[name] for name in WANTED}}.items():
        setattr(schedule, name, value)
    schedule.next_run_at = _next(schedule, organization.country, now)


def require_recipients(report: Reportable, users: list[int]) -> None:
    """Members who may have this report themselves. Raises ValidationError."""
    if not users:
        raise ValidationError({"recipients": _("Choose at least one person.")})
    for user_id in users:
        with acting(user_id) as actor:
            if actor is None:
                raise ValidationError({"recipients": _("One of these people does not work here any more.")})
            if not report.policy(actor, actor.organization):
                raise ValidationError({"recipients": _("%(name)s may not have this report.") % {"name": actor.name}})


def _next(schedule: ReportSchedule, country: str, now: datetime) -> datetime:
    return next_run(every=schedule.every, day=schedule.day, hour=schedule.hour, country=country, after=now)


# -- running ------------------------------------------------------------------------------------------------------------


def run_due(*, now: datetime, find: Find) -> int:
    """Run what is due in all organizations, each once however often it was missed. Returns how many ran."""
    with tenancy.publishing():
        due = ReportSchedule.reachable.filter(active=True, next_run_at__lte=now).order_by("next_run_at", "pk")
        found = list(due.values_list("pk", "organization_id")[:500])
    return sum(_run(schedule_id, organization_id, now, find) for schedule_id, organization_id in found)


def _run(schedule_id: int, organization_id: int, now: datetime, find: Find) -> bool:
    """One schedule, in one transaction with its next day: whoever comes at the same time passes it by or finds it done."""
    with tenancy.activate(organization_id=organization_id):
        due = ReportSchedule.objects.select_for_update(skip_locked=True, of=("self",)).select_related("organization")
        schedule = due.filter(pk=schedule_id, active=True, next_run_at__lte=now).first()
        if schedule is None:
            return False
        asked = _ask(schedule, find(schedule.report), now)
        schedule.last_run_at = now
        schedule.next_run_at = _next(schedule, schedule.organization.country, now)
        schedule.active = asked
        schedule.save(update_fields=["last_run_at", "next_run_at", "active"])
        if not asked:
            log.record(events.SCHEDULE_STOPPED, subject=schedule, actor=MACHINE, now=now, data=_facts(schedule))
    return True


def _ask(schedule: ReportSchedule, report: Reportable | None, now: datetime) -> bool:
    """Ask for each recipient as they are now; False when none of them may have it any more."""
    wish = Wish(schedule.report, schedule.parameters, schedule.format, schedule.language, schedule.bom)
    ready: dict[int, list[int]] = {}
    jobs: dict[int, ReportJob] = {}
    asked = False
    for user_id in schedule.recipients:
        with acting(user_id) as actor:
            if actor is None or report is None or not report.policy(actor, actor.organization):
                continue
            job = request_report(report=report, wish=wish, actor=actor, now=now, schedule=schedule).job
        asked = True
        if job.state == ReportJob.State.DONE:  # somebody asked for the same a moment ago
            jobs[job.pk] = job
            ready.setdefault(job.pk, []).append(user_id)
    for pk, users in ready.items():
        tell_scheduled(jobs[pk], {schedule.pk: users}, now)
    return asked


def _facts(schedule: ReportSchedule) -> dict:
    return {"report": schedule.report, "format": schedule.format, "recipients": sorted(schedule.recipients)}
