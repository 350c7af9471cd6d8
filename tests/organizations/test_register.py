"""A register is checked first, and taken over as a whole or not at all."""

from datetime import date

import pytest
from django.utils import timezone

from core import tenancy
from core.models import Event
from core.policies import Conflict, Refused, StepUpNeeded
from organizations.models import Membership, Permit, PublishedPermit, RegisterEntry
from organizations.services.publication import publish_organization
from tests.factories.organizations import a_permit
from tests.factories.registers import EXAMPLE, HEADER, confirm, is_open, receive


@pytest.fixture
def permit(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", number="104/MAU-GP")
    publish_organization(cast.agency.pk, now=timezone.now())
    return permit


def test_the_dry_run_changes_nothing(cast, permit):
    register = receive(cast, EXAMPLE)

    assert register.state == "checked"
    assert register.report["counts"] == {
        "rows": 8,
        "new": 8,
        "changed": 0,
        "same": 0,
        "permits": 1,
        "unknown": 7,
        "missing": 0,
    }
    with cast.officer_one.active():
        assert not RegisterEntry.objects.exists()
    assert is_open(permit)


def test_taking_over_suspends_and_the_openings_are_gone(cast, permit):
    register = confirm(cast, receive(cast, EXAMPLE))

    assert (register.state, register.applied_by_id) == ("applied", cast.officer_one.user.pk)
    assert not is_open(permit)
    with cast.officer_one.active():
        assert RegisterEntry.objects.count() == 8
        assert set(Event.objects.values_list("verb", flat=True)) == {
            "register.uploaded",
            "register.checked",
            "register.confirmed",
            "register.applied",
        }
    with tenancy.activate(None, cast.agency.pk):
        change = permit.changes.get()
        assert (change.status_id, change.source, change.reason) == (
            "suspended",
            "register",
            "Quyết định mẫu số 12 ngày 18/11/2026",
        )


def test_the_next_register_reports_what_changed_since(cast, permit):
    confirm(cast, receive(cast, EXAMPLE))
    again = EXAMPLE.replace("Đình chỉ,,", "Còn hiệu lực,,").replace("8,Công ty Mẫu Sa Pa", "9,Công ty Mẫu Sa Pa")
    shorter = "\n".join(line for line in again.splitlines() if "Phú Sĩ" not in line)

    register = receive(cast, shorter)

    counts = register.report["counts"]
    assert (counts["changed"], counts["same"], counts["permits"], counts["missing"]) == (1, 6, 1, 1)
    confirm(cast, register)
    assert is_open(permit)


def test_a_renewal_moves_the_last_day(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", number="7/GP", expires_on=date(2026, 12, 1))
    publish_organization(cast.agency.pk, now=timezone.now())

    confirm(cast, receive(cast, f"{HEADER}7/GP,Demo,valid,,2031-12-01,,\n"))

    assert PublishedPermit.objects.get(pk=permit.pk).expires_on == date(2031, 12, 1)


def test_the_claim_of_an_unchecked_number_does_not_follow_the_register(cast):
    claim = a_permit(cast.rival, permit_kind="VN-SERVICE", number="101/MAU-GP", status="not_checked")

    confirm(cast, receive(cast, EXAMPLE))

    with tenancy.activate(None, cast.rival.pk):
        assert Permit.objects.get(pk=claim.pk).status_id == "not_checked"


def test_one_bad_row_in_many_refuses_all(cast, permit):
    lines = "".join(f"{n}/GP,Demo {n},valid,,,,\n" for n in range(400))

    register = receive(cast, f"{HEADER}{lines}104/MAU-GP,Demo,maybe,,,,\n")

    assert (register.state, register.report["errors"][0]["row"]) == ("refused", 402)
    with pytest.raises(Conflict):
        confirm(cast, register)
    assert is_open(permit)


def test_a_change_in_between_stops_the_takeover(cast, permit):
    first, second = receive(cast, EXAMPLE), receive(cast, EXAMPLE)
    confirm(cast, first)

    with pytest.raises(Conflict):
        confirm(cast, second)


def test_taking_over_twice_is_a_conflict(cast, permit):
    register = receive(cast, EXAMPLE)
    confirm(cast, register)

    with pytest.raises(Conflict):
        confirm(cast, register)


def test_who_may_hand_in_and_take_over(cast, permit):
    for member in (cast.agency_owner, cast.caseworker):
        with pytest.raises(Refused):
            receive(cast, EXAMPLE, member)
    register = receive(cast, EXAMPLE)
    with pytest.raises(StepUpNeeded):
        confirm(cast, register, fresh=False)
    with tenancy.activate(None, cast.agency.pk):
        Membership.objects.create(organization=cast.agency, user=cast.officer_one.user, roles=["viewer"])
    with pytest.raises(Refused):
        confirm(cast, register)
    assert confirm(cast, register, cast.officer_two).state == "applied"
