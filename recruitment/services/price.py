"""Is this price normal? One amount against the law in force today and against what published openings ask."""

import datetime
from dataclasses import dataclass
from typing import Any

from recruitment.models import FeeCeiling
from recruitment.selectors import price
from recruitment.selectors.names import reference
from recruitment.services import reference as law
from recruitment.services.verdict import FeeLine, LineVerdict, Terms, judge


@dataclass(frozen=True)
class Question:
    """What was typed. `amount` in minor units of `currency`; `wage` in yen a month; empty parts are not known."""

    origin: str
    item: str
    amount: int
    currency: str
    programme: str = ""
    field: str = ""
    occupation: str = ""
    wage: int | None = None
    months: int | None = None


@dataclass(frozen=True)
class Reply:
    """`outcome`: forbidden, over (the law), high, normal, low (against like openings), unknown. `home`: the amount in home money."""

    question: Question
    outcome: str
    home: int | None
    home_currency: str
    verdict: LineVerdict | None
    ceiling: FeeCeiling | None
    asked: price.Asked | None


def check_price(question: Question, *, now: datetime.datetime) -> Reply:
    """Judge the amount as a charge to the worker under today's law, and place it among published openings."""
    today = now.date()
    rates = law.rates_on(today)
    home_currency = reference().countries[question.origin].currency_id
    converted = rates.convert(question.amount, question.currency, home_currency)
    home = None if converted is None else int(converted)
    verdict = _verdict(question, rates, today) if question.item != price.TOTAL else None
    binding = verdict.binding if verdict else None
    row: Any = FeeCeiling.objects.filter(pk=binding.ceiling.code).first() if binding else None
    found = price.asked(
        origin=question.origin,
        item=question.item,
        now=now,
        programme=question.programme,
        field=question.field,
        occupation=question.occupation,
    )
    return Reply(question, _outcome(verdict, home, found), home, home_currency, verdict, row, found)


def _verdict(question: Question, rates, today: datetime.date) -> LineVerdict:
    known = reference()
    programme = known.programmes.get(question.programme)
    occupation = known.occupations.get(question.occupation)
    terms = Terms(
        origin=question.origin,
        destination="JP",
        programme=question.programme,
        signing_date=today,
        programme_family=programme.family if programme else "",
        occupation_groups=frozenset(occupation.groups if occupation else ()),
        contract_months=question.months,
        wages=dict.fromkeys(("contract_wage", "basic_wage", "plan_pay"), question.wage),
    )
    line = FeeLine(question.item, "worker", question.amount, question.currency)
    return judge(terms, [line], law.ceilings_between(question.origin), rates).lines[0]


def _outcome(verdict: LineVerdict | None, home: int | None, found: price.Asked | None) -> str:
    if verdict is not None and verdict.legal in ("forbidden", "over_ceiling"):
        return "forbidden" if verdict.legal == "forbidden" else "over"
    if found is None or home is None:
        return "unknown"
    if home > found.high:
        return "high"
    return "low" if home < found.low else "normal"
