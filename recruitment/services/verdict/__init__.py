"""Is a fee lawful, and should a worker pay it at all? Pure arithmetic over the rows of law that apply.

Binding is the lowest of all ceilings that apply, whichever country they come from. Lines of one item are added up before
they are compared, so that splitting a charge changes nothing. A row that is not in force with mark V or S never decides. No
ceiling, no wage or no rate gives "no verified ceiling", which is neither free nor allowed.
"""

from collections.abc import Iterable
from fractions import Fraction

from recruitment.services.cost import WORKER_SIDE
from recruitment.services.exchange import Rates
from recruitment.services.verdict.ceilings import allowed_amount, applies, compare, covers
from recruitment.services.verdict.rows import (
    Ceiling,
    Check,
    FeeLine,
    Gap,
    Ilo,
    Judgement,
    Legal,
    LineVerdict,
    ProRata,
    Terms,
)

__all__ = [
    "Ceiling",
    "Check",
    "FeeLine",
    "Gap",
    "Ilo",
    "Judgement",
    "Legal",
    "LineVerdict",
    "ProRata",
    "Terms",
    "allowed_amount",
    "applies",
    "covers",
    "judge",
]


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
    checks = [compare(ceiling, terms, lines, rates, pro_rata) for ceiling in binding]
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


def _line_verdict(line: FeeLine, checks: tuple[Check, ...], information: tuple[Ceiling, ...], rates: Rates) -> LineVerdict:
    legal, basis, gap = _legal(line, checks)
    binding = _binding(line, checks, rates)
    allowed = _shown(binding, line, legal, rates)
    return LineVerdict(
        line=line,
        legal=legal,
        ilo=_ilo(line),
        blocks=legal in (Legal.OVER_CEILING, Legal.FORBIDDEN) and line.amount != 0,
        basis=basis,
        binding=binding,
        allowed=allowed,
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


def _shown(binding: Check | None, line: FeeLine, legal: Legal, rates: Rates) -> int | None:
    """The ceiling in whole minor units of the line's currency, never above the law."""
    if binding is None or binding.allowed is None:
        return None
    left = binding.allowed - binding.by_others if legal == Legal.OVER_CEILING else binding.allowed
    shown = rates.convert(max(left, Fraction(0)), binding.currency, line.currency)
    return None if shown is None else shown.numerator // shown.denominator


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
