"""Fifty reports under workers that are killed again and again: each is made, once, and leaves one file."""

import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core import files, tenancy
from core.models import Event
from reports.models import ReportJob, ReportSeal
from reports.tasks import sweep_reports
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
    with member.active():
        ReportJob.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now() - timedelta(seconds=1))


def stored() -> set[str]:
    found = set()
    for folder in ("pending", "sealed"):
        if default_storage.exists(folder):
            folders, names = default_storage.listdir(folder)
            found |= {*names, *(name for part in folders for name in default_storage.listdir(f"{folder}/{part}")[1])}
    return found


def test_killed_workers_lose_no_report_and_make_none_twice(member, tmp_path):
    forms = ["pdf" if number % 5 == 0 else "csv" for number in range(REPORTS)]
    for number, form in enumerate(forms):
        ask(member, "openings", form, parameters={"number": number})

    for enough in (5, 15, 30):
        with a_worker(MEDIA_ROOT=str(tmp_path)) as worker:
            sweep_reports.apply_async()
            until = time.monotonic() + 90
            while states(member).count("done") < enough and time.monotonic() < until:
                time.sleep(0.1)
            kill(worker)
        assert states(member).count("done") >= enough
        leases_end(member)
    with a_worker(MEDIA_ROOT=str(tmp_path)):
        eventually(lambda: sweep_reports.apply_async() and (time.sleep(1) or set(states(member)) == {"done"}), seconds=150)

    with member.active():
        jobs = list(ReportJob.objects.order_by("pk"))
        ready = list(Event.objects.filter(verb="report.ready").values_list("subject_id", flat=True))
    assert sorted(ready) == [job.pk for job in jobs]
    files.reconcile(files.names_in_rows(), now=timezone.now(), older_than=timedelta(0), delete=True)
    assert stored() == {job.stored_name for job in jobs}
    assert len(stored()) == REPORTS
    with tenancy.publishing():
        assert dict(ReportSeal.objects.values_list("code", "sha256")) == {job.reference: job.sha256 for job in jobs}
