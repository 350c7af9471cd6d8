"""Only a verified organization is public, as it was approved; a permit's stop is always copied."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core import tenancy
from organizations.models import (
    Contact,
    Organization,
    Permit,
    PublishedContact,
    PublishedOrganization,
    PublishedPermit,
    Representative,
)
from organizations.services.publication import publish_organization
from tests.factories.organizations import a_permit, an_organization

NOW = timezone.now


def published(organization):
    return PublishedOrganization.objects.get(pk=organization.pk)


def change(organization, **fields):
    with tenancy.activate(None, organization.pk):
        Organization.objects.filter(pk=organization.pk).update(**fields)


def say(organization, model, **fields):
    with tenancy.activate(None, organization.pk):
        return model.objects.create(organization=organization, **fields)


def phone(organization, **fields):
    number = fields.pop("number", "+84240000001")
    return say(
        organization,
        Contact,
        **{"kind": "phone", "value": number, "normalized": number, "lookup": number.encode(), "verified_at": NOW(), **fields},
    )


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_an_unverified_organization_is_not_public(cast, state):
    organization = an_organization("not-yet", verified=False)
    for step in {"draft": [], "submitted": ["submitted"], "returned": ["submitted", "returned"]}[state]:
        change(organization, state=step)

    assert publish_organization(organization.pk, now=NOW()) is None
    assert not PublishedOrganization.objects.filter(pk=organization.pk).exists()


def test_the_copy_holds_what_was_approved_only(cast):
    person = say(cast.agency, Representative, name="Ms N.", verified_at=NOW())
    say(cast.agency, Representative, name="Mr New", verified_at=None)
    say(cast.agency, Representative, name="Ms Hidden", verified_at=NOW(), is_public=False)
    phone(cast.agency)
    phone(cast.agency, number="+84240000002", verified_at=None)
    phone(cast.agency, number="+84240000003", representative=person)
    phone(cast.agency, kind="bank_holder", number="CONG TY MAU", is_public=False)

    publish_organization(cast.agency.pk, now=NOW())

    row = published(cast.agency)
    assert [contact["value"] for contact in row.contacts] == ["+84240000001"]
    assert [(person["name"], person["contacts"]) for person in row.representatives] == [("Ms N.", {"phone": 1})]
    hashes = PublishedContact.objects.filter(organization=row)
    assert sorted(hashes.values_list("contact_kind", flat=True)) == ["bank_holder", "phone", "phone"]


def test_publishing_twice_changes_nothing(cast):
    phone(cast.agency)
    a_permit(cast.agency, permit_kind="VN-SERVICE")

    for _ in range(2):
        publish_organization(cast.agency.pk, now=NOW())

    row = published(cast.agency)
    assert (row.permits.count(), PublishedContact.objects.filter(organization=row).count()) == (1, 1)


def test_a_stop_is_copied_with_the_next_publication(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE")
    publish_organization(cast.agency.pk, now=NOW())
    with tenancy.activate(None, cast.agency.pk):
        Permit.objects.filter(pk=permit.pk).update(status="revoked")

    publish_organization(cast.agency.pk, now=NOW())

    assert published(cast.agency).status == "revoked"
    assert not PublishedPermit.objects.open(now=NOW()).filter(pk=permit.pk).exists()


def test_a_closed_organization_leaves_the_directory(cast):
    publish_organization(cast.agency.pk, now=NOW())
    change(cast.agency, state="closed")

    publish_organization(cast.agency.pk, now=NOW())

    assert not PublishedOrganization.objects.filter(pk=cast.agency.pk).exists()


def test_an_unchecked_permit_is_nobodys_answer(cast):
    a_permit(cast.agency, permit_kind="VN-SERVICE", status="not_checked")

    publish_organization(cast.agency.pk, now=NOW())

    assert (published(cast.agency).permits.count(), published(cast.agency).status) == (0, "not_checked")


@pytest.mark.parametrize(
    ("permits", "status"),
    [
        ([("VN-SERVICE", "valid"), ("VN-SERVICE", "expired")], "valid"),
        ([("VN-SERVICE", "valid"), ("VN-PUBLIC", "suspended")], "suspended"),
        ([("VN-SERVICE", "suspended_market"), ("VN-PUBLIC", "valid")], "suspended_market"),
        ([("VN-SERVICE", "revoked")], "revoked"),
        ([], "not_checked"),
    ],
)
def test_the_worst_kind_by_its_best_permit_is_the_status(cast, permits, status):
    for kind, state in permits:
        a_permit(cast.agency, permit_kind=kind, status=state)

    publish_organization(cast.agency.pk, now=NOW())

    assert published(cast.agency).status == status


def test_a_permit_for_other_markets_opens_nothing_here(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", markets=["TW", "KR"])

    publish_organization(cast.agency.pk, now=NOW())

    assert not PublishedPermit.objects.open(now=NOW()).filter(pk=permit.pk).exists()


def test_the_publishing_role_writes_nothing_but_copies(cast):
    with tenancy.publishing(), pytest.raises(DatabaseError), transaction.atomic():
        Organization.reachable.filter(pk=cast.agency.pk).update(legal_name="x")
