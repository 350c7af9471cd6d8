"""Versions of a job order: copying one into the next, the fingerprint of what it says, and what changed between two.

Whatever a version says is material: money, place, employer, hours, dates and also its texts, because a sentence can promise
or charge as much as a number. So every edit of a published opening is a new version that goes to approval while the old one
stays live. Only the count of filled places and the states (paused, filled, closed) change without one.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max

from recruitment.models import FeeCharge, JobOrder, JobOrderText, JobOrderVersion, PayLine
from recruitment.services.publication import CODES, PLAIN, document_of

# Not part of what a version says: its own name and number, and what changes without a new version.
OUTSIDE = ("code", "number", "hash", "approved_at", "places_left", "changes")
MONEY = ("wage_base",)
DATES = ("apply_until", "selection_on", "signing_on", "departure_on")
NUMBERS = ("places", "contract_months", "hours_per_day", "hours_per_month", "rest_days_per_week", "age_min", "age_max")
CHOICES = ("route", "situation", "meals", "housing", "language_level")
LISTS = ("insurance", "tests")
FEE_TERMS = ("payer", "payee", "stage", "refund", "receipt", "instalments", "note")
_FIRST_STATES = (JobOrderVersion.State.DRAFT, JobOrderVersion.State.SUBMITTED, JobOrderVersion.State.RETURNED)


def open_version(job_order: JobOrder) -> JobOrderVersion | None:
    """The one version that is being written or decided, or None."""
    return _versions(job_order).filter(state__in=_FIRST_STATES).first()


def approved_version(job_order: JobOrder) -> JobOrderVersion | None:
    """The version that is in force, or None."""
    return _versions(job_order).filter(state=JobOrderVersion.State.APPROVED).first()


def latest_version(job_order: JobOrder) -> JobOrderVersion:
    """The one being written, else the one in force, else the last there was."""
    return open_version(job_order) or approved_version(job_order) or _versions(job_order).order_by("-number").first()


def copy_version(source: JobOrderVersion, *, job_order: JobOrder, actor, now: datetime, with_dates: bool) -> JobOrderVersion:
    """A draft that says the same as `source`, of the same organization. `with_dates=False` for a new opening: its days are its own."""
    number = (_versions(job_order).aggregate(last=Max("number"))["last"] or 0) + 1
    left_out = {"id", "organization", "job_order", "number", "state", "content_hash", "changes", "created_by", "created_at"}
    left_out |= {"saved_at", "submitted_by", "submitted_at", "approved_at"} | (set() if with_dates else set(DATES))
    values = {f.attname: getattr(source, f.attname) for f in JobOrderVersion._meta.concrete_fields if f.name not in left_out}
    version = JobOrderVersion.objects.create(
        **values, organization_id=job_order.organization_id, job_order=job_order, number=number, created_by=actor.user
    )
    for model in (FeeCharge, PayLine, JobOrderText):
        model.objects.bulk_create(_copies(model, source, version))
    return version


def content_of(version: JobOrderVersion) -> dict[str, Any]:
    """Everything a version says, as the published document says it, without what stands outside."""
    document = document_of(version.job_order, version)
    return {key: value for key, value in document.items() if key not in OUTSIDE}


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON: keys sorted, no spaces, UTF-8. Anybody can recompute it from the published document."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """What changed, line by line: `{field, label, kind, before, after, direction}`.

    `kind` says how a value is read: money `{amount, currency}`, code, choice, number, date, list, text, months. `label` is the
    code inside the field (a fee item, a deduction, a text). `direction`: up, down, changed, added, removed.
    """
    found = [*_plain_changes(before, after), *_fee_changes(before, after), *_pay_changes(before, after)]
    return [*found, *_text_changes(before, after), *_cost_changes(before, after)]


def _versions(job_order: JobOrder):
    related = ("job_order", "programme", "field", "occupation", "origin", "prefecture")
    return JobOrderVersion.reachable.filter(job_order=job_order).select_related(*related)


def _copies(model, source: JobOrderVersion, version: JobOrderVersion) -> Iterator:
    for line in model.objects.filter(version=source).order_by("position", "id"):
        line.pk, line.version, line.job_order_id, line._state.adding = None, version, version.job_order_id, True
        yield line


def _entry(field: str, kind: str, before: Any, after: Any, label: str = "") -> dict[str, Any]:
    direction = _direction(kind, before, after)
    return {"field": field, "label": label, "kind": kind, "before": before, "after": after, "direction": direction}


def _direction(kind: str, before: Any, after: Any) -> str:
    if before in (None, "", []):
        return "added"
    if after in (None, "", []):
        return "removed"
    if kind == "money":
        one, two = before["amount"], after["amount"]
        if before["currency"] != after["currency"] or one is None or two is None or one == two:
            return "changed"
        return "up" if two > one else "down"
    if kind in ("number", "months"):
        return "up" if float(after) > float(before) else "down"
    return "changed"


def _kind(name: str) -> str:
    kinds = ((CODES, "code"), (DATES, "date"), (NUMBERS, "number"), (CHOICES, "choice"), (LISTS, "list"))
    return next((kind for names, kind in kinds if name in names), "text")


def _plain_changes(before: dict, after: dict) -> Iterator[dict]:
    for name in (*CODES, *PLAIN):
        one, two = before.get(name), after.get(name)
        if name == "wage_currency" or one == two:
            continue
        if name in MONEY:
            yield _entry(name, "money", _money(one, before["wage_currency"]), _money(two, after["wage_currency"]))
        else:
            yield _entry(name, _kind(name), one, two)


def _money(amount: int | None, currency: str) -> dict | None:
    return None if amount is None else {"amount": amount, "currency": currency}


def _fee_changes(before: dict, after: dict) -> Iterator[dict]:
    for one, two in _pairs(before["fees"], after["fees"], ("item", "payer")):
        item = (one or two or {})["item"]
        first = one and {"amount": one["amount"], "currency": one["currency"], "payer": one["payer"]}
        second = two and {"amount": two["amount"], "currency": two["currency"], "payer": two["payer"]}
        if first != second:
            yield _entry("fees", "money", first, second, item)
        if one is None or two is None:
            continue
        for name in FEE_TERMS[1:]:
            if one[name] != two[name]:
                yield _entry(f"fees.{name}", "code" if name == "stage" else "choice", one[name], two[name], item)


def _pay_changes(before: dict, after: dict) -> Iterator[dict]:
    currency = after["wage_currency"]
    for one, two in _pairs(before["pay"], after["pay"], ("kind", "note")):
        if one is None or two is None or one["amount"] != two["amount"]:
            first = one and {"amount": one["amount"], "currency": currency}
            second = two and {"amount": two["amount"], "currency": currency}
            yield _entry("pay", "money", first, second, (one or two or {})["kind"])


def _text_changes(before: dict, after: dict) -> Iterator[dict]:
    first = {(text["key"], text["language"]): text["text"] for text in before["texts"]}
    second = {(text["key"], text["language"]): text["text"] for text in after["texts"]}
    for key in sorted(first.keys() | second.keys()):
        if first.get(key) != second.get(key):
            yield _entry("texts", "text", first.get(key), second.get(key), key[0])


def _cost_changes(before: dict, after: dict) -> Iterator[dict]:
    one, two = before["cost"], after["cost"]
    for name, currency in (("total_home", "home_currency"), ("take_home_jpy", None)):
        first = _money(one[name], one[currency] if currency else "JPY")
        second = _money(two[name], two[currency] if currency else "JPY")
        if first != second:
            yield _entry(name, "money", first, second)
    if one["months_of_pay"] != two["months_of_pay"]:
        yield _entry("months_of_pay", "months", one["months_of_pay"], two["months_of_pay"])


def _pairs(before: list[dict], after: list[dict], keys: tuple[str, ...]) -> Iterator[tuple[dict | None, dict | None]]:
    """Lines that speak of the same thing, the n-th of a key with the n-th; first by all keys, then by the first key alone."""
    left, right = list(before), list(after)
    pairs = []
    for names in (keys, keys[:1]):
        for one in list(left):
            two = next((line for line in right if all(line[name] == one[name] for name in names)), None)
            if two is not None:
                left.remove(one)
                right.remove(two)
                pairs.append((one, two))
    yield from pairs
    yield from ((one, None) for one in left)
    yield from ((None, two) for two in right)
