"""What changed between two versions, as rows that a page can say in the reader's language.

Stored changes hold codes and amounts only (recruitment.services.version.changes_between).
"""

from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from recruitment.models import (
    FeeCharge,
    Insurance,
    JobOrderText,
    JobOrderVersion,
    LanguageLevel,
    PayLine,
    RequiredTest,
    Situation,
)
from recruitment.selectors.names import name

LABELS = {
    "origin": _("Country of origin"),
    "programme": _("Programme"),
    "field": _("Field"),
    "occupation": _("Work"),
    "prefecture": _("Prefecture"),
    "city": _("City"),
    "workplace": _("Workplace"),
    "route": _("Way of going"),
    "situation": _("Special case"),
    "employer_name": _("Employer"),
    "intermediary_name": _("Supervising or placement body"),
    "places": _("Places"),
    "contract_months": _("Months of contract"),
    "hours_per_day": _("Hours a day"),
    "hours_per_month": _("Hours a month"),
    "rest_days_per_week": _("Rest days a week"),
    "wage_base": _("Base wage a month"),
    "meals": _("Meals"),
    "housing": _("Housing"),
    "insurance": _("Insurance"),
    "travel_out_payer": _("Who pays the way to Japan"),
    "travel_home_payer": _("Who pays the way home"),
    "age_min": _("Lowest age"),
    "age_max": _("Highest age"),
    "age_reason": _("Law that asks for an age"),
    "language_level": _("Level of Japanese"),
    "tests": _("Tests"),
    "apply_until": _("Last day to apply"),
    "selection_on": _("Selection"),
    "signing_on": _("Signing the contract"),
    "departure_on": _("Promised departure"),
    "total_home": _("The worker pays in total"),
    "take_home_jpy": _("Take-home pay a month"),
    "months_of_pay": _("Cost in months of take-home pay"),
    "fees.payee": _("who receives it"),
    "fees.stage": _("when it is paid"),
    "fees.refund": _("whether it comes back"),
    "fees.receipt": _("whether there is a receipt"),
    "fees.instalments": _("instalments"),
    "fees.note": _("note"),
}
KINDS = {
    "origin": "countries", "programme": "programmes", "field": "fields", "occupation": "occupations",
    "prefecture": "prefectures", "travel_out_payer": "payers", "travel_home_payer": "payers", "fees.stage": "stages",
}  # fmt: skip
CHOICES: dict[str, Any] = {
    "route": JobOrderVersion.Route,
    "situation": Situation,
    "meals": JobOrderVersion.Meals,
    "housing": JobOrderVersion.Housing,
    "language_level": LanguageLevel,
    "insurance": Insurance,
    "tests": RequiredTest,
    "fees.payee": FeeCharge.Payee,
    "fees.refund": FeeCharge.Refund,
}
STAFF_PAYERS = {"worker": _("The worker"), "family": _("The worker's family")}
COSTS = ("fees", "total_home", "months_of_pay")


def change_rows(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each change: `label`, `kind` (money, date, number, months, text), `old`, `new`, `direction`, `is_cost`.

    Money stays `{amount, currency, payer}`, with a payer only where it changed or is new; dates are dates. Templates write
    them in the reader's language.
    """
    return [_row(change) for change in changes]


def payer_name(code: str | None) -> str:
    """Who pays, as staff speak of it; public pages say "you" to the worker."""
    return str(STAFF_PAYERS.get(code or "", "") or name("payers", code))


def _row(change: dict[str, Any]) -> dict[str, Any]:
    kind = change["kind"] if change["kind"] in ("money", "date", "number", "months") else "text"
    return {
        "field": change["field"],
        "label": label_of(change["field"], change.get("label", "")),
        "kind": kind,
        "old": _value(change, change["before"]),
        "new": _value(change, change["after"]),
        "direction": change["direction"],
        "is_cost": change["field"] in COSTS,
    }


def label_of(field: str, code: str = "") -> str:
    """The name of a field, or of the line inside it."""
    if field == "fees" or field.startswith("fees."):
        item = name("items", code)
        return item if field == "fees" else f"{item}: {LABELS.get(field, field)}"
    if field == "pay":
        return str(dict(PayLine.Kind.choices).get(code, code))
    if field == "texts":
        return str(dict(JobOrderText.Key.choices).get(code, code))
    return str(LABELS.get(field, field))


def _value(change: dict[str, Any], value: Any) -> Any:
    field, kind = change["field"], change["kind"]
    if value in (None, "", []):
        return None
    if kind == "money":
        payers = {side.get("payer") for side in (change["before"], change["after"]) if side}
        told = len(payers) > 1 or change["before"] is None
        return {**value, "payer": payer_name(value.get("payer")) if told else ""}
    if kind == "date":
        return value if isinstance(value, date) else parse_date(value)
    if kind == "code":
        if KINDS.get(field) == "payers":
            return payer_name(value)
        return name(KINDS[field], value) if field in KINDS else value
    if kind == "choice" and isinstance(value, bool):
        return _("yes") if value else _("no")
    if field in CHOICES:
        words = dict(CHOICES[field].choices)
        return (
            ", ".join(str(words.get(code, code)) for code in value) if isinstance(value, list) else str(words.get(value, value))
        )
    return value
