"""Schedules: the right day and hour of the country, once, for those who may have it on the day."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from core import tenancy
from core.models import Event
from core.policies import Refused
from organizations.models import Membership
from reports import catalogue
from reports.models import ReportJob, ReportRequest, ReportSchedule
from reports.services import scheduling
from tests.factories.organizations import a_member, an_organization, appoint
from tests.factories.reports import Sample, a_schedule, ask, change, made

MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # 08:00 in Viet Nam


@pytest.fixture
def agency(committed, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return an_organization("hoa-sen")


@pytest.fixture
def owner(agency):
    return a_member(agency, "owner")


def run(now) -> int:
    return scheduling.run_due(now=now, find=catalogue.find)


def row_of(member, schedule) -> ReportSchedule:
    with member.active():
        return ReportSchedule.objects.get(pk=schedule.pk)


def told(member) -> list[dict]:
    with member.active():
        return list(Event.objects.filter(verb="report.scheduled_ready").order_by("pk").values_list("data", flat=True))


@pytest.mark.parametrize(
    ("country", "every", "day", "hour", "after", "expected"),
    [
        ("VN", "week", 0, 8, "2026-11-28T00:00", "2026-11-30T01:00"),
        ("VN", "week", 0, 8, "2026-11-30T01:00", "2026-12-07T01:00"),
        ("VN", "week", 0, 8, "2026-11-30T00:59", "2026-11-30T01:00"),
        ("JP", "month", 1, 0, "2026-11-30T14:59", "2026-11-30T15:00"),
        ("ID", "month", 28, 23, "2026-02-28T16:00", "2026-03-28T16:00"),
        ("AU", "week", 6, 2, "2026-10-03T00:00", "2026-10-03T16:00"),
    ],
)
def test_the_next_run_is_the_day_and_hour_of_the_country(country, every, day, hour, after, expected):
    after, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (after, expected))

    found = scheduling.next_run(every=every, day=day, hour=hour, country=country, after=after)

    assert found.astimezone(UTC) == expected


def test_a_due_schedule_asks_for_each_recipient_and_tells_them_when_it_is_ready(owner, agency):
    colleague = a_member(agency, "viewer")
    schedule = a_schedule(owner, now=MONDAY - timedelta(days=1), recipients=[owner, colleague])

    assert (run(MONDAY - timedelta(seconds=1)), run(MONDAY)) == (0, 1)

    with owner.active():
        job = ReportJob.objects.get()
    made(job)
    users = sorted([owner.user.pk, colleague.user.pk])
    assert [(data["schedule"], data["recipients"]) for data in told(owner)] == [(schedule.pk, users)]
    after = row_of(owner, schedule)
    assert (after.last_run_at, after.next_run_at) == (MONDAY, MONDAY + timedelta(days=7))
    with owner.active():
        assert Event.objects.get(verb="report.ready").data["recipients"] == []


def test_what_somebody_asked_for_a_moment_ago_is_told_at_once(owner):
    a_schedule(owner, now=MONDAY - timedelta(days=1))
    job = made(ask(owner, now=MONDAY))
    change(job, finished_at=MONDAY)

    run(MONDAY + timedelta(minutes=1))

    with owner.active():
        assert ReportJob.objects.count() == 1
    assert [data["recipients"] for data in told(owner)] == [[owner.user.pk]]


def test_after_three_hours_without_a_clock_it_runs_once(owner):
    schedule = a_schedule(owner, now=MONDAY - timedelta(days=1))

    runs = [run(MONDAY + timedelta(hours=3)), run(MONDAY + timedelta(hours=3, minutes=1))]

    assert runs == [1, 0]
    assert row_of(owner, schedule).next_run_at == MONDAY + timedelta(days=7)


def test_two_clocks_at_the_same_moment_run_it_once(owner):
    for _ in range(5):
        a_schedule(owner, now=MONDAY - timedelta(days=1), parameters={"state": "published"})
    start, counts = threading.Barrier(4), []

    def tick():
        start.wait()
        counts.append(run(MONDAY + timedelta(hours=3)))
        connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts) == 5
    with owner.active():
        assert (ReportJob.objects.count(), ReportRequest.objects.count()) == (1, 1)


def test_somebody_who_left_gets_nothing_and_the_others_do(owner, agency):
    colleague = a_member(agency, "viewer")
    schedule = a_schedule(owner, now=MONDAY - timedelta(days=1), recipients=[owner, colleague])
    with owner.active():
        Membership.objects.filter(user=colleague.user).update(ended_at=MONDAY)

    run(MONDAY)

    with owner.active():
        assert list(ReportRequest.objects.values_list("user_id", flat=True)) == [owner.user.pk]
    assert row_of(owner, schedule).active


def test_a_schedule_that_nobody_may_have_stops_and_says_so(owner, agency):
    colleague = a_member(agency, "viewer")
    schedule = a_schedule(owner, now=MONDAY - timedelta(days=1), recipients=[colleague])
    with owner.active():
        Membership.objects.filter(user=colleague.user).update(ended_at=MONDAY)

    run(MONDAY)

    assert not row_of(owner, schedule).active
    with owner.active():
        assert Event.objects.filter(verb="report_schedule.stopped").count() == 1
        assert ReportJob.objects.count() == 0


def test_a_paused_schedule_waits_and_does_not_catch_up(owner):
    schedule = a_schedule(owner, now=MONDAY - timedelta(days=1))
    with owner.active():
        scheduling.pause_schedule(schedule=schedule, actor=owner.actor(), now=MONDAY - timedelta(hours=1))
    assert run(MONDAY + timedelta(days=1)) == 0

    with owner.active():
        scheduling.resume_schedule(schedule=schedule, actor=owner.actor(), now=MONDAY + timedelta(days=1))

    assert run(MONDAY + timedelta(days=1)) == 0
    assert row_of(owner, schedule).next_run_at == MONDAY + timedelta(days=7)


def test_only_its_maker_owners_and_managers_change_a_schedule(owner, agency):
    maker, other = a_member(agency, "recruiter"), a_member(agency, "recruiter")
    schedule = a_schedule(maker)

    with other.active(), pytest.raises(Refused):
        scheduling.delete_schedule(schedule=schedule, actor=other.actor(), now=timezone.now())
    with owner.active():
        scheduling.delete_schedule(schedule=schedule, actor=owner.actor(), now=timezone.now())
        assert ReportSchedule.objects.count() == 0


def test_recipients_are_members_who_may_have_the_report(owner):
    stranger = a_member(an_organization("bien-xanh"), "owner")

    with pytest.raises(ValidationError):
        a_schedule(owner, recipients=[stranger])
    with owner.active(), pytest.raises(ValidationError):
        scheduling.require_recipients(catalogue.find("openings"), [])


def test_officers_with_ties_get_files_of_their_own(committed, settings, tmp_path):
    """Two officers, one of whom works for an organization that the office oversees: they do not share one file."""
    settings.MEDIA_ROOT = str(tmp_path)
    agency, office = an_organization("hoa-sen"), an_organization("co-quan", kind="regulator")
    appoint(office, country="VN", permit_kind="VN-SERVICE")
    free, tied = a_member(office, "officer"), a_member(office, "officer")
    with tenancy.activate(tied.user.pk, agency.pk):
        Membership.objects.create(organization=agency, user=tied.user, roles=["owner"])
    a_schedule(free, "regulator_monthly", now=MONDAY - timedelta(days=1), recipients=[free, tied], parameters={"month": "last"})

    run(MONDAY)

    with free.active():
        jobs = list(ReportJob.objects.order_by("pk"))
    assert [len({job.scope for job in jobs}), {job.parameters["month"] for job in jobs}] == [2, {"2026-10"}]
    assert [made(job).state for job in jobs] == ["done", "done"]


def test_a_report_that_left_the_catalogue_stops_its_schedules(owner):
    catalogue.add(Sample())
    schedule = a_schedule(owner, "sample", now=MONDAY - timedelta(days=1))
    catalogue.remove("sample")

    run(MONDAY)

    assert not row_of(owner, schedule).active
