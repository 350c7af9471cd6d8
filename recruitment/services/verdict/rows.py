"""What goes into a verdict and what comes out: terms, lines, rows of law, checks."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from recruitment.services.exchange import Rate

ALL = "all"


class Legal(StrEnum):
    LEGAL = "legal"
    OVER_CEILING = "over_ceiling"
    FORBIDDEN = "forbidden"
    NO_VERIFIED_CEILING = "no_verified_ceiling"
    NOT_A_WORKER_COST = "not_a_worker_cost"


class Ilo(StrEnum):
    WORKER_SHOULD_NOT_PAY = "worker_should_not_pay"
    NEVER_LEGITIMATE = "never_legitimate"
    NOT_A_FEE = "not_a_fee"
    PAID_BY_OTHERS_OK = "paid_by_others_ok"


class Gap(StrEnum):
    """Why a comparison could not be made."""

    NONE = ""
    NO_RULE = "no_rule"
    NO_NUMBER = "no_number"
    WAGE_UNKNOWN = "wage_unknown"
    MONTHS_UNKNOWN = "months_unknown"
    RATE_UNKNOWN = "rate_unknown"
    AMOUNT_UNKNOWN = "amount_unknown"


class ProRata(StrEnum):
    """The law does not say how to round a part of a year: by month, or whole years only."""

    MONTH = "month"
    WHOLE_YEAR = "whole_year"


@dataclass(frozen=True)
class Ceiling:
    """One row of law. `amount` in minor units of `currency`; wage months are in the wage currency of the terms.

    `valid_to` is the first day on which it no longer counts; None = open. `earliest_step` = sort key of the first stage at
    which the money may be taken. `others_count`: the worker may be asked only for what the foreign side has left unpaid.
    """

    code: str
    rule: str
    jurisdiction: str
    item: str
    payer: str = "worker"
    origin: str = ALL
    destination: str = ALL
    programme: str = ALL
    occupation_group: str = ALL
    situation: str = ALL
    payee: str = ALL
    unit: str = "amount"
    rate_per_12m: Decimal | None = None
    cap: Decimal | None = None
    cap_from_months: int | None = None
    wage_base: str = ""
    amount: int | None = None
    currency: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    date_basis: str = "signing"
    standing: str = "in_force"
    mark: str = "V"
    replaces: str = ""
    others_count: bool = False
    earliest_step: int | None = None

    @property
    def binds(self) -> bool:
        return self.standing == "in_force" and self.mark in ("V", "S")


@dataclass(frozen=True)
class Terms:
    """What decides which law applies. `wages`: minor units by wage base (contract_wage, basic_wage, plan_pay).

    `situations`: renewal, completed_titp2, same_employer, public_sender, return_new_employer.
    """

    origin: str
    destination: str
    programme: str
    signing_date: datetime.date
    programme_family: str = ""
    destination_region: str = ""
    occupation_groups: frozenset[str] = frozenset()
    situations: frozenset[str] = frozenset()
    contract_months: int | None = None
    entry_date: datetime.date | None = None
    wages: Mapping[str, int | None] = field(default_factory=dict)
    wage_currency: str = "JPY"


@dataclass(frozen=True)
class FeeLine:
    """One line of the fee table. `amount` in minor units, None = not known; `step` = sort key of its stage."""

    item: str
    payer: str
    amount: int | None
    currency: str
    payee: str = ""
    step: int | None = None


@dataclass(frozen=True)
class Check:
    """One ceiling against all lines it covers. `exceeded` is None when they could not be compared (`gap` says why).

    `charged` includes `by_others`: what others pay for the item, where the law lets that use up the ceiling.
    """

    ceiling: Ceiling
    currency: str
    allowed: Fraction | None
    charged: Fraction
    by_others: Fraction
    exceeded: bool | None
    gap: Gap
    lines: tuple[int, ...]

    @property
    def is_zero(self) -> bool:
        return self.allowed == 0

    @property
    def is_sum(self) -> bool:
        """A cap on everything paid to one side, not on one item."""
        return self.ceiling.item == ALL


@dataclass(frozen=True)
class LineVerdict:
    """`allowed` is for all lines of the item together, in the line's own currency, cut to its minor unit. In a refused line
    it is what may still be asked after what others pay.

    `blocks`: the posting cannot be submitted with this line. `basis`: "law", or "platform" where this platform refuses what
    no verified law forbids. `information`: rows that apply but do not decide (last verified, not law).
    """

    line: FeeLine
    legal: Legal
    ilo: Ilo
    blocks: bool
    basis: str
    binding: Check | None
    allowed: int | None
    gap: Gap
    too_early: bool
    checks: tuple[Check, ...]
    information: tuple[Ceiling, ...]
    rate: Rate | None


@dataclass(frozen=True)
class Judgement:
    """Verdicts in the order of the lines, and for the whole: the worst of what is really charged."""

    lines: tuple[LineVerdict, ...]
    legal: Legal
    ilo: Ilo
    blocks: bool
    sums: tuple[Check, ...]
