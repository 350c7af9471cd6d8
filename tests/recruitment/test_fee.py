"""Fee lines: amounts as people type them, what a line may hold, the verdicts that are stored."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from recruitment.forms.amount import shown_amount
from recruitment.models import FeeCharge
from recruitment.models.amount import LARGEST, check_amount, parse_amount
from recruitment.services.fee import clean_fee, recompute, record_fee
from recruitment.services.job_order import save_draft
from recruitment.services.version import open_version
from tests.factories.job_orders import COURSE, SERVICE, VALUES, a_draft, an_occupation

CURRENCIES = {"VND": 0, "JPY": 0, "USD": 2}


@given(st.integers(0, LARGEST), st.sampled_from([0, 2]), st.sampled_from(["vi", "id", "en", "ja"]))
def test_what_is_shown_is_read_back_as_the_same_amount(amount, exponent, language):
    with translation.override(language):
        shown = shown_amount(amount, exponent)

    assert parse_amount(shown, exponent=exponent, language=language) == amount


def amount_or_code(text, exponent, language):
    try:
        return parse_amount(text, exponent=exponent, language=language)
    except ValidationError as error:
        return error.code


@given(st.text(max_size=40), st.sampled_from([0, 2]), st.sampled_from(["vi", "en"]))
def test_any_text_is_an_amount_nothing_or_refused_with_a_code(text, exponent, language):
    found = amount_or_code(text, exponent, language)

    assert found in (None, "number_format", "min_value", "max_value", "currency_exponent") or 0 <= found <= LARGEST


@pytest.mark.parametrize(
    ("text", "exponent", "language", "expected"),
    [
        ("33.320.000", 0, "vi", 33_320_000),
        ("33.320.000 ₫", 0, "en", 33_320_000),
        ("33,320,000", 0, "vi", 33_320_000),
        ("33 320 000", 0, "vi", 33_320_000),
        ("1.000,50", 2, "vi", 100_050),
        ("1,000.50", 2, "vi", 100_050),
        ("1.000,50", 2, "en", 100_050),
        ("1000.5", 2, "en", 100_050),
        ("-0", 0, "en", 0),
        ("٣٣", 0, "en", 33),
        ("１２３", 0, "ja", 123),
        ("1000.00", 0, "en", 1_000),
        ("  ", 0, "en", None),
    ],
)
def test_amounts_as_people_write_them(text, exponent, language, expected):
    assert parse_amount(text, exponent=exponent, language=language) == expected


@pytest.mark.parametrize(
    ("text", "exponent", "language", "code"),
    [
        ("-1", 0, "en", "min_value"),
        ("NaN", 0, "en", "number_format"),
        ("Infinity", 0, "en", "number_format"),
        ("1e400", 0, "en", "number_format"),
        ("1_000", 0, "en", "number_format"),
        ("0.5", 0, "en", "currency_exponent"),
        ("0,5", 0, "vi", "currency_exponent"),
        ("1.005", 2, "en", "currency_exponent"),
        ("33.320", 0, "en", "currency_exponent"),
        ("12,34", 0, "en", "number_format"),
        ("1.00", 0, "vi", "number_format"),
        ("9" * 20, 0, "en", "max_value"),
        ("=1+1", 0, "en", "number_format"),
    ],
)
def test_what_is_not_clear_is_refused(text, exponent, language, code):
    with pytest.raises(ValidationError) as refused:
        parse_amount(text, exponent=exponent, language=language)

    assert refused.value.code == code


@pytest.mark.parametrize("value", [True, 1.5, "1", float("nan"), -1, LARGEST + 1])
def test_services_take_whole_numbers_only(value):
    with pytest.raises(ValidationError):
        check_amount(value)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"item": "F9"}, "item", "not_found"),
        ({"item": "C4"}, "item", "not_found"),
        ({"currency": "vnd"}, "currency", "currency"),
        ({"currency": "XXX"}, "currency", "currency"),
        ({"currency": None}, "currency", "currency"),
        ({"payer": "uncle"}, "payer", "not_found"),
        ({"amount": -1}, "amount", "min_value"),
        ({"amount": 0.5}, "amount", "number_format"),
        ({"instalments": 0}, "instalments", "number_format"),
        ({"instalments": 61}, "instalments", "max_value"),
        ({"note": "a\u202eb"}, "note", "bidi_control"),
        ({"note": "a\nb"}, "note", "control_char"),
        ({"refund": ["x"]}, "refund", "choice"),
        ({"hash": "x"}, "hash", "unknown_field"),
    ],
)
def test_a_line_is_refused_by_field(db, change, field, code):
    with pytest.raises(ValidationError) as refused:
        clean_fee({**SERVICE, **change}, currencies=CURRENCIES)

    assert {name: mistakes[0].code for name, mistakes in refused.value.error_dict.items()} == {field: code}


def test_a_line_without_stage_takes_the_usual_one(db):
    line = clean_fee({"item": "C4a", "amount": 1, "currency": "VND", "payer": "worker"}, currencies=CURRENCIES)

    assert line["stage_id"] == "training"


def test_split_charges_are_judged_together(cast):
    job_order = a_draft(cast.agency_recruiter)
    now = timezone.now()
    half = {**SERVICE, "amount": 60_000_000}
    with cast.agency_recruiter.active():
        save_draft(
            job_order=job_order,
            values={**VALUES, "occupation": an_occupation()},
            fee_lines=[half, half],
            actor=cast.agency_recruiter.actor(),
            now=now,
        )
        verdicts = set(FeeCharge.objects.values_list("legal_verdict", flat=True))

    assert verdicts == {"over_ceiling"}


def test_the_law_of_the_signing_day_counts(cast):
    """Completed TITP 2: zero by annex XI until 29 June 2026; afterwards that row is only the last verified one."""
    job_order = a_draft(cast.agency_recruiter)
    found = {}
    with cast.agency_recruiter.active():
        save_draft(
            job_order=job_order,
            values={**VALUES, "occupation": an_occupation(), "situation": "completed_titp2"},
            fee_lines=[SERVICE],
            actor=cast.agency_recruiter.actor(),
            now=timezone.now(),
        )
        for day in (date(2026, 6, 1), date(2026, 7, 1)):
            version = open_version(job_order)
            version.signing_on = day
            found[day.month] = str(recompute(version, on=day).lines[0].legal)

    assert found == {6: "forbidden", 7: "legal"}


def test_the_independent_route_needs_no_sending_organization(cast):
    job_order = a_draft(cast.agency_recruiter)
    with cast.agency_recruiter.active():
        version = save_draft(
            job_order=job_order,
            values={"route": "independent", "origin": "VN", "programme": "ENG", "employer_name": "", "intermediary_name": ""},
            fee_lines=[],
            actor=cast.agency_recruiter.actor(),
            now=timezone.now(),
        )

    assert (version.route, version.total_home) == ("independent", 0)


def test_one_line_can_be_recorded_by_itself(cast):
    job_order = a_draft(cast.agency_recruiter)
    with cast.agency_recruiter.active():
        line = record_fee(version=open_version(job_order), line=COURSE, position=0)
        recompute(open_version(job_order), on=timezone.now().date())
        line.refresh_from_db()

    assert (line.amount, line.legal_verdict) == (9_500_000, "no_verified_ceiling")


def test_unknown_amounts_make_the_total_at_least(cast):
    job_order = a_draft(cast.agency_recruiter)
    with cast.agency_recruiter.active():
        version = save_draft(
            job_order=job_order,
            values={**VALUES, "occupation": an_occupation()},
            fee_lines=[SERVICE, {**COURSE, "amount": None}],
            actor=cast.agency_recruiter.actor(),
            now=timezone.now(),
        )

    assert (version.total_home, version.total_at_least, version.take_home_at_most) == (33_320_000, True, True)
