"""Writing an opening step by step: nothing typed is lost, and every refusal stands beside its field in plain words."""

import re

import pytest

from recruitment.models import FeeCharge, JobOrder, JobOrderVersion, PayLine
from tests.factories.job_orders import (
    COURSE,
    DEPOSIT,
    SERVICE,
    a_complete_draft,
    a_draft,
)
from tests.factories.organizations import a_permit, publish

DESK = "/en/o/hoa-sen/openings/"


@pytest.fixture
def permit(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE")
    publish(cast.agency, permit)
    return permit


def fee(n, **line):
    given = {"item": "F1", "amount": "33.320.000", "currency": "VND", "payer": "worker", "stage": "signing", **line}
    return {f"fees-{n}-{name}": value for name, value in given.items()}


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\u00a0", " ")


def test_each_step_is_saved_and_leads_on(cast, client_for):
    job_order = a_draft(cast.agency_recruiter)
    browser = client_for(cast.agency_recruiter)

    for step in ("parties", "work", "pay", "fees", "terms", "check"):
        assert browser.get(f"{DESK}{job_order.code}/edit/{step}/").status_code == 200
    answer = browser.post(
        f"{DESK}{job_order.code}/edit/work/", {"city": "Yaizu", "places": "12", "prefecture": "22", "next": "1"}
    )

    assert answer.url == f"{DESK}{job_order.code}/edit/pay/"
    with cast.agency_owner.active():
        assert JobOrderVersion.objects.get(job_order=job_order).city == "Yaizu"


def test_amounts_are_read_by_the_language_and_shown_as_understood(cast, client_for):
    job_order = a_draft(cast.agency_recruiter)
    browser = client_for(cast.agency_recruiter)
    address = f"/vi/o/hoa-sen/openings/{job_order.code}/edit/fees/"

    answer = browser.post(address, {"fees-n": "1", **fee(0, amount="33.320.000")})

    assert answer.status_code == 302
    assert 'value="33.320.000"' in browser.get(address).content.decode()
    assert 'value="33,320,000"' in browser.get(address.replace("/vi/", "/en/")).content.decode()
    with cast.agency_owner.active():
        assert FeeCharge.objects.get().amount == 33_320_000


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("-1", "cannot be below 0"),
        ("NaN", "in figures"),
        ("1e400", "in figures"),
        ("1_000", "in figures"),
        ("0.5", "no such decimals"),
        ("9" * 30, "too large"),
        ("=1+1", "in figures"),
    ],
)
def test_a_wrong_amount_keeps_what_was_typed(cast, client_for, amount, message):
    job_order = a_draft(cast.agency_recruiter)

    page = client_for(cast.agency_recruiter).post(f"{DESK}{job_order.code}/edit/fees/", {"fees-n": "1", **fee(0, amount=amount)})

    assert page.status_code == 200
    assert message in words(page)
    assert f'value="{amount}"' in page.content.decode()
    with cast.agency_owner.active():
        assert FeeCharge.objects.count() == 0


def test_a_deposit_is_refused_inside_its_line_and_dropped_by_its_button(cast, client_for):
    job_order = a_complete_draft(cast.agency_recruiter, fees=[SERVICE, COURSE, DEPOSIT])
    browser = client_for(cast.agency_recruiter)
    address = f"{DESK}{job_order.code}/edit/fees/"

    page = browser.get(address)
    assert "Refused: ₫20,000,000. The amount allowed is ₫0." in words(page)
    assert "112/2021" in words(page)
    assert "62,820,000" in words(page)
    data = {
        "fees-n": "3",
        **fee(0),
        **fee(1, item="C4a", amount="9,500,000"),
        **fee(2, item="X2", amount="20,000,000"),
        "drop": "fees:2",
    }
    browser.post(address, {**data, "fees-0-amount": "33,320,000"})

    with cast.agency_owner.active():
        assert list(FeeCharge.objects.order_by("position").values_list("item", flat=True)) == ["F1", "C4a"]


def test_adding_a_line_saves_the_others_first(cast, client_for):
    job_order = a_draft(cast.agency_recruiter)
    browser = client_for(cast.agency_recruiter)
    address = f"{DESK}{job_order.code}/edit/pay/"

    answer = browser.post(
        address, {"pay-n": "1", "pay-0-kind": "rent", "pay-0-amount": "20,000", "wage_base": "196000", "add": "pay"}
    )

    assert 'name="pay-1-kind"' in browser.get(answer.url.split("#")[0]).content.decode()
    with cast.agency_owner.active():
        assert PayLine.objects.get().amount == 20_000


