"""Fee lines: what may stand in them, what law says of them, and the figures of the cost box that follow.

A line is stored with the verdict it got: the row of law, the amount it allows, the day and the rate. A forbidden line may stay
in a draft, so that nothing typed is lost; `submit_job_order` refuses it.
"""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from recruitment.models import Currency, FeeCharge, JobOrderVersion, PayerRule, PayLine
from recruitment.models.amount import check_amount
from recruitment.selectors.names import reference
from recruitment.services import reference as law
from recruitment.services import values
from recruitment.services.cost import CostBox, CostLine, PayItem, cost_box, take_home, worker_cost
from recruitment.services.exchange import Rates
from recruitment.services.values import clean_line, refuse
from recruitment.services.verdict import Ceiling, FeeLine, Judgement, Terms, judge


class LawBook:
    """Law, rates and currencies, each looked up once; for many openings at a time."""

    def __init__(self):
        self._ceilings: dict[str, list[Ceiling]] = {}
        self._rates: dict[datetime.date, Rates] = {}
        self._rules: list[PayerRule] | None = None
        self.currencies: dict[str, int] = dict(Currency.objects.filter(retired=False).values_list("code", "exponent"))

    def ceilings(self, origin: str) -> list[Ceiling]:
        if origin not in self._ceilings:
            self._ceilings[origin] = law.ceilings_between(origin)
        return self._ceilings[origin]

    def rates(self, on: datetime.date) -> Rates:
        if on not in self._rates:
            self._rates[on] = law.rates_on(on)
        return self._rates[on]

    def payer(self, version: JobOrderVersion, item: str, on: datetime.date) -> str | None:
        """Who must pay the item by law, as far as a verified rule says so."""
        programme = reference().programmes.get(version.programme_id or "")
        if not version.origin_id or programme is None:
            return None
        if self._rules is None:
            self._rules = law.payer_rules()
        rule = law.payer_by_law(
            item=item,
            origin=version.origin_id,
            programme=programme.pk,
            family=programme.family,
            field=version.field_id or "",
            on=version.signing_on or on,
            rules=self._rules,
        )
        return rule.payer if rule and rule.payer in reference().payers else None


MOST_LINES = 60
WAGE_BASES = ("contract_wage", "basic_wage", "plan_pay")
NO_VALUE = Decimal("999999.99")
FIGURES = (
    "total_home", "home_currency", "total_jpy", "total_at_least", "take_home_jpy", "take_home_at_most",
    "months_of_pay", "payback_months", "rate", "rate_on", "rate_is_sample", "judged_on",
)  # fmt: skip
VERDICT = ("legal_verdict", "ilo_verdict", "ceiling", "ceiling_amount", "payer_by_law", "judged_on")
FEE_FIELDS = ("item", "amount", "currency", "payer", "payee", "stage", "refund", "receipt", "instalments", "note")
PAY_FIELDS = ("kind", "amount", "note")
MESSAGES = {
    "item": _("Choose what the money is for."),
    "payer": _("Choose who pays."),
    "stage": _("Choose when it is paid."),
    "currency": _("Choose a currency."),
    "instalments": _("Write a number of instalments from 1 to 60."),
    "too_many": _("An opening can have at most %(limit)s lines."),
}


def clean_fee(line: Mapping[str, Any], *, currencies: Mapping[str, int]) -> dict[str, Any]:
    """One fee line as the model stores it. `amount` in minor units, None = not known. Raises ValidationError by field."""
    known, cleaned, errors = reference(), {}, {}
    checks = {
        "item_id": lambda: _row(known.items, line.get("item"), "item", lambda row: row.may_enter),
        "amount": lambda: check_amount(line.get("amount")),
        "currency": lambda: _currency(line.get("currency"), currencies),
        "payer_id": lambda: _row(known.payers, line.get("payer"), "payer"),
        "stage_id": lambda: _row(known.stages, _stage(line, known), "stage"),
        "payee": lambda: _choice(line.get("payee"), FeeCharge.Payee.values, FeeCharge.Payee.SENDING),
        "refund": lambda: _choice(line.get("refund"), FeeCharge.Refund.values, FeeCharge.Refund.UNKNOWN),
        "receipt": lambda: _yes_no(line.get("receipt")),
        "instalments": lambda: _instalments(line.get("instalments")),
        "note": lambda: clean_line(line.get("note"), 200),
    }
    for column, check in checks.items():
        try:
            cleaned[column] = check()
        except ValidationError as error:
            errors[column.removesuffix("_id")] = error
    errors |= {name: _unknown_field() for name in line if name not in FEE_FIELDS}
    if errors:
        raise ValidationError(errors)
    return cleaned


