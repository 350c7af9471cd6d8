"""What changed between two versions, in the reader's language."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from recruitment.models import (
    FeeCharge,
    PayLine,
)
from recruitment.selectors import names

CHANGED = {
    "fees": lambda: _("Fee"),
    "fees.payee": lambda: _("Who is paid"),
    "fees.stage": lambda: _("When it is paid"),
    "fees.refund": lambda: _("Whether it comes back"),
    "fees.receipt": lambda: _("Receipt"),
    "fees.instalments": lambda: _("Instalments"),
    "fees.note": lambda: _("Note on a fee"),
    "pay": lambda: _("Pay and deductions"),
    "texts": lambda: _("Text"),
    "total_home": lambda: _("You pay in total"),
    "take_home_jpy": lambda: _("Take-home pay per month"),
    "months_of_pay": lambda: _("Months of pay"),
    "wage_base": lambda: _("Base wage"),
    "places": lambda: _("Places"),
    "contract_months": lambda: _("Length of the contract in months"),
    "hours_per_day": lambda: _("Hours a day"),
    "hours_per_month": lambda: _("Hours a month"),
    "rest_days_per_week": lambda: _("Days off a week"),
    "employer_name": lambda: _("Employer"),
    "intermediary_name": lambda: _("Supervising or placement body"),
    "prefecture": lambda: _("Prefecture"),
    "city": lambda: _("Town"),
    "workplace": lambda: _("Workplace"),
    "occupation": lambda: _("Work"),
    "field": lambda: _("Field of work"),
    "programme": lambda: _("Programme"),
    "housing": lambda: _("Housing"),
    "meals": lambda: _("Meals"),
    "departure_on": lambda: _("Departure"),
    "signing_on": lambda: _("Signing of the contract"),
    "selection_on": lambda: _("Selection"),
    "apply_until": lambda: _("Last day to apply"),
    "language_level": lambda: _("Japanese"),
}
KINDS = {
    "origin": "countries", "programme": "programmes", "field": "fields", "occupation": "occupations", "prefecture": "prefectures",
    "travel_out_payer": "payers", "travel_home_payer": "payers", "fees.stage": "stages",
}  # fmt: skip


def changes(entries: list[dict]) -> list[dict[str, Any]]:
    """What a version changed, for a table: `label`, `old` and `new` with their `kind` (money, day, months, text), `direction`."""
    found = []
    for entry in entries:
        label = CHANGED.get(entry["field"], lambda: _("Terms"))()
        inside = names.name("items", entry["label"]) if entry["field"].startswith("fees") else ""
        inside = str(dict(PayLine.Kind.choices).get(entry["label"], "")) if entry["field"] == "pay" else inside
        found.append(
            {
                "label": inside or label,
                "old": _changed_value(entry, entry["before"]),
                "new": _changed_value(entry, entry["after"]),
                "direction": entry["direction"],
            }
        )
    return found


def _changed_value(entry: dict, value: Any) -> dict[str, Any]:
    if value in (None, "", []):
        return {"kind": "none"}
    if entry["kind"] == "money":
        return {"kind": "money", "amount": value["amount"], "currency": value["currency"]}
    if entry["kind"] == "date":
        return {"kind": "day", "day": date.fromisoformat(value[:10])}
    if entry["kind"] == "months":
        return {"kind": "months", "months": Decimal(value)}
    if entry["field"] in KINDS:
        return {"kind": "text", "text": names.name(KINDS[entry["field"]], value)}
    if entry["field"] == "fees.refund":
        return {"kind": "text", "text": str(dict(FeeCharge.Refund.choices).get(value, value))}
    if isinstance(value, list):
        return {"kind": "text", "text": _(", ").join(str(part) for part in value)}
    return {"kind": "text", "text": str(value)}
