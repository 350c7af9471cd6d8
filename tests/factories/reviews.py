"""Registrations that lie with the regulator, and what the officers do with them."""

from django.utils import timezone

from core import tenancy
from organizations.models import (
    Contact,
    Organization,
    Review,
)
from organizations.models.checks import CHECKS
from organizations.services import review as service
from tests.factories.organizations import a_member, a_permit, an_organization


def submitted(slug="den-bien", **fields):
    """An organization with one permit and one contact that has just been submitted, its owner and its review."""
    organization = an_organization(slug, verified=False, **fields)
    owner = a_member(organization, "owner")
    permit = a_permit(organization, permit_kind="VN-SERVICE", number=f"{organization.pk}/TEST-GP", status="not_checked")
    with owner.active():
        Contact.objects.create(
            organization=organization, kind="phone", value="024 000 0000", normalized="+84240000000", lookup=b"x" * 32
        )
        Organization.objects.filter(pk=organization.pk).update(
            state="submitted", submitted_by=owner.user, submitted_at=timezone.now()
        )
        review = service.open_review(
            subject_organization=organization,
            subject_type="registration",
            subject_id=organization.pk,
            title=organization.legal_name,
            actor=owner.actor(),
            now=timezone.now(),
        )
    return organization, owner, permit, review


def ticked(permit=None, status="valid", subject_type="registration"):
    return {"ticked": list(CHECKS[subject_type]), "permits": {str(permit.pk): status} if permit else {}}


def approve(member, review, checklist, **actor):
    with member.active():
        return service.approve_review(review=review, checklist=checklist, actor=member.actor(**actor), now=timezone.now())


def state_of(review):
    with tenancy.activate(None, review.organization_id):
        return Review.objects.get(pk=review.pk).state
