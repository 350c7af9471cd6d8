"""The transparency sheet: what is published about one organization, the same on the page and in every file."""

import csv
import hashlib
import io
import json
import re

import openpyxl
import pypdfium2
import pytest
from django.test import Client

from recruitment.services import code as codes
from reports.models import ReportSeal
from tests.factories.recruitment_public import a_new_version, an_agency, an_opening, set_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(db):
    agency, permit = an_agency("hai-au", legal_name='Hải Âu =HYPERLINK("x") <b>')
    order = an_opening(agency, permit, cost=30_000_000)
    an_opening(agency, permit, cost=0, fees=[])
    an_opening(agency, permit, cost=None)
    set_state(an_opening(agency, permit), "withdrawn")
    change = {
        "field": "fees.amount", "kind": "money", "label": "F1", "direction": "up",
        "before": {"amount": 30_000_000, "currency": "VND"}, "after": {"amount": 44_000_000, "currency": "VND"},
    }  # fmt: skip
    a_new_version(order, cost=44_000_000, changes=[change])
    rival, rival_permit = an_agency("rival")
    an_opening(rival, rival_permit, cost=99_000_000)
    return agency


def get(ending: str, language: str = "en"):
    return Client().get(f"/{language}/organizations/hai-au/sheet{ending}")


def test_page_and_files_say_the_same(agency):
    data = json.loads(get(".json").content)
    rows = list(csv.DictReader(io.StringIO(get(".csv").content.decode())))
    book = openpyxl.load_workbook(io.BytesIO(get(".xlsx").content))
    page = get("/").content.decode()
    paper = "".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(get(".pdf").content))

    openings = data["tables"]["openings"]["rows"]
    assert sorted(row["cost"] or "" for row in openings) == ["", "0", "44000000"]
    assert [row["code"] for row in rows] == [row["code"] for row in openings]
    assert data["tables"]["ceilings"]["totals"] == {"n": 3}
    assert next(sheet.title for sheet in book) == "About"
    assert len(list(book["Openings now"].iter_rows())) == 4
    for text in (page, paper):
        assert "44,000,000" in text
        assert "99,000,000" not in text
    assert all(row["code"] in page and row["code"] in paper for row in openings)


def test_changed_fees_are_listed(agency):
    [change] = json.loads(get(".json").content)["tables"]["changes"]["rows"]

    assert (change["version"], change["before"], change["after"], change["currency"]) == (2, "30000000", "44000000", "VND")


def test_it_says_what_is_not_known(agency):
    page = get("/").content.decode()

    assert "What workers really paid." in page
    assert "not known" in page
    assert "&lt;b&gt;" in page


def test_an_organization_without_openings_has_a_sheet():
    an_agency("empty")

    assert Client().get("/en/organizations/empty/sheet/").status_code == 200
    assert Client().get("/en/organizations/empty/sheet.csv").status_code == 200


@pytest.mark.parametrize("path", ["nobody/sheet/", "nobody/sheet.pdf", "hai-au/sheet.exe"])
def test_what_is_not_there_is_not_found(agency, path):
    assert Client().get(f"/en/organizations/{path}").status_code == 404


@pytest.mark.parametrize("language", ["vi", "id", "en", "ja"])
def test_pdf_in_every_language(agency, language):
    response = get(".pdf", language)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert Client().get(response.request["PATH_INFO"], headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_the_paper_carries_a_code_that_others_can_check_and_is_sealed_once(agency):
    first = get(".pdf")

    again = Client().get("/en/organizations/hai-au/sheet.pdf?anything=7")

    [seal] = ReportSeal.objects.all()
    assert again.content == first.content
    assert hashlib.sha256(first.content).hexdigest() == seal.sha256
    paper = "".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(first.content))
    assert codes.show(seal.code) in paper
    assert "Terang made this document." in Client().get(f"/en/verify/{codes.show(seal.code)}/").content.decode()


def test_the_profile_leads_to_the_sheet(agency):
    assert re.search(r'href="/en/organizations/hai-au/sheet/"', Client().get("/en/organizations/hai-au/").content.decode())


def test_the_number_of_questions_does_not_grow(agency, django_assert_max_num_queries):
    Client().get("/en/organizations/hai-au/sheet.json")  # reference rows are kept by the process
    with django_assert_max_num_queries(12):
        Client().get("/en/organizations/hai-au/sheet.json?bom=1")
