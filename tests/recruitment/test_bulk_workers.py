"""Large files under workers that are killed and brokers that do not answer: everything is stored exactly once, or refused."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from core import tenancy
from core.models import Event
from organizations.models import Membership, Permit, Review
from recruitment.models import JobOrder, JobOrderImport
from recruitment.services.bulk import hand_in, handing_in, slices, work_on
from recruitment.tasks.job_order_import import read_openings_file, sweep_imports
from tests.factories.organizations import a_member, a_permit, an_organization, appoint, publish
from tests.recruitment.test_bulk import EXAMPLES
from tests.workers import a_worker, eventually, kill, no_broker


@pytest.fixture
def member(committed):
    agency = an_organization("hoa-sen")
    publish(agency, a_permit(agency, permit_kind="VN-SERVICE"))
    appoint(an_organization("co-quan", kind="regulator"), country="VN", permit_kind="VN-SERVICE")
    return a_member(agency, "recruiter")


def a_file(rows: int) -> bytes:
    """The first example row, many times under other numbers."""
    header, first, *_others = (EXAMPLES / "openings.csv").read_text(encoding="utf-8-sig").splitlines()
    number, rest = first.split(";", 1)
    return "\n".join([header, *(f"{number}-{n};{rest}" for n in range(rows))]).encode()


def give(member, rows, *, submit=False, content=None) -> JobOrderImport:
    with member.active():
        return hand_in(
            file_name="openings.csv",
            content=content or a_file(rows),
            language="vi",
            dry_run=False,
            submit=submit,
            actor=member.actor(),
            now=timezone.now(),
        )


def reload(row) -> JobOrderImport:
    with tenancy.activate(organization_id=row.organization_id):
        return JobOrderImport.objects.get(pk=row.pk)


def leases_end(row) -> None:
    """What two and a half minutes do."""
    with tenancy.activate(organization_id=row.organization_id):
        JobOrderImport.objects.filter(pk=row.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def stored(member) -> tuple[int, int, int]:
    """Openings, their different numbers, and how often a beginning was written down."""
    with member.active():
        numbers = list(JobOrder.objects.values_list("external_id", flat=True))
        begun = Event.objects.filter(verb="job_order.created").count()
    return len(numbers), len(set(numbers)), begun


def sweep_until_finished(row) -> JobOrderImport:
    for _ in range(20):
        sweep_imports()
        if reload(row).state not in JobOrderImport.UNFINISHED:
            return reload(row)
    raise AssertionError(reload(row).state)


@pytest.mark.parametrize(("state", "submit"), [("checking", False), ("sending", True)])
def test_a_worker_killed_in_the_middle_is_followed_by_the_next(member, state, submit):
    row = give(member, 150, submit=submit)

    with a_worker() as worker:
        eventually(lambda: reload(row).state == state and reload(row).done >= 20)
        kill(worker)
    assert reload(row).state == state
    leases_end(row)
    with a_worker():
        sweep_imports()
        finished = eventually(lambda: (found := reload(row)).state == "done" and found, seconds=120)

    assert (finished.done, len(finished.report["openings"]), finished.report.get("unsent", [])) == (150, 150, [])
    assert stored(member) == (150, 150, 150)
    with member.active():
        assert Event.objects.filter(verb="job_orders.imported").count() == 1
        assert JobOrder.objects.filter(state="submitted" if submit else "draft").count() == 150
    with tenancy.publishing():
        assert Review.reachable.filter(subject_type="job_order").count() == (150 if submit else 0)


def test_a_broker_that_is_down_when_the_file_comes_loses_nothing(member, caplog):
    with no_broker():
        began = time.monotonic()
        row = give(member, 150)
        took = time.monotonic() - began
        assert (row.state, took < 5) == ("waiting", True)
        assert "broker_unreachable" in caplog.text
        finished = sweep_until_finished(row)

    assert (finished.state, stored(member)) == ("done", (150, 150, 150))


def test_a_file_that_somebody_works_on_is_left_alone(member):
    row = give(member, 150)
    with tenancy.activate(organization_id=row.organization_id):
        assert JobOrderImport.take(row.pk, states=JobOrderImport.UNFINISHED, now=timezone.now())

    assert sweep_imports() == 0
    assert work_on(row.pk, row.organization_id) is False
    assert reload(row).state == "waiting"


def test_a_file_that_kills_its_workers_is_refused_in_the_end(member, monkeypatch):
    class Died(BaseException):
        """What the program cannot catch."""

    def die(*args):
        raise Died

    monkeypatch.setattr(slices, "read_rows", die)
    row = give(member, 150)

    for _ in range(5):
        with pytest.raises(Died):
            read_openings_file(row.pk, row.organization_id)
        leases_end(row)
    sweep_imports()

    assert reload(row).state == "refused"
    assert reload(row).report["errors"][0]["code"] == "worn_out"
    assert stored(member) == (0, 0, 0)


def test_one_slice_stops_when_its_time_is_over_and_the_next_goes_on(member, monkeypatch):
    monkeypatch.setattr(slices, "CHUNK", 50)
    monkeypatch.setattr(slices, "SLICE_SECONDS", 0)
    content = a_file(150).replace(b"2026-041-3;SSW1", b"2026-041-3;NOPE").replace(b"2026-041-140;SSW1", b"2026-041-140;NOPE")
    row = give(member, 150, content=content)

    seen = []
    for _ in range(3):
        work_on(row.pk, row.organization_id)
        seen.append((reload(row).done, reload(row).state))

    assert seen == [(50, "checking"), (100, "checking"), (150, "refused")]
    assert [error["row"] for error in reload(row).report["errors"]] == [5, 142]
    assert stored(member) == (0, 0, 0)


def test_a_late_worker_stores_nothing_a_second_time(member):
    row = give(member, 150)
    work_on(row.pk, row.organization_id)
    late = reload(row)
    assert (late.state, late.done) == ("checking", 150)
    work_on(row.pk, row.organization_id)

    slices._Slice(late, timezone.now()).run()

    assert stored(member) == (150, 150, 150)


def test_an_opening_that_cannot_be_sent_any_more_stays_a_draft_and_is_named(member):
    row = give(member, 150, submit=True)
    work_on(row.pk, row.organization_id)
    work_on(row.pk, row.organization_id)
    assert reload(row).state == "sending"
    with member.active():
        Permit.objects.update(status="suspended")

    finished = sweep_until_finished(row)

    assert (finished.state, len(finished.report["unsent"])) == ("done", 150)
    assert finished.report["unsent"][0]["code"] == "no_permit"
    with member.active():
        assert JobOrder.objects.filter(state="draft").count() == 150


def test_a_person_who_lost_the_role_while_openings_are_sent_sends_no_more(member):
    row = give(member, 150, submit=True)
    work_on(row.pk, row.organization_id)
    work_on(row.pk, row.organization_id)
    with member.active():
        Membership.objects.filter(user=member.user).update(roles=["viewer"])

    finished = sweep_until_finished(row)

    assert (finished.state, [line["code"] for line in finished.report["unsent"]]) == ("done", ["refused"])
    with member.active():
        assert JobOrder.objects.filter(state="draft").count() == 150


def test_a_number_taken_while_the_file_waited_refuses_all(member):
    row = give(member, 150)
    work_on(row.pk, row.organization_id)
    with member.active():
        JobOrder.objects.create(organization=member.organization, code="34679ACD", external_id="2026-041-7")

    finished = sweep_until_finished(row)

    assert (finished.state, finished.report["errors"][0]["code"]) == ("refused", "unique")
    with member.active():
        assert JobOrder.objects.count() == 1


@pytest.fixture(autouse=True)
def small_files_too(monkeypatch):
    monkeypatch.setattr(handing_in, "SMALL", 100)
