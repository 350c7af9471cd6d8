"""Figures that several reports need, counted in one way."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet

CHUNK = 2000
CENT = Decimal("0.01")


def stream(rows: QuerySet, shape=tuple) -> Iterator[tuple]:
    """The rows of a question one after the other, by a cursor on the server; `shape(row)` makes a line of the table of each."""
    for row in rows.iterator(chunk_size=CHUNK):
        yield shape(row)


def quantile(values: Iterable[Any], share: float) -> Decimal | None:
    """The value below which `share` of the values lie, between neighbours in proportion (as percentile_cont). None for none."""
    ordered = sorted(Decimal(value) for value in values)
    if not ordered:
        return None
    place = Decimal(str(share)) * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return (ordered[low] + (ordered[high] - ordered[low]) * (place - low)).quantize(CENT, ROUND_HALF_UP)


def median(values: Iterable[Any]) -> Decimal | None:
    return quantile(values, 0.5)


def tally(values: Iterable[Any]) -> dict[Any, int]:
    """How often each value occurs."""
    found: dict[Any, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found
