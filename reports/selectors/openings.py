"""Openings of one organization, for its own reports."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from organizations.models.calendar import zone_of
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.selectors import names
from recruitment.selectors.job_order import job_orders_visible_to
from recruitment.services.code import show
from reports.selectors.figures import CHUNK

FIELDS = (
    "job_order__code", "job_order__state", "number", "state", "occupation_id", "field_id", "programme_id", "employer_name",
    "prefecture_id", "origin_id", "places", "job_order__places_filled", "wage_base", "wage_currency", "take_home_jpy", "total_home",
    "home_currency", "total_at_least", "months_of_pay", "job_order__published_at", "job_order__closed_at",
)  # fmt: skip


def chosen_openings(actor: Any, parameters: dict) -> QuerySet[JobOrder]:
    """The organization's openings that the parameters ask for: state, programme, published on or after, on or before."""
    rows = job_orders_visible_to(actor)
    if state := parameters.get("state"):
        rows = rows.open() if state == "open" else rows.filter(state=state)
    zone = zone_of(actor.organization.country)
    if since := parameters.get("published_from"):
        rows = rows.filter(published_at__gte=datetime.combine(date.fromisoformat(since), time.min, tzinfo=zone))
    if until := parameters.get("published_until"):
        over = date.fromisoformat(until) + timedelta(days=1)
        rows = rows.filter(published_at__lt=datetime.combine(over, time.min, tzinfo=zone))
    if programme := parameters.get("programme"):
        rows = rows.filter(versions__in=_current().filter(programme=programme))
    return rows


def _current() -> QuerySet[JobOrderVersion]:
    """The newest version that counts of every opening of the organization."""
    newest = JobOrderVersion.objects.exclude(state=JobOrderVersion.State.DROPPED).order_by("job_order_id", "-number")
    return JobOrderVersion.objects.filter(pk__in=newest.distinct("job_order_id").values("pk"))


def versions_of(openings: QuerySet[JobOrder]) -> QuerySet[JobOrderVersion]:
    """The current version of each of these openings, in the order they were begun."""
    return _current().filter(job_order__in=openings.values("pk")).order_by("job_order_id")


def lines(openings: QuerySet[JobOrder]) -> Iterator[dict[str, Any]]:
    """One dictionary of codes and amounts for each opening."""
    yield from versions_of(openings).values(*FIELDS).iterator(chunk_size=CHUNK)


def counted(openings: QuerySet[JobOrder]) -> dict[str, Any]:
    """Openings by state, places, places filled, and how many openings say their cost in months of pay."""
    versions = versions_of(openings)
    found = versions.aggregate(
        openings=Count("pk"),
        places=Sum("places"),
        filled=Sum("job_order__places_filled"),
        published=Count("pk", filter=Q(job_order__state=JobOrder.State.PUBLISHED)),
        with_months=Count("months_of_pay"),
    )
    by_state = dict(versions.order_by().values_list("job_order__state").annotate(n=Count("pk")))
    return {**found, "by_state": by_state}


def months(openings: QuerySet[JobOrder]) -> list[Decimal]:
    """Cost in months of take-home pay of each opening that says it."""
    rows = versions_of(openings).filter(months_of_pay__isnull=False).order_by()
    return list(rows.values_list(F("months_of_pay"), flat=True))


def work_of(line: dict[str, Any]) -> str:
    return names.work_name(line["occupation_id"] or "", line["field_id"] or "", line["programme_id"] or "")


def code_of(line: dict[str, Any]) -> str:
    return show(line["job_order__code"])
