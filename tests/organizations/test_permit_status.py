"""A stop hides every opening at once; the last day hides them by the clock alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import tenancy
from core.models import Event
from core.policies import Refused, StepUpNeeded
from organizations.models import Jurisdiction, Permit, PermitChange, PublishedOrganization, PublishedPermit
from organizations.services.permit_status import expire_permits, record_permit_status, set_permit_status, warn_of_endings
from organizations.services.publication import FAR, publish_organization
from organizations.tasks import expire_permits as task
from tests.factories.organizations import a_member, a_permit, an_organization

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def permit(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", number="12/LĐTBXH-GP", expires_on=date(2027, 1, 31))
    publish_organization(cast.agency.pk, now=NOW)
    return permit


def is_open(permit, now=NOW):
    return PublishedPermit.objects.open(now=now).filter(pk=permit.pk).exists()


def decide(cast, permit, member=None, *, fresh=True, **given):
    given = {"status": "suspended", "since": TODAY, "reason": "Decision of the office", **given}
    member = member or cast.officer_one
    with member.active():
        return set_permit_status(permit=permit, actor=member.actor(fresh=fresh), now=timezone.now(), **given)


def published(permit):
    return PublishedPermit.objects.select_related("permit_kind").get(pk=permit.pk)


def test_a_suspension_hides_at_once_and_no_clock_reopens_it(cast, permit):
    assert is_open(permit)

    decide(cast, published(permit))

    for skew in (timedelta(0), timedelta(minutes=-10), timedelta(minutes=10), timedelta(days=-400), timedelta(days=4000)):
        assert not is_open(permit, timezone.now() + skew)
    assert PublishedOrganization.objects.get(pk=cast.agency.pk).status == "suspended"


def test_a_decision_is_kept_with_who_when_and_why(cast, permit):
    decide(cast, published(permit), until=date(2027, 5, 20))

    with tenancy.activate(None, cast.agency.pk):
        change = PermitChange.objects.get()
        event = Event.objects.get(verb="permit.status_recorded")
    assert (change.status_id, change.source, change.reason) == ("suspended", "decision", "Decision of the office")
    assert (change.decided_by_id, change.decided_by_name) == (cast.officer_one.user.pk, cast.regulator.legal_name)
    assert event.data == {"from": "valid", "status": "suspended", "market": ""}
    assert published(permit).history[0]["until"] == "2027-05-20"


def test_valid_again_opens_again(cast, permit):
    decide(cast, published(permit))

    decide(cast, published(permit), status="valid", reason="Lifted")

    assert is_open(permit, timezone.now())
    assert len(published(permit).history) == 2


def test_a_stop_for_another_market_leaves_openings_standing(cast, permit):
    decide(cast, published(permit), status="suspended_market", market="TW")
    assert is_open(permit, timezone.now())

    decide(cast, published(permit), status="suspended_market", market="JP")

    assert not is_open(permit, timezone.now())
    assert published(permit).suspended_markets == ["JP", "TW"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": "  "}, "reason"),
        ({"status": "not_checked"}, "status"),
        ({"until": TODAY - timedelta(days=1)}, "until"),
        ({"since": date(2999, 1, 1)}, "since"),
        ({"status": "suspended_market"}, "market"),
        ({"market": "JP"}, "market"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(cast, permit, given, code):
    with pytest.raises(ValidationError) as refusal:
        decide(cast, published(permit), **given)

    assert refusal.value.code == code
    assert is_open(permit)


def test_only_the_responsible_office_decides(cast, permit):
    other = an_organization("other-office", kind="regulator", country="ID")
    for member in (cast.agency_owner, cast.rival_owner, a_member(other, "officer"), a_member(cast.regulator, "viewer")):
        with pytest.raises(Refused):
            decide(cast, published(permit), member)
    with pytest.raises(StepUpNeeded):
        decide(cast, published(permit), fresh=False)


def test_the_last_day_counts_in_the_regulators_country(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", expires_on=TODAY)

    publish_organization(cast.agency.pk, now=NOW)

    assert is_open(permit, datetime(2026, 11, 20, 16, 59, 59, tzinfo=UTC))
    assert not is_open(permit, datetime(2026, 11, 20, 17, 0, 0, tzinfo=UTC))


def test_a_permit_without_end_stays_open(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE")

    publish_organization(cast.agency.pk, now=NOW)

    assert PublishedPermit.objects.get(pk=permit.pk).open_until == FAR


def test_the_machine_writes_down_what_the_clock_did(cast):
    due = a_permit(cast.agency, permit_kind="VN-SERVICE", expires_on=TODAY)
    later = a_permit(cast.rival, permit_kind="VN-SERVICE", expires_on=TODAY + timedelta(days=1))
    publish_organization(cast.agency.pk, now=NOW)

    assert expire_permits(now=datetime(2026, 11, 20, 16, 59, tzinfo=UTC)) == 0
    assert expire_permits(now=datetime(2026, 11, 20, 17, 1, tzinfo=UTC)) == 1
    assert expire_permits(now=datetime(2026, 11, 20, 17, 2, tzinfo=UTC)) == 0

    with tenancy.activate(None, cast.agency.pk):
        event = Event.objects.get()
        assert Permit.objects.get(pk=due.pk).status_id == "expired"
        assert (event.verb, event.system, event.actor_id) == ("permit.expired", "permit expiry", None)
    with tenancy.activate(None, cast.rival.pk):
        assert Permit.objects.get(pk=later.pk).status_id == "valid"
    assert PublishedOrganization.objects.get(pk=cast.agency.pk).status == "expired"


def test_the_task_is_the_service(cast):
    a_permit(cast.agency, permit_kind="VN-SERVICE", expires_on=date(2020, 1, 1))

    assert task() == 1


def test_a_later_status_does_not_touch_the_number_or_the_dates(cast, permit):
    with cast.officer_one.active():
        record_permit_status(
            permit=permit,
            status="valid",
            since=TODAY,
            source="register",
            decided_by_name="Office",
            actor=cast.officer_one.actor(),
            now=NOW,
            expires_on=date(2028, 1, 31),
        )

    row = published(permit)
    assert (row.number, row.expires_on, row.checked_by) == ("12/LĐTBXH-GP", date(2028, 1, 31), "Office")


# -- appointing ---------------------------------------------------------------------------------------------------------


def test_an_operator_appoints_a_regulator(cast, capsys):
    call_command("appoint_regulator", organization="co-quan", permit_kind="VN-PUBLIC")

    assert "VN-PUBLIC" in Jurisdiction.kinds_of(cast.regulator.pk)


@pytest.mark.parametrize(
    ("organization", "given"),
    [
        ("nobody", {"permit_kind": "VN-SERVICE"}),
        ("hoa-sen", {"permit_kind": "VN-SERVICE"}),
        ("co-quan", {"permit_kind": "NO-SUCH"}),
        ("co-quan", {"country": "Viet Nam"}),
    ],
)
def test_a_wrong_appointment_is_refused(cast, organization, given):
    with pytest.raises(CommandError):
        call_command("appoint_regulator", organization=organization, **given)


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [
        (date(2026, 11, 19), []),
        (date(2026, 11, 20), [7]),
        (date(2026, 11, 27), [7]),
        (date(2026, 11, 28), [30]),
        (date(2026, 12, 20), [30]),
        (date(2026, 12, 21), []),
        (None, []),
    ],
)
def test_a_permit_that_ends_soon_is_said_once(cast, ends_on, said):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", expires_on=ends_on)

    warn_of_endings(now=NOW)
    warn_of_endings(now=NOW)

    with tenancy.activate(None, cast.agency.pk):
        events = Event.objects.filter(verb="permit.ends_soon", subject_id=permit.pk)
        assert [event.data["within"] for event in events] == said


def test_a_permit_is_warned_of_again_when_it_is_near_and_when_it_is_renewed(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", expires_on=date(2026, 12, 10))

    warn_of_endings(now=NOW)
    warn_of_endings(now=NOW + timedelta(days=15))
    with tenancy.activate(None, cast.agency.pk):
        Permit.objects.filter(pk=permit.pk).update(expires_on=date(2026, 12, 30))
    warn_of_endings(now=NOW + timedelta(days=15))

    with tenancy.activate(None, cast.agency.pk):
        assert list(Event.objects.filter(verb="permit.ends_soon").order_by("pk").values_list("data__within", flat=True)) == [
            30,
            7,
            30,
        ]
