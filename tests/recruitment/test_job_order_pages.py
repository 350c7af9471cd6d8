"""The pages of openings, as a browser without JavaScript uses them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recruitment.models import FeeCharge, JobOrder, JobOrderVersion, PayLine
from tests.factories.job_orders import (
    COURSE,
    DEPOSIT,
    SERVICE,
    a_complete_draft,
    a_draft,
    a_published_opening,
    a_submitted_opening,
    the_review,
)
from tests.factories.organizations import a_permit, publish

DESK = "/en/o/hoa-sen/openings/"


@pytest.fixture
def permit(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE")
    publish(cast.agency, permit)
    return permit


@pytest.fixture
def officers(cast):
    return cast.officer_one, cast.officer_two


def fee(n, **line):
    given = {"item": "F1", "amount": "33.320.000", "currency": "VND", "payer": "worker", "stage": "signing", **line}
    return {f"fees-{n}-{name}": value for name, value in given.items()}


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\u00a0", " ")


def test_an_empty_list_says_what_to_do(cast, client_for):
    page = client_for(cast.agency_owner).get(DESK)

    assert "No opening yet" in words(page)
    assert f"{DESK}new/" in page.content.decode()


def test_a_new_opening_is_made_once_however_often_the_button_is_pressed(cast, client_for):
    browser = client_for(cast.agency_recruiter)
    once = re.search(r'name="_once" value="([^"]+)"', browser.get(f"{DESK}new/").content.decode()).group(1)

    answers = {browser.post(f"{DESK}new/", {"_once": once}).url for _ in range(3)}

    assert len(answers) == 1
    with cast.agency_owner.active():
        assert JobOrder.objects.count() == 1


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


def test_a_rival_and_a_random_code_get_the_same_answer(cast, client_for, permit):
    job_order = a_draft(cast.agency_recruiter)
    browser = client_for(cast.rival_owner)

    answers = {
        browser.get(f"/en/o/bien-xanh/openings/{code}/{rest}").status_code
        for code in (job_order.code, "X" * 8)
        for rest in ("", "edit/fees/", "pause/", "versions/1/")
    }

    assert answers == {404}
    assert browser.get(f"{DESK}{job_order.code}/").status_code == 404


def test_the_list_finds_by_code_employer_work_and_state(cast, client_for, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    a_draft(cast.agency_recruiter)
    browser = client_for(cast.agency_viewer)

    for query in (f"q={str(job_order).lower()}", "q=test+foods", "q=yaizu", "state=published", "programme=SSW1", "field=FOOD"):
        assert browser.get(f"{DESK}?{query}").content.decode().count(f"{DESK}{job_order.code}/") == 1
    assert "No opening answers this search" in words(browser.get(f"{DESK}?q=nothing+like+it"))
    assert browser.get(f"{DESK}?after=99999999999999999999&state=xx").status_code == 200


def test_the_list_asks_the_database_as_often_for_many_as_for_one(cast, client_for, permit):
    browser = client_for(cast.agency_viewer)

    def asked() -> int:
        browser.get(DESK)
        with CaptureQueriesContext(connection) as queries:
            browser.get(DESK)
        return len(queries)

    a_complete_draft(cast.agency_recruiter)
    one = asked()
    for _ in range(2):
        a_complete_draft(cast.agency_recruiter)

    assert asked() == one


def test_a_version_taken_back_is_not_shown_to_the_regulator_any_more(cast, client_for, permit):
    job_order = a_submitted_opening(cast.agency_recruiter)
    review = the_review(cast.officer_one, job_order)
    client_for(cast.agency_recruiter).post(f"{DESK}{job_order.code}/", {"action": "take_back"})

    page = client_for(cast.officer_one).get(f"/en/o/co-quan/openings/reviews/{review.pk}/")

    assert "took this version back" in words(page)
    assert "33,320,000" not in words(page)


def test_pause_asks_for_a_reason_and_a_viewer_may_not(cast, client_for, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    browser = client_for(cast.agency_recruiter)
    address = f"{DESK}{job_order.code}/pause/"

    assert client_for(cast.agency_viewer).get(address).status_code == 403
    assert "Choose a reason" in words(browser.post(address, {}))
    assert browser.post(address, {"reason": "checking"}).url == f"{DESK}{job_order.code}/"

    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "paused"


def test_a_published_opening_is_changed_by_a_new_version(cast, client_for, permit, officers):
    job_order = a_published_opening(cast.agency_recruiter, officers)
    browser = client_for(cast.agency_recruiter)

    answer = browser.post(f"{DESK}{job_order.code}/", {"action": "change"})
    browser.post(
        f"{DESK}{job_order.code}/edit/fees/",
        {"fees-n": "2", **fee(0, amount="40,000,000"), **fee(1, item="C4a", amount="9,500,000", stage="training")},
    )

    assert answer.url == f"{DESK}{job_order.code}/edit/parties/"
    page = words(browser.get(f"{DESK}{job_order.code}/edit/check/"))
    assert "Service charge went up from ₫33,320,000 to ₫40,000,000." in page
    assert browser.post(f"{DESK}{job_order.code}/edit/check/").status_code == 302
    assert "Version 2" in words(browser.get(f"{DESK}{job_order.code}/versions/2/"))


def test_the_regulator_sees_old_beside_new_and_decides_with_two_people(cast, client_for, permit, officers):
    job_order = a_submitted_opening(cast.agency_recruiter)
    review = the_review(cast.officer_one, job_order)
    address = f"/en/o/co-quan/openings/reviews/{review.pk}/"
    ticks = {f"check-{code}": "on" for code in ("parties", "terms", "fees", "warnings")}

    page = client_for(cast.officer_one).get(address)
    assert "No verified ceiling" in words(page)
    first = client_for(cast.officer_one).post(address, {**ticks, "action": "approve"})
    again = client_for(cast.officer_one).post(address, {**ticks, "action": "approve"})
    second = client_for(cast.officer_two).post(address, {**ticks, "action": "approve"})

    assert (first.status_code, again.status_code, second.status_code) == (302, 403, 302)
    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "published"


def test_approving_without_a_fresh_second_factor_leads_to_it(cast, permit):
    from tests.factories.sign_in import signed_in_client

    job_order = a_submitted_opening(cast.agency_recruiter)
    review = the_review(cast.officer_one, job_order)
    browser = signed_in_client(cast.officer_one, age=3600)

    answer = browser.post(f"/en/o/co-quan/openings/reviews/{review.pk}/", {"check-parties": "on", "action": "approve"})

    assert "second" in answer.url or "2fa" in answer.url
    with cast.agency_owner.active():
        assert JobOrder.objects.get(pk=job_order.pk).state == "submitted"


def test_single_items_go_back_with_reasons_and_are_shown_in_their_step(cast, client_for, permit):
    job_order = a_submitted_opening(cast.agency_recruiter)
    review = the_review(cast.officer_one, job_order)

    client_for(cast.officer_one).post(
        f"/en/o/co-quan/openings/reviews/{review.pk}/",
        {"reason-wage_base": "The contract says 190,000.", "reason-fee:2": "Show the receipt.", "action": "return"},
    )

    browser = client_for(cast.agency_recruiter)
    assert "The contract says 190,000." in words(browser.get(f"{DESK}{job_order.code}/edit/pay/"))
    fees = words(browser.get(f"{DESK}{job_order.code}/edit/fees/"))
    assert "Show the receipt." in fees
    assert "The contract says" not in fees
    assert "sent something back" in words(browser.get(f"{DESK}{job_order.code}/"))


def test_another_office_does_not_see_the_review(cast, client_for, permit):
    job_order = a_submitted_opening(cast.agency_recruiter)
    review = the_review(cast.officer_one, job_order)

    for member, slug in ((cast.rival_owner, "bien-xanh"), (cast.agency_owner, "hoa-sen"), (cast.caseworker, "mai-nha")):
        assert client_for(member).get(f"/en/o/{slug}/openings/reviews/{review.pk}/").status_code in (403, 404)
