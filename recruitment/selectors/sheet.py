"""A published document in the reader's language: what the posting page, the flyer and the comparison hand to the partials.

The document itself has no language. Amounts stay integers in minor units; templates write them.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recruitment.models import (
    FeeCeiling,
    Insurance,
    JobOrderText,
    JobOrderVersion,
    LanguageLevel,
    PayLine,
    RequiredTest,
)
from recruitment.selectors import names
from recruitment.selectors.cards import shown_code, title

SIDES = {"employer": "emp"}
ADDED = ("allowance", "overtime")
SERVICE_CHARGE = "F1"


def sheet(document: dict[str, Any], law: dict[str, FeeCeiling], forbidden: list[FeeCeiling]) -> dict[str, Any]:
    """Everything a page says about one version. `law`: rows by code; `forbidden`: rows of zero that nobody charged."""
    work = names.work_name(document["occupation"], document["field"], document["programme"])
    place = names.name("prefectures", document["prefecture"])
    return {
        "document": document,
        "code": shown_code(document["code"]),
        "work": work,
        "title": title(work, document["city"] or place),
        "place": place,
        "programme": names.name("programmes", document["programme"]),
        "field": names.name("fields", document["field"]),
        "origin": names.name("countries", document["origin"]),
        "cost": cost(document),
        "service": service_charge(document, law),
        "parts": parts(document),
        "steps": steps(document),
        "groups": groups(document, law, forbidden),
        "pay": pay_lines(document),
        "terms": terms(document),
        "texts": texts(document["texts"]),
        "own_language": own_language(document),
    }


def own_language(document: dict) -> str:
    """The language of the organization's short notes beside amounts, when it is not the reader's; "" otherwise or when nobody knows."""
    noted = any(line["note"] for line in (*document["fees"], *document["pay"]))
    written = [row["language"] for row in document["texts"] if row["origin"] == "original"]
    return written[0] if noted and written and written[0] != (get_language() or "en")[:2] else ""


def day(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value[:10]) if value else None


def cost(document: dict) -> dict[str, Any]:
    """The cost box: what is paid, in months of pay, and on which day and rate it was computed."""
    figures = document["cost"]
    return {
        "total": figures["total_home"],
        "currency": figures["home_currency"],
        "at_least": figures["total_at_least"] and figures["total_home"] is not None,
        "months": None if figures["months_of_pay"] is None else Decimal(figures["months_of_pay"]),
        "take_home": figures["take_home_jpy"],
        "take_home_at_most": figures["take_home_at_most"],
        "take_home_currency": "JPY",
        "payback_months": figures["payback_months"] or None,
        "payback_terms": _("to pay it back, if half of the pay is saved each month, at 12 percent interest a year"),
        "computed_on": day(figures["judged_on"]),
        "rate": rate_words(figures),
    }


def rate_words(figures: dict) -> str:
    """The rate that was used, with the word "sample" when nobody vouches for it; "" without one."""
    if figures["rate"] is None:
        return ""
    values = {"rate": number_format(Decimal(figures["rate"])), "currency": figures["home_currency"]}
    if figures["rate_is_sample"]:
        return _("1 JPY = %(rate)s %(currency)s (sample rate).") % values
    return _("1 JPY = %(rate)s %(currency)s.") % values


def in_home(amount: int | None, currency: str, document: dict) -> int | None:
    """An amount in the worker's own money at the document's rate; None when it cannot be converted."""
    figures = document["cost"]
    home = figures["home_currency"]
    if amount is None or currency == home or amount == 0:
        return amount
    if currency != "JPY" or figures["rate"] is None:
        return None
    known = names.reference().currencies
    exponent = known[home].exponent if home in known else 0
    return int((amount * Decimal(figures["rate"])).scaleb(exponent).to_integral_value())


def is_worker(payer: str) -> bool:
    row = names.reference().payers.get(payer)
    return bool(row and row.is_worker_side)


def side(payer: str) -> str:
    """Whose colour a payer has: you, emp, org."""
    return "you" if is_worker(payer) else SIDES.get(payer, "org")


def _sum(lines: Iterable[dict], document: dict) -> tuple[int | None, bool]:
    """The known part in home money, and whether something is missing."""
    found = [in_home(line["amount"], line["currency"], document) for line in lines]
    known = [amount for amount in found if amount is not None]
    return (sum(known) if known or not found else None), len(known) < len(found)


def service_charge(document: dict, law: dict[str, FeeCeiling]) -> dict[str, Any] | None:
    """The service charge that the worker pays, against its own ceiling and no other; None when none is charged."""
    lines = [line for line in document["fees"] if line["item"] == SERVICE_CHARGE and is_worker(line["payer"])]
    if not lines:
        return None
    first = lines[0]
    row = law.get(first["ceiling"])
    same = all(line["currency"] == first["currency"] and line["amount"] is not None for line in lines)
    return {
        "asked": sum(line["amount"] for line in lines) if same else None,
        "ceiling": first["ceiling_amount"] if row is not None and row.binds else None,
        "currency": first["currency"],
        "law": row,
    }


def parts(document: dict) -> list[dict[str, Any]]:
    """Who pays how much, in home money: worker, employer, everybody else."""
    order = {"you": _("You"), "emp": _("Japanese company"), "org": _("Others")}
    others = {line["payer"] for line in document["fees"] if side(line["payer"]) == "org"}
    if len(others) == 1:
        order["org"] = names.name("payers", next(iter(others)))
    found = []
    for key, label in order.items():
        lines = [line for line in document["fees"] if side(line["payer"]) == key and _counts(line)]
        if lines or key == "you":
            amount, missing = _sum(lines, document)
            found.append(
                {
                    "payer": key,
                    "name": label,
                    "amount": None if missing else amount,
                    "currency": document["cost"]["home_currency"],
                }
            )
    return found


def _counts(line: dict) -> bool:
    item = names.reference().items.get(line["item"])
    return item is None or item.in_total


def steps(document: dict) -> list[dict[str, Any]]:
    """When the worker pays, stage by stage; a stage without money is shown as 0, an unknown amount as not known."""
    found = []
    for code, stage in names.reference().stages.items():
        lines = [line for line in document["fees"] if line["stage"] == code and is_worker(line["payer"]) and _counts(line)]
        charged = [line for line in lines if line["amount"] != 0]
        amount, _missing = _sum(lines, document)
        item_names = list(dict.fromkeys(names.name("items", line["item"]) for line in charged))
        found.append(
            {
                "label": stage.name,
                "amount": amount,
                "currency": document["cost"]["home_currency"],
                "note": _(", ").join(item_names),
                "pays": bool(charged),
            }
        )
    return found


LEGAL = {
    "legal": ("ok", lambda: _("Legal")),
    "over_ceiling": ("stop", lambda: _("Above the legal maximum")),
    "forbidden": ("stop", lambda: _("Forbidden by law")),
    "no_verified_ceiling": ("unk", lambda: _("No verified ceiling")),
}
ILO = {
    "worker_should_not_pay": ("warn", lambda: _("ILO: you should not have to pay")),
    "never_legitimate": ("stop", lambda: _("ILO: never legitimate")),
}


def _chips(line: dict) -> list[dict]:
    found = [LEGAL.get(line["legal"]), ILO.get(line["ilo"])]
    return [{"verdict": verdict, "text": words()} for verdict, words in (chip for chip in found if chip)]


def groups(document: dict, law: dict[str, FeeCeiling], forbidden: list[FeeCeiling]) -> list[dict[str, Any]]:
    """The fee table: one group for each payer; what all lines of a group share is said once; at the end what nobody may take."""
    found = []
    home = document["cost"]["home_currency"]
    for payer, row in names.reference().payers.items():
        lines = [line for line in document["fees"] if line["payer"] == payer]
        if not lines:
            continue
        chips = [_chips(line) for line in lines]
        shared = [chip for chip in chips[0] if all(chip in other for other in chips)] if len(lines) > 1 else []
        amount, _missing = _sum([line for line in lines if _counts(line)], document)
        name = _("You pay") if payer == "worker" else _("%(payer)s pays") % {"payer": row.name}
        found.append(
            {
                "payer": side(payer),
                "name": name,
                "subtotal": amount,
                "currency": home,
                "chips": shared,
                "lines": [
                    _fee(line, document, law, [chip for chip in own if chip not in shared])
                    for line, own in zip(lines, chips, strict=True)
                ],
            }
        )
    if forbidden:
        stop = [{"verdict": "stop", "text": _("Forbidden by law")}]
        rows = [
            {"name": names.name("items", row.item), "amount": 0, "currency": home, "note": _law_words(row), "chips": stop}
            for row in forbidden
        ]
        found.append({"payer": "", "name": _("Nobody may collect"), "subtotal": 0, "currency": home, "chips": [], "lines": rows})
    return found


def _fee(line: dict, document: dict, law: dict[str, FeeCeiling], chips: list[dict]) -> dict[str, Any]:
    row = law.get(line["ceiling"])
    refund = {
        "full": _("Comes back in full if you do not leave."),
        "part": _("A part comes back if you do not leave."),
        "no": _("Does not come back."),
    }
    sentences = [
        _("In %(n)s payments.") % {"n": line["instalments"]} if line["instalments"] > 1 else "",
        refund.get(line["refund"], "") if is_worker(line["payer"]) else "",
        _("You get a receipt.") if line["receipt"] and is_worker(line["payer"]) else "",
        _law_words(row) if row is not None and row.binds else "",
    ]
    return {
        "name": names.name("items", line["item"]),
        "amount": line["amount"],
        "currency": line["currency"],
        "home": in_home(line["amount"], line["currency"], document)
        if line["currency"] != document["cost"]["home_currency"]
        else None,
        "stage": names.name("stages", line["stage"]),
        "own": line["note"],
        "lang": own_language(document),
        "note": " ".join(sentence for sentence in sentences if sentence),
        "chips": chips,
    }


def _law_words(row: FeeCeiling) -> str:
    return " ".join(part for part in (row.condition, f"{row.citation}." if row.citation else "") if part)


def pay_lines(document: dict) -> list[dict[str, Any]]:
    """From wage to take-home pay: income above zero, deductions below; None = not known."""
    labels, own = dict(PayLine.Kind.choices), own_language(document)
    found: list[dict[str, Any]] = [{"name": _("Base wage"), "amount": document["wage_base"]}]
    for line in document["pay"]:
        amount = line["amount"]
        signed = amount if amount is None or line["kind"] in ADDED else -amount
        found.append({"name": str(labels.get(line["kind"], line["kind"])), "amount": signed, "note": line["note"], "lang": own})
    return found


def _labels(choices, codes: list[str]) -> str:
    known = dict(choices.choices)
    return _(", ").join(str(known.get(code, code)) for code in codes)


def terms(document: dict) -> dict[str, Any]:
    """Terms of work and requirements, as words or plain values; empty ones are left out by the template."""
    return {
        "meals": str(dict(JobOrderVersion.Meals.choices).get(document["meals"], "")),
        "housing": str(dict(JobOrderVersion.Housing.choices).get(document["housing"], "")),
        "insurance": _labels(Insurance, document["insurance"]),
        "tests": _labels(RequiredTest, document["tests"]),
        "language": _labels(LanguageLevel, [document["language_level"]]) if document["language_level"] else "",
        "travel_out": names.name("payers", document["travel_out_payer"]),
        "travel_home": names.name("payers", document["travel_home_payer"]),
        "apply_until": day(document["apply_until"]),
        "selection_on": day(document["selection_on"]),
        "signing_on": day(document["signing_on"]),
        "departure_on": day(document["departure_on"]),
        "hours_per_day": _number(document["hours_per_day"]),
        "hours_per_month": _number(document["hours_per_month"]),
        "rest_days": _number(document["rest_days_per_week"]),
    }


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def texts(rows: list[dict]) -> list[dict[str, Any]]:
    """Each free text once: in the reader's language where there is one, else as it was written."""
    here = (get_language() or "en")[:2]
    labels = dict(JobOrderText.Key.choices)
    found = []
    for key, label in labels.items():
        versions = [row for row in rows if row["key"] == key]
        if versions:
            best = min(
                versions, key=lambda row: (row["language"] != here, row["origin"] != "original", row["origin"] == "machine")
            )
            found.append(
                {
                    "label": str(label),
                    "text": best["text"],
                    "lang": best["language"],
                    "source": best["origin"],
                    "on": day(best["on"]),
                }
            )
    return found
