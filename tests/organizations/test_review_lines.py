"""Lines that a verified organization adds later are reviewed one by one."""

import pytest
from django.utils import timezone

from core import tenancy
from core.models import Event
from organizations.models import (
    Contact,
    Organization,
    Permit,
    PublishedContact,
    PublishedOrganization,
    PublishedPermit,
    Representative,
    ReturnedItem,
)
from organizations.services import review as service
from tests.factories.reviews import approve, ticked

NOW = timezone.now


def added_line(cast, noun):
    """A new line of the verified agency and its review."""
    with cast.agency_owner.active():
        if noun == "contact":
            row = Contact.objects.create(organization=cast.agency, kind="phone", value="1", normalized="+841", lookup=b"1")
        elif noun == "person":
            row = Representative.objects.create(organization=cast.agency, name="Ms New")
            Contact.objects.create(
                organization=cast.agency, kind="phone", value="2", normalized="+842", lookup=b"2", representative=row
            )
        else:
            row = Permit.objects.create(
                organization=cast.agency, permit_kind_id="VN-SERVICE", number="9/GP", number_key="9gp", markets=["JP"]
            )
        review = service.open_review(
            subject_organization=cast.agency,
            subject_type=noun,
            subject_id=row.pk,
            title=str(row),
            actor=cast.agency_owner.actor(),
            now=NOW(),
            permit_kind="VN-SERVICE",
        )
    return row, review


@pytest.mark.parametrize("noun", ["contact", "person", "permit"])
def test_a_new_line_becomes_public_when_two_have_approved_it(cast, noun):
    row, review = added_line(cast, noun)
    checklist = ticked(row if noun == "permit" else None, subject_type=noun)

    approve(cast.officer_one, review, checklist)
    assert not PublishedOrganization.objects.filter(pk=cast.agency.pk).exists()
    approve(cast.officer_two, review, checklist)

    published = PublishedOrganization.objects.get(pk=cast.agency.pk)
    if noun == "permit":
        assert PublishedPermit.objects.open(now=NOW()).filter(pk=row.pk).exists()
    else:
        shown = published.contacts if noun == "contact" else published.representatives
        assert [line.get("value") or line.get("name") for line in shown] == [str(getattr(row, "value", "") or row.name)]
        assert PublishedContact.objects.filter(organization=published).count() == 1
    with tenancy.activate(None, cast.agency.pk):
        assert Event.objects.filter(verb="organization.line_accepted").count() == 1


@pytest.mark.parametrize("noun", ["contact", "person", "permit"])
def test_a_new_line_comes_back_with_its_reason(cast, noun):
    row, review = added_line(cast, noun)

    with cast.officer_one.active():
        service.return_items(review=review, items={f"{noun}:{row.pk}": "Not known."}, actor=cast.officer_one.actor(), now=NOW())

    with tenancy.activate(None, cast.agency.pk):
        item = ReturnedItem.objects.get()
        assert (item.subject_type, item.subject_id, item.reason) == (noun, row.pk, "Not known.")
        assert Organization.objects.get().state == "verified"
        assert Event.objects.filter(verb="organization.line_returned").count() == 1
