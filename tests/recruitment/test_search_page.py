"""The result page: hostile addresses, counts of queries and bytes, what it offers when nothing is found."""

import gzip
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.recruitment_public import an_agency, an_opening

pytestmark = pytest.mark.django_db

HOSTILE = [
    "q=%00", "q=%FF%FE", "q=" + "a" * 5000, "q=" + "%20".join(["x"] * 2000), "q='%3Bdrop%20table%20x--", "q=a&q=b",
    "q=%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9", "q=%E2%80%AE", "q=%3A*%20%26%20%7C%20!()", "q=\\", "q=%25%25", "field=NOPE", "field=KAIGO&field=FOOD",
    "prefecture=99", "prefecture=%D9%A1", "max_cost=abc", "max_cost=-1", "max_cost=1e999", "max_cost=NaN", "max_cost=" + "9" * 30,
    "min_pay=9999999999999999999999", "min_pay=%D9%A1", "min_pay=-5", "zero_fee=maybe", "sort=password", "sort=cost__id", "after=x", "after=1.2.3~bad",
    "after=cD0lMDA=", "organization=nobody", "origin=XX", "unknown=1", "a%5B%5D=1", "page=2", "limit=1000000", "offset=1000000000000000000",
]  # fmt: skip


@pytest.fixture
def openings(db):
    agency, permit = an_agency()
    for number in range(3):
        an_opening(agency, permit, cost=(number + 1) * 10_000_000)
    return agency, permit


@pytest.mark.parametrize("query", HOSTILE)
def test_a_wrong_address_gets_a_page_and_a_note(openings, query):
    response = Client().get(f"/en/jobs/?{query}")

    assert response.status_code == 200
    if not query.startswith("q=") or query == "q=a&q=b":
        assert "We did not understand a part of the address." in response.content.decode()


def test_what_was_typed_is_escaped(openings):
    body = Client().get("/en/jobs/?q=<script>alert(1)</script>").content.decode()

    assert "<script>alert" not in body


def test_a_cursor_belongs_to_its_own_question(openings):
    agency, permit = openings
    for _number in range(20):
        an_opening(agency, permit)
    client = Client()
    body = client.get("/en/jobs/").content.decode()
    after = body.split("after=")[1].split('"')[0]

    assert client.get(f"/en/jobs/?after={after}").content.decode().count('class="card job"') == 3
    assert "belongs to another search" in client.get(f"/en/jobs/?after={after}&sort=pay").content.decode()


def test_counts_of_queries_do_not_grow_with_rows(openings):
    agency, permit = openings
    client = Client()
    client.get("/en/jobs/?q=seafood")  # reference rows are read once per process

    def queries(address):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(address)
        return [query["sql"] for query in caught.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]

    few = {
        address: len(queries(address))
        for address in ("/en/jobs/?sort=newest", "/en/jobs/?q=seafood+yaizu", "/en/jobs/?field=FOOD&max_cost=6")
    }
    for _number in range(47):
        an_opening(agency, permit)
    many = {address: len(queries(address)) for address in few}

    assert few == many
    assert few == {"/en/jobs/?sort=newest": 4, "/en/jobs/?q=seafood+yaizu": 4, "/en/jobs/?field=FOOD&max_cost=6": 5}


def test_a_matching_etag_asks_one_question(openings):
    client = Client()
    mark = client.get("/en/jobs/").headers["ETag"]

    with CaptureQueriesContext(connection) as caught:
        response = client.get("/en/jobs/", headers={"If-None-Match": mark})

    assert response.status_code == 304
    assert len(caught) == 1


def test_the_first_view_is_light(openings):
    agency, permit = openings
    for number in range(20):
        an_opening(agency, permit, prefecture_id=f"{number + 1:02}")
    body = Client().get("/vi/jobs/").content
    style = (Path(settings.BASE_DIR) / "static/terang.css").read_bytes()

    assert len(gzip.compress(body)) + len(gzip.compress(style)) <= 14 * 1024


def test_nothing_found_offers_the_nearest(openings):
    body = Client().get("/en/jobs/?q=seafood&prefecture=13").content.decode()

    assert "No job fits all of this." in body
    assert "3 jobs in every prefecture, not only Tokyo" in body


def test_a_mistyped_word_is_corrected(openings):
    body = Client().get("/en/jobs/?q=seafod").content.decode()

    assert "Did you mean:" in body
    assert "<b>seafood</b>" in body


@pytest.mark.parametrize("language", ["vi", "id", "en", "ja"])
def test_every_language_has_its_page(openings, language):
    response = Client().get(f"/{language}/jobs/?q={unicodedata.normalize('NFD', 'thủy sản')}")

    body = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in body
    assert body.count('class="card job"') == 3
    assert 'role="status"' in body


def test_kept_openings_stand_in_the_address(openings):
    agency, permit = openings
    order = an_opening(agency, permit)

    body = Client().get(f"/en/jobs/kept/?code={order.code.lower()}&code=3467-9ACW&code=<x>").content.decode()

    assert body.count('class="card job"') == 1


def test_the_api_answers_the_same_question_page_by_page(openings):
    client = Client()

    first = client.get("/api/v1/jobs/?q=seafood&limit=2").json()
    second = client.get(f"/api/v1/jobs/?q=seafood&limit=2&after={first['next']}").json()

    assert [row["cost_home"] for row in first["results"] + second["results"]] == [10_000_000, 20_000_000, 30_000_000]
    assert second["next"] is None
    assert client.get("/api/v1/jobs/?unknown=1").status_code == 400
