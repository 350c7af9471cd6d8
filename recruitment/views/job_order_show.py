"""A version as a page shows it to staff: cost box, fee lines with their verdicts, terms by group. Amounts stay numbers."""

from typing import Any

from recruitment.models import FeeCharge, Insurance, JobOrderVersion, LanguageLevel, PayLine, RequiredTest, Situation
from recruitment.selectors.changes import LABELS, label_of, payer_name
from recruitment.selectors.job_order import Content
from recruitment.selectors.names import reference
from recruitment.services.refusal import Refusal

REFUSED = ("forbidden", "over_ceiling")
GROUPS = (
    ("parties", ("route", "origin", "programme", "field", "occupation", "situation", "employer_name", "intermediary_name")),
    ("work", ("prefecture", "city", "workplace", "places", "contract_months")),
    ("pay", ("wage_base", "hours_per_day", "hours_per_month", "rest_days_per_week", "housing", "meals", "insurance",
             "travel_out_payer", "travel_home_payer")),
    ("terms", ("language_level", "tests", "age_min", "age_max", "age_reason", "apply_until", "selection_on", "signing_on",
               "departure_on")),
)  # fmt: skip
_DATES = ("apply_until", "selection_on", "signing_on", "departure_on")


def summary(content: Content) -> dict[str, Any]:
    """`cost`, `fees` (lines with verdicts), `fee_groups` by payer, `pay`, `facts` by step, `texts`."""
    version = content.version
    lines = [fee_line(line) for line in content.fees]
    return {
        "version": version,
        "cost": cost(version),
        "fees": lines,
        "fee_groups": _by_payer(content.fees, lines),
        "pay": [{"kind": line.kind, "label": line.get_kind_display(), "amount": line.amount, "note": line.note,
                 "is_added": line.kind in PayLine.ADDED} for line in content.pay],
        "facts": {group: [_fact(version, name) for name in names] for group, names in GROUPS},
        "texts": content.texts,
    }  # fmt: skip


def cost(version: JobOrderVersion) -> dict[str, Any]:
    """What components/_cost_box.html takes."""
    return {
        "total": version.total_home,
        "currency": version.home_currency or version.wage_currency,
        "at_least": version.total_at_least or version.take_home_at_most,
        "months": version.months_of_pay,
        "take_home": version.take_home_jpy,
        "take_home_currency": version.wage_currency,
        "payback_months": version.payback_months,
        "computed_on": version.judged_on,
        "total_jpy": version.total_jpy,
        "total_at_least": version.total_at_least,
        "rate": version.rate,
        "rate_on": version.rate_on,
        "rate_is_sample": version.rate_is_sample,
    }


def fee_line(line: FeeCharge, refusal: Refusal | None = None, verdict=None) -> dict[str, Any]:
    """One line with its stored verdict; `verdict` adds why nothing could be compared, `refusal` the law that refuses it."""
    return {
        "line": line,
        "name": line.item.name,
        "amount": line.amount,
        "currency": line.currency,
        "payer": payer_name(line.payer_id),
        "own": line.payer.is_worker_side,
        "stage": line.stage.name,
        "legal": line.legal_verdict,
        "ilo": line.ilo_verdict,
        "allowed": line.ceiling_amount,
        "citation": line.ceiling.citation if line.ceiling else "",
        "law": line.ceiling.title if line.ceiling else "",
        "refused": line.legal_verdict in REFUSED and line.amount != 0,
        "refusal": refusal,
        "gap": str(verdict.gap) if verdict else "",
        "too_early": verdict.too_early if verdict else False,
        "information": _information(verdict),
    }


def _information(verdict) -> list:
    """Rows that apply but do not decide: the last verified value, said as such."""
    if verdict is None:
        return []
    return [row for row in verdict.information if row.standing == "last_verified"]


def _by_payer(rows: list[FeeCharge], lines: list[dict]) -> list[dict]:
    signs = {"worker": "you", "family": "you", "employer": "emp", "supervising_body": "emp", "sending_organization": "org"}
    groups: dict[str, dict] = {}
    for row, line in zip(rows, lines, strict=True):
        group = groups.setdefault(row.payer_id, {"payer": signs.get(row.payer_id, ""), "name": line["payer"], "lines": []})
        group["lines"].append(line)
    order = list(reference().payers)
    return [groups[code] for code in order if code in groups]


def _fact(version: JobOrderVersion, name: str) -> dict[str, Any]:
    """`label`, `kind` (money, date, list, text), `value`; None = not said."""
    value: Any = getattr(version, name)
    kind = "date" if name in _DATES else "money" if name == "wage_base" else "text"
    choices: dict[str, Any] = {
        "route": JobOrderVersion.Route, "situation": Situation, "meals": JobOrderVersion.Meals,
        "housing": JobOrderVersion.Housing, "language_level": LanguageLevel, "insurance": Insurance, "tests": RequiredTest,
    }  # fmt: skip
    if name in ("travel_out_payer", "travel_home_payer"):
        value = payer_name(value.pk) if value else None
    elif name in choices:
        words = dict(choices[name].choices)
        value = ", ".join(str(words[code]) for code in value) if isinstance(value, list) else words.get(value)
    elif kind == "text" and hasattr(value, "normalize"):
        value = f"{value.normalize():f}"
    return {"name": name, "label": LABELS[name], "kind": kind, "value": value or None}


def item_label(item: str, content: Content | None = None) -> str:
    """The words for what a regulator sent back: a field, the n-th fee line or deduction, a text."""
    kind, _sep, rest = item.partition(":")
    if kind in ("fee", "pay") and rest.isdigit():
        lines: list = [] if content is None else content.fees if kind == "fee" else content.pay
        number = int(rest)
        line = lines[number - 1] if 0 < number <= len(lines) else None
        words = "" if line is None else str(line.item.name) if kind == "fee" else str(line.get_kind_display())
        return f"{number}. {words}".strip()
    return label_of("texts", rest) if kind == "text" else label_of(kind)
