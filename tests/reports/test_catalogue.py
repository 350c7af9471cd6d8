"""Every report of the catalogue, for everybody who may have it, in each of its forms and in four languages: the same numbers."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone, translation

from core import tenancy
from core.policies import Refused
from organizations.models import Membership, PublishedPermit
from recruitment.services.publication import sync_job_order
from reports import catalogue
from reports.renderers import page
from reports.renderers.values import machine
from reports.services.reportable import Make, rows_of
from tests.factories.job_orders import COURSE, SERVICE, a_draft, a_published_opening, a_submitted_opening
from tests.factories.organizations import a_permit, an_organization, publish
from tests.factories.recruitment_public import an_opening

LANGUAGES = ("vi", "id", "en", "ja")


@pytest.fixture
def world(cast):
    """An agency with a draft, a submitted and two published openings; its permit was suspended once; a rival with one opening."""
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", number="12/TEST-GP")
    publish(cast.agency, permit)
    officers = [cast.officer_one, cast.officer_two]
    half = {**SERVICE, "amount": 5_000_000}
    cast.orders = [
        a_published_opening(cast.agency_recruiter, officers),
        a_published_opening(cast.agency_recruiter, officers, fees=(half, COURSE), values={"places": 3}),
        a_submitted_opening(cast.agency_recruiter),
        a_draft(cast.agency_recruiter),
    ]
    for order in cast.orders[:2]:
        sync_job_order(order.pk, now=timezone.now())
    rival_permit = a_permit(cast.rival, permit_kind="VN-SERVICE", number="99/TEST-GP", status="expired")
    publish(cast.rival, rival_permit)
    cast.rival_opening = an_opening(cast.rival, rival_permit)
    cast.permit = permit
    return cast


def parameters_of(code, cast) -> dict:
    month = f"{timezone.now():%Y-%m}"
    return {
        "openings": {},
        "flyers": {"size": "a4", "codes": []},
        "permit_history": {"organization": "hoa-sen"},
        "regulator_monthly": {"month": month, "origin": ""},
    }[code]


WHO = {
    "openings": ("agency_viewer",),
    "flyers": ("agency_viewer",),
    "permit_history": ("agency_viewer", "officer_one"),
    "regulator_monthly": ("officer_one",),
}
CASES = [(code, who) for code, people in WHO.items() for who in people]


def document_of(cast, code, who, *, language="en", **changes):
    member = getattr(cast, who)
    with member.active(), translation.override(language):
        parameters = {**parameters_of(code, cast), **changes}
        return catalogue.find(code).document(member.actor(), parameters, timezone.now())


def written(cast, code, who, form, *, language="en", **changes) -> bytes:
    member, out = getattr(cast, who), io.BytesIO()
    with member.active(), translation.override(language):
        report, parameters, now = catalogue.find(code), {**parameters_of(code, cast), **changes}, timezone.now()
        document = report.document(member.actor(), parameters, now)
        report.write(document, out, make=Make(member.actor(), parameters, now, form, False, lambda done: None))
    return out.getvalue()


def table(document, key) -> list[dict]:
    found = next(part for part in document.tables if part.key == key)
    return [dict(zip([column.key for column in found.columns], row, strict=True)) for row in found.rows()]


def figures_of(document) -> dict:
    return {figure.title: figure.value for figure in document.figures}


def test_every_report_stands_in_this_test():
    assert set(WHO) == set(catalogue.REPORTS)


@pytest.mark.parametrize(("code", "who"), CASES)
def test_every_form_carries_the_same_numbers(world, code, who):
    report, member = catalogue.find(code), getattr(world, who)
    with member.active():
        document = document_of(world, code, who)
        shown = page.context(document)
        on_page = {
            block.part.key: [[cell.value for cell in row] for row in block.rows]
            for block in shown["parts"]
            if block.what == "table"
        }
        counts = {part.key: part.count for part in document.tables}
        exact, read = machines(document), read_columns(document)
    assert on_page == read
    assert {key: len(rows) for key, rows in on_page.items()} == counts
    if "json" in report.formats:
        told = json.loads(written(world, code, who, "json"))
        assert {key: len(part["rows"]) for key, part in told["tables"].items()} == counts
        assert told["figures"][0]["value"] == document.figures[0].value
        assert exact == {key: [list(row.values()) for row in part["rows"]] for key, part in told["tables"].items()}
    if "csv" in report.formats:
        lines = list(csv.reader(io.StringIO(written(world, code, who, "csv").decode(), newline="")))
        main = told["tables"][report.main]["rows"]
        assert [[value.lstrip("'") for value in line] for line in lines[1:]] == [
            ["" if value is None else str(value).lstrip("'") for value in row.values()] for row in main
        ]
    if "xlsx" in report.formats:
        book = openpyxl.load_workbook(io.BytesIO(written(world, code, who, "xlsx")))
        assert len(book.sheetnames) >= len(counts)


def machines(document) -> dict:
    """Every value of every table as machines write it."""
    return {
        part.key: [
            [machine(value, column, _currency(part, row, column)) for value, column in zip(row, part.columns, strict=True)]
            for row in part.rows()
        ]
        for part in document.tables
    }


def read_columns(document) -> dict:
    """The values that people read on the page."""
    return {
        part.key: [
            [value for value, column in zip(row, part.columns, strict=True) if not column.for_files] for row in part.rows()
        ]
        for part in document.tables
    }


def _currency(part, row, column) -> str:
    keys = [other.key for other in part.columns]
    return str(row[keys.index(column.currency_key)]) if column.currency_key else column.currency


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "who"), CASES)
def test_every_report_becomes_each_of_its_files_in_every_language(world, code, who, language):
    report = catalogue.find(code)
    begins = {"pdf": b"%PDF", "xlsx": b"PK", "json": b"{", "csv": b""}

    for form in report.formats:
        data = written(world, code, who, form, language=language)

        assert (form, data.startswith(begins[form]), len(data) > 20) == (form, True, True)
    document = document_of(world, code, who, language=language)
    assert document.language == language
    with translation.override(language):
        assert document.title == str(report.title)


@pytest.mark.parametrize(("code", "who"), CASES)
def test_every_table_says_how_many_rows_it_has(world, code, who):
    with getattr(world, who).active():
        document = document_of(world, code, who)

        assert rows_of(document) == sum(len(list(part.rows())) for part in document.tables)


# -- who ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("agency_owner", ["openings", "flyers", "permit_history"]),
        ("agency_viewer", ["openings", "flyers", "permit_history"]),
        ("rival_owner", ["openings", "flyers", "permit_history"]),
        ("officer_one", ["regulator_monthly", "permit_history"]),
        ("regulator_owner", ["regulator_monthly", "permit_history"]),
        ("caseworker", []),
    ],
)
def test_each_gets_the_reports_of_their_work(cast, who, expected):
    member = getattr(cast, who)
    with member.active():
        assert [report.code for report in catalogue.open_to(member.actor())] == expected


def test_a_viewer_of_a_regulator_gets_no_report(cast):
    from tests.factories.organizations import a_member

    viewer = a_member(cast.regulator, "viewer")
    with viewer.active():
        assert catalogue.open_to(viewer.actor()) == []


# -- openings -----------------------------------------------------------------------------------------------------------


def test_openings_of_the_own_organization_only(world):
    with world.agency_viewer.active():
        document = document_of(world, "openings", "agency_viewer")
        rows = table(document, "openings")

    assert [row["code"] for row in rows] == [str(order) for order in world.orders]
    assert [(row["state"], row["version"]) for row in rows] == [
        ("Published", 1),
        ("Published", 1),
        ("Waiting for approval", 1),
        ("Draft", 1),
    ]
    assert figures_of(document)["Openings"] == 4
    assert figures_of(document)["Places"] == 12 + 3 + 12
    assert rows[0]["cost"] == SERVICE["amount"] + COURSE["amount"]
    assert sum(row["n"] for row in table(document, "by_state")) == 4


def test_openings_can_be_narrowed(world):
    today = timezone.now().date()
    narrowed = {
        "published": {"state": "published"},
        "open": {"state": "open"},
        "from tomorrow": {"published_from": (today + timedelta(days=2)).isoformat()},
        "until yesterday": {"published_until": (today - timedelta(days=2)).isoformat()},
        "programme": {"programme": "SSW1"},
    }
    with world.agency_viewer.active():
        found = {
            name: len(table(document_of(world, "openings", "agency_viewer", **wish), "openings"))
            for name, wish in narrowed.items()
        }

    assert found == {"published": 2, "open": 4, "from tomorrow": 0, "until yesterday": 0, "programme": 3}


def test_flyers_are_those_of_openings_everybody_can_find(world):
    code = world.orders[1].code
    with world.agency_viewer.active():
        everything = table(document_of(world, "flyers", "agency_viewer"), "flyers")
        chosen = table(document_of(world, "flyers", "agency_viewer", codes=[code, world.rival_opening.code]), "flyers")

    assert {row["code"] for row in everything} == {str(order) for order in world.orders[:2]}
    assert [row["code"] for row in chosen] == [str(world.orders[1])]


# -- the regulator ------------------------------------------------------------------------------------------------------


def test_the_history_shows_an_office_what_was_sent_to_it_and_no_draft(world):
    with world.agency_viewer.active():
        own = document_of(world, "permit_history", "agency_viewer")
        own_rows = table(own, "versions")
    with world.officer_one.active():
        office = document_of(world, "permit_history", "officer_one")
        office_rows, reviews = table(office, "versions"), table(office, "reviews")

    assert [row["code"] for row in own_rows] == [str(order) for order in world.orders]
    assert [row["code"] for row in office_rows] == [str(order) for order in world.orders[:3]]
    assert (
        [row["number"] for row in table(own, "permits")] == ["12/TEST-GP"] == [row["number"] for row in table(office, "permits")]
    )
    assert sorted(row["state"] for row in reviews) == ["Approved", "Approved", "Waiting"]
    assert "reviews" not in [part.key for part in own.tables]


def test_an_office_gets_no_history_of_an_organization_it_is_not_responsible_for(world):
    an_organization("xa-la")

    with pytest.raises(Refused):
        document_of(world, "permit_history", "officer_one", organization="xa-la")


def test_an_organization_gets_its_own_history_whatever_it_asks_for(world):
    with world.rival_owner.active():
        document = document_of(world, "permit_history", "rival_owner", organization="hoa-sen")

        assert document.subtitle == "Test Bien Xanh"
        assert [row["number"] for row in table(document, "permits")] == ["99/TEST-GP"]


def test_the_month_of_the_office_counts_answers_permits_openings_and_costs(world):
    with world.officer_one.active():
        document = document_of(world, "regulator_monthly", "officer_one")
        answers, permits = table(document, "answers"), table(document, "permits")
        costs, ceilings = table(document, "costs"), {row["what"]: row["n"] for row in table(document, "ceilings")}

    assert [(row["approved"], row["returned"], row["in_time"], row["share"]) for row in answers] == [(2, 0, 2, Decimal("1.000"))]
    assert sorted(row["n"] for row in permits) == [1, 1]
    assert [(row["openings"], row["n"]) for row in costs] == [(3, 3)]
    assert costs[0]["low"] <= costs[0]["median"] <= costs[0]["high"]
    assert sum(ceilings.values()) == 3
    assert figures_of(document)["Waiting for an answer now"] == 1


def test_an_officer_sees_nothing_of_an_organization_they_work_for(world):
    with tenancy.activate(world.officer_two.user.pk, world.agency.pk):
        Membership.objects.create(organization=world.agency, user=world.officer_two.user, roles=["owner"])
    with world.officer_two.active():
        document = document_of(world, "regulator_monthly", "officer_two")
        answers, permits = table(document, "answers"), table(document, "permits")

        assert (answers, sum(row["n"] for row in permits)) == ([], 1)
        with pytest.raises(Refused):
            document_of(world, "permit_history", "officer_two")
    report = catalogue.find("regulator_monthly")
    with world.officer_one.active():
        one = report.scope(world.officer_one.actor())
    with world.officer_two.active():
        two = report.scope(world.officer_two.actor())
    assert (one == "", two != "") == (True, True)


def test_a_month_counts_its_own_days_only(world):
    with world.officer_one.active():
        document = document_of(world, "regulator_monthly", "officer_one", month="2020-01")

        assert (table(document, "answers"), table(document, "costs"), table(document, "changes")) == ([], [], [])
        assert figures_of(document)["Days to the answer, the middle one"] is None


def test_changes_are_counted_in_the_month_they_were_written_down(world):
    lines = [
        {"status": "suspended", "since": "2026-01-10", "until": None, "at": at, "by": "x", "reason": "", "market": ""}
        for at in ("2026-01-31T16:59:59+00:00", "2026-01-31T17:00:00+00:00", "2025-12-31T17:00:00+00:00")
    ]
    with tenancy.publishing():
        PublishedPermit.objects.filter(pk=world.permit.pk).update(history=lines)
    with world.officer_one.active():
        document = document_of(world, "regulator_monthly", "officer_one", month="2026-01")

        assert [(row["what"], row["n"]) for row in table(document, "changes")] == [("Permit suspended", 2)]


def test_a_corridor_leaves_the_others_out(world):
    with world.officer_one.active():
        vietnam = document_of(world, "regulator_monthly", "officer_one", origin="VN")
        indonesia = document_of(world, "regulator_monthly", "officer_one", origin="ID")

        assert [row["openings"] for row in table(vietnam, "costs")] == [3]
        assert (table(indonesia, "costs"), table(indonesia, "permits")) == ([], [])
