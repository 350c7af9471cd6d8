"""Doorways to reviews and to what they are about. An officer with ties to an organization does not see its reviews at all."""

from datetime import timedelta

from django.db.models import Count, Q

from organizations.models import (
    REVIEWERS,
    Contact,
    Evidence,
    Jurisdiction,
    Membership,
    Organization,
    Permit,
    PermitChange,
    PermitKind,
    PermitStatus,
    PublishedPermit,
    RegisterEntry,
    RegisterImport,
    Representative,
    ReturnedItem,
    Review,
)

NOT_CHECKED = "not_checked"


def _is_reviewer(actor) -> bool:
    office = actor.organization
    return office is not None and office.organization_kind.may_review and actor.has_any_role(REVIEWERS, office.pk)


def reviews_visible_to(actor):
    """Every review of the actor's regulator, without those about organizations the person works for."""
    if not _is_reviewer(actor):
        return Review.objects.none()
    return Review.objects.not_about(Membership.organizations_of(actor.user_id))


def queue_counts(actor, *, on) -> dict[str, int]:
    """The numbers above the queue: open, late, due today, waiting for the second person."""
    late, today = Q(due_on__lt=on), Q(due_on=on)
    half = Q(state=Review.State.HALF_APPROVED)
    return (
        reviews_visible_to(actor)
        .open()
        .aggregate(
            open=Count("pk"),
            late=Count("pk", filter=late),
            today=Count("pk", filter=today),
            half_approved=Count("pk", filter=half),
        )
    )


def open_review_count(actor) -> int:
    """How many reviews wait, for the menu."""
    return reviews_visible_to(actor).open().count()


def recused_reviews(actor) -> int:
    """How many open reviews are kept from this officer because of a tie."""
    return Review.objects.open().filter(subject_organization_id__in=Membership.organizations_of(actor.user_id)).count()


def registers_visible_to(actor):
    """The registers the actor's office handed in, without their content."""
    if not _is_reviewer(actor):
        return RegisterImport.objects.none()
    return RegisterImport.objects.select_related("permit_kind", "uploaded_by", "applied_by").defer("content")


def permit_kinds_of(actor):
    """The kinds of permit the actor's office is responsible for."""
    return PermitKind.objects.filter(pk__in=Jurisdiction.kinds_of(actor.organization_id))


def permits_overseen_by(actor):
    """Public copies of the permits the actor's office is responsible for."""
    if not _is_reviewer(actor):
        return PublishedPermit.objects.none()
    kinds = Jurisdiction.kinds_of(actor.organization_id)
    ties = Membership.organizations_of(actor.user_id)
    rows = PublishedPermit.objects.filter(permit_kind__in=kinds).exclude(organization_id__in=ties)
    return rows.select_related("organization", "permit_kind", "status")


def permits_ending(actor, *, on, days: int) -> list[PublishedPermit]:
    """Standing permits of the office whose last day comes within `days`, at most five, the nearest first."""
    rows = permits_overseen_by(actor).filter(
        status__may_publish=True, expires_on__gte=on, expires_on__lte=on + timedelta(days=days)
    )
    return list(rows.order_by("expires_on", "permit_id")[:5])


def recordable_statuses() -> list[PermitStatus]:
    """The words an officer may record: all that are in use but "not checked"."""
    return list(PermitStatus.objects.filter(retired=False).exclude(pk=NOT_CHECKED))


def permits_to_decide(review: Review) -> list[Permit]:
    """The permits this office decides in this review, in a settled order."""
    permits = Permit.reachable.filter(organization_id=review.subject_organization_id).select_related(
        "permit_kind", "status", "scan"
    )
    if review.subject_type == Review.Subject.PERMIT:
        return list(permits.filter(pk=review.subject_id))
    if review.subject_type == Review.Subject.REGISTRATION:
        return list(
            permits.filter(permit_kind__in=Jurisdiction.kinds_of(review.organization_id)).order_by("permit_kind__sort", "pk")
        )
    return []


def claims_of(review: Review) -> dict:
    """What the organization says, for the page of one review: rows that PostgreSQL opens because of this review."""
    subject = review.subject_organization_id
    decided = permits_to_decide(review)
    permits = Permit.reachable.filter(organization_id=subject).select_related("permit_kind", "status", "scan")
    people = Representative.reachable.filter(organization_id=subject).order_by("pk")
    contacts = Contact.reachable.filter(organization_id=subject).order_by("representative_id", "kind", "pk")
    if review.subject_type == Review.Subject.PERMIT:
        permits = permits.filter(pk=review.subject_id)
    if review.subject_type == Review.Subject.REPRESENTATIVE:
        people = people.filter(pk=review.subject_id)
    if review.subject_type == Review.Subject.CONTACT:
        contacts = contacts.filter(pk=review.subject_id)
    return {
        "organization": Organization.reachable.select_related("organization_kind").get(pk=subject),
        "people": list(people),
        "contacts": list(contacts.select_related("representative")),
        "permits": list(permits.order_by("permit_kind__sort", "pk")),
        "decided": {permit.pk for permit in decided},
        "register": register_entries(decided),
        "evidence": list(Evidence.reachable.filter(organization_id=subject).order_by("purpose", "pk")),
    }


def register_entries(permits) -> dict[int, RegisterEntry]:
    """What this office's own register says, by permit id."""
    numbers = {permit.number_key for permit in permits}
    found = {
        (row.permit_kind_id, row.number_key): row
        for row in RegisterEntry.objects.filter(number_key__in=numbers).select_related("status")
    }
    pairs = ((permit.pk, found.get((permit.permit_kind_id, permit.number_key))) for permit in permits)
    return {pk: entry for pk, entry in pairs if entry is not None}


def evidence_of(review: Review, pk: int) -> Evidence | None:
    """One file of the organization under review."""
    return Evidence.reachable.filter(organization_id=review.subject_organization_id, pk=pk).first()


def permit_history(permits) -> dict[int, list[PermitChange]]:
    """Recorded changes by permit id, newest first."""
    found: dict[int, list[PermitChange]] = {}
    for change in PermitChange.reachable.filter(permit__in=permits).select_related("status").order_by("-at", "-pk"):
        found.setdefault(change.permit_id, []).append(change)
    return found


def returned_items(subject_type: str, subject_id: int) -> list[ReturnedItem]:
    """What was sent back and is not yet mended, for the organization it concerns."""
    return list(
        ReturnedItem.objects.filter(subject_type=subject_type, subject_id=subject_id, mended_at__isnull=True).order_by("pk")
    )
