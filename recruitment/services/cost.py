"""What a job truly costs the worker: take-home pay, total cost, months of pay, months to pay back a loan.

Pure arithmetic in minor units, exact until the last step. Unknown is never zero: it turns a figure into "at least"
(a cost) or "at most" (a take-home pay).
"""

import decimal
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from recruitment.services.exchange import Rate, Rates

WORKER_SIDE = ("worker", "family")
INTEREST, NOT_A_FEE = "O1", "O2"
ADDED = ("allowance", "overtime")
REQUIRED_DEDUCTIONS = ("tax", "social")
SAVED_SHARE = Fraction(1, 2)
YEARLY_INTEREST = Fraction(12, 100)
LONGEST_LOAN_MONTHS = 1200
TRACE = Decimal("0.01")


@dataclass(frozen=True)
class PayItem:
    """A monthly allowance, fixed overtime pay or deduction. `amount` in minor units; None = not known."""

    kind: str
    amount: int | None


@dataclass(frozen=True)
class TakeHome:
    """`amount` is None when the base wage is not known. `unknown` lists what was left out of the sum."""

    amount: int | None
    gross: int | None
    at_most: bool
    at_least: bool
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class CostLine:
    item: str
    payer: str
    amount: int | None
    currency: str


@dataclass(frozen=True)
class WorkerCost:
    """What worker and family pay, without interest. `home` and `yen` are rounded half up to the minor unit.

    None = a line could not be converted and nothing else is known. `interest_home` is kept apart (flagged, not added).
    """

    home: int | None
    yen: int | None
    home_exact: Fraction | None
    yen_exact: Fraction | None
    home_currency: str
    at_least: bool
    interest_home: int | None
    interest_unknown: bool
    rate: Rate | None


@dataclass(frozen=True)
class CostBox:
    """Everything the cost box shows. `months` is cut to two decimals; show it with `shown_months`."""

    total: WorkerCost
    take_home: TakeHome
    months: Decimal | None
    months_at_least: bool
    payback_months: int | None
    payback_at_least: bool


def take_home(base: int | None, items: Iterable[PayItem], *, required: Iterable[str] = REQUIRED_DEDUCTIONS) -> TakeHome:
    """Base + allowances + fixed overtime − deductions, for a month, in minor units of the wage currency.

    A deduction without amount, or a `required` kind that is not listed at all, makes the figure "at most". An allowance
    without amount makes it "at least".
    """
    items = tuple(items)
    listed = {item.kind for item in items}
    unknown_less = [item.kind for item in items if item.amount is None and item.kind not in ADDED]
    unknown_less += [kind for kind in required if kind not in listed]
    unknown_more = [item.kind for item in items if item.amount is None and item.kind in ADDED]
    unknown = tuple(dict.fromkeys([*unknown_less, *unknown_more]))
    if base is None:
        return TakeHome(None, None, bool(unknown_less), bool(unknown_more), ("base", *unknown))
    gross = base + sum(item.amount or 0 for item in items if item.kind in ADDED)
    net = gross - sum(item.amount or 0 for item in items if item.kind not in ADDED)
    return TakeHome(net, gross, bool(unknown_less), bool(unknown_more), unknown)


def worker_cost(lines: Iterable[CostLine], rates: Rates, *, home_currency: str, wage_currency: str = "JPY") -> WorkerCost:
    """Sum of what worker and family pay, in the home currency and in the wage currency.

    Lines without amount, and lines that no rate converts, are left out and make the sum "at least".
    """
    own = [line for line in lines if line.payer in WORKER_SIDE and line.item != NOT_A_FEE]
    fees = [line for line in own if line.item != INTEREST]
    interest = [line for line in own if line.item == INTEREST]
    home, home_gap = _sum(fees, rates, home_currency)
    yen, yen_gap = _sum(fees, rates, wage_currency)
    interest_sum, interest_gap = _sum(interest, rates, home_currency)
    return WorkerCost(
        home=_rounded(home),
        yen=_rounded(yen),
        home_exact=home,
        yen_exact=yen,
        home_currency=home_currency,
        at_least=home_gap or yen_gap,
        interest_home=_rounded(interest_sum),
        interest_unknown=interest_gap,
        rate=rates.used(wage_currency, home_currency),
    )


def months_of_pay(cost: int | Fraction | None, monthly: int | None) -> Decimal | None:
    """Cost as months of pay, cut to two decimals so that rounding once more to one decimal is right. None = not known.

    Both amounts in the same currency. No pay, or pay of zero or less, gives None: there is no such number of months.
    A cost above zero is never cut down to zero.
    """
    if cost is None or monthly is None or monthly <= 0:
        return None
    hundredths = Fraction(cost) * 100 / monthly
    cut = Decimal(hundredths.numerator // hundredths.denominator).scaleb(-2)
    return max(cut, TRACE) if cost > 0 else cut


def shown_months(months: Decimal | None) -> Decimal | None:
    """The one decimal that pages print, rounded half up."""
    return None if months is None else months.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def months_to_pay_back(
    cost: int | Fraction | None,
    monthly: int | None,
    *,
    share: Fraction = SAVED_SHARE,
    yearly: Fraction = YEARLY_INTEREST,
) -> int | None:
    """Months to pay back a loan of `cost` when `share` of take-home pay goes into it.

    Interest of `yearly`/12 falls due each month before the payment: the smallest n with
    cost·(1+r)^n ≤ share·monthly·((1+r)^n − 1)/r. Nothing borrowed → 0. Unknown, savings that never outgrow the interest, or
    more than a hundred years → None.
    """
    if cost is None:
        return None
    if cost <= 0:
        return 0
    if monthly is None or monthly <= 0:
        return None
    payment, monthly_rate = share * monthly, Fraction(yearly) / 12
    if payment <= Fraction(cost) * monthly_rate:
        return None
    with decimal.localcontext() as context:
        context.prec = 40
        balance, paid, growth = _decimal(Fraction(cost)), _decimal(payment), 1 + _decimal(monthly_rate)
        for month in range(1, LONGEST_LOAN_MONTHS + 1):
            balance = balance * growth - paid
            if balance <= 0:
                return month
    return None


def recruitment_cost_indicator(
    cost: int | Fraction | None, gross: int | None, tax: int | None, social: int | None
) -> Decimal | None:
    """The ratio of SDG 10.7.1 for one worker: cost over the first full month's pay after tax and social contributions.

    Rent, meals and recovered fees are not subtracted. Source: indicator metadata (S42). Not an official statistic.
    """
    if gross is None or tax is None or social is None:
        return None
    return months_of_pay(cost, gross - tax - social)


def cost_box(total: WorkerCost, pay: TakeHome) -> CostBox:
    """The answer of the page. The pay must be in the wage currency that `total.yen` is in."""
    months = months_of_pay(total.yen_exact, pay.amount)
    at_least = total.at_least or pay.at_most
    return CostBox(
        total=total,
        take_home=pay,
        months=months,
        months_at_least=at_least,
        payback_months=months_to_pay_back(total.yen_exact, pay.amount),
        payback_at_least=at_least,
    )


def _sum(lines: list[CostLine], rates: Rates, currency: str) -> tuple[Fraction | None, bool]:
    """The known part and whether anything is missing. All missing → None, which is not zero."""
    parts = [None if line.amount is None else rates.convert(line.amount, line.currency, currency) for line in lines]
    known = [part for part in parts if part is not None]
    if parts and not known:
        return None, True
    return sum(known, Fraction(0)), len(known) < len(parts)


def _rounded(value: Fraction | None) -> int | None:
    if value is None:
        return None
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
