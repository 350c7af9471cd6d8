# ruff: noqa: S608  (statements are put together from constants of this product; every value is a parameter)
"""Public figures: what is counted for a release, and the releases as they were published."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count

from organizations.models import PermitStatus, PublishedOrganization
from recruitment.models import PublishedOpening
from reports.models import FigureRelease
from reports.selectors.figures import CHUNK

BANDS = ("0", "1", "2", "3", "6", "more", "unknown")
_BAND = """case when months is null or at_least then 'unknown' when months = 0 then '0' when months <= 1 then '1'
 when months <= 2 then '2' when months <= 3 then '3' when months <= 6 then '6' else 'more' end"""


@dataclass(frozen=True)
class Middle:
    """Half of `openings` of `organizations` ask between low and high, in months of take-home pay."""

    openings: int
    organizations: int
    low: Decimal
    median: Decimal
    high: Decimal


@dataclass
class Counts:
    """True numbers of one moment. They leave this room only through reports.services.release."""

    costs: dict[tuple[str, str], int] = field(default_factory=dict)
    middles: dict[str, Middle] = field(default_factory=dict)
    programmes: dict[str, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)


def counts(*, now: datetime.datetime) -> Counts:
    """Visible openings by country of origin and cost, programme and field; organizations by the status of their permit."""
    visible = PublishedOpening.objects.visible(now=now)
    found = Counts(programmes=_by(visible, "programme"), fields=_by(visible, "field"))
    organizations = PublishedOrganization.objects.filter(organization_kind__needs_permit=True)
    found.statuses = _by(organizations, "status")
    sql, parameters = visible.values("origin", "months", "at_least", "organization_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"select origin, {_BAND} as band, count(*) from ({sql}) v group by 1, 2", parameters)
        found.costs = {(origin, band): n for origin, band, n in cursor.fetchall()}
        cursor.execute(
            "select origin, count(*), count(distinct organization_id), percentile_disc(array[0.25, 0.5, 0.75]) within group "
            f"(order by months) from ({sql}) v where months is not null and not at_least group by 1",
            parameters,
        )
        found.middles = {origin: Middle(n, organizations, *values) for origin, n, organizations, values in cursor.fetchall()}
    return found


def _by(rows: Any, name: str) -> dict[str, int]:
    return dict(rows.values_list(name).annotate(Count("pk")).order_by())


def months() -> list[datetime.date]:
    """Months that have a release, newest first."""
    return list(FigureRelease.objects.order_by("-month").values_list("month", flat=True).distinct())


def release(month: datetime.date | None = None) -> dict[str, FigureRelease]:
    """The figures of this month, or of the newest, by figure; empty when there is none."""
    chosen = month or FigureRelease.objects.order_by("-month").values_list("month", flat=True).first()
    return {row.figure: row for row in FigureRelease.objects.filter(month=chosen)} if chosen else {}


def bulk(*, now: datetime.datetime) -> Iterator[tuple]:
    """Every visible opening, in the order of its id: codes, amounts and days; no person and no contact."""
    names = (
        "code", "origin", "programme", "field", "occupation", "prefecture", "city", "months", "cost_home", "home_currency", "at_least",
        "take_home_jpy", "zero_fee", "places_left", "published_at",
    )  # fmt: skip
    rows = PublishedOpening.objects.visible(now=now).order_by("job_order_id").values_list(*names)
    yield from rows.iterator(chunk_size=CHUNK)


def status_names() -> dict[str, str]:
    """Names of the statuses of permits by code, in the active language."""
    return {row.pk: str(row.name) for row in PermitStatus.objects.all()}
