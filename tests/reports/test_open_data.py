"""Public figures: one release for a month, the same everywhere, and never changed."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core import tenancy
from reports.models import FigureRelease
from reports.selectors import open_data
from reports.services.release import hash_of, publish_figures, under_the_rule
from tests.factories.recruitment_public import an_agency, an_opening
from tests.recruitment.attacker import Attack

pytestmark = pytest.mark.django_db
COSTS = (0, 10, 12, 30, 44, 44, 44, 60, 90, 200)


@pytest.fixture
def openings(db):
    """Viet Nam: thirty openings of three organizations; Indonesia: two of one."""
    for number in range(3):
        agency, permit = an_agency(f"agency-{number}")
        for cost in COSTS:
            an_opening(agency, permit, cost=cost * 1_000_000, field_id="FOOD" if number else "KAIGO")
    few, permit = an_agency("few")
    for _turn in range(2):
        an_opening(few, permit, origin_id="ID", programme_id="TITP1", field_id="AGRI")


def get(path: str):
    return Client().get(path)


def test_a_release_says_what_may_be_said(openings):
    assert publish_figures(now=timezone.now()) == 3

    cost = FigureRelease.objects.get(figure="cost").document
    assert cost["total"] == 30
    assert cost["rows"] == {"VN": 30, "ID": None}
    assert cost["middle"]["ID"] is None
    assert float(cost["middle"]["VN"]["median"]) == pytest.approx(1.9, abs=0.2)
    assert set(FigureRelease.objects.get(figure="openings").document["field"]) == {"FOOD", "KAIGO", "AGRI"}
    assert FigureRelease.objects.get(figure="openings").document["field"]["AGRI"] is None


def test_a_month_is_published_once(openings):
    now = datetime(2026, 11, 28, tzinfo=UTC)
    publish_figures(now=now)
    before = {row.figure: row.sha256 for row in FigureRelease.objects.all()}
    agency, permit = an_agency("later")
    an_opening(agency, permit)

    assert publish_figures(now=now + timedelta(days=1)) == 0
    assert {row.figure: row.sha256 for row in FigureRelease.objects.all()} == before
    assert publish_figures(now=now + timedelta(days=10)) == 3
    assert open_data.months() == [datetime(2026, 12, 1).date(), datetime(2026, 11, 1).date()]
    assert all(row.sha256 == hash_of(row.document) for row in FigureRelease.objects.all())


@pytest.mark.parametrize("sql", ["update reports_figurerelease set document = '{}'", "delete from reports_figurerelease"])
def test_a_release_is_never_changed(openings, sql):
    publish_figures(now=timezone.now())

    with tenancy.publishing(), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(sql)


def test_page_and_files_say_the_same(openings):
    publish_figures(now=timezone.now())
    page = get("/en/data/").content.decode()
    in_csv = list(csv.DictReader(io.StringIO(get("/en/data/cost.csv").content.decode())))
    in_json = json.loads(get("/en/data/cost.json").content)["tables"]["cost"]["rows"]
    book = openpyxl.load_workbook(io.BytesIO(get("/en/data/cost.xlsx").content))
    in_book = list(book["Cost by country of origin"].iter_rows(values_only=True))

    assert [row["n"] for row in in_csv] == ["", "30"]
    assert [row["n"] for row in in_json] == [None, 30]
    assert [row[2] for row in in_book] == ["Openings", None, 30, 30]
    assert "not enough data" in page
    table = re.search(r'id="t-cost">.*?</table>', page, re.S)[0]
    assert re.findall(r'data-l="Openings">([^<]*)<', table) == ["not enough data", "30", "30"]
    assert in_csv[1]["median"] == in_json[1]["median"] == str(in_book[2][-2])


def test_files_are_answered_by_their_mark(openings):
    publish_figures(now=timezone.now())
    for path in ("/en/data/", "/en/data/openings.json", "/en/data/survey.csv", "/en/data/all-openings.csv"):
        first = get(path)

        assert first.status_code == 200
        assert first.headers["Cache-Control"] == "public, no-cache"
        assert Client().get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "path", ["data/none.csv", "data/cost.exe", "data/cost.csv?month=2020-01", "data/?month=x", "data/?month=2020-01"]
)
def test_what_is_not_there_is_not_found(openings, path):
    publish_figures(now=timezone.now())

    assert get(f"/en/{path}").status_code == 404


def test_before_the_first_release_the_page_says_so():
    page = get("/en/data/").content.decode()

    assert "There are no figures yet." in page
    assert "688,143" in page  # the survey is there from the beginning


def test_every_opening_stands_in_the_bulk_file_and_nobody_in_it(openings):
    body = b"".join(get("/en/data/all-openings.csv").streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(body)))

    assert len(rows) == 32
    assert rows[0]["code"]
    assert not re.search(r"@|\+84|0\d{9}", body)


def test_csv_for_spreadsheets_has_the_mark(openings):
    publish_figures(now=timezone.now())

    assert get("/en/data/cost.csv?bom=1").content.startswith(b"\xef\xbb\xbf")


def test_the_page_is_light(openings):
    import gzip

    publish_figures(now=timezone.now())

    assert len(gzip.compress(get("/vi/data/").content)) < 12_000


COUNT = st.one_of(st.sampled_from([0, 1, 2, 3, 4, 5, 8]), st.integers(0, 40))
SOME_BANDS = ("1", "2", "unknown")


@given(st.fixed_dictionaries({(o, b): COUNT for o in ("ID", "VN") for b in SOME_BANDS}), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None, phases=[Phase.generate])
def test_all_figures_of_a_release_together_give_no_small_number_away(costs, chance):
    """The table of costs and both lists have one sum; the attacker reads them all."""
    total = sum(costs.values())
    cuts = sorted(chance.choices(range(total + 1), k=2))
    programmes = {"SSW1": cuts[0], "ESD": cuts[1] - cuts[0], "ENG": total - cuts[1]}
    fields = {"FOOD": total - cuts[0], "AGRI": cuts[0]}
    figures = under_the_rule(open_data.Counts(costs=costs, programmes=programmes, fields=fields))
    cost, lists = figures["cost"], figures["openings"]

    attack = Attack()
    nothing = all(n is None for cells in cost["cells"].values() for n in cells.values())
    lowest = 0 if nothing else 1
    for origin, cells in cost["cells"].items():
        for band, n in cells.items():
            attack.see((origin, band), n, hidden_from=lowest)
        attack.see((origin, "*"), cost["rows"][origin], hidden_from=lowest)
        attack.sums.append(([(origin, band) for band in cells], (origin, "*")))
    for band, n in cost["columns"].items():
        attack.see(("*", band), n, hidden_from=lowest)
        attack.sums.append(([(origin, band) for origin in cost["cells"]], ("*", band)))
    attack.see(("*", "*"), cost["total"])
    attack.sums.append(([(origin, "*") for origin in cost["cells"]], ("*", "*")))
    attack.sums.append(([("*", band) for band in cost["columns"]], ("*", "*")))
    for name in ("programme", "field"):
        seen = lists[name]
        for key, n in seen.items():
            attack.see((name, key), n, hidden_from=0 if all(value is None for value in seen.values()) else 1)
        attack.sums.append(([(name, key) for key in seen], ("*", "*")))

    true = {**costs, **{("programme", k): n for k, n in programmes.items()}, **{("field", k): n for k, n in fields.items()}}
    assert [place for place, n in true.items() if 0 < n < 5 and len(attack.values(place)) < 2] == []


def test_no_figure_of_few_organizations():
    counts = open_data.Counts(
        costs={("VN", "1"): 50, ("ID", "1"): 50},
        middles={"VN": open_data.Middle(50, 2, *[1] * 3), "ID": open_data.Middle(4, 4, *[1] * 3)},
    )

    assert under_the_rule(counts)["cost"]["middle"] == {"VN": None, "ID": None}
