"""The pages of openings, as a browser without JavaScript uses them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recruitment.models import JobOrder
from tests.factories.job_orders import (
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
