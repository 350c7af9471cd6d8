"""Is a fee lawful, and should a worker pay it at all? Pure arithmetic over the rows of law that apply.

Binding is the lowest of all ceilings that apply, whichever country they come from. Lines of one item are added up before
they are compared, so that splitting a charge changes nothing. A row that is not in force with mark V or S never decides. No
ceiling, no wage or no rate gives "no verified ceiling", which is neither free nor allowed.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from recruitment.services.cost import WORKER_SIDE
from recruitment.services.exchange import Rate, Rates

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
    which the money may be taken.
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
    """One ceiling against all lines it covers. `exceeded` is None when they could not be compared (`gap` says why)."""

    ceiling: Ceiling
    currency: str
    allowed: Fraction | None
    charged: Fraction | None
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
    """`allowed` is for all lines of the item together, in the line's own currency, cut to its minor unit.

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


def judge(
    terms: Terms,
    lines: Iterable[FeeLine],
    ceilings: Iterable[Ceiling],
    rates: Rates,
    *,
    pro_rata: ProRata = ProRata.MONTH,
) -> Judgement:
    """Verdicts for a fee table under the law of the contract signing day. Raises ValueError for a negative amount."""
    lines = tuple(lines)
    if any(line.amount is not None and line.amount < 0 for line in lines):
        raise ValueError("A fee below zero cannot be judged.")
    in_scope = [ceiling for ceiling in ceilings if applies(ceiling, terms)]
    binding = [ceiling for ceiling in in_scope if ceiling.binds]
    replaced = {(ceiling.jurisdiction, ceiling.replaces) for ceiling in binding if ceiling.replaces}
    binding = [ceiling for ceiling in binding if (ceiling.jurisdiction, ceiling.rule) not in replaced]
    silent = [ceiling for ceiling in in_scope if not ceiling.binds]
    checks = [_check(ceiling, terms, lines, rates, pro_rata) for ceiling in binding]
    verdicts = tuple(
        _line_verdict(
            line,
            tuple(check for check in checks if number in check.lines),
            tuple(ceiling for ceiling in silent if covers(ceiling, line)),
            rates,
        )
        for number, line in enumerate(lines)
    )
    return Judgement(
        lines=verdicts,
        legal=_worst(verdicts),
        ilo=_worst_ilo(verdicts),
        blocks=any(verdict.blocks for verdict in verdicts),
        sums=tuple(check for check in checks if check.is_sum),
    )


def applies(ceiling: Ceiling, terms: Terms) -> bool:
    """Whether the scope and the dates of a row meet these terms (not yet which line it covers)."""
    return (
        ceiling.origin in (ALL, terms.origin)
        and ceiling.destination in (ALL, terms.destination, terms.destination_region or ALL)
        and ceiling.programme in (ALL, terms.programme, terms.programme_family or ALL)
        and (ceiling.occupation_group == ALL or ceiling.occupation_group in terms.occupation_groups)
        and (ceiling.situation == ALL or ceiling.situation in terms.situations)
        and _in_time(ceiling, terms)
    )


def covers(ceiling: Ceiling, line: FeeLine) -> bool:
    """Whether a row speaks of this line: its item (C6 covers C6a), its payer side and its payee."""
    if ceiling.item == ALL:
        item = not line.item.startswith("O")
    else:
        item = line.item == ceiling.item or line.item.rstrip("abcdefghij") == ceiling.item
    side = line.payer in WORKER_SIDE if ceiling.payer in WORKER_SIDE else line.payer == ceiling.payer
    return item and side and ceiling.payee in (ALL, line.payee)


