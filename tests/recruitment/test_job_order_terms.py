"""What must fit together before an opening is sent, and what the regulator is warned about."""

import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import tenancy
from recruitment.models import JobOrderVersion, PublishedOpening
from recruitment.services.job_order import check_version, save_draft
from recruitment.services.terms import contradictions, gaps
from recruitment.services.values import clean_values
from recruitment.services.version import open_version
from recruitment.services.warning import describe
from tests.factories.job_orders import a_complete_draft
from tests.factories.organizations import a_permit

TODAY = date(2026, 11, 23)


def version(**values) -> JobOrderVersion:
    return JobOrderVersion(**clean_values(values, today=TODAY))


def codes(errors) -> dict[str, str]:
    return {name: error.code for name, error in errors.items()}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"programme": "ESD", "departure_on": date(2027, 3, 31)}, {"departure_on": "date_programme"}),
        ({"programme": "ESD", "departure_on": date(2027, 4, 1)}, {}),
        ({"programme": "TITP1", "departure_on": date(2027, 6, 30)}, {}),
        ({"programme": "TITP1", "departure_on": date(2027, 7, 1)}, {"departure_on": "date_programme"}),
        ({"programme": "ESD", "field": "AVIA"}, {"field": "field_programme"}),
        ({"programme": "SSW1", "field": "AVIA"}, {}),
        ({"field": "KAIGO", "occupation": "bakery"}, {"occupation": "occupation_field"}),
        ({"age_min": 18}, {"age_reason": "age_reason"}),
        ({"age_min": 30, "age_max": 20, "age_reason": "x"}, {"age_max": "age_range"}),
        ({"apply_until": date(2027, 2, 1), "selection_on": date(2027, 1, 1)}, {"selection_on": "date_order"}),
        ({"signing_on": date(2027, 3, 1), "departure_on": date(2027, 2, 1)}, {"departure_on": "date_order"}),
        ({"signing_on": date(2027, 2, 1), "departure_on": date(2027, 2, 1)}, {}),
    ],
)
def test_what_cannot_be_true_together(db, values, expected):
    assert codes(contradictions(version(**values))) == expected


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("departure_on", TODAY + timedelta(days=6 * 366), "date_range"),
        ("departure_on", TODAY - timedelta(days=3 * 366), "date_range"),
        ("departure_on", "2027-01-01", "invalid_date"),
        ("places", 2**31, "max_value"),
        ("places", 2**63, "max_value"),
        ("places", 0, "min_value"),
        ("places", True, "number_format"),
        ("places", 1.5, "number_format"),
        ("places", Decimal("2"), "number_format"),
        ("hours_per_day", Decimal("NaN"), "number_format"),
        ("hours_per_day", Decimal("7.123"), "number_format"),
        ("origin", "JP", "not_found"),
        ("origin", ["VN"], "not_found"),
        ("programme", "HSP", "not_found"),
        ("route", "boat", "choice"),
        ("insurance", ["health", "pets"], "choice"),
        ("insurance", "health", "choice"),
        ("city", "x" * 81, "too_long"),
        ("city", 7, "choice"),
        ("employer_name", "a\x00b", "control_char"),
        ("employer_name", "a\ud800b", "invisible_char"),
        ("sex", "male", "unknown_field"),
        ("married", False, "unknown_field"),
        ("state", "published", "unknown_field"),
    ],
)
def test_a_value_is_refused_by_its_field(db, name, value, code):
    with pytest.raises(ValidationError) as refused:
        clean_values({name: value}, today=TODAY)

    assert {key: mistakes[0].code for key, mistakes in refused.value.error_dict.items()} == {name: code}


def test_names_are_stored_in_one_form(db):
    decomposed = "Công ty Nguyễn".encode().decode()

    found = clean_values({"employer_name": unicodedata.normalize("NFD", decomposed)}, today=TODAY)

    assert found["employer_name"] == unicodedata.normalize("NFC", decomposed)


def test_what_is_missing_and_what_is_too_late(db):
    empty = gaps(version(programme="SSW1"), today=TODAY, expires_on=None)
    late = version(apply_until=TODAY - timedelta(days=1), departure_on=TODAY + timedelta(days=200))

    assert {"origin", "field", "occupation", "employer_name", "prefecture", "city", "places"} <= set(empty)
    found = codes(gaps(late, today=TODAY, expires_on=TODAY + timedelta(days=100)))
    assert (found["apply_until"], found["departure_on"]) == ("date_range", "licence_expired_by_then")


def test_the_independent_route_needs_no_employer_name(db):
    assert "employer_name" not in gaps(version(route="independent"), today=TODAY, expires_on=None)


def warned(cast, **kwargs) -> dict[str, dict]:
    a_permit(cast.agency, permit_kind="VN-SERVICE")
    job_order = a_complete_draft(cast.agency_recruiter, **kwargs)
    with cast.agency_recruiter.active():
        check = check_version(job_order, open_version(job_order), now=timezone.now())
    return {warning["code"]: warning for warning in check.warnings}


def test_a_missing_wage_and_a_long_wait_are_warnings(cast):
    soon = timezone.now().date()
    days = {"selection_on": soon + timedelta(days=30), "departure_on": soon + timedelta(days=230)}

    found = warned(cast, values={"wage_base": None, **days})

    assert found["departure_late"]["data"] == {"days": 200}
    assert describe(found["wage_missing"])["verdict"] == "stop"


def test_far_above_the_median_of_at_least_five_like_openings(cast):
    with tenancy.publishing():
        for number in range(5):
            PublishedOpening.objects.create(
                job_order_id=900_000 + number,
                code=f"TEST000{number}",
                organization_id=cast.rival.pk,
                origin="VN",
                programme="SSW1",
                field="FOOD",
                occupation="bakery",
                prefecture="22",
                months=Decimal("0.50"),
                home_currency="VND",
                at_least=False,
                places_left=1,
                published_at=timezone.now(),
                cost_order=number,
                pay_order=number,
                new_order=number,
                cost_band=0,
                pay_band=0,
            )

    found = warned(cast)

    assert found["cost_above_median"]["data"] == {"percent": 370, "n": 5}


def test_no_fee_at_all_is_asked_about(cast):
    assert "no_fees" in warned(cast, fees=[])


def test_a_second_save_keeps_what_is_not_given(cast):
    job_order = a_complete_draft(cast.agency_recruiter)
    with cast.agency_recruiter.active():
        saved = save_draft(job_order=job_order, values={"places": 3}, actor=cast.agency_recruiter.actor(), now=timezone.now())
        lines = saved.feecharges.count(), saved.paylines.count(), saved.jobordertexts.count()

    assert (saved.places, saved.city, lines) == (3, "Yaizu", (2, 4, 3))
