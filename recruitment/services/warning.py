"""What a regulator should look at again before approving. None of it refuses the opening; people decide.

A warning is `{"code", "verdict", "data"}` plus `title` and `text` in English for lists; `describe` says it in the reader's
language. Figures in `data` are whole numbers and codes.
"""

from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from recruitment.models import FeeCharge, JobOrderText, JobOrderVersion, PayLine, PublishedOpening
from recruitment.selectors.names import name, reference
from recruitment.services.verdict import Judgement, Legal

LONGEST_WAIT_DAYS = 180
RENT_SHARE = 15
ESD_BEGINS = date(2027, 4, 1)
SMALLEST_GROUP = 5
FAR_ABOVE = 1.5

WORDS: dict[str, tuple[str, Any, Any]] = {
    "wage_missing": ("stop", _("The wage is missing"), _("Without the base wage no ceiling in months of wage can be checked.")),
    "ceiling_unknown": ("unk", _("No verified ceiling"), _("No verified law says how much may be taken for: %(items)s.")),
    "amount_unknown": ("unk", _("An amount is not known"), _("The office does not know the amount for: %(items)s.")),
    "rate_unknown": ("unk", _("No exchange rate"), _("A fee is in a currency without a rate, so the total is not complete.")),
    "too_early": ("warn", _("Money before its time"), _("The law lets this be taken only later: %(items)s.")),
    "payer_differs": ("warn", _("The law names another payer"), _("The worker pays, but by law somebody else does: %(items)s.")),
    "no_fees": (
        "warn",
        _("No fee is listed"),
        _("The page will say that the worker pays 0. Ask the office whether this is so."),
    ),
    "cost_above_median": (
        "warn",
        _("Far dearer than like openings"),
        _("The cost in months of pay is %(percent)s%% of the median of %(n)s like openings."),
    ),
    "rent_high": (
        "warn",
        _("High rent"),
        _("Rent takes %(percent)s%% of the base wage. More than 15%% deserves a second look."),
    ),
    "departure_late": (
        "warn",
        _("Long wait before departure"),
        _("Departure is %(days)s days after selection. In Viet Nam the law allows 180 days."),
    ),
    "titp_late_entry": (
        "warn",
        _("Technical intern after 1 April 2027"),
        _("Employment for skill development begins that day. Check that this entry is still possible."),
    ),
    "months_over_programme": (
        "warn",
        _("Contract longer than the programme"),
        _("The contract runs %(months)s months, the programme allows %(limit)s."),
    ),
    "terms_missing": ("warn", _("Terms are missing"), _("Not said: %(terms)s.")),
}
TERMS = {
    "rest_days_per_week": _("rest days"),
    "housing": _("housing"),
    "meals": _("meals"),
    "insurance": _("insurance"),
    "travel_out_payer": _("who pays the way to Japan"),
    "travel_home_payer": _("who pays the way home"),
    "tax": _("tax"),
    "social": _("social insurance"),
    "early_end": _("what happens when the contract ends early"),
    "dispute": _("where to go in a dispute"),
}


def warnings_of(
    version: JobOrderVersion, judgement: Judgement, lines: Sequence[FeeCharge], pay: Sequence[PayLine]
) -> list[dict[str, Any]]:
    """The warnings of a version, the most serious first."""
    found = [*_fee_warnings(version, judgement, lines), *_pay_warnings(version, pay), *_time_warnings(version), *_median(version)]
    missing = _missing_terms(version, pay)
    if missing:
        found.append(("terms_missing", {"terms": missing}))
    order = ("stop", "warn", "unk")
    return sorted((_stored(code, data) for code, data in found), key=lambda warning: order.index(warning["verdict"]))


def describe(warning: dict[str, Any]) -> dict[str, str]:
    """`verdict`, `title` and `text` in the reader's language; a stored one of a code no longer known as it was stored."""
    words = WORDS.get(warning.get("code", ""))
    if words is None:
        return {key: warning.get(key, "") for key in ("verdict", "title", "text")}
    verdict, title, text = words
    return {"verdict": verdict, "title": str(title), "text": str(text) % _readable(warning.get("data", {}))}


