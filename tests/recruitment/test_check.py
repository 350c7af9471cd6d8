"""The check box: real, changed, closed, never existed; whose phone this is."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from core import tenancy
from organizations.models.contacting import contact_lookup
from organizations.models.published import PublishedContact, PublishedPermit
from recruitment.selectors import check
from recruitment.services import code as codes
from tests.factories.recruitment_public import a_new_version, an_agency, an_opening, set_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def agency(db):
    agency, permit = an_agency("hai-au", legal_name="Công ty Mẫu Hải Âu Xanh")
    agency.permit = permit
    return agency


def register(organization, kind: str, normalized: str) -> None:
    with tenancy.publishing():
        PublishedContact.objects.create(
            lookup=contact_lookup(kind, normalized), contact_kind=kind, organization_id=organization.pk
        )


def page(q: str, language: str = "en") -> str:
    response = Client().get(f"/{language}/check/", {"q": q})
    assert response.status_code == 200
    return response.content.decode()


def outcome(q: str) -> list[tuple[str, str]]:
    parts = [(part, codes.parse(part)) for part in check.parts_of(q)]
    return [(answer.kind, answer.outcome) for answer in check.answers(parts, now=timezone.now())]


def test_a_code_is_live_changed_or_closed(agency):
    order = an_opening(agency, agency.permit)
    assert outcome(str(order)) == [("code", "live")]
    assert outcome(f" {order.code.lower()} ") == [("code", "live")]

    a_new_version(order, cost=50_000_000)
    assert outcome(str(order)) == [("code", "changed")]

    set_state(order, "paused")
    assert outcome(str(order)) == [("code", "paused")]
    set_state(order, "closed")
    assert outcome(str(order)) == [("code", "closed")]


@pytest.mark.parametrize(("state", "expected"), [("filled", "filled"), ("withdrawn", "closed"), ("suspended", "suspended")])
def test_a_code_that_is_over(agency, state, expected):
    order = an_opening(agency, agency.permit)

    set_state(order, state)

    assert outcome(str(order)) == [("code", expected)]


def test_a_code_that_never_existed_gets_orders_not_a_bare_page(agency):
    answer = page(codes.show(codes.random_code()))

    assert "Do not pay yet." in answer
    assert "never existed" in answer
    assert "Do not send money" in answer


def test_a_mistyped_code_offers_the_near_one(agency):
    order = an_opening(agency, agency.permit)
    wrong = ("3" if order.code[0] != "3" else "4") + order.code[1:]

    answer = page(f"{wrong[:4]}-{wrong[4:]}")

    assert "never existed" in answer
    assert f"/en/jobs/{order}/" in answer


@pytest.mark.parametrize("typed", ["0912 345 678", "+84912345678", "+84 (912) 345-678", "０９１２３４５６７８"])
def test_a_phone_is_found_however_it_is_written(agency, typed):
    register(agency, "phone", "+84912345678")

    answer = page(typed)

    assert "A company registered this." in answer
    assert "Công ty Mẫu Hải Âu Xanh" in answer


def test_a_phone_matches_exactly_or_not_at_all(agency):
    register(agency, "phone", "+84912345678")

    assert outcome("0912 345 67") == [("contact", "unknown")]
    assert outcome("0912345679") == [("contact", "unknown")]
    assert "Do not pay yet." in page("0912345679")


def test_pages_accounts_and_bank_holders(agency):
    register(agency, "facebook", "haiauxanh")
    register(agency, "bank_holder", "NGUYEN VAN MAU")

    assert outcome("https://www.facebook.com/hai.au.xanh") == [("contact", "known")]
    assert outcome("Nguyễn Văn Mẫu") == [("contact", "known")]


def test_a_number_of_another_company_is_said(agency):
    other, _permit = an_agency("song-lam", legal_name="Công ty Mẫu Sông Lam")
    register(other, "phone", "+84912345678")

    assert outcome("0912345678, hai au xanh") == [("contact", "another"), ("company", "known")]
    assert "This belongs to another company." in page("0912345678, hai au xanh")


@pytest.mark.parametrize("typed", ["hai au", "HẢI ÂU XANH", "mau hai au", "Hải"])
def test_a_company_is_found_by_a_part_of_its_name(agency, typed):
    assert outcome(typed) == [("company", "known")]
    assert "Permit in force" in page(typed)


def test_a_permit_number_and_a_suspended_permit(agency):
    number = agency.permit.number
    assert outcome(number.lower().replace("-", " ")) == [("permit", "known")]

    with tenancy.publishing():
        PublishedPermit.objects.filter(pk=agency.permit.pk).update(status_id="suspended", open_until=timezone.now())

    assert "Permit suspended" in page(number)
    assert "may not recruit" in page("hai au xanh")


def test_wrong_guesses_are_limited_and_right_ones_do_not_reset_it(agency):
    order = an_opening(agency, agency.permit)
    client = Client()
    for _number in range(12):
        assert client.get("/en/check/", {"q": str(order)}, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200
        assert client.get("/en/check/", {"q": codes.show(codes.random_code())}).status_code == 200

    refused = client.get("/en/check/", {"q": codes.show(codes.random_code())}, headers={"X-Forwarded-For": "198.51.100.7"})

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "Try again in 60 seconds" in refused.content.decode()


@pytest.mark.parametrize(
    "q", ["\x00", "%", "'; drop table x; --", "a" * 5000, "\u202e", ",,,;;;", "<script>", "[]" * 50, "https://[::1", "ＡＢ"]
)
def test_hostile_questions_get_a_page(agency, q):
    response = Client().get("/en/check/", {"q": q})

    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace("<script src", "")


def test_answers_are_not_stored_on_the_way(agency):
    assert Client().get("/en/check/", {"q": "0912345678"}).headers["Cache-Control"] == "no-store"
