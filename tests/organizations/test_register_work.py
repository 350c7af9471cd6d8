"""Long registers in the background: workers that are killed, brokers that do not answer, people who lost their role."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from core import tenancy
from core.models import Event
from core.tasks import sweep
from organizations.models import Membership, Permit, PermitChange, RegisterEntry, RegisterImport
from organizations.services import register_work
from organizations.services.publication import publish_organization
from organizations.tasks import sweep_registers, work_on_register
from tests.factories.organizations import a_member, a_permit, an_organization, appoint
from tests.factories.registers import HEADER, confirm, is_open, receive, reload
from tests.workers import a_worker, eventually, kill, no_broker

LINES = "".join(f"{n}/GP,Demo {n},valid,,,,\n" for n in range(600))
LONG = f"{HEADER}{LINES}104/MAU-GP,Demo,suspended,,,,Decision\n"


@pytest.fixture
def office(committed):
    """A regulator with an officer, and an agency with a permit that the register suspends."""
    regulator, agency = an_organization("co-quan", kind="regulator"), an_organization("hoa-sen")
    appoint(regulator, country="VN", permit_kind="VN-SERVICE")
    permit = a_permit(agency, permit_kind="VN-SERVICE", number="104/MAU-GP")
    publish_organization(agency.pk, now=timezone.now())
    return SimpleNamespace(regulator=regulator, agency=agency, permit=permit, officer_one=a_member(regulator, "officer"))


def a_confirmed(office) -> RegisterImport:
    register = receive(office, LONG)
    assert register.state == "waiting"
    sweep_registers()
    assert reload(register).state == "checked"
    register = confirm(office, reload(register))
    assert register.state == "applying"
    assert is_open(office.permit)
    return register


def lease_ends(register) -> None:
    with tenancy.activate(None, register.organization_id):
        RegisterImport.objects.filter(pk=register.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid)")
        return cursor.fetchone()[0]


def how_often(office, verb) -> int:
    with tenancy.activate(None, office.regulator.pk):
        return Event.objects.filter(verb=verb).count()


def changes(office) -> int:
    with tenancy.activate(None, office.agency.pk):
        return PermitChange.objects.filter(permit=office.permit).count()


def test_a_long_register_is_worked_on_in_the_background(office):
    register = a_confirmed(office)

    for _ in range(2):
        work_on_register(register.pk, register.organization_id)

    assert reload(register).state == "applied"
    assert not is_open(office.permit)
    assert (changes(office), how_often(office, "register.applied")) == (1, 1)


def test_a_worker_killed_while_taking_over_has_changed_nothing_and_the_next_does_it_once(office):
    register = a_confirmed(office)
    with tenancy.activate(None, office.agency.pk), a_worker() as worker:
        Permit.objects.select_for_update().get(pk=office.permit.pk)  # the worker stops here, when the lines are written
        eventually(somebody_waits_for_us)
        kill(worker)
    assert reload(register).state == "applying"
    assert is_open(office.permit)

    lease_ends(register)
    with a_worker():
        sweep_registers()
        eventually(lambda: reload(register).state == "applied")

    assert (changes(office), how_often(office, "register.applied")) == (1, 1)
    with tenancy.activate(None, office.regulator.pk):
        assert RegisterEntry.objects.count() == 601


def test_a_broker_that_is_down_loses_nothing(office, caplog):
    with no_broker():
        register = a_confirmed(office)
        sweep()
        sweep_registers()

    assert "broker_unreachable" in caplog.text
    assert reload(register).state == "applied"


def test_a_register_that_kills_its_workers_is_refused_in_the_end(office, monkeypatch):
    class Died(BaseException):
        """What the program cannot catch."""

    def die(**kwargs):
        raise Died

    monkeypatch.setattr(register_work, "check_register", die)
    register = receive(office, LONG)

    for _ in range(5):
        with pytest.raises(Died):
            work_on_register(register.pk, register.organization_id)
        lease_ends(register)
    sweep_registers()

    assert reload(register).state == "refused"
    assert "smaller parts" in reload(register).report["errors"][0]["text"]


def test_a_register_that_somebody_works_on_is_left_alone(office):
    register = receive(office, LONG)
    with tenancy.activate(None, office.regulator.pk):
        assert RegisterImport.take(register.pk, states=RegisterImport.UNFINISHED, now=timezone.now())

    assert sweep_registers() == 0
    work_on_register(register.pk, register.organization_id)

    assert reload(register).state == "waiting"


def test_a_person_who_lost_the_role_meanwhile_changes_nothing(office):
    register = a_confirmed(office)
    with office.officer_one.active():
        Membership.objects.filter(user=office.officer_one.user).update(ended_at=timezone.now())

    work_on_register(register.pk, register.organization_id)

    assert reload(register).state == "refused"
    assert is_open(office.permit)
