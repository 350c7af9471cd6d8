"""Is this price normal: the law by name, and figures only when enough openings stand behind them."""

import pytest
from django.test import Client
from django.utils import timezone

from recruitment.selectors import price
from recruitment.services.price import Question, check_price
from tests.factories.recruitment_public import an_agency, an_opening

pytestmark = pytest.mark.django_db


def ask(amount: int, **fields):
    values = {"origin": "VN", "item": "F1", "amount": amount, "currency": "VND", "wage": 196_000, "months": 36, **fields}
    return check_price(Question(**values), now=timezone.now())


def many(organizations: int, openings: int) -> None:
    for number in range(organizations):
        agency, permit = an_agency(f"agency-{number}")
        for turn in range(openings):
            an_opening(agency, permit, cost=(20 + number + turn) * 1_000_000)


def test_more_than_the_law_allows():
    reply = ask(100_000_000)

    assert reply.outcome == "over"
    assert reply.verdict.allowed == 99_960_000
    assert "69/2020" in reply.ceiling.citation


def test_a_deposit_is_forbidden():
    assert ask(10_000_000, item="X2").outcome == "forbidden"


def test_few_openings_give_no_figure():
    many(2, 5)
    assert price.asked(origin="VN", item="F1", now=timezone.now()) is None
    assert ask(30_000_000).outcome == "unknown"


def test_enough_openings_give_the_middle_of_item_and_total():
    many(3, 2)

    for item in ("F1", "total"):
        found = price.asked(origin="VN", item=item, now=timezone.now())
        assert (found.openings, found.organizations, found.median, found.currency) == (6, 3, 21_000_000, "VND")
    assert ask(21_000_000).outcome == "normal"
    assert ask(60_000_000).outcome == "high"
    assert ask(1_000_000).outcome == "low"


def test_the_page_answers_without_an_account():
    address = "/en/price/?origin=VN&item=F1&amount=120.000.000&wage=196000&months=36"
    body = Client().get(address).content.decode()

    assert "Do not pay. This is more than the law allows." in body
    assert "99,960,000" in body
    assert "only when at least 5 openings of at least 3 organizations" in body


@pytest.mark.parametrize(
    "query",
    [
        "amount=abc",
        "amount=-5&item=F1",
        "amount=1e9",
        "amount=" + "9" * 40,
        "item=NOPE&amount=5",
        "origin=XX&amount=1",
        "amount=%00",
    ],
)
def test_a_wrong_question_keeps_what_was_typed(query):
    response = Client().get(f"/en/price/?{query}")

    assert response.status_code == 200
    assert 'class="sumerr"' in response.content.decode()
