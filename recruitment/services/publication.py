"""Publishing: the approved version of a job order, copied into tables that no public page can leave.

`sync_job_order` may be repeated: it compares with what is published and writes what differs.
"""

import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from core import tenancy
from organizations.models import Organization
from organizations.models.published import PublishedPermit
from recruitment.models import (
    Currency,
    FeeCharge,
    JobOrder,
    JobOrderText,
    JobOrderVersion,
    PayLine,
    PublishedOpening,
    PublishedPosting,
    PublishedVersion,
)
from recruitment.services import search_index

PUBLIC_STATES = frozenset(PublishedPosting.State.values)
CODES = ("origin", "programme", "field", "occupation", "prefecture", "travel_out_payer", "travel_home_payer")
PLAIN = (
    "route", "situation", "employer_name", "intermediary_name", "city", "workplace", "places", "contract_months",
    "hours_per_day", "hours_per_month", "rest_days_per_week", "wage_base", "wage_currency", "meals", "housing", "insurance",
    "age_min", "age_max", "age_reason", "language_level", "tests", "apply_until", "selection_on", "signing_on", "departure_on",
)  # fmt: skip
COST = (
    "total_home", "home_currency", "total_jpy", "total_at_least", "take_home_jpy", "take_home_at_most", "months_of_pay",
    "payback_months", "rate", "rate_on", "rate_is_sample", "judged_on",
)  # fmt: skip


class PermitNotPublished(RuntimeError):
    """The permit of an opening is not in the public register yet; the delivery is tried again."""


def sync_job_order(job_order_id: int, *, now: datetime.datetime) -> str:
    """Make the public copies of one job order agree with it. Returns its public state, "" when the public never saw it.

    Raises PermitNotPublished when its permit has not been published yet.
    """
    with tenancy.publishing():
        _wait_for_turn(job_order_id)
        order = JobOrder.reachable.filter(pk=job_order_id).first()
        if order is None:
            return ""
        version = _approved_version(order)
        if version is None or order.published_at is None or order.state not in PUBLIC_STATES:
            PublishedOpening.objects.filter(pk=job_order_id).delete()
            return ""
        _require_permit(order)
        document = document_of(order, version)
        _write_version(order, version, document, order.published_at)
        _write_posting(order, version, document, order.published_at, now)
        if order.state == PublishedPosting.State.PUBLISHED and (document["places_left"] is None or document["places_left"] > 0):
            _write_opening(order, document, order.published_at)
        else:
            PublishedOpening.objects.filter(pk=job_order_id).delete()
        return order.state


def sync_version(version_id: int, *, now: datetime.datetime) -> str:
    """Sync the job order of a version."""
    with tenancy.publishing():
        job_order_id = JobOrderVersion.reachable.filter(pk=version_id).values_list("job_order_id", flat=True).first()
    return "" if job_order_id is None else sync_job_order(job_order_id, now=now)


def sync_pending(*, now: datetime.datetime, limit: int = 500) -> int:
    """Find job orders whose public copy is missing or says something else, and sync them. Returns how many."""
    with tenancy.publishing(), connection.cursor() as cursor:
        cursor.execute(
            """
            select o.id from recruitment_joborder o
            join recruitment_joborderversion v on v.job_order_id = o.id and v.state = 'approved'
            left join recruitment_publishedposting p on p.job_order_id = o.id
            left join organizations_publishedpermit q on q.permit_id = o.permit_id
            where o.published_at is not null and o.state = any(%s) and (o.permit_id is null or q.permit_id is not null)
              and (p.code is null or p.state <> o.state or p.number <> v.number) order by o.id limit %s
            """,
            [sorted(PUBLIC_STATES), limit],
        )
        ids = [row[0] for row in cursor.fetchall()]
    for job_order_id in ids:
        sync_job_order(job_order_id, now=now)
    return len(ids)


