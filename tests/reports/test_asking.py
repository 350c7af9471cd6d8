"""Asking for reports: who may, who shares, who no longer waits."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from core.models import Event
from core.policies import Conflict, Refused
from reports.models import ReportJob, ReportRequest
from reports.services import asking
from tests.factories.organizations import a_member, an_organization
from tests.factories.reports import ask, change, reload, requests_of


@pytest.fixture
def agency(db):
    return an_organization("hoa-sen")


@pytest.fixture
def owner(agency):
    return a_member(agency, "owner")


def verbs(member) -> list[str]:
    with member.active():
        return list(Event.objects.filter(verb__startswith="report").order_by("pk").values_list("verb", flat=True))


def test_asking_makes_a_job_that_waits_and_says_so(owner):
    job = ask(owner)

    assert (job.state, job.report, job.format, job.language, len(job.reference)) == ("waiting", "openings", "csv", "en", 8)
    assert [request.user_id for request in requests_of(job)] == [owner.user.pk]
    assert verbs(owner) == ["report.requested"]


def test_asking_for_what_one_may_not_have_is_refused(owner):
    with pytest.raises(Refused):
        ask(owner, "regulator_monthly", parameters={"month": "last", "origin": ""})


def test_two_people_who_ask_for_the_same_share_one_job(owner, agency):
    colleague = a_member(agency, "viewer")

    first, second = ask(owner), ask(colleague)

    assert first.pk == second.pk
    assert [request.user_id for request in requests_of(first)] == [owner.user.pk, colleague.user.pk]
    assert verbs(owner) == ["report.requested"]


@pytest.mark.parametrize(
    "other",
    [{"language": "vi"}, {"form": "xlsx"}, {"parameters": {"state": "published"}}],
    ids=["language", "format", "parameters"],
)
def test_another_wish_is_another_job(owner, other):
    assert ask(owner).pk != ask(owner, **other).pk


def test_organizations_never_share(cast):
    own, other = ask(cast.agency_owner), ask(cast.rival_owner)

    assert (own.key, own.pk != other.pk) == (other.key, True)


def test_a_job_that_was_done_is_shared_for_ten_minutes(owner):
    now = timezone.now()
    job = ask(owner)
    change(job, state="running")
    change(job, state="done", stored_name="0" * 32, wrapped_key=b"x", expires_at=now + timedelta(days=7), finished_at=now)

    assert ask(owner, now=now + timedelta(minutes=9)).pk == job.pk
    assert ask(owner, now=now + timedelta(minutes=11)).pk != job.pk


def test_thirty_two_people_at_the_same_moment_share_one_job(committed):
    agency = an_organization("hoa-sen")
    people = [a_member(agency, "viewer") for _ in range(32)]
    start, found, failed = threading.Barrier(len(people)), [], []

    def run(member):
        try:
            start.wait()
            found.append(ask(member).pk)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[member]) for member in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (failed, len(found), len(set(found))) == ([], 32, 1)
    with people[0].active():
        assert (ReportJob.objects.count(), ReportRequest.objects.count()) == (1, 32)
        assert Event.objects.filter(verb="report.requested").count() == 1


def test_cancelling_ends_the_job_when_nobody_else_waits(owner):
    job = ask(owner)

    with owner.active():
        asking.cancel_report(job=job, actor=owner.actor(), now=timezone.now())

    assert reload(job).state == "cancelled"
    assert verbs(owner) == ["report.requested", "report.cancelled"]


def test_cancelling_leaves_the_job_to_the_others(owner, agency):
    colleague = a_member(agency, "viewer")
    job = ask(owner)
    ask(colleague)

    with owner.active():
        asking.cancel_report(job=job, actor=owner.actor(), now=timezone.now())

    assert reload(job).state == "waiting"
    assert [request.withdrawn_at is None for request in requests_of(job)] == [False, True]
    assert verbs(owner) == ["report.requested", "report.taken_back"]


def test_somebody_who_did_not_ask_cannot_cancel(owner, agency):
    job = ask(owner)
    colleague = a_member(agency, "owner")

    with colleague.active(), pytest.raises(Refused):
        asking.cancel_report(job=job, actor=colleague.actor(), now=timezone.now())


def retry(member, job):
    from reports import catalogue

    with member.active():
        report = catalogue.find(job.report)
        return asking.retry_report(report=report, job=job, actor=member.actor(), now=timezone.now())


def test_a_failed_job_is_made_again_from_the_beginning(owner):
    job = ask(owner)
    change(job, state="failed", error="broken", done=7, tries=5, rows=10)

    again = reload(retry(owner, job))

    assert (again.pk, again.state, again.error, again.done, again.rows, again.tries) == (job.pk, "waiting", "", 0, None, 0)
    assert verbs(owner)[-1] == "report.retried"


def test_trying_again_joins_the_same_that_is_made_meanwhile(owner):
    job = ask(owner)
    change(job, state="failed", error="broken")
    newer = ask(owner)

    assert retry(owner, job).pk == newer.pk
    assert reload(job).state == "failed"


def test_a_job_that_runs_cannot_be_tried_again(owner):
    job = ask(owner)
    change(job, state="running")

    with pytest.raises(Conflict):
        retry(owner, job)
