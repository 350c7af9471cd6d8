"""Openings through their services: written, refused with the law, approved by two people, changed, ended."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import Event
from core.policies import Conflict, Refused
from organizations.models import Review
from recruitment.models import FeeCharge, JobOrder, JobOrderVersion, PublishedOpening, PublishedPosting, PublishedVersion
from recruitment.services.job_order import (
    create_job_order,
    drop_version,
    save_draft,
    start_change,
    submit_job_order,
    take_back_job_order,
)
from recruitment.services.publication import sync_job_order
from recruitment.services.review import return_job_order
from recruitment.services.standing import change_state, count_places, suspend_job_order
from recruitment.services.version import approved_version, content_of, fingerprint, open_version
from tests.factories.job_orders import (
    COURSE,
    DEPOSIT,
    SERVICE,
    a_complete_draft,
    a_draft,
    a_published_opening,
    a_submitted_opening,
    approve,
    the_review,
    versions_of,
)
from tests.factories.organizations import a_member, a_permit, an_organization, publish


@pytest.fixture
def permit(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE")
    publish(cast.agency, permit)
    return permit


@pytest.fixture
def officers(cast):
    return cast.officer_one, cast.officer_two


def codes(error) -> dict[str, str]:
    return {name: mistakes[0].code for name, mistakes in error.value.error_dict.items()}


def act(member, service, job_order, **kwargs):
    with member.active():
        return service(job_order=job_order, actor=member.actor(), now=timezone.now(), **kwargs)


def test_an_opening_goes_from_draft_to_published(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)

    version = versions_of(cast.agency_owner, job_order)[0]
    assert (job_order.state, version.state, job_order.permit_id) == ("published", "approved", permit.pk)
    assert (version.total_home, version.home_currency, version.total_at_least) == (42_820_000, "VND", False)
    assert (version.take_home_jpy, str(version.months_of_pay)) == (136_000, "1.85")
    with cast.agency_owner.active():
        assert fingerprint(content_of(version)) == version.content_hash


def test_a_deposit_stays_in_the_draft_but_is_refused_with_the_law(cast, permit):
    job_order = a_complete_draft(cast.agency_recruiter, fees=[SERVICE, COURSE, DEPOSIT])

    with pytest.raises(ValidationError) as refused:
        act(cast.agency_recruiter, submit_job_order, job_order)

    sentence = refused.value.message_dict["fees.2.amount"][0]
    assert codes(refused) == {"fees.2.amount": "fee_forbidden"}
    assert "112/2021" in sentence
    assert "20,000,000 VND" in sentence
    assert "0 VND" in sentence
    with cast.agency_owner.active():
        assert FeeCharge.objects.filter(job_order=job_order, item="X2", legal_verdict="forbidden").count() == 1
        assert JobOrder.objects.get(pk=job_order.pk).state == "draft"


def test_a_service_charge_above_three_months_of_wage_is_refused(cast, permit):
    job_order = a_complete_draft(cast.agency_recruiter, fees=[{**SERVICE, "amount": 99_960_001}])

    with pytest.raises(ValidationError) as refused:
        act(cast.agency_recruiter, submit_job_order, job_order)

    assert codes(refused) == {"fees.0.amount": "fee_cap"}
    assert "99,960,000 VND" in refused.value.message_dict["fees.0.amount"][0]
    assert "69/2020/QH14" in refused.value.message_dict["fees.0.amount"][0]


def test_the_verdict_is_stored_with_its_ceiling_day_and_rate(cast, permit):
    job_order = a_complete_draft(cast.agency_recruiter)

    with cast.agency_owner.active():
        line = FeeCharge.objects.get(job_order=job_order, item="F1")
        version = open_version(job_order)
    assert (line.legal_verdict, line.ilo_verdict, line.ceiling_amount) == ("legal", "worker_should_not_pay", 99_960_000)
    assert line.ceiling_id == "VN-SVC-DEFAULT-2022"
    assert (line.judged_on, int(version.rate), version.rate_is_sample) == (version.judged_on, 170, True)


def test_an_unverified_organization_cannot_submit(cast, permit):
    fresh = an_organization("moi-mo", verified=False)
    member = a_member(fresh, "owner")
    a_permit(fresh, permit_kind="VN-SERVICE")
    job_order = a_complete_draft(member)

    with pytest.raises(ValidationError) as refused:
        act(member, submit_job_order, job_order)

    assert codes(refused) == {"organization": "not_verified"}


@pytest.mark.parametrize(
    "permit_fields",
    [
        {"status": "suspended"},
        {"markets": ["KR"]},
        {"suspended_markets": ["JP"]},
        {"expires_on": timezone.now().date().replace(year=2025)},
    ],
)
def test_without_a_permit_in_force_for_japan_nothing_is_sent(cast, permit_fields):
    a_permit(cast.agency, permit_kind="VN-SERVICE", **permit_fields)
    job_order = a_complete_draft(cast.agency_recruiter)

    with pytest.raises(ValidationError) as refused:
        act(cast.agency_recruiter, submit_job_order, job_order)

    assert codes(refused) == {"programme": "no_permit"}


def test_raising_a_fee_makes_version_2_and_keeps_version_1_live(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    act(cast.agency_recruiter, start_change, job_order)
    act(cast.agency_recruiter, save_draft, job_order, fee_lines=[{**SERVICE, "amount": 40_000_000}, COURSE])

    act(cast.agency_recruiter, submit_job_order, job_order)

    one, two = versions_of(cast.agency_owner, job_order)
    assert (one.state, two.state) == ("approved", "submitted")
    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "published"
    assert {"field": "fees", "label": "F1", "kind": "money", "direction": "up"}.items() <= two.changes[0].items()
    assert (two.changes[0]["before"]["amount"], two.changes[0]["after"]["amount"]) == (33_320_000, 40_000_000)

    approve(job_order, *officers)

    one, two = versions_of(cast.agency_owner, job_order)
    assert (one.state, two.state) == ("replaced", "approved")


def test_a_change_that_changes_nothing_is_not_sent(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    act(cast.agency_recruiter, start_change, job_order)

    with pytest.raises(ValidationError, match="Nothing has changed"):
        act(cast.agency_recruiter, submit_job_order, job_order)


def test_returned_fields_are_mended_in_the_same_version(cast, permit, officers):
    job_order = a_submitted_opening(cast.agency_recruiter)
    officer = cast.officer_one
    review = the_review(officer, job_order)
    with officer.active():
        return_job_order(
            review=review, items={"wage_base": "The contract says 190,000."}, actor=officer.actor(), now=timezone.now()
        )

    version = versions_of(cast.agency_owner, job_order)[0]
    assert version.state == "returned"
    act(cast.agency_recruiter, save_draft, job_order, values={"wage_base": 190_000})
    act(cast.agency_recruiter, submit_job_order, job_order)
    approve(job_order, *officers)

    assert [v.number for v in versions_of(cast.agency_owner, job_order)] == [1]
    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "published"


def test_one_officer_alone_publishes_nothing(cast, permit):
    job_order = a_submitted_opening(cast.agency_recruiter)
    approve(job_order, cast.officer_one)

    with pytest.raises(Refused):
        approve(job_order, cast.officer_one)

    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "submitted"


def test_a_permit_that_stops_before_the_second_approval_leaves_it_approved_but_not_published(cast, permit, officers):
    job_order = a_submitted_opening(cast.agency_recruiter)
    approve(job_order, cast.officer_one)
    with cast.agency_owner.active():
        type(permit).objects.filter(pk=permit.pk).update(status="suspended")

    approve(job_order, cast.officer_two)

    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "approved"
    with pytest.raises(ValidationError, match="permit"):
        act(cast.agency_owner, change_state, job_order, name="publish")
    with cast.agency_owner.active():
        type(permit).objects.filter(pk=permit.pk).update(status="valid")
    act(cast.agency_owner, change_state, job_order, name="publish")
    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "published"


def test_submitting_twice_is_a_conflict_and_one_review(cast, permit):
    job_order = a_submitted_opening(cast.agency_recruiter)

    with pytest.raises(Conflict):
        act(cast.agency_recruiter, submit_job_order, job_order)

    with cast.officer_one.active():
        assert Review.objects.filter(subject_type="job_order").count() == 1


def test_taken_back_it_leaves_the_regulators_queue(cast, permit):
    job_order = a_submitted_opening(cast.agency_recruiter)

    act(cast.agency_recruiter, take_back_job_order, job_order)

    with cast.officer_one.active():
        assert Review.objects.open().count() == 0
    assert versions_of(cast.agency_owner, job_order)[0].state == "draft"


def test_what_ends_is_ended_with_its_open_version(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    act(cast.agency_recruiter, start_change, job_order)
    act(cast.agency_recruiter, save_draft, job_order, values={"places": 20})
    act(cast.agency_recruiter, submit_job_order, job_order)

    act(cast.agency_owner, change_state, job_order, name="close", reason="selection_over")

    with cast.agency_owner.active():
        row = JobOrder.objects.get(pk=job_order.pk)
    assert (row.state, row.closed_at is not None) == ("closed", True)
    assert [v.state for v in versions_of(cast.agency_owner, job_order)] == ["approved", "dropped"]
    with cast.officer_one.active():
        assert Review.objects.open().count() == 0


def test_pausing_needs_a_reason_from_the_list(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)

    with pytest.raises(ValidationError) as refused:
        act(cast.agency_recruiter, change_state, job_order, name="pause", reason="because")

    assert codes(refused) == {"reason": "choice"}
    act(cast.agency_recruiter, change_state, job_order, name="pause", reason="checking")
    act(cast.agency_recruiter, change_state, job_order, name="resume")


@pytest.mark.parametrize("filled", [-1, 13, True, 1.5, "3", None])
def test_places_filled_is_a_whole_number_up_to_the_places(cast, permit, officers, filled):
    job_order = a_published_opening(cast.agency_recruiter, officers)

    with pytest.raises(ValidationError):
        act(cast.agency_recruiter, count_places, job_order, filled=filled)

    row = act(cast.agency_recruiter, count_places, job_order, filled=12)
    assert row.places_filled == 12


def test_a_copy_says_the_same_without_the_days(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)

    with cast.agency_recruiter.active():
        copy = create_job_order(actor=cast.agency_recruiter.actor(), now=timezone.now(), copy_from=job_order)
        version = open_version(copy)
        lines = FeeCharge.objects.filter(version=version).count()

    assert (version.city, version.departure_on, lines, version.total_home) == ("Yaizu", None, 2, 42_820_000)


def test_a_viewer_and_a_rival_write_nothing(cast):
    with pytest.raises(Refused):
        a_draft(cast.agency_viewer)
    job_order = a_draft(cast.agency_owner)

    with cast.rival_owner.active():
        assert JobOrder.objects.filter(pk=job_order.pk).count() == 0
        with pytest.raises(Refused):
            save_draft(job_order=job_order, values={"city": "X"}, actor=cast.rival_owner.actor(), now=timezone.now())


def test_a_dropped_change_leaves_the_old_version_alone(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    act(cast.agency_recruiter, start_change, job_order)

    act(cast.agency_recruiter, drop_version, job_order)

    with cast.agency_owner.active():
        assert approved_version(job_order).number == 1
        assert open_version(job_order) is None


def test_every_step_leaves_an_event(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)

    with cast.agency_owner.active():
        verbs = set(Event.objects.values_list("verb", flat=True))
    assert verbs >= {
        "job_order.created",
        "job_order.saved",
        "job_order.submitted",
        "job_order.approved",
        "job_order.published",
        "job_order_version.submitted",
        "job_order_version.approved",
    }
    assert job_order.published_at is not None


def test_warnings_tell_the_regulator_what_to_look_at(cast, permit):
    job_order = a_submitted_opening(
        cast.agency_recruiter,
        values={"wage_base": 120_000, "contract_months": 36, "rest_days_per_week": None},
        fees=[COURSE],
    )

    warnings = {warning["code"]: warning for warning in the_review(cast.officer_one, job_order).warnings}

    assert warnings["rent_high"]["data"] == {"percent": 17}
    assert warnings["ceiling_unknown"]["data"] == {"items": ["C4a"]}
    assert "rest_days_per_week" in warnings["terms_missing"]["data"]["terms"]


def test_states_of_versions_are_guarded_by_postgresql(cast, permit):
    job_order = a_submitted_opening(cast.agency_recruiter)

    with cast.agency_owner.active(), pytest.raises(IntegrityError), transaction.atomic():
        JobOrderVersion.objects.filter(job_order=job_order).update(state="replaced")


def test_the_public_copies_follow_in_the_same_transaction(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    sync_job_order(job_order.pk, now=timezone.now())
    shown = PublishedOpening.objects.filter(code=job_order.code)
    assert shown.get().cost_home == 42_820_000

    act(cast.agency_recruiter, change_state, job_order, name="pause", reason="checking")
    assert not shown.exists()
    act(cast.agency_recruiter, change_state, job_order, name="resume")
    act(cast.agency_recruiter, count_places, job_order, filled=5)
    assert shown.get().places_left == 7
    act(cast.agency_owner, change_state, job_order, name="withdraw", reason="mistake")

    assert not shown.exists()
    assert PublishedPosting.objects.get(code=job_order.code).state == "withdrawn"


def test_the_public_page_keeps_the_old_fee_until_the_new_one_is_approved(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    sync_job_order(job_order.pk, now=timezone.now())
    act(cast.agency_recruiter, start_change, job_order)
    act(cast.agency_recruiter, save_draft, job_order, fee_lines=[{**SERVICE, "amount": 40_000_000}, COURSE])
    act(cast.agency_recruiter, submit_job_order, job_order)
    sync_job_order(job_order.pk, now=timezone.now())
    assert PublishedOpening.objects.get(code=job_order.code).cost_home == 42_820_000

    approve(job_order, *officers)
    sync_job_order(job_order.pk, now=timezone.now())

    assert PublishedOpening.objects.get(code=job_order.code).cost_home == 49_500_000
    numbers = PublishedVersion.objects.filter(code=job_order.code).order_by("number")
    assert [version.document["cost"]["total_home"] for version in numbers] == [42_820_000, 49_500_000]


def test_a_suspended_opening_leaves_and_comes_back(cast, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    officer = cast.officer_one.actor()

    with cast.agency_owner.active():
        suspend_job_order(job_order=job_order, actor=officer, now=timezone.now())
    assert not PublishedOpening.objects.filter(code=job_order.code).exists()

    with cast.agency_owner.active():
        suspend_job_order(job_order=job_order, actor=officer, now=timezone.now(), lift=True)
    assert PublishedOpening.objects.filter(code=job_order.code).exists()
