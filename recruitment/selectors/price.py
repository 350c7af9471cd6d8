# ruff: noqa: S608  (statements are put together from constants of this product; every value is a parameter)
"""What openings ask now for one item, or in all: the middle and the range, only when enough openings stand behind it.

Only by the rule of small numbers (recruitment.selectors.small_numbers): enough openings of enough organizations, else no figure.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection

from recruitment.selectors import small_numbers
from recruitment.selectors.search import VISIBLE

LOOKED_AT = 20_000
TOTAL = "total"


@dataclass(frozen=True)
class Asked:
    """Amounts in minor units of `currency`, among `openings` of `organizations`. Half of the openings ask between low and high."""

    openings: int
    organizations: int
    median: int
    low: int
    high: int
    currency: str


def asked(
    *, origin: str, item: str, now: datetime.datetime, programme: str = "", field: str = "", occupation: str = ""
) -> Asked | None:
    """What visible openings ask the worker for this item (`total` = everything), in the money of the country of origin."""
    where = [VISIBLE, "o.origin = %s"]
    params: list[Any] = [now, now, origin]
    for column, value in (("programme", programme), ("field", field), ("occupation", occupation)):
        if value:
            where.append(f"o.{column} = %s")
            params.append(value)
    condition = " and ".join(where)
    if item == TOTAL:
        rows = (
            "select o.cost_home as amount, o.organization_id, o.home_currency as currency from recruitment_publishedopening o "
            f"where {condition} and not o.at_least and o.cost_home is not null limit {LOOKED_AT}"
        )
    else:
        rows = f"""
            select sum((fee->>'amount')::bigint)::bigint as amount, o.organization_id, o.home_currency as currency
            from (select * from recruitment_publishedopening o where {condition} limit {LOOKED_AT}) o
            join recruitment_publishedposting d on d.code = o.code
            cross join lateral jsonb_array_elements(d.document->'fees') fee
            where fee->>'item' = %s and fee->>'payer' in ('worker', 'family') and fee->>'amount' is not null
              and fee->>'currency' = o.home_currency
            group by o.code, o.organization_id, o.home_currency
        """
        params.append(item)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(distinct organization_id), percentile_disc(0.5) within group (order by amount), "
            "percentile_disc(0.25) within group (order by amount), percentile_disc(0.75) within group (order by amount), "
            f"min(currency) from ({rows}) asked",
            params,
        )
        openings, organizations, median, low, high, currency = cursor.fetchone()
    if not small_numbers.enough(openings, organizations):
        return None
    return Asked(openings, organizations, median, low, high, currency)
