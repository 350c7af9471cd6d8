"""Reviews: the organization submits, two people of the regulator approve, or one sends single items back with reasons.

A review is a row of the regulator. What is decided is delivered into the rows of the organization in the same transaction.
A job order's review ends with the review itself: `recruitment` calls these functions and acts when it is approved or returned.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import events, tenancy
from core.policies import Conflict, StepUpNeeded, require
from organizations.events import registration as registration_verbs
from organizations.events import review as verbs
from organizations.models import Contact, Jurisdiction, Organization, Permit, PermitChange, Representative, ReturnedItem, Review
from organizations.models.calendar import today_in, working_days_after
from organizations.models.checks import missing_checks
from organizations.policies import review as policies
from organizations.selectors.review import permits_to_decide
from organizations.services.permit_status import NOT_CHECKED, record_permit_status
from organizations.services.publication import publish_organization
from organizations.states import ORGANIZATION, REVIEW

ITEM = re.compile(r"[a-z][a-z0-9_.:-]{0,59}")
LONGEST_REASON = 1000
REGISTRATION, PERMIT = Review.Subject.REGISTRATION, Review.Subject.PERMIT


def open_review(
    *,
    subject_organization,
    subject_type: str,
    subject_id: int,
    version: int = 1,
    title: str,
    warnings: Iterable[dict] = (),
    actor,
    now: datetime,
    permit_kind: str | None = None,
) -> Review:
    """Put a submission into the inbox of the office that is responsible; an earlier open one is taken back first.

    `permit_kind` names the kind that decides the office (a job order's permit); without it the subject's own permits do.
    `warnings`: `{"verdict": "warn"|"stop"|"unk", "title": text, "text": text}`. For a registration, permits that another office
    decides get a review of their own there. Raises ValidationError (`no_regulator`) when nobody is responsible.
    """
    kinds = [permit_kind] if permit_kind else _permit_kinds(subject_organization.pk, subject_type, subject_id)
    office = Jurisdiction.objects.over(permit_kinds=kinds, country=subject_organization.country)
    if office is None:
        raise ValidationError(_("No office is here yet that checks this kind of organization."), code="no_regulator")
    cancel_open_reviews(
        subject_organization_id=subject_organization.pk, subject_type=subject_type, subject_id=subject_id, actor=actor, now=now
    )
    review = _create(office, subject_organization, subject_type, subject_id, version, title, warnings, actor, now)
    if subject_type == REGISTRATION:
        _open_elsewhere(office, subject_organization, actor, now)
    return review


def approve_review(*, review, checklist: dict, actor, now: datetime) -> Review:
    """The first or the second approval; the second delivers the decision. Two racing ones wait for each other.

    `checklist`: `{"ticked": [codes], "permits": {permit id as text: status code}}`. The second person must have recorded the
    same statuses. Raises Conflict (decided meanwhile), Refused (who), StepUpNeeded (second factor older than 5 minutes),
    ValidationError (`incomplete`, `statuses_differ`).
    """
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if not row.is_open:
        raise Conflict(_("This review is already decided."))
    require(policies.can_approve_review(actor, row))
    if not actor.is_fresh(now):
        raise StepUpNeeded
    _require_complete(row, checklist)
    if row.state == Review.State.OPEN:
        return REVIEW.perform(
            row,
            "approve_first",
            actor=actor,
            now=now,
            first_by=actor.user,
            first_at=now,
            first_factor=actor.factor,
            checklist={"first": checklist},
        )
    _require_same_statuses(row, checklist)
    row = REVIEW.perform(
        row,
        "approve_second",
        actor=actor,
        now=now,
        second_by=actor.user,
        second_at=now,
        second_factor=actor.factor,
        decided_at=now,
        checklist={**row.checklist, "second": checklist},
    )
    _deliver(row, checklist, actor, now)
    return row


def take_back_approval(*, review, actor, now: datetime) -> Review:
    """The first person takes the approval back, so that another may look again."""
    return REVIEW.perform(review, "take_back", actor=actor, now=now, first_by=None, first_at=None, first_factor="")


def return_items(*, review, items: dict[str, str], actor, now: datetime) -> Review:
    """Send single items back, each with its reason: `{"legal_name": text, "permit:12": text}`. One officer decides this.

    Raises ValidationError (`no_items`, `reason`, `item`), Conflict, Refused.
    """
    reasons = _clean_items(items)
    row = REVIEW.perform(
        review, "return", actor=actor, now=now, data={"items": sorted(reasons)}, returned_by=actor.user, decided_at=now
    )
    with tenancy.enter(row.subject_organization_id):
        _mend(row, now)
        ReturnedItem.objects.bulk_create(
            ReturnedItem(
                organization_id=row.subject_organization_id,
                subject_type=row.subject_type,
                subject_id=row.subject_id,
                item=item,
                reason=reason,
                returned_by_name=actor.organization.legal_name,
                returned_at=now,
            )
            for item, reason in reasons.items()
        )
        if row.subject_type == REGISTRATION:
            _move_organization(row, "return", actor, now)
        else:
            _tell(row, registration_verbs.LINE_RETURNED, actor, now)
    return row


def cancel_review(*, review, actor, now: datetime) -> Review:
    """The organization takes its submission back. Works from the regulator's rows or from the organization's own."""
    with tenancy.enter(review.organization_id):
        return REVIEW.perform(review, "cancel", actor=actor, now=now, decided_at=now)


def cancel_open_reviews(*, subject_organization_id: int, subject_type: str, subject_id: int, actor, now: datetime) -> int:
    """Take back every open review of one subject, whichever office has it. Returns how many."""
    with tenancy.publishing():
        found = list(
            Review.reachable.open().filter(
                subject_organization_id=subject_organization_id, subject_type=subject_type, subject_id=subject_id
            )
        )
    for review in found:
        cancel_review(review=review, actor=actor, now=now)
    return len(found)


def keep_checklist(*, review, checklist: dict, actor) -> None:
    """Keep what an officer has ticked so far, while they are away showing their second factor."""
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    require(policies.can_see_review(actor, row))
    row.checklist = {**row.checklist, f"kept:{actor.user_id}": checklist}
    row.save(update_fields=["checklist"])


def _permit_kinds(organization_id: int, subject_type: str, subject_id: int) -> list[str]:
    with tenancy.enter(organization_id):
        permits = Permit.objects.order_by("permit_kind__sort")
        if subject_type == PERMIT:
            permits = permits.filter(pk=subject_id)
        return list(permits.values_list("permit_kind_id", flat=True))


def _create(office, organization, subject_type, subject_id, version, title, warnings, actor, now) -> Review:
    days = settings.REVIEW_WORKING_DAYS[subject_type]
    with tenancy.enter(office.regulator_id):
        review = Review.objects.create(
            organization_id=office.regulator_id,
            subject_organization=organization,
            subject_name=organization.legal_name,
            subject_type=subject_type,
            subject_id=subject_id,
            version=version,
            title=title[:200],
            submitted_at=now,
            submitted_by=actor.user,
            due_on=working_days_after(today_in(office.country, now), days),
            warnings=list(warnings),
        )
        events.record(verbs.OPENED, subject=review, actor=actor, now=now, data={"type": subject_type, "version": version})
    return review


def _open_elsewhere(office, organization, actor, now) -> None:
    with tenancy.enter(organization.pk):
        permits = list(Permit.objects.select_related("permit_kind").order_by("permit_kind__sort", "pk"))
    for permit in permits:
        other = Jurisdiction.objects.over(permit_kinds=[permit.permit_kind_id], country=organization.country)
        if other is None or other.permit_kind_id is None or other.regulator_id == office.regulator_id:
            continue
        cancel_open_reviews(
            subject_organization_id=organization.pk, subject_type=PERMIT, subject_id=permit.pk, actor=actor, now=now
        )
        _create(other, organization, PERMIT, permit.pk, 1, f"{permit.permit_kind} {permit.number}", (), actor, now)


def _require_complete(review, checklist: dict) -> None:
    missing = missing_checks(review.subject_type, checklist.get("ticked", []))
    if missing:
        raise ValidationError([ValidationError(sentence, code="incomplete") for sentence in missing])
    recorded = checklist.get("permits", {})
    for permit in permits_to_decide(review):
        if recorded.get(str(permit.pk), NOT_CHECKED) == NOT_CHECKED:
            raise ValidationError(_("Record the status of permit %(number)s.") % {"number": permit.number}, code="incomplete")


def _require_same_statuses(review, checklist: dict) -> None:
    first = review.checklist.get("first", {}).get("permits", {})
    if first != checklist.get("permits", {}):
        raise ValidationError(
            _("The first person recorded another status for a permit. Agree with them, or send the permit back."),
            code="statuses_differ",
        )


def _deliver(review, checklist: dict, actor, now: datetime) -> None:
    if review.subject_type == Review.Subject.JOB_ORDER:
        return
    for permit in permits_to_decide(review):
        record_permit_status(
            permit=permit,
            status=checklist["permits"][str(permit.pk)],
            since=today_in(permit.permit_kind.country, now),
            source=PermitChange.Source.REVIEW,
            decided_by_name=actor.organization.legal_name,
            actor=actor,
            now=now,
            publish=False,
        )
    with tenancy.enter(review.subject_organization_id):
        _mend(review, now)
        _verify_lines(review, now)
        if review.subject_type == REGISTRATION:
            _move_organization(review, "verify", actor, now, verified_at=now)
        else:
            _tell(review, registration_verbs.LINE_ACCEPTED, actor, now)
    publish_organization(review.subject_organization_id, now=now, verified_by=_approver(review, actor))


def _approver(review, actor) -> str:
    return actor.organization.legal_name if review.subject_type == REGISTRATION else ""


def _move_organization(review, name: str, actor, now, **fields) -> None:
    organization = Organization.objects.get(pk=review.subject_organization_id)
    ORGANIZATION.perform(organization, name, actor=actor, now=now, **fields)


def _tell(review, verb, actor, now) -> None:
    """The organization's own log of a line that was decided; a job order has its own verbs."""
    if review.subject_type != Review.Subject.JOB_ORDER:
        organization = Organization.objects.get(pk=review.subject_organization_id)
        events.record(
            verb, subject=organization, actor=actor, now=now, data={"noun": review.subject_type, "id": review.subject_id}
        )


def _verify_lines(review, now: datetime) -> None:
    """The lines that were looked at become public answers."""
    wanted: dict[str, list] = {
        REGISTRATION: [Contact.objects.all(), Representative.objects.all()],
        Review.Subject.CONTACT: [Contact.objects.filter(pk=review.subject_id)],
        Review.Subject.REPRESENTATIVE: [
            Representative.objects.filter(pk=review.subject_id),
            Contact.objects.filter(representative_id=review.subject_id),
        ],
    }
    for rows in wanted.get(review.subject_type, []):
        rows.update(verified_at=now)


def _mend(review, now: datetime) -> None:
    ReturnedItem.objects.filter(subject_type=review.subject_type, subject_id=review.subject_id, mended_at__isnull=True).update(
        mended_at=now
    )


def _clean_items(items: dict[str, str]) -> dict[str, str]:
    reasons = {item: " ".join(reason.split()) for item, reason in items.items()}
    if not reasons:
        raise ValidationError(_("Choose at least one item to send back."), code="no_items")
    for item, reason in reasons.items():
        if not ITEM.fullmatch(item):
            raise ValidationError(_("This item does not exist."), code="item")
        if not reason:
            raise ValidationError(_("Give a reason for each item that you send back."), code="reason")
        if len(reason) > LONGEST_REASON:
            raise ValidationError(_("A reason can have at most 1,000 letters."), code="reason")
    return reasons
