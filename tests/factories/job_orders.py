"""Openings as sentences: `a_draft(member)`, `a_complete_draft(member)`, `a_submitted_opening(member)`, `a_published_opening(…)`."""

from datetime import date

from django.utils import timezone

from organizations.models import Review
from organizations.models.checks import CHECKS
from recruitment.models import JobOrder, JobOrderVersion, Occupation
from recruitment.services.job_order import create_job_order, save_draft, submit_job_order
from recruitment.services.review import approve_job_order

VALUES = {
    "origin": "VN",
    "programme": "SSW1",
    "field": "FOOD",
    "employer_name": "Test Foods",
    "intermediary_name": "",
    "prefecture": "22",
    "city": "Yaizu",
    "workplace": "2-1 Test",
    "places": 12,
    "contract_months": 36,
    "hours_per_month": 165,
    "rest_days_per_week": 2,
    "wage_base": 196_000,
    "meals": "part",
    "housing": "employer",
    "insurance": ["health", "pension", "employment", "accident"],
    "travel_out_payer": "employer",
    "travel_home_payer": "worker",
    "language_level": "N4",
    "tests": ["jft_basic", "ssw_skill"],
}
PAY = [
    {"kind": "tax", "amount": 4_000},
    {"kind": "social", "amount": 28_000},
    {"kind": "rent", "amount": 20_000},
    {"kind": "utilities", "amount": 8_000},
]
SERVICE = {"item": "F1", "amount": 33_320_000, "currency": "VND", "payer": "worker", "stage": "signing"}
COURSE = {"item": "C4a", "amount": 9_500_000, "currency": "VND", "payer": "worker", "stage": "training"}
DEPOSIT = {"item": "X2", "amount": 20_000_000, "currency": "VND", "payer": "worker", "stage": "selection"}
TEXTS = [
    {"key": "work", "language": "vi", "text": "Cắt và đóng gói cá."},
    {"key": "early_end", "language": "vi", "text": "Báo trước 30 ngày."},
    {"key": "dispute", "language": "vi", "text": "Liên hệ cơ quan quản lý."},
]


def days(today: date) -> dict[str, date]:
    """Days in the right order, all in the near future."""
    return {
        "apply_until": date.fromordinal(today.toordinal() + 20),
        "selection_on": date.fromordinal(today.toordinal() + 30),
        "signing_on": date.fromordinal(today.toordinal() + 45),
        "departure_on": date.fromordinal(today.toordinal() + 120),
    }


def an_occupation(field: str = "FOOD") -> str:
    return Occupation.objects.filter(field_id=field, retired=False).values_list("pk", flat=True).first()


def a_draft(member, **kwargs) -> JobOrder:
    with member.active():
        return create_job_order(actor=member.actor(), now=timezone.now(), **kwargs)


def a_complete_draft(member, *, fees=(SERVICE, COURSE), values=None, pay=PAY, texts=TEXTS) -> JobOrder:
    """Everything that approval asks for, under the law of today."""
    now = timezone.now()
    job_order = a_draft(member)
    with member.active():
        save_draft(
            job_order=job_order,
            values={**VALUES, "occupation": an_occupation(), **days(now.date()), **(values or {})},
            fee_lines=list(fees),
            pay_lines=list(pay),
            texts=list(texts),
            actor=member.actor(),
            now=now,
        )
    return job_order


def a_submitted_opening(member, **kwargs) -> JobOrder:
    job_order = a_complete_draft(member, **kwargs)
    with member.active():
        submit_job_order(job_order=job_order, actor=member.actor(), now=timezone.now())
        return JobOrder.objects.get(pk=job_order.pk)


def the_review(officer, job_order) -> Review:
    """The open review of this opening in the officer's office."""
    with officer.active():
        return Review.objects.open().get(subject_type="job_order", subject_id=job_order.pk)


def approve(job_order, *officers) -> None:
    """The approvals of these officers, in order, everything ticked."""
    for officer in officers:
        review = the_review(officer, job_order)
        with officer.active():
            approve_job_order(
                review=review,
                checklist={"ticked": list(CHECKS["job_order"]), "permits": {}},
                actor=officer.actor(),
                now=timezone.now(),
            )


def a_published_opening(member, officers, **kwargs) -> JobOrder:
    job_order = a_submitted_opening(member, **kwargs)
    approve(job_order, *officers)
    with member.active():
        return JobOrder.objects.get(pk=job_order.pk)


def versions_of(member, job_order) -> list[JobOrderVersion]:
    with member.active():
        return list(JobOrderVersion.objects.filter(job_order=job_order).order_by("number"))
