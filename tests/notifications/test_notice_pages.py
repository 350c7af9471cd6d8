"""The inbox, the log and the choices."""

import re
from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import tenancy
from notifications.forms.notice import SUGGESTED
from notifications.models import Address, Category, Channel, Choice, Hours
from notifications.routing.suggestion import suggested
from notifications.services.stop import record_stop
from tests.factories.notifications import DAY, a_delivery, a_device, a_notice, a_reader
from tests.factories.organizations import Member
from tests.factories.sign_in import signed_in_client

RECORDER = "tests.factories.notifications.Recorder"


@pytest.fixture(autouse=True)
def channels(settings):
    settings.CHANNELS = {"email": RECORDER, "sms": RECORDER, "push": RECORDER}


@pytest.fixture
def person(db):
    return Member(a_reader(email="a@test.example", phone="+84912345678"))


@pytest.fixture
def browser(person):
    return signed_in_client(person)


def page(browser, path="", **query):
    return browser.get(f"/en/me/notices/{path}", query).content.decode()


def notice(person, **fields):
    return a_notice(person.user, **{"kind": "permit_expired", "data": {"permit": "12/GP"}, "category": "review", **fields})


def fresh(row):
    with tenancy.posting():
        return type(row).objects.get(pk=row.pk)


def test_members_find_what_is_told_from_their_inbox(cast, browser):
    link = "/en/o/hoa-sen/notices/"

    assert link in page(signed_in_client(cast.agency_viewer))
    assert link not in page(browser)


# -- inbox ------------------------------------------------------------------------------------------------------------


def test_the_inbox_shows_the_newest_first_and_nobody_elses(browser, person):
    notice(person)
    notice(person, data={"permit": "99/GP"})
    notice(Member(a_reader()), data={"permit": "SECRET"})
    a_notice(person.user, kind="digest", data={"count": 3})

    body = page(browser)

    assert body.index("Permit 99/GP has expired") < body.index("Permit 12/GP has expired")
    assert "SECRET" not in body
    assert "2 unread" in body
    assert "3 new notices" not in body


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"A member left", "Permit 12/GP has expired", "Opening HT7K-Q4MR is approved"}),
        ({"q": "expired"}, {"Permit 12/GP has expired"}),
        ({"q": "12/gp"}, {"Permit 12/GP has expired"}),
        ({"q": "HT7K-Q4MR"}, {"Opening HT7K-Q4MR is approved"}),
        ({"category": "company"}, {"A member left"}),
        ({"unread": "1"}, {"Permit 12/GP has expired", "Opening HT7K-Q4MR is approved"}),
        ({"q": "nothing of the kind"}, set()),
        ({"category": "nonsense"}, {"A member left", "Permit 12/GP has expired", "Opening HT7K-Q4MR is approved"}),
    ],
)
def test_the_inbox_is_searched_and_filtered(browser, person, query, shown):
    notice(person)
    notice(person, kind="member_left", category="company", data={}, read_at=DAY)
    notice(person, kind="opening_approved", data={"code": "HT7KQ4MR", "version": 1})

    body = page(browser, **query)

    titles = {"A member left", "Permit 12/GP has expired", "Opening HT7K-Q4MR is approved"}
    assert {title for title in titles if f">{title}</a>" in body} == shown
    assert ("Nothing fits this filter." in body) is (not shown)


def test_the_inbox_goes_on_behind_twenty_notices_with_the_filter_kept(browser, person):
    rows = [notice(person) for _ in range(25)]

    first, second = page(browser, category="review"), page(browser, category="review", after=rows[5].pk)

    assert first.count("<article") == 20
    assert f"?category=review&amp;after={rows[5].pk}" in first
    assert second.count("<article") == 5


def test_what_stands_in_a_notice_cannot_become_markup(browser, person):
    notice(person, data={"permit": "<script>alert(1)</script>"})

    body = page(browser)

    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body


def test_an_empty_inbox_says_what_comes_here(browser):
    assert "What happens to your account" in page(browser)


def test_the_cost_of_the_inbox_does_not_grow_with_it(browser, person):
    counts = []
    page(browser)
    for number in (1, 12):
        for _ in range(number):
            notice(person)
        with CaptureQueriesContext(connection) as queries:
            page(browser)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_opening_a_notice_reads_it_and_leads_to_its_page(browser, person):
    row = notice(person, path="o/hoa-sen/registration/")

    response = browser.get(f"/en/me/notices/{row.pk}/")

    assert response["Location"] == "/en/o/hoa-sen/registration/"
    assert fresh(row).read_at is not None


def test_a_notice_can_be_marked_as_read_where_it_stands(browser, person):
    row = notice(person)

    assert browser.post(f"/en/me/notices/{row.pk}/")["Location"] == "/en/me/notices/"
    assert fresh(row).read_at is not None


def test_all_can_be_marked_as_read_but_not_by_looking(browser, person):
    row, other = notice(person), notice(Member(a_reader()))

    assert browser.get("/en/me/notices/read/").status_code == 405
    unread_then = fresh(row).read_at
    browser.post("/en/me/notices/read/")

    assert (unread_then, fresh(row).read_at is not None, fresh(other).read_at) == (None, True, None)


def test_the_number_of_unread_notices_stands_at_my_page_and_at_the_desk(cast):
    owner = cast.agency_owner
    a_notice(owner.user)
    browser = signed_in_client(owner)

    assert "1 new notice" in browser.get("/en/me/").content.decode()
    assert '<span class="count">1</span>' in browser.get("/en/o/hoa-sen/").content.decode()
    assert "new notice" not in Client().get("/en/").content.decode()