def _wait_for_turn(job_order_id: int) -> None:
    """Two deliveries of one job order wait for each other, so that the later one reads and writes what is true then."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('publish_job_order'), %s::int)", [job_order_id % 2**31])


def _approved_version(order: JobOrder) -> JobOrderVersion | None:
    return JobOrderVersion.reachable.filter(job_order=order, state=JobOrderVersion.State.APPROVED).order_by("-number").first()


def _require_permit(order: JobOrder) -> None:
    if order.permit_id and not PublishedPermit.objects.filter(pk=order.permit_id).exists():
        raise PermitNotPublished(f"Permit {order.permit_id} of job order {order.pk} is not published.")


def document_of(order: JobOrder, version: JobOrderVersion) -> dict[str, Any]:
    """The posting as JSON: codes, amounts in minor units, ISO dates, decimals as text. No language, no person.

    `fees` and `pay` keep the order of the version; `texts` carry language, trust mark and date.
    """
    return document_from(
        order,
        version,
        FeeCharge.reachable.filter(version=version),
        PayLine.reachable.filter(version=version),
        JobOrderText.reachable.filter(version=version).order_by("key", "position", "id"),
    )


def document_from(order: JobOrder, version: JobOrderVersion, fees, pay, texts) -> dict[str, Any]:
    """The same from rows that are at hand, stored or not, in their order."""
    left = None if version.places is None else max(0, version.places - order.places_filled)
    return {
        "code": order.code,
        "number": version.number,
        "hash": version.content_hash,
        "approved_at": _plain(version.approved_at),
        **{name: getattr(version, f"{name}_id") or "" for name in CODES},
        **{name: _plain(getattr(version, name)) for name in PLAIN},
        "places_left": left,
        "cost": {name: _plain(getattr(version, name)) for name in COST},
        "fees": [_fee(line) for line in fees],
        "pay": [{"kind": line.kind, "amount": line.amount, "note": line.note} for line in pay],
        "texts": [
            {"key": text.key, "language": text.language, "origin": text.origin, "text": text.text, "on": _plain(text.written_at)}
            for text in texts
        ],
        "changes": version.changes,
    }


def _fee(line) -> dict[str, Any]:
    return {
        "item": line.item_id,
        "amount": line.amount,
        "currency": line.currency,
        "payer": line.payer_id,
        "payer_by_law": line.payer_by_law_id or "",
        "payee": line.payee,
        "stage": line.stage_id,
        "refund": line.refund,
        "receipt": line.receipt,
        "instalments": line.instalments,
        "note": line.note,
        "legal": line.legal_verdict,
        "ilo": line.ilo_verdict,
        "ceiling": line.ceiling_id or "",
        "ceiling_amount": line.ceiling_amount,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return list(value) if isinstance(value, list | tuple) else value


def _write_version(order: JobOrder, version: JobOrderVersion, document: dict, published_at: datetime.datetime) -> None:
    """History is only added to: a number that was published once keeps its words."""
    PublishedVersion.objects.get_or_create(
        code=order.code,
        number=version.number,
        defaults={
            "content_hash": version.content_hash,
            "approved_at": version.approved_at or published_at,
            "changes": version.changes,
            "document": document,
        },
    )


def _write_posting(
    order: JobOrder, version: JobOrderVersion, document: dict, published_at: datetime.datetime, now: datetime.datetime
) -> None:
    before = PublishedPosting.objects.filter(pk=order.code).only("state", "state_since").first()
    since = before.state_since if before and before.state == order.state else (order.closed_at or now)
    PublishedPosting.objects.update_or_create(
        code=order.code,
        defaults={
            "job_order_id": order.pk,
            "organization_id": order.organization_id,
            "permit_id": order.permit_id,
            "state": order.state,
            "state_since": since,
            "number": version.number,
            "content_hash": version.content_hash,
            "document": document,
            "published_at": published_at,
            "updated_at": now,
        },
    )


def _write_opening(order: JobOrder, document: dict, published_at: datetime.datetime) -> None:
    organization = Organization.reachable.get(pk=order.organization_id)
    values = opening_values(document, published_at=published_at)
    raised_on, raised_by = _last_raise(order.code)
    words = search_index.free_words(
        document["city"], document["employer_name"], document["workplace"], organization.legal_name, organization.latin_name
    )
    PublishedOpening.objects.update_or_create(
        job_order_id=order.pk,
        defaults={
            **values,
            "code": order.code,
            "permit_id": order.permit_id,
            "organization_id": order.organization_id,
            "is_demo": organization.is_demo,
            "fee_raised_on": raised_on,
            "fee_raised_home": raised_by,
        },
    )
    search_index.write_vector(
        order.pk, search_index.row_lexemes(words, occupation=values["occupation"], prefecture=values["prefecture"])
    )
    search_index.remember_words(words)


def opening_values(document: dict, *, published_at: datetime.datetime) -> dict[str, Any]:
    """The columns of the search row that follow from the document (amounts in minor units, months as Decimal)."""
    cost = document["cost"]
    months = None if cost["months_of_pay"] is None else Decimal(cost["months_of_pay"])
    total, pay = cost["total_jpy"], cost["take_home_jpy"]
    zero = total == 0 and not cost["total_at_least"]
    months = Decimal(0) if zero else months  # nothing to pay is no month of pay, also where the pay is not known
    return {
        "origin": document["origin"],
        "programme": document["programme"],
        "field": document["field"],
        "occupation": document["occupation"] or document["field"] or document["programme"],
        "prefecture": document["prefecture"],
        "city": document["city"],
        "months": months,
        "cost_jpy": total,
        "cost_home": cost["total_home"],
        "home_currency": cost["home_currency"],
        "at_least": cost["total_at_least"],
        "take_home_jpy": pay,
        "take_home_home": _in_home_money(pay, cost),
        "zero_fee": zero,
        "places_left": document["places_left"] or 0,
        "published_at": published_at,
        "cost_band": search_index.cost_band(months),
        "pay_band": search_index.pay_band(pay),
        **search_index.orders(total, pay, published_at),
    }


def _in_home_money(pay_jpy: int | None, cost: dict) -> int | None:
    """Take-home pay in the worker's own money at the rate the version was computed with; None without a rate."""
    if pay_jpy is None or cost["rate"] is None or not cost["home_currency"]:
        return None
    exponent = Currency.objects.filter(pk=cost["home_currency"]).values_list("exponent", flat=True).first() or 0
    return int((pay_jpy * Decimal(cost["rate"])).scaleb(exponent).to_integral_value())


def _last_raise(code: str) -> tuple[datetime.date | None, int | None]:
    """When the total last went up between two published versions, and by how much in the worker's money."""
    before = None
    raised: tuple[datetime.date | None, int | None] = (None, None)
    for version in PublishedVersion.objects.filter(code=code).order_by("number"):
        total = version.document["cost"]["total_home"]
        if before is not None and total is not None and total > before:
            raised = version.approved_at.date(), total - before
        before = total if total is not None else before
    return raised
