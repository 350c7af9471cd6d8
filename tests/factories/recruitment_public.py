"""Published openings, as sentences: `an_opening(agency, permit, cost=20_000_000, take_home=140_000)`.

Each is a real job order with an approved version, taken to the public tables by the publishing service.
"""

import itertools
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from core import tenancy
from organizations.models import Organization, Permit
from recruitment.models import FeeCharge, JobOrder, JobOrderText, JobOrderVersion, PayLine
from recruitment.services import code as codes
from recruitment.services.publication import sync_job_order
from tests.factories.organizations import a_permit, an_organization, publish

_numbers = itertools.count(1)
RATE = Decimal(170)


def an_agency(slug: str = "hai-au", **fields) -> tuple[Organization, Permit]:
    """A sending organization of Viet Nam with a permit in force, both in the public directory."""
    agency = an_organization(slug, **fields)
    permit = a_permit(agency, permit_kind="VN-SERVICE")
    publish(agency, permit)
    return agency, permit


def an_opening(
    agency: Organization,
    permit: Permit | None,
    *,
    cost: int | None = 44_620_000,
    take_home: int | None = 138_000,
    state: str = "published",
    fees: list[dict] | None = None,
    texts: list[dict] | None = None,
    places_filled: int = 0,
    code: str = "",
    published_at: datetime | None = None,
    **fields,
) -> JobOrder:
    """A job order with one approved version, published. `cost` in đồng (one service charge), `take_home` in yen a month.

    A None cost or pay is not known. Other keywords are fields of the version (`occupation_id`, `prefecture_id`, `city` …).
    """
    now = timezone.now()
    published_at = published_at or now - timedelta(seconds=next(_numbers))
    with tenancy.activate(None, agency.pk):
        order = JobOrder.objects.create(
            organization=agency,
            code=code or codes.random_code(),
            permit=permit,
            state=state,
            published_at=published_at,
            places_filled=places_filled,
        )
        version = JobOrderVersion.objects.create(
            organization=agency, job_order=order, number=1, state="approved", approved_at=now, **_version(cost, take_home, fields)
        )
        _lines(agency, order, version, cost, take_home, fees, texts, now)
    sync_job_order(order.pk, now=now)
    return order


def a_new_version(
    order: JobOrder, *, cost: int, take_home: int = 138_000, changes: list | None = None, **fields
) -> JobOrderVersion:
    """The next approved version of a published job order; the one before is replaced."""
    now = timezone.now()
    with tenancy.activate(None, order.organization_id):
        before = order.versions.get(state="approved")
        JobOrderVersion.objects.filter(pk=before.pk).update(state="replaced")
        kept = {
            name: getattr(before, name)
            for name in (
                "occupation_id",
                "field_id",
                "prefecture_id",
                "programme_id",
                "origin_id",
                "city",
                "employer_name",
                "places",
            )
        }
        version = JobOrderVersion.objects.create(
            organization_id=order.organization_id,
            job_order=order,
            number=before.number + 1,
            state="approved",
            approved_at=now,
            changes=changes or [],
            **_version(cost, take_home, {**kept, **fields}),
        )
        _lines(order.organization, order, version, cost, take_home, None, None, now)
    sync_job_order(order.pk, now=now)
    return version


def set_state(order: JobOrder, state: str) -> None:
    """What the workflow does, without its people; then publishing."""
    with tenancy.activate(None, order.organization_id):
        JobOrder.objects.filter(pk=order.pk).update(state=state)
    sync_job_order(order.pk, now=timezone.now())


def _version(cost: int | None, take_home: int | None, fields: dict) -> dict:
    total_jpy = None if cost is None else round(cost / RATE)
    months = None if total_jpy is None or not take_home else round(Decimal(total_jpy) / take_home, 2)
    return {
        "origin_id": "VN",
        "programme_id": "SSW1",
        "field_id": "FOOD",
        "occupation_id": "seafood-processing",
        "employer_name": "Test Foods",
        "prefecture_id": "22",
        "city": "Yaizu",
        "places": 20,
        "contract_months": 36,
        "hours_per_day": Decimal(8),
        "wage_base": 196_000,
        "departure_on": date(2027, 4, 1),
        "language_level": "N4",
        "total_home": cost,
        "home_currency": "VND",
        "total_jpy": total_jpy,
        "total_at_least": cost is None,
        "take_home_jpy": take_home,
        "take_home_at_most": take_home is None,
        "months_of_pay": months,
        "payback_months": 4,
        "rate": RATE,
        "rate_on": date(2026, 11, 20),
        "rate_is_sample": True,
        "judged_on": date(2026, 11, 20),
        "content_hash": f"{next(_numbers):064x}",
        **fields,
    }


def _lines(agency, order, version, cost, take_home, fees, texts, now) -> None:
    shared = {"organization": agency, "job_order": order, "version": version}
    default = {
        "item_id": "F1", "amount": cost, "currency": "VND", "payer_id": "worker", "stage_id": "signing",
        "legal_verdict": "legal", "ilo_verdict": "worker_should_not_pay", "receipt": True,
    }  # fmt: skip
    for position, fee in enumerate([default] if fees is None else fees):
        FeeCharge.objects.create(**shared, position=position, **{**default, **fee})
    PayLine.objects.create(**shared, position=0, kind="tax", amount=4_100)
    PayLine.objects.create(**shared, position=1, kind="social", amount=None if take_home is None else 30_900)
    for position, text in enumerate(texts or []):
        JobOrderText.objects.create(**shared, position=position, **{"origin": "original", "written_at": now, **text})
