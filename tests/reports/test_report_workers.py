"""Fifty reports under workers, clocks and brokers that are killed: each is made, once, and leaves one file."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core import files, tenancy
from core.models import Event, Outbox
from reports.models import ReportJob, ReportSeal
from tests.brokers import a_broker, a_clock, free_port
from tests.factories.job_orders import a_draft
from tests.factories.organizations import a_member, an_organization
from tests.factories.reports import ask
from tests.workers import a_worker, eventually, kill

REPORTS = 50


@pytest.fixture
def member(committed, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    member = a_member(an_organization("hoa-sen"), "recruiter")
    for _ in range(3):
        a_draft(member)
    return member


def states(member) -> list[str]:
    with member.active():
        return list(ReportJob.objects.order_by("pk").values_list("state", flat=True))


def leases_end(member) -> None:
    """What two and a half minutes do."""
    Outbox.objects.filter(state=Outbox.PENDING).update(next_try_at=timezone.now())
    with member.active():
        ReportJob.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now() - timedelta(seconds=1))


def stored() -> set[str]:
    found = set()
    for folder in ("pending", "sealed"):
        if default_storage.exists(folder):
            folders, names = default_storage.listdir(folder)
            found |= {*names, *(name for part in folders for name in default_storage.listdir(f"{folder}/{part}")[1])}
    return found


def test_killed_workers_clock_and_broker_lose_no_report_and_make_none_twice(member, tmp_path):
    port = free_port()
    where = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "MEDIA_ROOT": str(tmp_path)}
    forms = ["pdf" if number % 5 == 0 else "csv" for number in range(REPORTS)]
    for number, form in enumerate(forms):
        ask(member, "openings", form, parameters={"number": number})

    deaths = []
    for enough in (5, 20):
        with a_broker(port) as broker, a_clock(**where) as clock, a_worker(**where) as worker:
            eventually(lambda enough=enough: states(member).count("done") >= enough, seconds=90)
            kill(broker)
            kill(clock)
            kill(worker)
        deaths.append(states(member).count("done"))
        leases_end(member)
    with a_broker(port), a_clock(**where), a_worker(**where):
        eventually(lambda: set(states(member)) == {"done"}, seconds=150)

    assert 5 <= deaths[0] < deaths[1] < REPORTS
    with member.active():
        jobs = list(ReportJob.objects.order_by("pk"))
        ready = list(Event.objects.filter(verb="report.ready").values_list("subject_id", flat=True))
    assert sorted(ready) == [job.pk for job in jobs]
    files.reconcile(files.names_in_rows(), now=timezone.now(), older_than=timedelta(0), delete=True)
    assert stored() == {job.stored_name for job in jobs}
    assert len(stored()) == REPORTS
    with tenancy.publishing():
        assert dict(ReportSeal.objects.values_list("code", "sha256")) == {job.reference: job.sha256 for job in jobs}
