"""Which rows of law apply, which lines they cover, how much they allow, and whether that is exceeded."""

from fractions import Fraction

from recruitment.services.cost import WORKER_SIDE
from recruitment.services.exchange import Rates
from recruitment.services.verdict.rows import ALL, Ceiling, Check, FeeLine, Gap, ProRata, Terms


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
    if cap is not None and contract_months >= (ceiling.cap_from_months or 0):
        months = min(months, cap)
    return months, Gap.NONE


def _in_time(ceiling: Ceiling, terms: Terms) -> bool:
    """By the signing day, or by the entry day; a row by entry day also counts while the entry day is still unknown."""
    if ceiling.date_basis == "entry" and terms.entry_date is None:
        return ceiling.valid_to is None or terms.signing_date < ceiling.valid_to
    day = terms.entry_date if ceiling.date_basis == "entry" and terms.entry_date else terms.signing_date
    return (ceiling.valid_from is None or ceiling.valid_from <= day) and (ceiling.valid_to is None or day < ceiling.valid_to)


def compare(ceiling: Ceiling, terms: Terms, lines: tuple[FeeLine, ...], rates: Rates, pro_rata: ProRata) -> Check:
    covered = tuple(number for number, line in enumerate(lines) if covers(ceiling, line))
    currency = (ceiling.currency if ceiling.unit == "amount" else terms.wage_currency) or terms.wage_currency
    allowed, gap = allowed_amount(ceiling, terms, pro_rata=pro_rata)
    own = [lines[number] for number in covered]
    others = [line for line in lines if ceiling.others_count and _uses_up(ceiling, line)]
    charged, missing = _sum(own, rates, currency)
    by_others, missing_others = _sum(others, rates, currency)
    total = charged + by_others
    if allowed == 0:
        exceeded, gap = any(line.amount != 0 for line in own), Gap.NONE
    elif allowed is None:
        exceeded = None
    elif charged > 0 and total > allowed:
        exceeded, gap = True, Gap.NONE
    else:
        gap = missing or missing_others
        exceeded = None if gap else False
    return Check(ceiling, currency, allowed, total, by_others, exceeded, gap, covered)


def _uses_up(ceiling: Ceiling, line: FeeLine) -> bool:
    """The same item, paid to the sending organization by somebody else than the worker side."""
    return line.item == ceiling.item and line.payer not in WORKER_SIDE and line.payee == "sending_organization"


def _sum(lines: list[FeeLine], rates: Rates, currency: str) -> tuple[Fraction, Gap]:
    """The known part in minor units of `currency`, and what was missing."""
    gap = Gap.AMOUNT_UNKNOWN if any(line.amount is None for line in lines) else Gap.NONE
    parts = [rates.convert(line.amount, line.currency, currency) for line in lines if line.amount is not None]
    if None in parts:
        gap = gap or Gap.RATE_UNKNOWN
    return sum((part for part in parts if part is not None), Fraction(0)), gap
