# ruff: noqa: S608  (statements are put together from constants of this product; every value is a parameter)
"""What the search row of an opening is made of: order columns, bands, lexemes, and the small cube over all rows."""

import datetime
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from core import tenancy
from organizations.services.words import lexemes
from recruitment.models import PublishedFacet, PublishedWord
from recruitment.models.published import COST_BANDS, PAY_BANDS, UNKNOWN_COST

# dimension of the cube -> column; the pairs of these are counted
DIMENSIONS = {
    "field": "field",
    "prefecture": "prefecture",
    "programme": "programme",
    "cost": "cost_band",
    "pay": "pay_band",
    "zero": "zero_fee",
}


def cost_band(months: Decimal | None) -> int:
    """The first offered step that is enough; one past the last for more, or when not known."""
    if months is None:
        return len(COST_BANDS)
    return next((band for band, step in enumerate(COST_BANDS) if months <= step), len(COST_BANDS))


def pay_band(take_home_jpy: int | None) -> int:
    """How many of the offered steps this pay reaches; 0 = below the first, or not known."""
    return 0 if take_home_jpy is None else sum(1 for step in PAY_BANDS if take_home_jpy >= step)


def orders(cost_jpy: int | None, take_home_jpy: int | None, published_at: datetime.datetime) -> dict[str, int]:
    """The three order columns: smaller comes first, unknown comes last."""
    return {
        "cost_order": UNKNOWN_COST if cost_jpy is None else cost_jpy,
        "pay_order": 0 if take_home_jpy is None else -take_home_jpy,
        "new_order": -int(published_at.timestamp()),
    }


def free_words(*texts: str) -> dict[str, str]:
    """Lexemes of city, employer and organization names, each with how it was written (pairs: as the two words)."""
    found: dict[str, str] = {}
    for text in texts:
        written = {lexeme: word for word in text.split() for lexeme in lexemes(word)}
        for lexeme in lexemes(text):
            found.setdefault(lexeme[:80], written.get(lexeme, lexeme.replace("_", " "))[:80])
    return found


def row_lexemes(words: dict[str, str], *, occupation: str, prefecture: str) -> list[str]:
    """What stands in the inverted index of one row: its free words, and its codes for terms with several readings."""
    return sorted({*words, f"o:{occupation}", *([f"p:{prefecture}"] if prefecture else [])})


def write_vector(job_order_id: int, found: list[str]) -> None:
    """Set the `search` column of one row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update recruitment_publishedopening set search = array_to_tsvector(%s) where job_order_id = %s",
            [found, job_order_id],
        )


def remember_words(words: dict[str, str]) -> None:
    """Add free words to the published word table; those known already stay as they are."""
    PublishedWord.objects.bulk_create(
        [PublishedWord(lexeme=lexeme, shown=shown) for lexeme, shown in words.items()], ignore_conflicts=True
    )


def refresh_facets(*, now: datetime.datetime | None = None) -> int:
    """Count the cube again over everything visible now. Returns the number of rows. About a second at a million openings."""
    now = now or timezone.now()
    columns = list(DIMENSIONS.values())
    pairs = [(a, b) for a in DIMENSIONS for b in DIMENSIONS if a != b]
    parts = ["select 'all', '', '', '', sum(n)::int from base"]
    parts += [f"select '{a}', {DIMENSIONS[a]}::text, '', '', sum(n)::int from base group by 2" for a in DIMENSIONS]
    parts += [
        f"select '{a}', {DIMENSIONS[a]}::text, '{b}', {DIMENSIONS[b]}::text, sum(n)::int from base group by 2, 4"
        for a, b in pairs
    ]
    sql = f"""
        with base as materialized (
            select {", ".join(columns)}, count(*) as n
            from recruitment_publishedopening o left join organizations_publishedpermit p on p.permit_id = o.permit_id
            where o.permit_id is null or (p.open_from <= %s and p.open_until > %s)
            group by {", ".join(columns)}
        )
        insert into recruitment_publishedfacet (dimension_a, value_a, dimension_b, value_b, n)
        select * from ({" union all ".join(parts)}) cube (dimension_a, value_a, dimension_b, value_b, n) where n is not null
    """
    with tenancy.publishing(), connection.cursor() as cursor:
        PublishedFacet.objects.all().delete()
        cursor.execute(sql, [now, now])
        return cursor.rowcount