# -- log --------------------------------------------------------------------------------------------------------------


def test_the_log_says_what_became_of_each_message_and_why(browser, person):
    a_delivery(person.user, notice(person), state="sent", hint="a•••@test.example", done_at=DAY)
    a_delivery(person.user, notice(person), channel="push", state="failed", reason="gone", done_at=DAY)
    a_delivery(person.user, notice(person), channel="sms", reason="error:TimeoutError")
    a_delivery(person.user, a_notice(person.user, kind="digest", data={"count": 2}), state="sent")
    a_delivery(a_reader(), state="failed", reason="bounced")

    body = page(browser, "log/")

    assert "a•••@test.example" in body
    assert "The device does not take messages any more." in body
    assert "It could not be handed over." in body
    assert "It is tried again." in body
    assert "Summary" in body
    assert "The address does not exist" not in body


@pytest.mark.parametrize(
    ("query", "number"), [({"channel": "push"}, 1), ({"state": "sent"}, 1), ({"q": "12/GP"}, 2), ({"q": "nothing"}, 0)]
)
def test_the_log_is_filtered(browser, person, query, number):
    a_delivery(person.user, notice(person), state="sent", done_at=DAY)
    a_delivery(person.user, notice(person), channel="push", state="failed", done_at=DAY)

    assert page(browser, "log/", **query).count('<th scope="row">') == number


# -- choices ----------------------------------------------------------------------------------------------------------

GIVEN = {
    "quiet": "on",
    "quiet_from": "22:00",
    "quiet_until": "06:30",
    "digest_at": "07:15",
    "digest_day": "4",
    "time_zone": "Asia/Tokyo",
    "company-email": "weekly",
    "review-email": "never",
    "review-push": "",
}


def test_only_ways_that_lead_to_the_person_are_offered(browser, person):
    before = page(browser, "choices/")
    a_device(person.user)
    after = page(browser, "choices/")

    assert 'name="company-email"' in before
    assert 'name="company-sms"' in before
    assert 'name="company-push"' not in before
    assert 'name="company-push"' in after


def test_the_suggestion_of_terang_is_said_in_words(browser, person):
    a_device(person.user)

    body = page(browser, "choices/")

    def suggestion(cell):
        return re.search(rf'<select name="{cell}".*?<option value=""[^>]*>(.*?)</option>', body, re.DOTALL)[1]

    assert suggestion("account-email") == "Suggested: at once"
    assert suggestion("review-email") == "Suggested: at once or once a day"
    assert suggestion("company-push") == "Suggested: the important ones"
    assert suggestion("company-sms") == "Suggested: the urgent ones"


def test_every_suggestion_has_words(db):
    mixed = [
        (category, channel)
        for category in Category
        for channel in Channel
        if channel != Channel.SMS and suggested(category, channel) not in SUGGESTED
    ]

    assert mixed == []


def test_choices_are_kept_and_shown_again(browser, person):
    a_device(person.user)
    with tenancy.posting():
        Choice.objects.create(user=person.user, category="review", channel="push", rhythm="daily")

    assert browser.post("/en/me/notices/choices/", GIVEN).status_code == 302

    with tenancy.posting():
        kept = {(row.category, row.channel): row.rhythm for row in Choice.objects.filter(user=person.user)}
        hours = Hours.objects.get(user=person.user)
    assert kept == {("company", "email"): "weekly", ("review", "email"): "never"}
    assert (hours.quiet_from, hours.digest_at, hours.digest_day, hours.time_zone) == (time(22), time(7, 15), 4, "Asia/Tokyo")
    assert '<option value="weekly" selected>' in page(browser, "choices/")


def test_what_has_a_legal_effect_cannot_be_chosen_and_says_why(browser, person):
    browser.post("/en/me/notices/choices/", {**GIVEN, "legal-email": "never"})

    with tenancy.posting():
        assert not Choice.objects.filter(category="legal").exists()
    assert "a time limit may begin with them" in page(browser, "choices/")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quiet_from": ""}, "Write from when until when"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"digest_at": "25:00"}, "Enter a valid time"),
        ({"company-sms": "daily"}, "Select a valid choice"),
    ],
)
def test_wrong_choices_are_said_and_what_was_chosen_stays(browser, person, wrong, words):
    response = browser.post("/en/me/notices/choices/", {**GIVEN, **wrong})

    body = response.content.decode()
    assert response.status_code == 200
    assert words in body
    assert '<option value="weekly" selected>' in body
    with tenancy.posting():
        assert not Hours.objects.exists()


def test_a_way_is_switched_on_again_and_only_ones_own(browser, person):
    with tenancy.posting():
        stop = record_stop(user_id=person.user.pk, channel="email", address="a@test.example", why="bounced", now=DAY)

    stranger = signed_in_client(Member(a_reader())).post(f"/en/me/notices/choices/stops/{stop.pk}/")
    assert "The address does not exist" in page(browser, "choices/")
    browser.post(f"/en/me/notices/choices/stops/{stop.pk}/")

    assert stranger.status_code == 404
    assert fresh(stop).lifted_at is not None


def test_a_device_is_removed_after_a_question(browser, person):
    device = a_device(person.user)

    assert "Chrome, Android" in page(browser, "choices/")
    browser.get(f"/en/me/notices/choices/addresses/{device.pk}/")
    before = fresh(device).ended_at
    browser.post(f"/en/me/notices/choices/addresses/{device.pk}/")

    assert (before, fresh(device).ended_at is not None) == (None, True)
    with tenancy.posting():
        assert Address.objects.get().wrapped_key is None or Address.objects.get().ended_why == "removed"
