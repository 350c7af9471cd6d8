"""Making reports: once, with an end in plain words, and only for those who may have it now."""

import csv
import io
import json
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone

from core import files, tenancy
from core.models import Event
from organizations.models import Membership
from reports import catalogue
from reports.selectors.seal import seal_by_code
from reports.services import asking, handing_out, making, ticking
from reports.tasks import sweep_reports
from tests.factories.organizations import a_member, an_organization
from tests.factories.reports import Sample, ask, change, lease_ends, made, reload


@pytest.fixture
def agency(committed, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return an_organization("hoa-sen")


@pytest.fixture
def owner(agency):
    return a_member(agency, "owner")


@pytest.fixture
def sample():
    """`sample(rows=…, pause=…)` puts a report of the tests into the catalogue."""

    def put(**kwargs):
        catalogue.remove("sample")
        catalogue.add(Sample(**kwargs))

    yield put
    catalogue.remove("sample")


def stored() -> list[str]:
    """Names of the files on the disk."""
    found = []
    for folder in ("pending", "sealed"):
        if default_storage.exists(folder):
            names = default_storage.listdir(folder)
            found += names[1] + [name for part in names[0] for name in default_storage.listdir(f"{folder}/{part}")[1]]
    return found


def content(member, job) -> bytes:
    with member.active():
        target = io.BytesIO()
        report = catalogue.find(job.report)
        handing_out.copy_file(report=report, job=job, target=target, actor=member.actor(), now=timezone.now())
        return target.getvalue()


def events(member, verb) -> list[dict]:
    with member.active():
        return list(Event.objects.filter(verb=verb).order_by("pk").values_list("data", flat=True))


def test_a_report_becomes_a_sealed_file_and_tells_who_waited(owner, sample):
    sample(rows=3)

    job = made(ask(owner, "sample"))

    assert (job.state, job.rows, job.done, job.error, job.leased_until) == ("done", 3, 3, "", None)
    assert job.expires_at - job.finished_at == timedelta(days=7)
    assert list(csv.reader(io.StringIO(content(owner, job).decode("utf-8-sig")))) == [["n"], ["0"], ["1"], ["2"]]
    assert stored() == [job.stored_name]
    assert job.stored_name in files.names_in_rows()
    with default_storage.open(f"sealed/{job.stored_name[:2]}/{job.stored_name}") as file:
        assert b"n\r\n0\r\n" not in file.read()
    assert [data["recipients"] for data in events(owner, "report.ready")] == [[owner.user.pk]]


def test_making_a_done_report_again_changes_nothing(owner, sample):
    sample()
    job = made(ask(owner, "sample"))

    again = made(job)

    assert (again.stored_name, stored()) == (job.stored_name, [job.stored_name])
    assert len(events(owner, "report.ready")) == 1


def test_somebody_who_left_gets_nothing_made(owner, agency, sample):
    sample()
    job = ask(owner, "sample")
    with owner.active():
        Membership.objects.filter(user=owner.user).update(ended_at=timezone.now())

    found = made(job)

    assert (found.state, found.error, stored()) == ("failed", "nobody", [])


def test_it_is_made_for_the_next_who_asked_when_the_first_left(owner, agency, sample):
    sample()
    colleague = a_member(agency, "viewer")
    job = ask(owner, "sample")
    ask(colleague, "sample")
    with owner.active():
        Membership.objects.filter(user=owner.user).update(ended_at=timezone.now())

    assert made(job).state == "done"


def test_a_report_that_is_gone_from_the_catalogue_fails_in_plain_words(owner, sample):
    sample()
    job = ask(owner, "sample")
    catalogue.remove("sample")

    found = made(job)

    assert (found.state, found.error) == ("failed", "gone")
    assert [data["recipients"] for data in events(owner, "report.failed")] == [[owner.user.pk]]


def test_more_rows_than_the_file_can_hold_fail_before_they_are_read(owner, sample):
    sample(rows=6_000, pause=lambda n: pytest.fail("rows were read"))
    job = ask(owner, "sample", "pdf")

    assert (made(job).error, stored()) == ("too_many", [])


def test_a_report_that_takes_too_long_fails_in_plain_words(owner, sample, monkeypatch):
    monkeypatch.setattr(ticking.Ticker.__init__, "__kwdefaults__", {"seconds": -1})
    sample()

    assert made(ask(owner, "sample")).error == "too_long"


def test_a_mistake_of_ours_is_tried_again_later_and_given_up_in_the_end(owner, sample):
    def break_down(n):
        raise RuntimeError("boom")

    sample(pause=break_down)
    job = ask(owner, "sample")

    states = []
    for _ in range(6):
        found = made(job)
        states.append((found.state, found.tries))
        lease_ends(job) if found.state == "running" else None

    assert states[:5] == [("running", 1), ("running", 2), ("running", 3), ("running", 4), ("failed", 0)]
    assert (reload(job).error, stored(), len(events(owner, "report.failed"))) == ("broken", [], 1)


def test_a_worker_that_was_late_leaves_no_second_file(owner, sample):
    """The lease ended while it worked, the next worker finished: what the late one made belongs to nobody."""
    late = []

    def slow(n):
        if not late and n == 1:
            late.append(True)
            thread = threading.Thread(target=lambda: (lease_ends(job), made(job), connections.close_all()))
            thread.start()
            thread.join()

    sample(rows=3, pause=slow)
    job = ask(owner, "sample")

    found = made(job)

    assert (found.state, stored()) == ("done", [found.stored_name])
    assert len(events(owner, "report.ready")) == 1


def test_cancelling_stops_a_report_that_is_being_made(owner, sample, monkeypatch):
    monkeypatch.setattr(ticking, "TICK", 0.05)
    begun, rows = threading.Event(), []

    def slow(n):
        rows.append(n)
        if n == 600:
            begun.set()
        if n > 600:
            time.sleep(0.01)

    sample(rows=100_000, pause=slow)
    job = ask(owner, "sample")
    thread = threading.Thread(target=lambda: (made(job), connections.close_all()))
    thread.start()
    assert begun.wait(20)
    with owner.active():
        asking.cancel_report(job=job, actor=owner.actor(), now=timezone.now())
    thread.join(30)

    assert (thread.is_alive(), reload(job).state, stored()) == (False, "cancelled", [])
    assert len(rows) < 10_000


def test_progress_is_seen_while_it_is_made(owner, sample, monkeypatch):
    monkeypatch.setattr(ticking, "TICK", 0.05)
    seen = []

    def look(n):
        if n == 2_500:
            time.sleep(0.4)
            thread = threading.Thread(target=lambda: (seen.append(reload(job)), connections.close_all()))
            thread.start()
            thread.join()

    sample(rows=3_000, pause=look)
    job = ask(owner, "sample")
    made(job)

    assert (seen[0].state, seen[0].rows, 2_000 <= seen[0].done <= 2_500) == ("running", 3_000, True)


def test_the_sweep_makes_what_the_broker_lost(owner, sample, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("reports.tasks.make_report.apply_async", refuse)
    monkeypatch.setattr("core.tasks.dispatch.apply_async", refuse)
    sample()
    jobs = [ask(owner, "sample", form) for form in ("csv", "json", "xlsx")]

    assert sweep_reports() == 3
    assert [reload(job).state for job in jobs] == ["done"] * 3


def test_a_job_that_somebody_works_on_is_left_alone(owner, sample):
    sample()
    job = ask(owner, "sample")
    change(job, leased_until=timezone.now() + timedelta(seconds=60))

    assert (sweep_reports(), made(job).state) == (0, "waiting")


def test_a_report_reads_one_moment(owner, agency, sample):
    """What another transaction commits while the rows are read is not in it, so that figures and rows agree."""
    counts = []

    def look(n):
        counts.append(Membership.objects.count())
        if n == 0:
            thread = threading.Thread(target=lambda: (a_member(agency, "viewer"), connections.close_all()))
            thread.start()
            thread.join()

    sample(rows=2, pause=look)

    assert made(ask(owner, "sample")).state == "done"
    assert counts == [1, 1]
    with tenancy.activate(organization_id=agency.pk):
        assert Membership.objects.count() == 2


def test_files_are_deleted_after_their_last_day(owner, sample):
    sample()
    job = made(ask(owner, "sample"))

    early = handing_out.expire_reports(now=job.expires_at - timedelta(seconds=1))
    late = handing_out.expire_reports(now=job.expires_at)

    gone = reload(job)
    assert (early, late, gone.state, gone.stored_name, stored()) == (0, 1, "expired", "", [])
    assert bytes(gone.wrapped_key) == b"TK\x01\x00"
    assert len(events(owner, "report.expired")) == 1


def test_nothing_is_written_while_a_report_is_read(owner, agency, sample):
    def write(n):
        Membership.objects.filter(user=owner.user).update(roles=["owner"])

    sample(pause=write)

    found = made(ask(owner, "sample"))

    assert (found.state, found.tries) == ("running", 1)


def test_names_of_files_say_what_and_when(owner):
    job = made(ask(owner, "openings", "csv", language="vi"))

    assert job.display_name.endswith(f"{job.asked_at:%Y-%m-%d}.csv")
    assert making.RECORD == "reports.ReportJob"


def test_whoever_gets_a_copy_can_check_it_by_the_number_of_the_job(owner, sample):
    sample()
    job = made(ask(owner, "sample", "json"))

    seal = seal_by_code(job.reference)

    assert (seal.sha256, seal.report, seal.organization) == (job.sha256, "sample", "Test Hoa Sen")
    assert json.loads(content(owner, job))["code"] == str(job)


def test_a_report_that_was_never_finished_has_no_seal(owner, sample):
    def break_down(n):
        raise RuntimeError

    sample(pause=break_down)

    assert seal_by_code(made(ask(owner, "sample", "json")).reference) is None
