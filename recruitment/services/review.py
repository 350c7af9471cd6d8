"""What a regulator decides about an opening, and how the decision reaches the organization that posts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import tenancy
from core.policies import Conflict
from organizations.models import Organization, Permit, ReturnedItem, Review
from organizations.services.review import approve_review, return_items
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.services.job_order import permit_for, today_of, version_data
from recruitment.services.version import approved_version
from recruitment.states import JOB_ORDER, VERSION


@transaction.atomic
def approve_job_order(*, review: Review, checklist: Mapping[str, Any], actor, now: datetime) -> Review:
    """The first or second approval. With the second the version is in force, the one before is replaced, and the opening goes
    out (or waits as approved when its permit stopped meanwhile).

    Raises what organizations.services.review.approve_review raises, and Conflict when the version was taken back.
    """
    row = approve_review(review=review, checklist=dict(checklist), actor=actor, now=now)
    if row.state == Review.State.APPROVED:
        with tenancy.enter(row.subject_organization_id):
            _approve(row, actor, now)
    return row


@transaction.atomic
def return_job_order(*, review: Review, items: Mapping[str, str], actor, now: datetime) -> Review:
    """Send single fields or lines back with reasons, `{"wage_base": text, "fee:3": text}`; the office mends the same version."""
    row = return_items(review=review, items=dict(items), actor=actor, now=now)
    with tenancy.enter(row.subject_organization_id):
        job_order, version = _subject(row)
        VERSION.perform(version, "return", actor=actor, now=now, data=version_data(version))
        if job_order.state == JobOrder.State.SUBMITTED:
            JOB_ORDER.perform(job_order, "return", actor=actor, now=now, data={"version": version.number})
    return row


def _approve(review: Review, actor, now: datetime) -> None:
    job_order, version = _subject(review)
    before = approved_version(job_order)
    if before is not None:
        VERSION.perform(before, "replace", actor=actor, now=now, data=version_data(before))
    version = VERSION.perform(version, "approve", actor=actor, now=now, data=version_data(version), approved_at=now)
    permit = _permit(job_order, version, now)
    if permit is not None and permit.pk != job_order.permit_id:
        job_order.permit = permit
        job_order.save(update_fields=["permit"])
    if job_order.state == JobOrder.State.SUBMITTED:
        job_order = JOB_ORDER.perform(job_order, "approve", actor=actor, now=now, data={"version": version.number})
        if permit is not None:
            JOB_ORDER.perform(job_order, "publish", actor=actor, now=now, published_at=now)
    ReturnedItem.objects.filter(subject_type=Review.Subject.JOB_ORDER, subject_id=job_order.pk, mended_at__isnull=True).update(
        mended_at=now
    )


def _subject(review: Review) -> tuple[JobOrder, JobOrderVersion]:
    job_order = JobOrder.objects.select_for_update(of=("self",)).get(pk=review.subject_id)
    version = JobOrderVersion.objects.filter(
        job_order=job_order, number=review.version, state=JobOrderVersion.State.SUBMITTED
    ).first()
    if version is None:
        raise Conflict(_("The organization took this version back meanwhile."))
    return job_order, version


def _permit(job_order: JobOrder, version: JobOrderVersion, now: datetime) -> Permit | None:
    """Decided by what is in force at this moment, not by what was at submission."""
    organization = Organization.objects.get(pk=job_order.organization_id)
    return permit_for(organization, version, on=today_of(job_order, now))
