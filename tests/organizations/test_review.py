"""Two different people with fresh factors of their own approve; nobody else, in no order, in no race."""

import itertools
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import tenancy
from core.models import Event
from core.policies import Conflict, Refused, StepUpNeeded
from organizations.models import (
    Contact,
    Membership,
    Organization,
    Permit,
    PublishedOrganization,
    PublishedPermit,
    ReturnedItem,
    Review,
)
from organizations.models.checks import CHECKS
from organizations.services import review as service
from organizations.states import REVIEW
from tests.factories.organizations import a_member, a_permit, an_organization, appoint
from tests.factories.reviews import approve, state_of, submitted, ticked

NOW = timezone.now


def test_a_submission_reaches_the_office_that_is_responsible(cast):
    organization, owner, _permit, review = submitted()

    assert review.organization_id == cast.regulator.pk
    assert (review.subject_organization_id, review.submitted_by_id) == (organization.pk, owner.user.pk)
    assert review.due_on.weekday() < 5


def test_without_an_office_nobody_can_submit(cast):
    stranger = an_organization("nepal-test", country="NP", verified=False)
    owner = a_member(stranger, "owner")

    with owner.active(), pytest.raises(ValidationError) as refusal:
        service.open_review(
            subject_organization=stranger,
            subject_type="registration",
            subject_id=stranger.pk,
            title="x",
            actor=owner.actor(),
            now=NOW(),
        )

    assert refusal.value.code == "no_regulator"


def test_submitting_again_takes_the_earlier_review_back(cast):
    organization, owner, _permit, first = submitted()

    with owner.active():
        second = service.open_review(
            subject_organization=organization,
            subject_type="registration",
            subject_id=organization.pk,
            title="again",
            actor=owner.actor(),
            now=NOW(),
        )

    assert (state_of(first), state_of(second)) == ("cancelled", "open")


def test_two_officers_approve_and_the_organization_is_public(cast):
    organization, _owner, permit, review = submitted()

    half = approve(cast.officer_one, review, ticked(permit))
    done = approve(cast.officer_two, review, ticked(permit))

    assert (half.state, done.state) == ("half_approved", "approved")
    with tenancy.activate(None, organization.pk):
        now_public = Organization.objects.get(pk=organization.pk)
        assert (now_public.state, now_public.verified_at is not None) == ("verified", True)
        assert Permit.objects.get(pk=permit.pk).status_id == "valid"
        assert Contact.objects.get().verified_at is not None
        assert set(Event.objects.values_list("verb", flat=True)) == {"permit.status_recorded", "organization.verified"}
    assert PublishedOrganization.objects.get(pk=organization.pk).verified_by == cast.regulator.legal_name
    assert PublishedPermit.objects.open(now=NOW()).filter(pk=permit.pk).exists()


@pytest.mark.parametrize(
    ("different_people", "neither_submitted", "both_fresh", "own_factors"), list(itertools.product([True, False], repeat=4))
)
def test_only_one_of_sixteen_combinations_passes(cast, different_people, neither_submitted, both_fresh, own_factors):
    organization, _owner, permit, review = submitted()
    if not neither_submitted:
        _work_for_the_office_too(cast, review)
    first = cast.officer_one
    second = cast.officer_two if different_people else cast.officer_one
    factors = ("webauthn:1", "webauthn:2") if own_factors else ("webauthn:1", "webauthn:1")

    outcome = []
    for member, factor, fresh in ((first, factors[0], True), (second, factors[1], both_fresh)):
        try:
            approve(member, review, ticked(permit), factor=factor, fresh=fresh)
        except Refused as refusal:
            outcome.append(type(refusal).__name__)

    allowed = different_people and neither_submitted and both_fresh and own_factors
    assert (state_of(review) == "approved") == allowed
    assert (outcome == []) == allowed
    assert PublishedOrganization.objects.filter(pk=organization.pk).exists() == allowed


def _work_for_the_office_too(cast, review):
    """The first officer is the person who submitted (as a clerk with two hats would)."""
    with tenancy.activate(None, review.organization_id):
        Review.objects.filter(pk=review.pk).update(submitted_by=cast.officer_one.user)


def test_a_stale_factor_asks_for_a_new_one_and_changes_nothing(cast):
    _organization, _owner, permit, review = submitted()

    with pytest.raises(StepUpNeeded):
        approve(cast.officer_one, review, ticked(permit), fresh=False)

    assert state_of(review) == "open"


def test_six_minutes_are_too_long(cast):
    _organization, _owner, permit, review = submitted()
    actor = cast.officer_one.actor()

    with cast.officer_one.active(), pytest.raises(StepUpNeeded):
        service.approve_review(review=review, checklist=ticked(permit), actor=actor, now=actor.verified_at + timedelta(minutes=6))


def test_an_officer_who_works_for_the_organization_is_refused(cast):
    organization, _owner, permit, review = submitted()
    with tenancy.activate(None, organization.pk):
        Membership.objects.create(organization=organization, user=cast.officer_one.user, roles=["viewer"])

    with pytest.raises(Refused):
        approve(cast.officer_one, review, ticked(permit))

    assert state_of(review) == "open"


@pytest.mark.parametrize("role", ["viewer", "caseworker", "recruiter", "trainer"])
def test_other_roles_of_the_office_are_refused(cast, role):
    _organization, _owner, permit, review = submitted()

    with pytest.raises(Refused):
        approve(a_member(cast.regulator, role), review, ticked(permit))