def test_blank_lines_are_left_out(cast, client_for):
    job_order = a_draft(cast.agency_recruiter)

    client_for(cast.agency_recruiter).post(
        f"{DESK}{job_order.code}/edit/fees/",
        {"fees-n": "2", **fee(0, amount="1000000"), "fees-1-currency": "VND", "fees-1-payer": "worker"},
    )

    with cast.agency_owner.active():
        assert FeeCharge.objects.count() == 1


@pytest.mark.parametrize(
    ("step", "field", "value", "message"),
    [
        ("work", "places", "1e2", "whole number"),
        ("work", "places", "2147483648", "whole number"),
        ("work", "places", "99999", "from 1 to 10000"),
        ("work", "city", "Ya\u202eizu", "direction of writing"),
        ("work", "city", "\u200b\u200b", "can be seen"),
        ("work", "city", "Y\u0301\u0301\u0301\u0301\u0301\u0301aizu", "too many marks"),
        ("work", "prefecture", "99", "valid choice"),
        ("terms", "departure_on", "2025-02-30", "day that exists"),
        ("terms", "departure_on", "9999-12-31", "too far away"),
        ("terms", "departure_on", "0000-01-01", "day that exists"),
        ("terms", "departure_on", "٢٠٢٧-٠١-٠١", "day that exists"),
        ("terms", "age_min", "18", ""),
        ("pay", "hours_per_day", "25", "from 1 to 24"),
        ("pay", "wage_base", "-5", "below 0"),
    ],
)
def test_hostile_values_are_refused_in_words(cast, client_for, step, field, value, message):
    job_order = a_draft(cast.agency_recruiter)

    page = client_for(cast.agency_recruiter).post(f"{DESK}{job_order.code}/edit/{step}/", {field: value})

    assert page.status_code == (200 if message or field == "age_min" else 302)
    assert message in words(page)


def test_an_age_needs_the_law_that_asks_for_it(cast, client_for):
    job_order = a_draft(cast.agency_recruiter)
    browser = client_for(cast.agency_recruiter)
    address = f"{DESK}{job_order.code}/edit/terms/"

    page = browser.post(address, {"age_min": "18", "age_max": "30"})
    assert "only where the law allows it" in words(page)

    assert browser.post(address, {"age_min": "18", "age_reason": "Labour Standards Act art. 56"}).status_code == 302


def test_days_out_of_order_are_refused(cast, client_for):
    job_order = a_draft(cast.agency_recruiter)

    page = client_for(cast.agency_recruiter).post(
        f"{DESK}{job_order.code}/edit/terms/", {"selection_on": "2027-05-01", "departure_on": "2027-04-01"}
    )

    assert "Departure comes before the selection" in words(page)


def test_markup_is_shown_as_text(cast, client_for):
    job_order = a_complete_draft(cast.agency_recruiter, values={"employer_name": "<script>alert(1)</script> {{7*7}} %(x)s"})

    page = client_for(cast.agency_recruiter).get(f"{DESK}{job_order.code}/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} %(x)s" in page


def test_somebody_elses_save_is_not_overwritten_silently(cast, client_for):
    job_order = a_draft(cast.agency_recruiter)
    browser = client_for(cast.agency_recruiter)
    address = f"{DESK}{job_order.code}/edit/work/"
    seen = re.search(r'name="seen" value="([^"]+)"', browser.get(address).content.decode()).group(1)
    client_for(cast.agency_owner).post(address, {"city": "Shizuoka", "seen": seen})

    page = browser.post(address, {"city": "Yaizu", "seen": seen})

    assert "Somebody saved this draft after you opened it" in words(page)
    assert 'value="Yaizu"' in page.content.decode()
    again = re.search(r'name="seen" value="([^"]+)"', page.content.decode()).group(1)
    assert browser.post(address, {"city": "Yaizu", "seen": again}).status_code == 302


def test_the_last_step_names_what_is_missing_and_then_sends(cast, client_for, permit):
    job_order = a_complete_draft(cast.agency_recruiter, values={"city": ""})
    browser = client_for(cast.agency_recruiter)
    address = f"{DESK}{job_order.code}/edit/check/"

    assert "City: This is needed" in words(browser.get(address))
    browser.post(
        f"{DESK}{job_order.code}/edit/work/", {"city": "Yaizu", "places": "12", "prefecture": "22", "contract_months": "36"}
    )
    answer = browser.post(address)

    assert answer.url == f"{DESK}{job_order.code}/"
    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "submitted"


def test_sending_with_a_deposit_is_refused_on_the_page(cast, client_for, permit):
    job_order = a_complete_draft(cast.agency_recruiter, fees=[DEPOSIT])

    page = client_for(cast.agency_recruiter).post(f"{DESK}{job_order.code}/edit/check/")

    assert page.status_code == 200
    assert "112/2021" in words(page)
    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "draft"