def allowed_amount(ceiling: Ceiling, terms: Terms, *, pro_rata: ProRata = ProRata.MONTH) -> tuple[Fraction | None, Gap]:
    """The most that may be charged, exact, in minor units of the row's currency; None and the reason when not known.

    Zero needs neither wage nor months. `rate_per_12m` counts each 12 months of work pro rata; `cap` limits the months once
    the contract reaches `cap_from_months`.
    """
    if ceiling.unit == "amount":
        return (None, Gap.NO_NUMBER) if ceiling.amount is None else (Fraction(ceiling.amount), Gap.NONE)
    if not ceiling.unit.startswith("month_of_") or (ceiling.rate_per_12m is None and ceiling.cap is None):
        return None, Gap.NO_NUMBER
    if ceiling.rate_per_12m == 0 or (ceiling.cap == 0 and ceiling.cap_from_months is None):
        return Fraction(0), Gap.NONE
    months, gap = _allowed_months(ceiling, terms.contract_months, pro_rata)
    if months is None:
        return None, gap
    wage = terms.wages.get(ceiling.wage_base)
    return (None, Gap.WAGE_UNKNOWN) if wage is None else (months * wage, Gap.NONE)


def _allowed_months(ceiling: Ceiling, contract_months: int | None, pro_rata: ProRata) -> tuple[Fraction | None, Gap]:
    cap = None if ceiling.cap is None else Fraction(ceiling.cap)
    if ceiling.rate_per_12m is None:
        return cap, Gap.NONE
    if contract_months is None:
        return None, Gap.MONTHS_UNKNOWN
    years = Fraction(contract_months, 12) if pro_rata == ProRata.MONTH else Fraction(contract_months // 12)
    months = Fraction(ceiling.rate_per_12m) * years
    capped = cap is not None and contract_months >= (ceiling.cap_from_months or 0)
    return (min(months, cap) if capped else months), Gap.NONE


def _in_time(ceiling: Ceiling, terms: Terms) -> bool:
    """By the signing day, or by the entry day; a row by entry day also counts while the entry day is still unknown."""
    if ceiling.date_basis == "entry" and terms.entry_date is None:
        return ceiling.valid_to is None or terms.signing_date < ceiling.valid_to
    day = terms.entry_date if ceiling.date_basis == "entry" and terms.entry_date else terms.signing_date
    return (ceiling.valid_from is None or ceiling.valid_from <= day) and (ceiling.valid_to is None or day < ceiling.valid_to)


def _check(ceiling: Ceiling, terms: Terms, lines: tuple[FeeLine, ...], rates: Rates, pro_rata: ProRata) -> Check:
    covered = tuple(number for number, line in enumerate(lines) if covers(ceiling, line))
    currency = (ceiling.currency if ceiling.unit == "amount" else terms.wage_currency) or terms.wage_currency
    allowed, gap = allowed_amount(ceiling, terms, pro_rata=pro_rata)
    if allowed == 0:
        charged = any(lines[number].amount != 0 for number in covered)
        return Check(ceiling, currency, allowed, None, charged, Gap.NONE, covered)
    known = [(lines[number].amount, lines[number].currency) for number in covered]
    parts = [None if amount is None else rates.convert(amount, source, currency) for amount, source in known]
    charged = sum((part for part in parts if part is not None), Fraction(0))
    if allowed is None:
        return Check(ceiling, currency, None, charged, None, gap, covered)
    if charged > allowed:
        return Check(ceiling, currency, allowed, charged, True, Gap.NONE, covered)
    if None in parts:
        gap = Gap.AMOUNT_UNKNOWN if any(amount is None for amount, _source in known) else Gap.RATE_UNKNOWN
        return Check(ceiling, currency, allowed, charged, None, gap, covered)
    return Check(ceiling, currency, allowed, charged, False, Gap.NONE, covered)


def _line_verdict(line: FeeLine, checks: tuple[Check, ...], information: tuple[Ceiling, ...], rates: Rates) -> LineVerdict:
    legal, basis, gap = _legal(line, checks)
    binding = _binding(line, checks, rates)
    allowed = (
        None if binding is None or binding.allowed is None else rates.convert(binding.allowed, binding.currency, line.currency)
    )
    return LineVerdict(
        line=line,
        legal=legal,
        ilo=_ilo(line),
        blocks=legal in (Legal.OVER_CEILING, Legal.FORBIDDEN) and line.amount != 0,
        basis=basis,
        binding=binding,
        allowed=None if allowed is None else allowed.numerator // allowed.denominator,
        gap=gap,
        too_early=line.amount != 0 and any(_before(line, check.ceiling) for check in checks),
        checks=checks,
        information=information,
        rate=None if binding is None else rates.used(binding.currency, line.currency),
    )


def _legal(line: FeeLine, checks: tuple[Check, ...]) -> tuple[Legal, str, Gap]:
    """The verdict, what it rests on, and what was missing."""
    numbered = [check for check in checks if check.allowed is not None]
    if any(check.is_zero for check in numbered):
        return Legal.FORBIDDEN, "law", Gap.NONE
    if line.item.startswith("X") and all(check.is_sum for check in numbered):
        return Legal.FORBIDDEN, "platform", Gap.NO_RULE
    if any(check.exceeded for check in checks):
        return Legal.OVER_CEILING, "law", Gap.NONE
    own = [check for check in checks if not check.is_sum]
    missing = next((check.gap for check in checks if check.exceeded is None), Gap.NONE)
    if own and not missing:
        return Legal.LEGAL, "law", Gap.NONE
    if line.payer not in WORKER_SIDE:
        return Legal.NOT_A_WORKER_COST, "", missing
    if line.amount == 0:
        return Legal.LEGAL, "", Gap.NONE
    return Legal.NO_VERIFIED_CEILING, "", missing or Gap.NO_RULE


def _ilo(line: FeeLine) -> Ilo:
    if line.item.startswith("X"):
        return Ilo.NEVER_LEGITIMATE
    if line.item.startswith("O"):
        return Ilo.NOT_A_FEE
    if line.payer not in WORKER_SIDE or line.amount == 0:
        return Ilo.PAID_BY_OTHERS_OK
    return Ilo.WORKER_SHOULD_NOT_PAY


def _binding(line: FeeLine, checks: tuple[Check, ...], rates: Rates) -> Check | None:
    """The lowest ceiling; among exceeded ones first, because that is the one to name."""
    numbered = [check for check in checks if check.allowed is not None]
    broken = [check for check in numbered if check.exceeded] or numbered
    comparable = [(rates.convert(check.allowed or 0, check.currency, line.currency), check) for check in broken]
    known = [(amount, check) for amount, check in comparable if amount is not None]
    if known:
        return min(known, key=lambda pair: (pair[0], pair[1].is_sum, pair[1].ceiling.code))[1]
    return broken[0] if broken else None


def _before(line: FeeLine, ceiling: Ceiling) -> bool:
    return line.step is not None and ceiling.earliest_step is not None and line.step < ceiling.earliest_step


_SEVERITY = (Legal.FORBIDDEN, Legal.OVER_CEILING, Legal.NO_VERIFIED_CEILING, Legal.LEGAL)


def _worst(verdicts: tuple[LineVerdict, ...]) -> Legal:
    """The worst verdict of what is charged; with nothing charged to the worker, "not a worker cost"."""
    found = {
        verdict.legal
        for verdict in verdicts
        if verdict.blocks or (verdict.line.payer in WORKER_SIDE and verdict.line.amount != 0)
    }
    return next((legal for legal in _SEVERITY if legal in found), Legal.NOT_A_WORKER_COST)


def _worst_ilo(verdicts: tuple[LineVerdict, ...]) -> Ilo:
    charged = {verdict.ilo for verdict in verdicts if verdict.line.amount != 0}
    worst = (Ilo.NEVER_LEGITIMATE, Ilo.WORKER_SHOULD_NOT_PAY)
    return next((ilo for ilo in worst if ilo in charged), Ilo.PAID_BY_OTHERS_OK)
