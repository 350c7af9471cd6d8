"""Around the inbox: the link in a mail, the preview for staff, and the operators' dead letters."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import tenancy
from notifications.models import ChannelState, Delivery, Fanout, Notice, Stop
from notifications.services.unsubscribe import read_wish, unsubscribe_link
from tests.factories.notifications import DAY, a_delivery, a_reader
from tests.factories.organizations import Member
from tests.factories.sign_in import signed_in_client

RECORDER = "tests.factories.notifications.Recorder"


@pytest.fixture(autouse=True)
def channels(settings):
    settings.CHANNELS = {"email": RECORDER, "sms": RECORDER, "push": RECORDER}


@pytest.fixture
def person(db):
    return Member(a_reader(email="a@test.example", phone="+84912345678"))


# -- the link in a mail -----------------------------------------------------------------------------------------------


def address(person, category="company"):
    return "/" + unsubscribe_link(person.user.pk, "email", category, "en").split("/", 3)[3]


def test_looking_at_the_link_changes_nothing_and_one_click_ends_it(person):
    path = address(person)
    stranger = Client(enforce_csrf_checks=True)

    seen = stranger.get(path)
    with tenancy.posting():
        assert not Stop.objects.exists()
    done = [stranger.post(path, {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert (seen.status_code, [answer.status_code for answer in done]) == (200, [200, 200])
    assert "My organization" in seen.content.decode()
    with tenancy.posting():
        stop = Stop.objects.get()
        assert (stop.user_id, stop.channel, stop.category, stop.why) == (person.user.pk, "email", "company", "unsubscribed")
        assert Notice.objects.filter(kind="channel_stopped").count() == 1
        assert Delivery.objects.count() == 0


def test_the_link_of_a_summary_ends_everything_that_may_be_ended(person):
    Client().post(address(person, ""))

    with tenancy.posting():
        assert Stop.objects.get().category == ""


def test_a_link_of_an_old_mail_still_works(person, monkeypatch):
    path, later = address(person), (timezone.now() + timedelta(days=800)).timestamp()
    monkeypatch.setattr("time.time", lambda: later)

    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("token", ["x", "W10:1tq:abc", "a" * 500])
def test_a_link_that_we_did_not_sign_does_not_exist(db, token):
    assert Client().post(f"/en/notices/stop/{token}/").status_code == 404
    assert read_wish(token) is None


# -- preview ----------------------------------------------------------------------------------------------------------


def test_staff_see_every_kind_in_every_language_as_each_way_shows_it(cast):
    browser = signed_in_client(cast.agency_viewer)

    listed = browser.get("/en/o/hoa-sen/notices/").content.decode()
    shown = browser.get("/en/o/hoa-sen/notices/permit_expired/").content.decode()

    assert "Permit 12/LDTBXH-GP has expired" in listed
    for words in ("Giấy phép 12/LDTBXH-GP đã hết hạn", "sudah habis masa berlakunya", "期限が切れました", "Test Hoa Sen"):
        assert words in shown
    assert "&lt;!doctype html&gt;" in shown
    assert browser.get("/en/o/hoa-sen/notices/nonsense/").status_code == 404


@pytest.mark.parametrize(("query", "kinds"), [({"q": "has expired"}, 1), ({"category": "account"}, 3), ({"q": "zzz"}, 0)])
def test_the_preview_is_filtered(cast, query, kinds):
    body = signed_in_client(cast.agency_viewer).get("/en/o/hoa-sen/notices/", query).content.decode()

    assert body.count('<th scope="row">') == kinds


# -- operators --------------------------------------------------------------------------------------------------------


def test_operators_see_what_was_given_up_and_give_it_another_try(cast):
    browser = signed_in_client(cast.operator)
    work = Fanout.objects.create(event_id=1, route="a/b", state="dead", attempts=5, error="Boom", next_try_at=DAY)
    letter = a_delivery(a_reader(), state="failed", reason="tries", attempts=5)
    ChannelState.objects.create(channel="sms", paused_until=DAY, failures=4, error="down")

    for name, words in (("fanout", "Boom"), ("delivery", "tries"), ("channelstate", "down"), ("webhookdelivery", "0 ")):
        assert words in browser.get(f"/admin/notifications/{name}/").content.decode()
    assert browser.get(f"/admin/notifications/delivery/{letter.pk}/change/").status_code == 404
    for name, pk, action in (
        ("fanout", work.pk, "try_again"),
        ("delivery", letter.pk, "try_again"),
        ("channelstate", "sms", "wake"),
    ):
        browser.post(f"/admin/notifications/{name}/", {"action": action, "_selected_action": [pk]})

    work.refresh_from_db()
    assert (work.state, work.attempts) == ("waiting", 0)
    with tenancy.posting():
        assert Delivery.objects.get(pk=letter.pk).state == "waiting"
    assert ChannelState.objects.get().paused_until is None


def test_what_was_given_up_is_counted_for_the_alarm(db, settings):
    settings.METRICS_TOKEN = "secret"
    Fanout.objects.create(event_id=1, route="a/b", state="dead", next_try_at=DAY)
    a_delivery(a_reader(), state="failed", reason="tries")
    a_delivery(a_reader(), state="failed", reason="bounced")

    body = Client().get("/metrics", headers={"Authorization": "Bearer secret"}).content.decode()

    assert 'terang_dead_letters{kind="fan_out"} 1' in body
    assert 'terang_dead_letters{kind="delivery"} 1' in body
    assert 'terang_dead_letters{kind="webhook"} 0' in body