def _stored(code: str, data: dict[str, Any]) -> dict[str, Any]:
    with override("en"):
        words = describe({"code": code, "data": data})
    return {"code": code, "data": data, **words}


def _readable(data: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = dict(data)
    if "items" in data:
        shown["items"] = ", ".join(name("items", code) for code in data["items"])
    if "terms" in data:
        shown["terms"] = ", ".join(str(TERMS[term]) for term in data["terms"])
    return shown


def _items(lines: Sequence[FeeCharge], chosen: Sequence[bool]) -> list[str]:
    return list(dict.fromkeys(line.item_id for line, yes in zip(lines, chosen, strict=True) if yes))


def _fee_warnings(version: JobOrderVersion, judgement: Judgement, lines: Sequence[FeeCharge]):
    if version.wage_base is None:
        yield "wage_missing", {}
    if not lines:
        yield "no_fees", {}
    payers = reference().payers
    own = [payers[line.payer_id].is_worker_side for line in lines]
    groups = {
        "ceiling_unknown": [v.legal == Legal.NO_VERIFIED_CEILING for v in judgement.lines],
        "amount_unknown": [line.amount is None for line in lines],
        "too_early": [v.too_early for v in judgement.lines],
        "payer_differs": [
            yes and line.amount != 0 and line.payer_by_law is not None and not line.payer_by_law.is_worker_side
            for line, yes in zip(lines, own, strict=True)
        ],
    }
    for code, chosen in groups.items():
        items = _items(lines, chosen)
        if items:
            yield code, {"items": items}
    if any(line.amount and line.currency != version.home_currency for line in lines) and version.total_home is None:
        yield "rate_unknown", {}


def _pay_warnings(version: JobOrderVersion, pay: Sequence[PayLine]):
    rent = sum(line.amount or 0 for line in pay if line.kind == PayLine.Kind.RENT)
    if version.wage_base and rent * 100 > version.wage_base * RENT_SHARE:
        yield "rent_high", {"percent": round(rent * 100 / version.wage_base)}


def _time_warnings(version: JobOrderVersion):
    if version.selection_on and version.departure_on:
        days = (version.departure_on - version.selection_on).days
        if days > LONGEST_WAIT_DAYS:
            yield "departure_late", {"days": days}
    if version.programme is None:
        return
    if version.programme.family == "TITP" and version.departure_on and version.departure_on >= ESD_BEGINS:
        yield "titp_late_entry", {}
    limit = version.programme.max_months
    if limit and version.contract_months and version.contract_months > limit:
        yield "months_over_programme", {"months": version.contract_months, "limit": limit}


def _median(version: JobOrderVersion):
    own = version.months_of_pay
    if own is None:
        return
    like = PublishedOpening.objects.filter(
        origin=version.origin_id, programme=version.programme_id, field=version.field_id or "", months__isnull=False
    ).exclude(job_order_id=version.job_order_id)
    months = [float(value) for value in like.order_by("-new_order").values_list("months", flat=True)[:1000] if value is not None]
    if len(months) < SMALLEST_GROUP:
        return
    middle = median(months)
    if middle and float(own) > middle * FAR_ABOVE:
        yield "cost_above_median", {"percent": round(float(own) * 100 / middle), "n": len(months)}


def _missing_terms(version: JobOrderVersion, pay: Sequence[PayLine]) -> list[str]:
    kinds = {line.kind for line in pay}
    texts = set(JobOrderText.reachable.filter(version=version).values_list("key", flat=True))
    said = {
        "rest_days_per_week": version.rest_days_per_week is not None,
        "housing": version.housing != JobOrderVersion.Housing.UNKNOWN,
        "meals": version.meals != JobOrderVersion.Meals.UNKNOWN,
        "insurance": bool(version.insurance),
        "travel_out_payer": version.travel_out_payer_id is not None,
        "travel_home_payer": version.travel_home_payer_id is not None,
        "tax": "tax" in kinds,
        "social": "social" in kinds,
        "early_end": "early_end" in texts,
        "dispute": "dispute" in texts,
    }
    return [term for term in TERMS if not said[term]]
