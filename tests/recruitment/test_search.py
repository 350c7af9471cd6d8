"""What people type, and what they find."""

from decimal import Decimal

import pytest
from django.utils import timezone

from recruitment.selectors import facets, search
from recruitment.selectors.search import Search
from recruitment.services import search_index
from tests.factories.recruitment_public import an_agency, an_opening

pytestmark = pytest.mark.django_db


def found(q: str, **filters) -> list[str]:
    """Occupations of everything found, in order."""
    question = Search(q=q, sort="relevance" if q else "cost", **filters)
    rows = search.find(question, search.terms_of(q), now=timezone.now()).rows
    return [row["occupation"] for row in rows]


@pytest.fixture
def openings(db):
    agency, permit = an_agency()
    for work, field, cost in (
        ("care-home", "KAIGO", 10_000_000),
        ("seafood-processing", "FOOD", 20_000_000),
        ("scaffolding", "CONST", 30_000_000),
    ):
        an_opening(agency, permit, occupation_id=work, field_id=field, cost=cost)
    an_opening(
        agency,
        permit,
        occupation_id="care-home",
        field_id="KAIGO",
        cost=40_000_000,
        prefecture_id="27",
        city="Sakai",
        employer_name="ひまわり介護サービス",
    )
    return agency


@pytest.mark.parametrize(
    "typed",
    [
        "điều dưỡng",
        "dieu duong",
        "điêu dương",
        "ĐIỀU DƯỠNG",
        "die\u0302\u0300u du\u031bo\u031b\u0303ng",
        "hộ lý",
        "kaigo",
        "介護",
        "介",
        "perawat lansia",
        "nursing care",
        "dieu duo",
    ],
)
def test_nursing_care_is_found_as_people_type_it(openings, typed):
    assert found(typed) == ["care-home", "care-home"]


@pytest.mark.parametrize(
    ("typed", "work"), [("chế biến thủy sản", "seafood-processing"), ("giàn giáo", "scaffolding"), ("とび", "scaffolding")]
)
def test_other_work_is_found(openings, typed, work):
    assert found(typed) == [work]


@pytest.mark.parametrize("typed", ["介護 大阪", "kaigo osaka", "dieu duong Osaka", "ひまわり", "sakai", "himawari 介護"])
def test_place_and_employer_narrow_the_work(openings, typed):
    expected = [] if "himawari" in typed else ["care-home"]  # kana are not turned into Latin letters
    assert found(typed) == expected


def test_half_width_kana_finds_the_same(openings):
    agency, permit = an_agency("nha-moi")
    an_opening(agency, permit, occupation_id="care-day", field_id="KAIGO", employer_name="ビルクリーニング東")
    assert found("ﾋﾞﾙｸﾘｰﾆﾝｸﾞ東") == ["care-day"]


def test_filters_and_words_together(openings):
    assert found("dieu duong", prefecture="27") == ["care-home"]
    assert found("dieu duong", field="CONST") == []


def test_orders_are_by_cost_pay_and_day(openings):
    agency, permit = an_agency("khac")
    an_opening(agency, permit, cost=None, take_home=None)
    an_opening(agency, permit, cost=0, take_home=200_000)
    now = timezone.now()

    costs = [row["cost_home"] for row in search.find(Search(sort="cost"), [], now=now).rows]
    pays = [row["take_home_jpy"] for row in search.find(Search(sort="pay"), [], now=now).rows]
    days = [row["published_at"] for row in search.find(Search(sort="newest"), [], now=now).rows]

    assert costs == [0, 10_000_000, 20_000_000, 30_000_000, 40_000_000, None]
    assert pays[0] == 200_000
    assert pays[-1] is None
    assert days == sorted(days, reverse=True)


def test_pages_by_key_show_every_opening_once(openings):
    agency, permit = an_agency("nhieu")
    for number in range(7):
        an_opening(agency, permit, cost=5_000_000 + number % 2, occupation_id="care-day", field_id="KAIGO")
    for q in ("", "kaigo"):
        seen, after = [], None
        while True:
            question = Search(q=q, sort="relevance" if q else "cost", after=after)
            page = search.find(question, search.terms_of(q), now=timezone.now(), size=3)
            seen += [row["code"] for row in page.rows]
            after = page.last
            if after is None:
                break
        assert len(seen) == len(set(seen)) == (11 if not q else 9)


def test_counts_leave_out_their_own_filter(openings):
    question = Search(field="KAIGO")

    counts = facets.facets(question, [], now=timezone.now())

    assert counts.total == 2
    assert counts.counts["field"] == {"KAIGO": 2, "FOOD": 1, "CONST": 1}
    assert counts.counts["prefecture"] == {"22": 1, "27": 1}
    assert counts.up_to_cost(1) == 1


def test_counts_with_words(openings):
    counts = facets.facets(Search(q="kaigo"), search.terms_of("kaigo"), now=timezone.now())

    assert counts.total == 2
    assert counts.counts["field"] == {"KAIGO": 2}


def test_counts_of_more_than_can_be_counted_are_at_least(openings, monkeypatch):
    monkeypatch.setattr(facets, "COUNTED", 1)

    counts = facets.facets(Search(q="kaigo"), search.terms_of("kaigo"), now=timezone.now())

    assert (counts.capped, counts.total) == (True, 1)
    assert [counts.shown(n) for n in (0, 1, 2)] == [None, 1, 1]
    assert [facets.Facets().shown(n) for n in (0, 20_000)] == [0, 20_000]


@pytest.mark.parametrize("q", ["ひまわり介護", "sakai kaigo", "ひまわり介護サービス 大阪", "test foods", "yaizu thủy sản"])
def test_every_plan_finds_the_same(openings, q, monkeypatch):
    """Words that the statistics call rare are looked up, frequent ones read in order: the answer must not depend on it."""
    in_order = found(q)
    monkeypatch.setattr(search, "_common_words", lambda: frozenset({"nothing"}))

    assert found(q) == in_order
    assert in_order


@pytest.mark.parametrize(
    "question",
    [
        Search(),
        Search(field="KAIGO"),
        Search(prefecture="22"),
        Search(max_cost=Decimal(1)),
        Search(min_pay=120_000),
        Search(zero_fee=True),
    ],
)
def test_the_cube_counts_like_counting(openings, question, monkeypatch):
    agency, permit = an_agency("khac")
    an_opening(agency, permit, cost=0, take_home=110_000)
    now = timezone.now()
    search_index.refresh_facets(now=now)
    counted = facets.facets(question, [], now=now)
    monkeypatch.setattr(facets, "COUNTED", 0)

    cube = facets.facets(question, [], now=now)

    assert cube.total == counted.total
    for dimension, counts in counted.counts.items():
        assert {value: n for value, n in cube.counts[dimension].items() if n} == counts


def test_names_of_two_words_are_one_term(openings):
    an_opening(*an_agency("xa", legal_name="Au Hai"), city="Toyota", employer_name="Other Works")

    assert [term.lexeme for term in search.terms_of("hai test ")] == ["hai", "test"]
    assert [term.lexeme for term in search.terms_of("test foods kaigo")] == ["test_foods", "kaigo"]
