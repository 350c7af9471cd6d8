"""Counting for reports: places against a ceiling, quantiles, months."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from reports.forms.parameters import bounds_of, month_of, months_before
from reports.selectors import figures, regulator
from reports.selectors.regulator import place_of

# -- counting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "ceiling", "place"),
    [
        (0, 100, "under_50"),
        (49, 100, "under_50"),
        (50, 100, "under_90"),
        (89, 100, "under_90"),
        (90, 100, "under_100"),
        (99, 100, "under_100"),
        (100, 100, "at_ceiling"),
        (101, 100, "over"),
        (0, 0, "at_ceiling"),
        (5, None, "no_ceiling"),
        (None, 100, "no_ceiling"),
    ],
)
def test_a_charge_lies_in_one_place_against_its_ceiling(asked, ceiling, place):
    assert place_of({"asked": asked, "ceiling": ceiling}) == place


def test_no_charge_is_a_place_of_its_own():
    assert place_of(None) == "none_charged"


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([3], 0.25, "3.00"), ([1, 2], 0.5, "1.50"), ([1, 2, 3, 4], 0.25, "1.75"), ([4, 1, 3, 2, 5], 0.75, "4.00")],
)
def test_quantiles_lie_between_neighbours_as_in_postgresql(values, share, expected):
    assert figures.quantile(values, share) == (expected and Decimal(expected))


@pytest.mark.parametrize(
    ("value", "today", "month"),
    [("last", "2026-01-31", "2025-12"), ("this", "2026-01-31", "2026-01"), ("2025-03", "2026-01-01", "2025-03")],
)
def test_a_relative_month_is_fixed_on_the_day(value, today, month):
    assert month_of(value, datetime.fromisoformat(today).date()) == month


def test_months_have_their_first_days():
    first, following = bounds_of("2025-12")

    assert (first.isoformat(), following.isoformat()) == ("2025-12-01", "2026-01-01")
    assert [day.isoformat() for day in months_before(datetime(2026, 2, 3).date())][:3] == [
        "2026-02-01",
        "2026-01-01",
        "2025-12-01",
    ]
    period = regulator.Period.of(first, following, "VN")
    assert period.start == datetime(2025, 11, 30, 17, tzinfo=UTC)
