"""Figures that several reports need, counted in one way."""

from collections import Counter
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
    """The value below which `share` of the values lie, between neighbours in proportion (as percentile_cont). None for none.

    `values`: the values, or a Counter of how often each occurs, which stays small however many there are.
    """
    counts = values if isinstance(values, Counter) else Counter(values)
    total = counts.total()
    if not total:
        return None
    place = Decimal(str(share)) * (total - 1)
    low, high = _at(counts, int(place)), _at(counts, min(int(place) + 1, total - 1))
    return (low + (high - low) * (place - int(place))).quantize(CENT, ROUND_HALF_UP)


def _at(counts: Counter, place: int) -> Decimal:
    """The value that stands at this place when all are in order."""
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return Decimal(value)
    raise IndexError(place)


def median(values: Iterable[Any]) -> Decimal | None:
    return quantile(values, 0.5)


def tally(values: Iterable[Any]) -> dict[Any, int]:
    """How often each value occurs."""
    found: dict[Any, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found