def clean_pay(line: Mapping[str, Any]) -> dict[str, Any]:
    """One allowance or deduction of a month, in minor units of the wage currency; None = not known."""
    cleaned, errors = {}, {}
    checks = {
        "kind": lambda: _choice(line.get("kind"), PayLine.Kind.values, None),
        "amount": lambda: check_amount(line.get("amount")),
        "note": lambda: clean_line(line.get("note"), 120),
    }
    for column, check in checks.items():
        try:
            cleaned[column] = check()
        except ValidationError as error:
            errors[column] = error
    errors |= {name: _unknown_field() for name in line if name not in PAY_FIELDS}
    if errors:
        raise ValidationError(errors)
    return cleaned


def clean_lines(name: str, lines: Sequence[Mapping[str, Any]], clean) -> list[dict[str, Any]]:
    """Every line cleaned. Errors are keyed `name.position.field`, counted from 0."""
    if len(lines) > MOST_LINES:
        raise ValidationError({name: ValidationError(MESSAGES["too_many"], code="max_value", params={"limit": MOST_LINES})})
    cleaned: list[dict[str, Any]] = []
    errors: dict[str, Any] = {}
    for position, line in enumerate(lines):
        try:
            cleaned.append(clean(line))
        except ValidationError as error:
            errors |= {f"{name}.{position}.{field}": mistake for field, mistake in error.error_dict.items()}
    if errors:
        raise ValidationError(errors)
    return cleaned


def record_fee(
    *, version: JobOrderVersion, line: Mapping[str, Any], position: int, currencies: Mapping[str, int] | None = None
) -> FeeCharge:
    """Store one fee line of a draft. Its verdict follows with `recompute`, because lines of one item are judged together."""
    cleaned = clean_fee(line, currencies=LawBook().currencies if currencies is None else currencies)
    return FeeCharge.objects.create(
        organization_id=version.organization_id, job_order_id=version.job_order_id, version=version, position=position, **cleaned
    )


def replace_fees(version: JobOrderVersion, cleaned: Sequence[Mapping[str, Any]]) -> None:
    """The draft's fee table becomes these lines (already cleaned)."""
    _replace(FeeCharge, version, cleaned)


def replace_pay(version: JobOrderVersion, cleaned: Sequence[Mapping[str, Any]]) -> None:
    """The draft's allowances and deductions become these lines (already cleaned)."""
    _replace(PayLine, version, cleaned)


def fee_lines(version: JobOrderVersion) -> list[FeeCharge]:
    """The lines in their order; also for a regulator who reads another organization's version."""
    return list(FeeCharge.reachable.filter(version=version).select_related("item", "payer", "stage", "ceiling", "payer_by_law"))


def pay_lines(version: JobOrderVersion) -> list[PayLine]:
    return list(PayLine.reachable.filter(version=version))


def terms_of(version: JobOrderVersion, *, on: datetime.date) -> Terms:
    """What decides which law applies. Until a signing day is written, the law of `on` counts.

    The base wage stands for the contract wage, the basic wage and the pay in the plan: the lowest reading, so no ceiling
    comes out too high.
    """
    programme = reference().programmes.get(version.programme_id or "")
    occupation = reference().occupations.get(version.occupation_id or "")
    situations = {version.situation} - {""}
    if version.route == JobOrderVersion.Route.PUBLIC:
        situations.add("public_sender")
    return Terms(
        origin=version.origin_id or "",
        destination="JP",
        programme=version.programme_id or "",
        signing_date=version.signing_on or on,
        programme_family=programme.family if programme else "",
        occupation_groups=frozenset(occupation.groups if occupation else ()),
        situations=frozenset(situations),
        contract_months=version.contract_months,
        entry_date=version.departure_on,
        wages=dict.fromkeys(WAGE_BASES, version.wage_base),
        wage_currency=version.wage_currency,
    )


def judge_version(
    version: JobOrderVersion, lines: Sequence[FeeCharge], *, on: datetime.date, book: LawBook | None = None
) -> Judgement:
    """The verdicts of these lines, in their order."""
    book = book or LawBook()
    known = reference().stages
    return judge(
        terms_of(version, on=on),
        [
            FeeLine(
                item=line.item_id,
                payer=line.payer_id,
                amount=line.amount,
                currency=line.currency,
                payee=line.payee,
                step=known[line.stage_id].sort if line.stage_id in known else None,
            )
            for line in lines
        ],
        book.ceilings(version.origin_id or ""),
        book.rates(on),
    )


def cost_of(version: JobOrderVersion, lines: Sequence[FeeCharge], pay: Sequence[PayLine], rates: Rates) -> CostBox:
    """The cost box of a version, from its lines."""
    currency = reference().countries[version.origin_id].currency_id if version.origin_id else version.wage_currency
    total = worker_cost(
        [CostLine(line.item_id, line.payer_id, line.amount, line.currency) for line in lines],
        rates,
        home_currency=currency,
        wage_currency=version.wage_currency,
    )
    return cost_box(total, take_home(version.wage_base, [PayItem(line.kind, line.amount) for line in pay]))


