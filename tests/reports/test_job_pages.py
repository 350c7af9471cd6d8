"""Pages of the room of reports: what a person sees, types, and finds again."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from reports import catalogue
from reports.models import ReportJob, ReportRequest, ReportSchedule
from reports.services.asking import request_report
from reports.services.reportable import Wish
from tests.factories.job_orders import a_draft
from tests.factories.organizations import a_member
from tests.factories.reports import Sample, a_schedule, ask, change, reload
from tests.factories.sign_in import signed_in_client

ROOM = "/en/o/hoa-sen/reports/"
DONE = {"stored_name": "0" * 32, "wrapped_key": b"x", "display_name": "openings.csv", "size": 1200, "rows": 12, "done": 12}


@pytest.fixture
def browser(cast):
    return signed_in_client(cast.agency_recruiter)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def finish(job) -> None:
    now = timezone.now()
    change(job, state="running")
    change(job, state="done", finished_at=now, expires_at=now + timedelta(days=7), **DONE)


def test_the_menu_leads_to_the_reports_one_may_make(cast, browser):
    page = text_of(browser.get(ROOM))

    assert 'href="/en/o/hoa-sen/reports/" aria-current="page"' in page
    assert [title in page for title in ("Openings", "Flyers to print", "The month of the office")] == [True, True, False]


def test_who_has_no_report_has_no_room_in_the_menu(cast):
    page = text_of(signed_in_client(cast.caseworker).get("/en/o/mai-nha/"))

    assert "/reports/" not in page
    assert "There is no report for you here" in text_of(signed_in_client(cast.caseworker).get("/en/o/mai-nha/reports/"))


def test_a_report_of_somebody_elses_work_has_no_page(browser):
    assert browser.get(f"{ROOM}regulator_monthly/").status_code == 404
    assert browser.get(f"{ROOM}nothing/").status_code == 404


def test_seeing_a_report_here_keeps_its_parameters_in_the_address(cast, browser):
    a_draft(cast.agency_recruiter)

    sent = browser.post(f"{ROOM}openings/", {"see": "1", "state": "draft"})
    page = text_of(browser.get(sent["Location"]))

    assert sent["Location"] == f"{ROOM}openings/?see=1&state=draft"
    assert '<option value="draft" selected' in page
    assert "1 in all; most of them: Draft (1)." in page
    assert '<svg class="chart"' in page


def test_a_mistake_keeps_what_was_typed_and_says_what_is_wrong(browser):
    response = browser.post(
        f"{ROOM}openings/", {"published_from": "2026-05-01", "published_until": "2026-04-01", "format": "csv", "language": "vi"}
    )
    page = text_of(response)

    assert response.status_code == 200
    assert page.count("This day is before the first day.") == 2
    assert 'value="2026-05-01"' in page
    assert 'value="csv" checked' in page or 'value="csv" required checked' in page or "checked" in page
    with tenancy.publishing():
        assert ReportJob.reachable.count() == 0


def test_asking_twice_with_one_form_makes_one_job(cast, browser):
    once = re.search(r'name="_once" value="([^"]+)"', browser.get(f"{ROOM}openings/").content.decode())[1]
    wish = {"format": "csv", "language": "vi", "bom": "on", "_once": once}

    places = [browser.post(f"{ROOM}openings/", wish)["Location"] for _ in range(2)]

    assert places[0] == places[1]
    with cast.agency_recruiter.active():
        job = ReportJob.objects.get()
        assert (job.format, job.language, job.bom, job.state) == ("csv", "vi", True, "waiting")
    assert "It waits for its turn." in text_of(browser.get(places[0]))


def test_a_file_that_cannot_hold_it_is_refused_with_those_that_can(cast, browser, monkeypatch):
    a_draft(cast.agency_recruiter)
    monkeypatch.setattr(type(catalogue.find("openings")), "most_rows", lambda self, form: 0 if form == "pdf" else None)

    page = text_of(browser.post(f"{ROOM}openings/", {"format": "pdf", "language": "vi"}))

    assert "a file of this kind holds at most 0. Choose: Excel workbook" in page
    with cast.agency_recruiter.active():
        assert ReportJob.objects.count() == 0


def test_a_long_report_is_not_put_on_the_page(browser):
    catalogue.add(Sample(rows=10_000))
    try:
        page = text_of(browser.get(f"{ROOM}sample/?see=1"))
    finally:
        catalogue.remove("sample")

    assert "It has 10,000 rows. Take it as a file, or choose fewer." in page


def test_the_page_of_a_job_shows_how_far_it_is(cast, browser):
    job = ask(cast.agency_recruiter)
    change(job, state="running", rows=400, done=100, started_at=timezone.now() - timedelta(seconds=50))

    page = text_of(browser.get(f"{ROOM}jobs/{job.pk}/"))

    assert "25%: 100 of 400 rows. About 3 min left." in page
    assert '<progress value="100" max="400"' in page
    assert '<meta http-equiv="refresh" content="3">' in page
    assert "You may close this page." in page


def test_a_job_that_is_done_offers_its_file_to_who_asked(cast, browser):
    job = ask(cast.agency_recruiter)
    finish(job)

    mine = text_of(browser.get(f"{ROOM}jobs/{job.pk}/"))
    other = text_of(signed_in_client(cast.agency_viewer).get(f"{ROOM}jobs/{job.pk}/"))

    assert ("Download</button>" in mine, 'http-equiv="refresh"' in mine) == (True, False)
    assert ("Download</button>" in other, "Ask for it yourself" in other) == (False, True)


def test_a_job_that_failed_says_why_and_its_number_and_can_be_tried_again(cast, browser):
    job = ask(cast.agency_recruiter)
    change(job, state="failed", error="broken", finished_at=timezone.now())

    page = text_of(browser.get(f"{ROOM}jobs/{job.pk}/"))
    again = browser.post(f"{ROOM}jobs/{job.pk}/retry/")

    assert ("Something went wrong on our side." in page, str(job) in page) == (True, True)
    assert (again.status_code, reload(job).state) == (302, "waiting")


def test_cancelling_by_its_page(cast, browser):
    job = ask(cast.agency_recruiter)

    browser.post(f"{ROOM}jobs/{job.pk}/cancel/")

    assert reload(job).state == "cancelled"
    assert browser.post(f"{ROOM}jobs/{job.pk}/cancel/").status_code == 409
    assert browser.post(f"{ROOM}jobs/{job.pk}/burn/").status_code == 404


def test_the_list_can_be_narrowed_and_goes_on_page_by_page(cast, browser):
    jobs = [ask(cast.agency_recruiter, parameters={"state": "draft", "n": n}) for n in range(25)]
    change(jobs[3], state="failed", error="broken")
    other = ask(cast.agency_viewer, "permit_history")

    first = text_of(browser.get(f"{ROOM}jobs/"))
    following = re.search(r'href="(\?after=\d+)"', first)[1]
    second = text_of(browser.get(f"{ROOM}jobs/{following}"))
    failed = text_of(browser.get(f"{ROOM}jobs/?state=failed"))
    mine = text_of(browser.get(f"{ROOM}jobs/?mine=on&report=permit_history"))

    assert (first.count("<tr><th"), second.count("<tr><th")) == (21, 7)
    assert (str(jobs[3]) in failed, failed.count("<tr><th")) == (True, 2)
    assert (str(other) in mine, "Nothing answers these filters" in mine) == (False, True)


def test_an_empty_list_says_what_to_do(cast, browser):
    assert "Nobody has asked for a report yet" in text_of(browser.get(f"{ROOM}jobs/"))
    assert "No report is made regularly yet" in text_of(browser.get(f"{ROOM}schedules/"))


@pytest.mark.parametrize("path", ["jobs/", "schedules/", ""])
def test_lists_ask_the_database_the_same_for_one_row_and_for_fifty(cast, browser, path):
    def rows(numbers):
        for number in numbers:
            member = a_member(cast.agency, "viewer")
            parameters = {"state": "draft", "n": number}
            ask(member, parameters=parameters)
            a_schedule(member, parameters=parameters)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(f"{ROOM}{path}").status_code == 200
        return len(queries)

    rows([0])
    count()
    few = count()
    rows(range(1, 50))

    assert count() == few


def test_a_schedule_is_made_changed_paused_and_deleted(cast, browser):
    wish = {"format": "xlsx", "language": "vi", "every": "month", "day_of_month": "5", "weekday": "0", "hour": "7"}
    people = [cast.agency_recruiter.user.pk, cast.agency_viewer.user.pk]

    made = browser.post(f"{ROOM}schedules/new/openings/", {**wish, "recipients": people})
    with cast.agency_recruiter.active():
        schedule = ReportSchedule.objects.get()
    listed = text_of(browser.get(f"{ROOM}schedules/"))
    shown = text_of(browser.get(f"{ROOM}schedules/{schedule.pk}/"))
    browser.post(f"{ROOM}schedules/{schedule.pk}/", {**wish, "every": "week", "weekday": "4", "recipients": people[:1]})
    browser.post(f"{ROOM}schedules/{schedule.pk}/pause/")
    with cast.agency_recruiter.active():
        changed = ReportSchedule.objects.get()

    assert (made.status_code, schedule.day, schedule.hour, sorted(schedule.recipients)) == (302, 5, 7, sorted(people))
    assert "Every month, day 5, 07:00" in listed
    assert '<option value="5" selected>5</option>' in shown
    assert (changed.every, changed.day, changed.active, changed.recipients) == ("week", 4, False, people[:1])
    assert "Delete this schedule?" in text_of(browser.get(f"{ROOM}schedules/{schedule.pk}/delete/"))
    browser.post(f"{ROOM}schedules/{schedule.pk}/delete/")
    with cast.agency_recruiter.active():
        assert ReportSchedule.objects.count() == 0


def test_a_schedule_without_people_keeps_what_was_typed(cast, browser):
    response = browser.post(
        f"{ROOM}schedules/new/openings/",
        {"format": "csv", "language": "ja", "every": "week", "weekday": "2", "day_of_month": "1", "hour": "9", "state": "draft"},
    )
    page = text_of(response)

    assert page.count("Choose at least one person.") == 2
    assert ('<option value="draft" selected' in page, '<option value="2" selected' in page) == (True, True)


def test_the_form_of_an_office_finds_the_organization_that_is_meant(cast):
    from tests.factories.organizations import a_permit, publish

    for organization, number in ((cast.agency, "12/TEST-GP"), (cast.rival, "13/TEST-GP")):
        publish(organization, a_permit(organization, permit_kind="VN-SERVICE", number=number))
    officer = signed_in_client(cast.officer_one)
    form = "/en/o/co-quan/reports/permit_history/"

    by_number = officer.post(form, {"see": "1", "organization": "12 / test-gp"})
    several = text_of(officer.post(form, {"see": "1", "organization": "Test"}))
    none = text_of(officer.post(form, {"see": "1", "organization": "Nobody"}))

    assert by_number["Location"].endswith("organization=hoa-sen")
    assert "Several organizations answer: Test Bien Xanh; Test Hoa Sen." in several
    assert "no organization with this name or permit number" in none
    assert "Test Hoa Sen" in text_of(officer.get(by_number["Location"]))


def test_the_same_wish_of_a_colleague_leads_to_the_same_page(cast, browser):
    wish = {"format": "csv", "language": "vi"}
    first = browser.post(f"{ROOM}openings/", wish)["Location"]

    second = signed_in_client(cast.agency_viewer).post(f"{ROOM}openings/", wish)["Location"]

    assert first == second
    with cast.agency_viewer.active():
        assert ReportRequest.objects.count() == 2
    assert "Other people wait for the same report." in text_of(browser.get(first))


def test_a_job_made_for_other_eyes_is_not_in_the_list(cast, monkeypatch):
    monkeypatch.setattr(Sample, "scope", lambda self, actor: f"eyes of {actor.user_id}")
    catalogue.add(Sample())
    try:
        with cast.agency_owner.active():
            wish = Wish("sample", {}, "csv", "en")
            report = catalogue.find("sample")
            job = request_report(report=report, wish=wish, actor=cast.agency_owner.actor(), now=timezone.now()).job
        owner, viewer = signed_in_client(cast.agency_owner), signed_in_client(cast.agency_viewer)

        assert (str(job) in text_of(owner.get(f"{ROOM}jobs/")), str(job) in text_of(viewer.get(f"{ROOM}jobs/"))) == (True, False)
        assert viewer.get(f"{ROOM}jobs/{job.pk}/").status_code == 404
    finally:
        catalogue.remove("sample")