def test_the_second_person_must_record_the_same_status(cast):
    _organization, _owner, permit, review = submitted()
    approve(cast.officer_one, review, ticked(permit))

    with pytest.raises(ValidationError) as refusal:
        approve(cast.officer_two, review, ticked(permit, "expired"))

    assert refusal.value.code == "statuses_differ"
    assert state_of(review) == "half_approved"


def test_everything_on_the_list_must_be_ticked(cast):
    _organization, _owner, permit, review = submitted()

    with pytest.raises(ValidationError) as refusal:
        approve(cast.officer_one, review, {"ticked": ["name"], "permits": {str(permit.pk): "valid"}})

    assert len(refusal.value.messages) == len(CHECKS["registration"]) - 1
    with pytest.raises(ValidationError):
        approve(cast.officer_one, review, ticked())


def test_the_first_person_may_take_the_approval_back(cast):
    _organization, _owner, permit, review = submitted()
    approve(cast.officer_one, review, ticked(permit))

    with cast.officer_two.active(), pytest.raises(Refused):
        service.take_back_approval(review=review, actor=cast.officer_two.actor(), now=NOW())
    with cast.officer_one.active():
        service.take_back_approval(review=review, actor=cast.officer_one.actor(), now=NOW())

    assert state_of(review) == "open"


def test_items_go_back_with_their_reasons(cast):
    organization, _owner, permit, review = submitted()

    with cast.officer_one.active():
        service.return_items(
            review=review,
            items={"address": "This is not the address in the register.", f"permit:{permit.pk}": "The scan cannot be read."},
            actor=cast.officer_one.actor(),
            now=NOW(),
        )

    assert state_of(review) == "returned"
    with tenancy.activate(None, organization.pk):
        assert Organization.objects.get(pk=organization.pk).state == "returned"
        assert {item.item for item in ReturnedItem.objects.filter(mended_at=None)} == {"address", f"permit:{permit.pk}"}


@pytest.mark.parametrize(
    ("items", "code"),
    [({}, "no_items"), ({"address": "  "}, "reason"), ({"address": "x" * 1001}, "reason"), ({"<b>": "why"}, "item")],
)
def test_a_return_needs_items_and_reasons(cast, items, code):
    _organization, _owner, _permit, review = submitted()

    with cast.officer_one.active(), pytest.raises(ValidationError) as refusal:
        service.return_items(review=review, items=items, actor=cast.officer_one.actor(), now=NOW())

    assert refusal.value.code == code


def test_what_is_decided_stays_decided(cast):
    _organization, _owner, permit, review = submitted()
    approve(cast.officer_one, review, ticked(permit))
    approve(cast.officer_two, review, ticked(permit))

    with pytest.raises(Conflict):
        approve(cast.regulator_owner, review, ticked(permit))
    with cast.officer_one.active(), pytest.raises(Conflict):
        service.return_items(review=review, items={"address": "late"}, actor=cast.officer_one.actor(), now=NOW())


def test_only_the_organization_takes_its_submission_back(cast):
    _organization, owner, _permit, review = submitted()

    with cast.rival_owner.active(), pytest.raises(Refused):
        service.cancel_review(review=review, actor=cast.rival_owner.actor(), now=NOW())
    with owner.active():
        service.cancel_review(review=review, actor=owner.actor(), now=NOW())

    assert state_of(review) == "cancelled"


def test_a_permit_of_another_office_gets_its_own_review_there(cast):
    other = an_organization("kemnaker-test", kind="regulator", country="ID")
    appoint(other, country="ID", permit_kind="ID-LPK-SO")
    main = an_organization("kp2mi-test", kind="regulator", country="ID")
    appoint(main, country="ID", permit_kind="ID-SIP3MI")
    organization = an_organization("lpk-test", country="ID", verified=False)
    owner = a_member(organization, "owner")
    a_permit(organization, permit_kind="ID-SIP3MI", status="not_checked")
    permit = a_permit(organization, permit_kind="ID-LPK-SO", status="not_checked")

    with owner.active():
        review = service.open_review(
            subject_organization=organization,
            subject_type="registration",
            subject_id=organization.pk,
            title="LPK",
            actor=owner.actor(),
            now=NOW(),
        )

    assert review.organization_id == main.pk
    with tenancy.activate(None, other.pk):
        assert [(row.subject_type, row.subject_id) for row in Review.objects.all()] == [("permit", permit.pk)]


@pytest.mark.parametrize("state", [state.value for state in Review.State])
@pytest.mark.parametrize("name", list(REVIEW.transitions))
def test_every_state_answers_every_transition(cast, state, name):
    _organization, owner, _permit, review = submitted()
    people = {"first_by_id": cast.officer_one.user.pk}
    if state == "approved":
        people["second_by_id"] = cast.officer_two.user.pk
    with tenancy.activate(None, review.organization_id):
        Review.objects.filter(pk=review.pk).delete()
        copied = {f.attname: getattr(review, f.attname) for f in Review._meta.fields if f.name not in ("id", "state")}
        row = Review.objects.create(**{**copied, **people}, state=state)
    member = {"cancel": owner, "take_back": cast.officer_one}.get(name, cast.regulator_owner)
    fields = {"second_by": cast.regulator_owner.user} if name == "approve_second" else {}

    with tenancy.activate(member.user.pk, review.organization_id):
        if state in REVIEW.transitions[name].sources:
            moved = REVIEW.perform(row, name, actor=member.actor(), now=NOW(), **fields)
            assert moved.state == REVIEW.transitions[name].target
        else:
            with pytest.raises(Conflict):
                REVIEW.perform(row, name, actor=member.actor(), now=NOW(), **fields)
