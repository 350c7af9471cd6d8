"""How long people stay signed in, and how they end it."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.factories.accounts import a_person, is_signed_in, sign_in
from tests.factories.sign_in import signed_in_client

PHONE = "+84912345678"
DESK = "/en/o/hoa-sen/"
AGENTS = [
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/604.1",
]


def aged(client: Client, *, seen: int = 0, began: int = 0) -> Client:
    """The session as it looks after so many seconds."""
    session = client.session
    now = int(time.time())
    session["seen_at"], session["began_at"] = now - seen, now - began
    session.save()
    return client


def test_desk_people_are_signed_out_after_half_an_idle_hour(cast):
    client = signed_in_client(cast.agency_owner)
    assert client.get(DESK).status_code == 200

    assert aged(client, seen=29 * 60, began=29 * 60).get(DESK).status_code == 200
    answer = aged(client, seen=31 * 60, began=31 * 60).get(DESK)

    assert answer["Location"] == "/en/accounts/login/?next=/en/o/hoa-sen/"
    assert "protect" in client.get(answer["Location"]).content.decode()


def test_a_busy_person_is_signed_out_after_twelve_hours(cast):
    client = signed_in_client(cast.agency_owner)
    client.get(DESK)

    assert aged(client, began=12 * 3600 - 60).get(DESK).status_code == 200
    assert aged(client, began=12 * 3600 + 1).get(DESK).status_code == 302


def test_a_worker_may_pause(db):
    a_person(PHONE)
    client = Client()
    sign_in(client, PHONE)

    assert is_signed_in(aged(client, seen=3 * 3600, began=3 * 3600))


def test_activity_keeps_a_desk_open(cast):
    client = signed_in_client(cast.agency_owner)
    client.get(DESK)

    for _ in range(4):
        aged(client, seen=25 * 60, began=3600)
        assert client.get(DESK).status_code == 200


def test_presence_is_written_once_a_minute(cast, django_assert_num_queries):
    client = signed_in_client(cast.worker)
    client.get("/en/me/")
    seen = UserSession.objects.get(user=cast.worker.user).last_seen_at

    client.get("/en/me/")

    assert UserSession.objects.get(user=cast.worker.user).last_seen_at == seen


@pytest.fixture
def three(db):
    """One person in three browsers."""
    user = a_person(PHONE)
    browsers = [Client(headers={"user-agent": agent}) for agent in AGENTS]
    for browser in browsers:
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        browser.get("/en/me/")
    return browsers


def test_a_person_sees_where_they_are_signed_in(three):
    body = three[0].get("/en/accounts/sessions/").content.decode()

    assert [name in body for name in ("Chrome, Android", "Firefox, Windows", "Safari, iPhone")] == [True] * 3
    assert body.count("This browser") == 1


def test_one_session_can_be_ended(three):
    wanted = UserSession.objects.get(user_agent=AGENTS[1])

    three[0].post("/en/accounts/sessions/", {"session": wanted.pk})

    assert [is_signed_in(browser) for browser in three] == [True, False, True]


def test_all_others_can_be_ended(three):
    three[0].post("/en/accounts/sessions/", {"others": "1"})

    assert [is_signed_in(browser) for browser in three] == [True, False, False]


def test_nobody_ends_a_strangers_session(three):
    stranger = Client()
    a_person("+84911111111")
    sign_in(stranger, "+84911111111")
    wanted = UserSession.objects.get(user_agent=AGENTS[1])

    for given in (str(wanted.pk), "x", "-1", "٣", "9" * 40, ""):
        stranger.post("/en/accounts/sessions/", {"session": given})

    assert is_signed_in(three[1])


def test_a_new_password_ends_other_sessions(three):
    new = {"password1": "con chim xanh hót 9", "password2": "con chim xanh hót 9"}

    answer = three[0].post("/en/accounts/password/set/", new)

    assert answer["Location"] == "/en/me/"
    assert [is_signed_in(browser) for browser in three] == [True, False, False]


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012"])
def test_a_weak_password_is_refused(three, password):
    answer = three[0].post("/en/accounts/password/set/", {"password1": password, "password2": password})

    assert answer.status_code == 200
    assert "sumerr" in answer.content.decode()
