import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruitment.services.cost import (
    CostLine,
    PayItem,
    cost_box,
    months_of_pay,
    months_to_pay_back,
    recruitment_cost_indicator,
    shown_months,
    take_home,
    worker_cost,
)
from recruitment.services.exchange import Rate, Rates

DAY = datetime.date(2026, 11, 20)
RATES = Rates.of(
    [
        Rate("JPY", "VND", Fraction(170), DAY, is_sample=True),
        Rate("JPY", "USD", Fraction(66, 10000), DAY, is_sample=True),
        Rate("JPY", "PHP", Fraction(38, 100), DAY, is_sample=True),
    ],
    {"JPY": 0, "VND": 0, "USD": 2, "PHP": 2, "IDR": 0},
)
PAY = [
    PayItem("allowance", 10000),
    PayItem("tax", 4100),
    PayItem("social", 30900),
    PayItem("rent", 24000),
    PayItem("utilities", 9000),
]
LINES = [
    CostLine("F1", "worker", 33_320_000, "VND"),
    CostLine("C4a", "worker", 9_500_000, "VND"),
    CostLine("C1", "worker", 1_500_000, "VND"),
    CostLine("C7a", "worker", 200_000, "VND"),
    CostLine("C2b", "worker", 100_000, "VND"),
    CostLine("F1", "employer", 33_320_000, "VND"),
    CostLine("C2b", "sending_organization", 150_000, "VND"),
]

amounts = st.integers(min_value=0, max_value=10**12)
maybe = st.none() | amounts
currencies = st.sampled_from(["JPY", "VND", "USD", "IDR"])
payers = st.sampled_from(["worker", "family", "employer", "sending_organization"])
items = st.sampled_from(["F1", "C1", "C4a", "X2", "O1", "O2"])
cost_lines = st.builds(CostLine, items, payers, maybe, currencies)


def cost_of(lines):
    return worker_cost(lines, RATES, home_currency="VND")


# -- the posting of the design, figure by figure -------------------------------------------------------------------------


def test_cost_box_of_the_reference_posting():
    box = cost_box(cost_of(LINES), take_home(196_000, PAY))

    assert box.total.home == 44_620_000
    assert box.total.yen == 262_471
    assert box.take_home.amount == 138_000
    assert box.take_home.gross == 206_000
    assert shown_months(box.months) == Decimal("1.9")
    assert box.payback_months == 4
    assert not box.months_at_least
    assert box.total.rate.rate == 170
    assert box.total.rate.is_sample
    assert box.total.rate.on == DAY


# -- take-home pay -------------------------------------------------------------------------------------------------------


def test_take_home_with_an_unknown_deduction_is_at_most():
    pay = take_home(196_000, [PayItem("tax", 4100), PayItem("social", 30900), PayItem("rent", None)])

    assert pay.amount == 161_000
    assert pay.at_most
    assert not pay.at_least
    assert pay.unknown == ("rent",)


def test_take_home_without_a_tax_line_is_at_most():
    pay = take_home(196_000, [PayItem("social", 30900)])

    assert pay.at_most
    assert pay.unknown == ("tax",)


def test_take_home_with_a_tax_of_zero_is_known():
    pay = take_home(196_000, [PayItem("tax", 0), PayItem("social", 0)])

    assert pay.amount == 196_000
    assert not pay.at_most


def test_take_home_with_an_unknown_allowance_is_at_least():
    pay = take_home(196_000, [PayItem("tax", 0), PayItem("social", 0), PayItem("overtime", None)])

    assert pay.amount == 196_000
    assert pay.at_least
    assert not pay.at_most


def test_take_home_without_base_wage_is_unknown():
    assert take_home(None, PAY).amount is None


# -- total ---------------------------------------------------------------------------------------------------------------


def test_worker_cost_counts_the_family_as_the_worker():
    assert cost_of([CostLine("F1", "family", 5, "VND")]).home == 5


def test_worker_cost_leaves_out_lawful_contributions_and_keeps_interest_apart():
    total = cost_of(
        [CostLine("F1", "worker", 100, "VND"), CostLine("O2", "worker", 40, "VND"), CostLine("O1", "worker", 7, "VND")]
    )

    assert total.home == 100
    assert total.interest_home == 7


def test_worker_cost_of_nothing_is_zero_and_known():
    total = cost_of([])

    assert (total.home, total.yen, total.at_least) == (0, 0, False)


def test_worker_cost_with_an_unknown_line_is_at_least():
    total = cost_of([CostLine("F1", "worker", 100, "VND"), CostLine("C1", "worker", None, "VND")])

    assert total.home == 100
    assert total.at_least


def test_worker_cost_of_only_unknown_lines_is_unknown_not_zero():
    total = cost_of([CostLine("C1", "worker", None, "VND")])

    assert total.home is None
    assert total.at_least


def test_worker_cost_without_a_rate_is_at_least():
    total = cost_of([CostLine("C1", "worker", 100, "IDR"), CostLine("F1", "worker", 5, "VND")])

    assert total.home == 5
    assert total.at_least


