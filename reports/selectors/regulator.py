"""What an office did and oversees in one month. Reads the office's own reviews and public copies of what it is responsible for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet

from organizations.models import PublishedPermit, Review
from organizations.models.calendar import zone_of
from organizations.selectors.review import permits_overseen_by, reviews_visible_to
from recruitment.models import FeeCeiling, PublishedPosting, PublishedVersion
from recruitment.selectors.sheet import service_charge
from reports.selectors.figures import CHUNK, tally
from reports.selectors.permits import days_between

NONE_CHARGED, UNDER_HALF, UNDER_90, UNDER_FULL, AT_CEILING, OVER, UNKNOWN = (
    "none_charged", "under_50", "under_90", "under_100", "at_ceiling", "over", "no_ceiling",
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """From `start` up to, not including, `end` (aware), the days of the office's own country."""

    start: datetime
    end: datetime
    country: str

    @classmethod
    def of(cls, first: date, following: date, country: str) -> "Period":
        zone = zone_of(country)
        return cls(
            datetime.combine(first, time.min, tzinfo=zone).astimezone(UTC),
            datetime.combine(following, time.min, tzinfo=zone).astimezone(UTC),
            country,
        )


@dataclass
class Decisions:
    """Answers of one kind: how many approved and returned, the days each took, how many came in time."""

    approved: int = 0
    returned: int = 0
    days: list[Decimal] = field(default_factory=list)
    in_time: int = 0


@dataclass
class Costs:
    """What approved openings of one corridor cost: how many, months of pay where known, charge against ceiling."""

    openings: int = 0
    months: list[Decimal] = field(default_factory=list)


def permits(actor: Any, origin: str = "") -> QuerySet[PublishedPermit]:
    """Permits the office is responsible for, of one country or of all."""
    rows = permits_overseen_by(actor)
    return rows.filter(permit_kind__country=origin) if origin else rows


def permits_by_status(rows: QuerySet[PublishedPermit]) -> dict[str, int]:
    """How many permits have each status now."""
    return dict(rows.order_by().values_list("status_id").annotate(n=Count("pk")))


def changes_by_status(rows: QuerySet[PublishedPermit], period: Period) -> dict[str, int]:
    """How often each status was written down in the period."""
    histories = rows.order_by().values_list("history", flat=True).iterator(chunk_size=CHUNK)
    lines = (line for history in histories for line in history)
    return tally(line["status"] for line in lines if period.start <= datetime.fromisoformat(line["at"]) < period.end)


def decisions(actor: Any, period: Period) -> dict[str, Decisions]:
    """The office's answers of the period by what they were about."""
    zone = zone_of(period.country)
    found: dict[str, Decisions] = {}
    rows = reviews_visible_to(actor).filter(
        state__in=[Review.State.APPROVED, Review.State.RETURNED], decided_at__gte=period.start, decided_at__lt=period.end
    )
    columns = ("subject_type", "state", "submitted_at", "decided_at", "due_on")
    for subject, state, submitted, decided, due in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        one = found.setdefault(subject, Decisions())
        one.approved += state == Review.State.APPROVED
        one.returned += state == Review.State.RETURNED
        one.days.append(days_between(submitted, decided))
        one.in_time += decided.astimezone(zone).date() <= due
    return found


def openings_by_state(rows: QuerySet[PublishedPermit], origin: str = "") -> dict[str, int]:
    """How many public openings stand in each state now."""
    postings = PublishedPosting.objects.filter(permit__in=rows.order_by().values("pk"))
    if origin:
        postings = postings.filter(document__origin=origin)
    return dict(postings.order_by().values_list("state").annotate(n=Count("pk")))


def costs(rows: QuerySet[PublishedPermit], period: Period, origin: str = "") -> tuple[dict[str, Costs], dict[str, int]]:
    """Versions of public openings approved in the period: costs by origin, and how many lie where against the ceiling."""
    codes = PublishedPosting.objects.filter(permit__in=rows.order_by().values("pk")).values("code")
    versions = PublishedVersion.objects.filter(code__in=codes, approved_at__gte=period.start, approved_at__lt=period.end)
    if origin:
        versions = versions.filter(document__origin=origin)
    said = versions.values_list("document__origin", "document__cost", "document__fees").iterator(chunk_size=CHUNK)
    law: dict[str, FeeCeiling] = {row.pk: row for row in FeeCeiling.objects.all()}  # type: ignore[misc]
    by_origin: dict[str, Costs] = {}
    places: list[str] = []
    for country, cost, fees in said:
        one = by_origin.setdefault(country, Costs())
        one.openings += 1
        if (months := _months(cost)) is not None:
            one.months.append(months)
        places.append(place_of(service_charge({"fees": fees, "cost": cost}, law)))
    return by_origin, tally(places)


def _months(cost: dict) -> Decimal | None:
    if cost["total_jpy"] == 0 and not cost["total_at_least"]:
        return Decimal(0)  # nothing to pay is no month of pay, also where the pay is not known
    return None if cost["months_of_pay"] is None else Decimal(cost["months_of_pay"])


def place_of(charge: dict[str, Any] | None) -> str:
    """Where a service charge lies against its own ceiling."""
    if charge is None:
        return NONE_CHARGED
    asked, ceiling = charge["asked"], charge["ceiling"]
    if asked is None or ceiling is None:
        return UNKNOWN
    if asked > ceiling:
        return OVER
    if asked == ceiling:
        return AT_CEILING
    return next(
        place for place, percent in ((UNDER_HALF, 50), (UNDER_90, 90), (UNDER_FULL, 100)) if asked * 100 < ceiling * percent
    )


def waiting(actor: Any) -> int:
    """Reviews that wait for an answer now."""
    return reviews_visible_to(actor).open().count()


def share(part: int, whole: int) -> Decimal | None:
    """A part of a whole as 0 to 1; None of nothing."""
    return None if not whole else (Decimal(part) / whole).quantize(Decimal("0.001"))


def all_days(found: Iterable[Decisions]) -> list[Decimal]:
    return [day for one in found for day in one.days]