def recompute(version: JobOrderVersion, *, on: datetime.date, book: LawBook | None = None) -> Judgement:
    """Judge every line again and write verdicts and cost figures. Returns the judgement, in the order of the lines."""
    return recompute_lines(version, fee_lines(version), pay_lines(version), on=on, book=book or LawBook())


def recompute_lines(
    version: JobOrderVersion, lines: Sequence[FeeCharge], pay: Sequence[PayLine], *, on: datetime.date, book: LawBook
) -> Judgement:
    """The same for lines that were read already."""
    before = [_verdict(line) for line in lines]
    judgement = settle(version, lines, pay, on=on, book=book)
    changed = [line for line, old in zip(lines, before, strict=True) if _verdict(line) != old]
    FeeCharge.objects.bulk_update(changed, VERDICT)
    version.save(update_fields=[*FIGURES, "saved_at"])
    return judgement


def _verdict(line: FeeCharge) -> tuple:
    """The columns of VERDICT, without reading the rows they point to."""
    return (
        line.legal_verdict,
        line.ilo_verdict,
        line.ceiling_id,
        line.ceiling_amount,
        line.payer_by_law_id,
        line.judged_on,
    )


def settle(
    version: JobOrderVersion, lines: Sequence[FeeCharge], pay: Sequence[PayLine], *, on: datetime.date, book: LawBook
) -> Judgement:
    """Set the verdicts of these lines and the figures of the version, without writing any row."""
    judgement = judge_version(version, lines, on=on, book=book)
    for line, verdict in zip(lines, judgement.lines, strict=True):
        line.legal_verdict, line.ilo_verdict = str(verdict.legal), str(verdict.ilo)
        line.ceiling_id = verdict.binding.ceiling.code if verdict.binding else None
        line.ceiling_amount = verdict.allowed
        line.payer_by_law_id = book.payer(version, line.item_id, on)
        line.judged_on = on
    _set_figures(version, cost_of(version, lines, pay, book.rates(on)), on)
    return judgement


def _set_figures(version: JobOrderVersion, box: CostBox, on: datetime.date) -> None:
    rate = box.total.rate
    version.total_home, version.home_currency = box.total.home, box.total.home_currency
    version.total_jpy, version.total_at_least = box.total.yen, box.total.at_least
    version.take_home_jpy, version.take_home_at_most = box.take_home.amount, box.take_home.at_most
    version.months_of_pay = None if box.months is None or box.months > NO_VALUE else box.months
    version.payback_months = box.payback_months
    exact = None if rate is None else (rate.rate if rate.base == version.wage_currency else 1 / rate.rate)
    version.rate = None if exact is None else (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("1e-10"))
    version.rate_on, version.rate_is_sample = (rate.on, rate.is_sample) if rate else (None, False)
    version.judged_on = on


def _replace(model, version: JobOrderVersion, cleaned: Sequence[Mapping[str, Any]]) -> None:
    with transaction.atomic():
        model.objects.filter(version=version).delete()
        model.objects.bulk_create(
            model(
                organization_id=version.organization_id,
                job_order_id=version.job_order_id,
                version=version,
                position=position,
                **line,
            )
            for position, line in enumerate(cleaned)
        )


def _row(rows: Mapping[str, Any], code: Any, field: str, condition=lambda row: True) -> str:
    row = rows.get(code) if isinstance(code, str) else None
    if row is None or row.retired or not condition(row):
        _refuse(field)
    return row.pk


def _stage(line: Mapping[str, Any], known) -> Any:
    """A line without a stage takes the usual one of its item."""
    code = line.get("item")
    item = known.items.get(code) if isinstance(code, str) else None
    return line.get("stage") or (item.default_stage_id if item else None)


def _choice(value: Any, choices, empty: str | None) -> str:
    if (value is None or value == "") and empty is not None:
        return empty
    if not isinstance(value, str) or value not in choices:
        refuse("choice")
    return str(value)


def _currency(value: Any, currencies: Mapping[str, int]) -> str:
    if not isinstance(value, str) or value not in currencies:
        _refuse("currency")
    return value


def _yes_no(value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        refuse("choice")
    return value


def _instalments(value: Any) -> int:
    if value is None or value == "":
        return 1
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 60:
        raise ValidationError(
            MESSAGES["instalments"], code="max_value" if isinstance(value, int) and value > 60 else "number_format"
        )
    return value


def _refuse(field: str) -> NoReturn:
    raise ValidationError(MESSAGES[field], code="not_found" if field != "currency" else "currency")


def _unknown_field() -> ValidationError:
    return ValidationError(values.MESSAGES["unknown_field"], code="unknown_field")