def test_worker_cost_converts_minor_units_and_rounds_half_up():
    total = worker_cost([CostLine("C1", "worker", 33, "USD")], RATES, home_currency="USD")

    assert total.home == 33
    assert total.yen == 50


def test_rates_cross_through_the_yen_exactly():
    assert RATES.convert(100, "USD", "VND") == Fraction(170 * 10000, 66)
    assert RATES.convert(1, "IDR", "VND") is None
    assert RATES.convert(0, "IDR", "VND") == 0


# -- months of pay -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "monthly", "shown"),
    [
        (0, 100, "0.0"),
        (194, 100, "1.9"),
        (195, 100, "2.0"),
        (19499, 10000, "1.9"),
        (19500, 10000, "2.0"),
        (100, 100, "1.0"),
    ],
)
def test_months_shown_are_rounded_half_up_once(cost, monthly, shown):
    assert shown_months(months_of_pay(cost, monthly)) == Decimal(shown)


@pytest.mark.parametrize(("cost", "monthly"), [(None, 100), (100, None), (100, 0), (100, -5)])
def test_months_of_an_unknown_or_no_pay_are_unknown(cost, monthly):
    assert months_of_pay(cost, monthly) is None


@given(amounts, st.integers(min_value=1, max_value=10**9))
def test_months_are_cut_below_the_exact_ratio(cost, monthly):
    months = months_of_pay(cost, monthly)

    assert abs(Fraction(cost, monthly) - Fraction(months)) < Fraction(1, 100)
    assert (months == 0) == (cost == 0)
    assert months == Decimal("0.01") or Fraction(months) <= Fraction(cost, monthly)


# -- loan ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "monthly", "months"),
    [
        (0, 138_000, 0),
        (0, None, 0),
        (1, 138_000, 1),
        (69_000, 138_000, 2),
        (262_470, 138_000, 4),
        (100, None, None),
        (100, 0, None),
        (None, 138_000, None),
        (6_900_000, 138_000, None),
        (6_800_000, 138_000, 426),
        (6_899_999, 138_000, None),
    ],
)
def test_months_to_pay_back(cost, monthly, months):
    assert months_to_pay_back(cost, monthly) == months


def test_months_to_pay_back_without_interest_is_plain_division():
    assert months_to_pay_back(300, 200, yearly=Fraction(0)) == 3


@given(st.integers(1, 10**8), st.integers(1, 10**7), st.integers(0, 10**7))
def test_a_larger_loan_never_takes_fewer_months(cost, monthly, more):
    short, long = months_to_pay_back(cost, monthly), months_to_pay_back(cost + more, monthly)

    assert short is not None or long is None
    assert short is None or long is None or long >= short


# -- SDG 10.7.1 ----------------------------------------------------------------------------------------------------------


def test_recruitment_cost_indicator_subtracts_tax_and_social_contributions_only():
    assert recruitment_cost_indicator(342_000, 206_000, 4_100, 30_900) == Decimal("2.00")


def test_recruitment_cost_indicator_imputes_nothing():
    assert recruitment_cost_indicator(342_000, 206_000, None, 30_900) is None


# -- properties ----------------------------------------------------------------------------------------------------------


@given(st.lists(cost_lines, max_size=8), cost_lines.filter(lambda line: line.payer in ("worker", "family")))
def test_adding_a_line_of_the_worker_never_lowers_the_total(lines, line):
    before, after = cost_of(lines), cost_of([*lines, line])

    assert (after.home or 0) >= (before.home or 0)
    assert after.at_least or not before.at_least


@given(st.lists(cost_lines, max_size=8), amounts, currencies)
def test_what_others_pay_is_not_the_workers_cost(lines, amount, currency):
    assert cost_of([*lines, CostLine("F1", "employer", amount, currency)]) == cost_of(lines)


@given(st.lists(cost_lines, max_size=6), amounts, amounts, currencies)
def test_splitting_a_line_does_not_change_the_total(lines, first, second, currency):
    whole = cost_of([*lines, CostLine("F1", "worker", first + second, currency)])
    parts = cost_of([*lines, CostLine("F1", "worker", first, currency), CostLine("F1", "worker", second, currency)])

    assert (parts.home_exact or 0, parts.yen_exact or 0) == (whole.home_exact or 0, whole.yen_exact or 0)


@given(st.lists(cost_lines, max_size=8), st.randoms())
def test_the_order_of_lines_does_not_matter(lines, random):
    mixed = list(lines)
    random.shuffle(mixed)

    assert cost_of(mixed) == cost_of(lines)


@given(amounts, st.lists(st.builds(PayItem, st.sampled_from(["tax", "social", "rent", "allowance"]), maybe), max_size=6), amounts)
def test_a_deduction_never_raises_the_take_home_pay(base, pay_items, amount):
    before, after = take_home(base, pay_items), take_home(base, [*pay_items, PayItem("meals", amount)])

    assert after.amount == before.amount - amount
