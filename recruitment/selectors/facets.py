# ruff: noqa: S608  (statements are put together from constants of this product; every value is a parameter)
"""How many openings each filter would leave. Exact up to 10,000, then "10,000+"; large tables answer from a small cube."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import connection

from recruitment.models.published import COST_BANDS, PAY_BANDS
from recruitment.selectors.search import COUNTED, Plan, Search, Term, filter_sql, plan

DIMENSIONS = {
    "field": "field",
    "prefecture": "prefecture",
    "programme": "programme",
    "cost": "cost_band",
    "pay": "pay_band",
    "zero": "zero_fee",
}


@dataclass
class Facets:
    """`total` openings found (`capped`: at least that many). `counts[dimension][value]`, each without its own filter.

    When capped, the counts are those among the first 10,000 hits: each is a "this many or more", and 0 says nothing.
    """

    total: int = 0
    capped: bool = False
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def up_to_cost(self, months: int) -> int:
        """Openings that cost at most this many months of pay, for the offered steps."""
        return sum(
            n
            for band, n in self.counts.get("cost", {}).items()
            if int(band) < len(COST_BANDS) and COST_BANDS[int(band)] <= months
        )

    def from_pay(self, yen: int) -> int:
        """Openings with at least this take-home pay, for the offered steps."""
        return sum(n for band, n in self.counts.get("pay", {}).items() if int(band) > 0 and PAY_BANDS[int(band) - 1] >= yen)

    def shown(self, n: int) -> int | None:
        """A count to show; None when it was not found out."""
        if not self.capped:
            return n
        return min(n, COUNTED) or None

    def zero_fee(self) -> int:
        return self.counts.get("zero", {}).get("true", 0)


def active(search: Search) -> list[str]:
    """The filters in use, by dimension."""
    used = {
        "field": search.field,
        "prefecture": search.prefecture,
        "programme": search.programme,
        "cost": search.max_cost is not None,
        "pay": search.min_pay is not None,
        "zero": search.zero_fee,
    }
    return [dimension for dimension, value in used.items() if value]


def facets(search: Search, terms: list[Term], *, now: datetime.datetime) -> Facets:
    """Counts for the filter box. From the cube where it can answer, else counted."""
    if not terms and not search.origin and search.organization is None:
        found = _from_cube(search)
        if found is not None:
            return found
    return _counted(search, terms, now)


def count(search: Search, terms: list[Term], *, now: datetime.datetime) -> int:
    """How many openings answer, at most 10,001."""
    base = plan(search, terms, now=now)
    if base.impossible:
        return 0
    where, params = filter_sql(base)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) from (select 1 from recruitment_publishedopening o where {where} limit {COUNTED + 1}) hits", params
        )
        return cursor.fetchone()[0]


def _counted(search: Search, terms: list[Term], now: datetime.datetime) -> Facets:
    base = plan(search, terms, now=now)
    if base.impossible:
        return Facets()
    used = active(search)
    found = _group(base, [dimension for dimension in DIMENSIONS if dimension not in used])
    for dimension in used:
        alone = _group(plan(search, terms, now=now, without=dimension), [dimension])
        found.counts[dimension] = alone.counts.get(dimension, {})
    return found


def _group(base: Plan, dimensions: Iterable[str]) -> Facets:
    """One pass over at most 10,001 hits, grouped by each dimension apart."""
    where, params = filter_sql(base)
    columns = [DIMENSIONS[dimension] for dimension in dimensions]
    sets = ", ".join(["()", *(f"({column})" for column in columns)])
    chosen = ", ".join(columns)
    inside = f"select {', '.join(f'o.{column}' for column in columns) or '1'} from recruitment_publishedopening o where {where}"
    sql = f"select count(*){', grouping(' + chosen + '), ' + chosen if columns else ''} from ({inside} limit {COUNTED + 1}) hits"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} group by grouping sets ({sets})", params)
        rows = cursor.fetchall()
    found = Facets(counts={dimension: {} for dimension in dimensions})
    for n, *rest in rows:
        _put(found, list(dimensions), n, rest)
    found.capped, found.total = found.total > COUNTED, min(found.total, COUNTED)
    return found


def _put(found: Facets, dimensions: list[str], n: int, rest: list) -> None:
    """One row of the grouping sets: `grouping()` has a 0 bit for the one column it is grouped by."""
    if not rest or rest[0] == 2 ** len(dimensions) - 1:
        found.total = n
        return
    for index, dimension in enumerate(dimensions):
        if not rest[0] >> (len(dimensions) - 1 - index) & 1:
            found.counts[dimension][_text(rest[1 + index])] = n


def _text(value) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _from_cube(search: Search) -> Facets | None:
    """All counts of a question with at most one filter; None when the cube cannot answer or the table is small."""
    used = active(search)
    if len(used) > 1 or not _is_step(search):
        return None
    with connection.cursor() as cursor:
        cursor.execute("select dimension_a, value_a, n from recruitment_publishedfacet where dimension_b = '' and value_b = ''")
        single = cursor.fetchall()
        total = next((n for dimension, _value, n in single if dimension == "all"), 0)
        if total <= COUNTED:
            return None
        found = Facets(total=total, capped=False, counts={dimension: {} for dimension in DIMENSIONS})
        for dimension, value, n in single:
            if dimension != "all":
                found.counts[dimension][value] = n
        return _narrowed(cursor, search, found, used[0]) if used else found


def _narrowed(cursor, search: Search, found: Facets, used: str) -> Facets:
    values = _cube_values(search, used)
    cursor.execute(
        "select dimension_a, value_a, sum(n)::int from recruitment_publishedfacet "
        "where dimension_b = %s and value_b = any(%s) group by 1, 2",
        [used, values],
    )
    pairs = cursor.fetchall()
    own = found.counts[used]
    counts: dict[str, dict[str, int]] = {dimension: {} for dimension in DIMENSIONS}
    for dimension, value, n in pairs:
        counts[dimension][value] = n
    counts[used] = own
    return replace(found, total=sum(own.get(value, 0) for value in values), counts=counts)


def _is_step(search: Search) -> bool:
    """The cube knows the offered steps only."""
    cost = search.max_cost is None or search.max_cost in COST_BANDS
    return cost and (search.min_pay is None or search.min_pay in PAY_BANDS)


def _cube_values(search: Search, dimension: str) -> list[str]:
    if dimension == "cost" and search.max_cost is not None:
        return [str(band) for band, months in enumerate(COST_BANDS) if months <= search.max_cost]
    if dimension == "pay" and search.min_pay is not None:
        return [str(band) for band, yen in enumerate(PAY_BANDS, start=1) if yen >= search.min_pay]
    return ["true"] if dimension == "zero" else [str(getattr(search, dimension))]
