"""The pages of registers: hand in, read the report, take over; and a status recorded by hand."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from organizations.services.publication import publish_organization
from organizations.services.register_file import MOST_BYTES
from tests.factories.organizations import a_permit
from tests.factories.registers import EXAMPLE, HEADER, is_open


@pytest.fixture
def permit(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", number="104/MAU-GP")
    publish_organization(cast.agency.pk, now=timezone.now())
    return permit


def upload(browser, content, kind="VN-SERVICE"):
    file = SimpleUploadedFile("register.csv", content, content_type="text/csv")
    return browser.post("/en/o/co-quan/registers/new/", {"permit_kind": kind, "file": file})


def test_hand_in_read_the_report_take_over(cast, client_for, permit):
    browser = client_for(cast.officer_one)

    place = upload(browser, EXAMPLE.encode("utf-16")).url
    report = browser.get(place).content.decode()
    question = browser.get(f"{place}apply/").content.decode()
    done = browser.post(f"{place}apply/")

    assert cast.agency.legal_name in report
    assert "1 permit on this platform changes now" in question
    assert done.url == place
    assert not is_open(permit)
    assert "register.csv" in browser.get("/en/o/co-quan/registers/").content.decode()


def test_mistakes_are_listed_by_row_and_column(cast, client_for):
    browser = client_for(cast.officer_one)

    report = browser.get(upload(browser, f"{HEADER}1,<b>x</b>,maybe,,,,\n".encode()).url).content.decode()

    assert "Row 2" in report
    assert "Nothing was changed" in report
    assert "<b>x</b>" not in report


@pytest.mark.parametrize(("content", "kind"), [(b"", "VN-SERVICE"), (b"x" * (MOST_BYTES + 1), "VN-SERVICE"), (b"x", "ID-LPK")])
def test_a_form_that_cannot_be_taken_is_shown_again(cast, client_for, content, kind):
    response = upload(client_for(cast.officer_one), content, kind)

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_a_stale_factor_takes_nothing_over(cast, client_for, permit):
    place = upload(client_for(cast.officer_one), EXAMPLE.encode()).url

    response = client_for(cast.officer_one, age=400).post(f"{place}apply/")

    assert (response.status_code, "next=" in response.url) == (302, True)
    assert is_open(permit)


def test_another_office_does_not_see_it(cast, client_for, permit):
    place = upload(client_for(cast.officer_one), EXAMPLE.encode()).url

    assert client_for(cast.agency_owner).get(place).status_code == 404


def test_a_status_is_recorded_by_hand_on_its_page(cast, client_for, permit):
    browser = client_for(cast.officer_one)
    listed = browser.get("/en/o/co-quan/oversight/?q=104").content.decode()
    place = f"/en/o/co-quan/oversight/{permit.pk}/"
    given = {"status": "suspended", "since": "2026-11-20", "reason": "Decision 5"}

    wrong = browser.post(place, {**given, "reason": ""})
    done = browser.post(place, given)

    assert place in listed
    assert browser.get(place).status_code == 200
    assert (wrong.status_code, done.status_code) == (200, 302)
    assert not is_open(permit)
