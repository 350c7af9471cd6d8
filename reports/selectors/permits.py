"""The permits and openings of one organization over time: for itself from its own rows, for its regulator from what it may read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q, QuerySet

from organizations.models import Permit, PermitChange, PermitStatus, PublishedOrganization, PublishedPermit, Review
from organizations.models.permit import number_key
from organizations.selectors.review import permits_overseen_by, reviews_visible_to
from organizations.services.words import normalize
from recruitment.models import JobOrderVersion
from reports.selectors.figures import CHUNK

MOST_NAMED = 6
DAY = 24 * 3600
_V = JobOrderVersion.State
SEEN_BY_OFFICE = (_V.SUBMITTED, _V.APPROVED, _V.REPLACED)
VERSION = (
    "job_order__code", "number", "state", "occupation_id", "field_id", "programme_id", "submitted_at", "approved_at", "total_home",
    "home_currency", "total_at_least", "months_of_pay",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One line of a permit's history."""

    number: str
    status: str
    market: str
    since: date | None
    until: date | None
    reason: str
    by: str
    at: datetime


def overseen_organizations(actor: Any, text: str) -> list[PublishedOrganization]:
    """Organizations with a permit this office is responsible for, by a piece of the name, a permit number or the address; at most six."""
    rows = PublishedOrganization.objects.filter(pk__in=permits_overseen_by(actor).values("organization_id"))
    words, key = normalize(text), number_key(text)
    if not words:
        return []
    found = Q(name_norm__contains=words) | Q(slug=text.strip())
    if any(character.isdigit() for character in key):
        found |= Q(permits__number_key=key) | Q(registration_number__iexact=text.strip())
    return list(rows.filter(found).distinct().order_by("name_norm", "pk")[:MOST_NAMED])


def overseen_organization(actor: Any, slug: str) -> PublishedOrganization | None:
    """One of them by its address; None when the office is not responsible for it (any more)."""
    held = permits_overseen_by(actor).filter(organization__slug=slug)
    return PublishedOrganization.objects.filter(slug=slug, pk__in=held.values("organization_id")).first()


def status_names() -> dict[str, str]:
    """Names of the statuses of permits by code, in the active language."""
    return {row.pk: str(row.name) for row in PermitStatus.objects.all()}


def days_between(start: datetime, end: datetime) -> Decimal:
    """Days by the clock, with one decimal."""
    return (Decimal((end - start).total_seconds()) / DAY).quantize(Decimal("0.1"), ROUND_HALF_UP)


def own_permits() -> list[Permit]:
    """Every permit of the active organization."""
    return list(Permit.objects.select_related("permit_kind", "status").order_by("permit_kind__sort", "pk"))


def overseen_permits(actor: Any, pk: int) -> list[PublishedPermit]:
    """The public copies of an organization's permits of the kinds this office is responsible for."""
    return list(permits_overseen_by(actor).filter(organization_id=pk).order_by("permit_kind__sort", "pk"))


def own_changes() -> list[Change]:
    """The history of the active organization's permits, newest first."""
    rows = PermitChange.objects.select_related("permit").order_by("-at", "-pk")
    return [
        Change(row.permit.number, row.status_id, row.market, row.since, row.until, row.reason, row.decided_by_name, row.at)
        for row in rows
    ]


def overseen_changes(permits: list[PublishedPermit]) -> list[Change]:
    """The public history of these permits, newest first."""
    found = [
        Change(
            permit.number,
            line["status"],
            line.get("market", ""),
            line["since"],
            line["until"],
            line.get("reason", ""),
            line.get("by", ""),
            datetime.fromisoformat(line["at"]),
        )
        for permit in permits
        for line in permit.changes
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)


def own_versions() -> QuerySet[JobOrderVersion]:
    """Every version of every opening of the active organization."""
    return JobOrderVersion.objects.exclude(state=_V.DROPPED).order_by("job_order_id", "number")


def overseen_versions(actor: Any, pk: int) -> QuerySet[JobOrderVersion]:
    """Versions of an organization's openings that were sent to this office and lie there or were approved by it."""
    reviews = reviews_visible_to(actor).filter(subject_type=Review.Subject.JOB_ORDER, subject_organization_id=pk)
    sent = JobOrderVersion.reachable.filter(organization_id=pk, job_order__in=reviews.values("subject_id"))
    return sent.filter(state__in=SEEN_BY_OFFICE).order_by("job_order_id", "number")


def version_lines(versions: QuerySet[JobOrderVersion]) -> Iterator[dict[str, Any]]:
    """One dictionary of codes and amounts for each version."""
    yield from versions.values(*VERSION).iterator(chunk_size=CHUNK)


def reviews_of(actor: Any, pk: int) -> QuerySet[Review]:
    """What this office was asked about an organization, newest first."""
    return reviews_visible_to(actor).filter(subject_organization_id=pk).order_by("-submitted_at", "-pk")
