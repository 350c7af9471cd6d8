"""Openings of one organization, for its own reports."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, Func, QuerySet, Value
from django.db.models.functions import Cast

from organizations.models.calendar import zone_of
from recruitment.models import JobOrder, JobOrderVersion
from reports.selectors.figures import CHUNK

FIELDS = (
    "job_order__code", "job_order__state", "number", "state", "occupation_id", "field_id", "programme_id", "employer_name",
    "prefecture_id", "origin_id", "places", "job_order__places_filled", "wage_base", "wage_currency", "take_home_jpy", "total_home",
    "home_currency", "total_at_least", "months_of_pay",
)  # fmt: skip


def chosen_openings(actor: Any, parameters: dict) -> QuerySet[JobOrderVersion]:
    """The newest version that counts of each opening that the parameters ask for: state, programme, published on or after, on or
    before. In the order they were begun."""
    if not actor.organization.organization_kind.may_post:
        return JobOrderVersion.objects.none()
    rows = JobOrderVersion.objects.exclude(state=JobOrderVersion.State.DROPPED).filter(**_of_the_opening(actor, parameters))
    if parameters.get("state") == "open":
        rows = rows.exclude(job_order__state__in=JobOrder.FINISHED)
    newest = rows.order_by("job_order_id", "-number").distinct("job_order_id")
    if programme := parameters.get("programme"):  # asked of the newest version, not of any
        return JobOrderVersion.objects.filter(pk__in=newest.values("pk"), programme=programme).order_by("job_order_id")
    return newest


def _of_the_opening(actor: Any, parameters: dict) -> dict[str, Any]:
    """What is asked of the opening itself."""
    zone = zone_of(actor.organization.country)
    asked: dict[str, Any] = {}
    if parameters.get("state", "open") not in ("", "open"):
        asked["job_order__state"] = parameters["state"]
    if since := parameters.get("published_from"):
        asked["job_order__published_at__gte"] = datetime.combine(date.fromisoformat(since), time.min, tzinfo=zone)
    if until := parameters.get("published_until"):
        over = date.fromisoformat(until) + timedelta(days=1)
        asked["job_order__published_at__lt"] = datetime.combine(over, time.min, tzinfo=zone)
    return asked


def lines(versions: QuerySet[JobOrderVersion], zone: ZoneInfo) -> Iterator[tuple]:
    """Codes and amounts of each opening, in the order of FIELDS, then the days in this zone when it was published and closed."""
    days = (_day("job_order__published_at", zone), _day("job_order__closed_at", zone))
    return versions.values_list(*FIELDS, *days).iterator(chunk_size=CHUNK)


def _day(moment: str, zone: ZoneInfo) -> Cast:
    """The day of a moment, told by PostgreSQL: TruncDate would look at every value once more in Python."""
    return Cast(Func(Value(zone.key), moment, function="timezone", output_field=DateTimeField()), DateField())


def counted(versions: QuerySet[JobOrderVersion]) -> dict[str, Any]:
    """How many openings, by state, places and places filled, and how many ask how many months of pay. One way through."""
    by_state: Counter[str] = Counter()
    months: Counter[Decimal] = Counter()
    places = filled = 0
    columns = ("job_order__state", "places", "job_order__places_filled", "months_of_pay")
    rows = versions.values_list(*columns).iterator(chunk_size=CHUNK)
    while alike := Counter(islice(rows, CHUNK)):  # many openings say the same
        for (state, offered, taken, cost), times in alike.items():
            by_state[state] += times
            places += times * (offered or 0)
            filled += times * taken
            if cost is not None:
                months[cost] += times
    return {
        "openings": sum(by_state.values()),
        "by_state": by_state,
        "published": by_state.get(JobOrder.State.PUBLISHED, 0),
        "places": places,
        "filled": filled,
        "months": months,
    }
