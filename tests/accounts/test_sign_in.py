"""Signing up and in, through the pages, with codes read from the mailbox."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from accounts.services.phone import PURPOSE, read_phone
from core.vault import lookup_hash
from tests.factories.accounts import a_person, ask_code, enter_code, is_signed_in, last_code, messages_to, sign_in
from tests.factories.organizations import a_user

PHONE = "+84912345678"


@pytest.fixture
def client(db):
    return Client()


def test_a_worker_signs_up_with_a_phone_number_alone(client):
    answer = client.post("/vi/accounts/signup/", {"phone": "0912 345 678"})
    assert answer["Location"] == "/vi/accounts/phone/verify/"

    answer = client.post("/vi/accounts/phone/verify/", {"code": last_code(PHONE)})

    user = User.objects.get(phone_hash=lookup_hash(PHONE, purpose=PURPOSE))
    assert (answer["Location"], user.email, user.language, read_phone(user)) == ("/vi/me/", None, "vi", PHONE)
    assert user.phone_verified_at is not None
    assert PHONE.encode() not in bytes(user.phone_sealed)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("path", "typed", "number"),
    [
        ("/vi/", "0912345678", "+84912345678"),
        ("/vi/", "84 912.345.678", "+84912345678"),
        ("/id/", "0812-3456-7890", "+6281234567890"),
        ("/ja/", "090-1234-5678", "+819012345678"),
        ("/en/", "+977 984 1234567", "+9779841234567"),
        ("/vi/", "+95 9 4210 12345", "+959421012345"),
    ],
)
def test_numbers_of_any_country_are_read_as_people_write_them(client, path, typed, number):
    client.post(f"{path}accounts/signup/", {"phone": typed})

    assert [message.to for message in messages_to(number)] == [number]


def test_staff_sign_up_with_an_email_address(client):
    client.post("/en/accounts/signup/", {"by": "email", "email": "Office@Example.COM"})

    answer = client.post("/en/accounts/confirm-email/", {"code": last_code("office@example.com")})

    assert answer["Location"] == "/en/me/"
    assert EmailAddress.objects.get(email="office@example.com").verified
    assert is_signed_in(client)


def test_a_person_signs_in_with_a_phone_number(client):
    a_person(PHONE)

    answer = sign_in(client, PHONE)

    assert answer["Location"] == "/en/me/"
    assert is_signed_in(client)


def test_a_person_signs_in_with_an_email_address(client):
    user = a_user("Office")

    sign_in(client, user.email)

    assert is_signed_in(client)


def test_a_person_signs_in_with_a_password(client):
    user = a_person(PHONE)
    user.set_password("con chim xanh hót 9")
    user.save()

    answer = ask_code(client, "0912 345 678", **{"with": "password"}, password="con chim xanh hót 9")
    assert answer.status_code == 200  # in English the number is read as a Japanese one

    answer = ask_code(client, PHONE, **{"with": "password"}, password="con chim xanh hót 9")

    assert answer["Location"] == "/en/me/"
    assert is_signed_in(client)


def test_three_wrong_codes_end_the_try(client):
    a_person(PHONE)
    ask_code(client, PHONE)
    right = last_code(PHONE)
    wrong = "000000" if right != "000000" else "111111"

    answers = [enter_code(client, wrong).status_code for _ in range(3)]
    late = enter_code(client, right)

    assert answers == [200, 200, 302]
    assert late.status_code == 302
    assert not is_signed_in(client)


def test_a_code_works_for_five_minutes(client, monkeypatch):
    import time as clock

    a_person(PHONE)
    ask_code(client, PHONE)
    code, now = last_code(PHONE), clock.time()
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: now + 301)

    enter_code(client, code)
    monkeypatch.undo()

    assert not is_signed_in(client)


def test_a_code_works_once(client):
    a_person(PHONE)
    ask_code(client, PHONE)
    code = last_code(PHONE)
    enter_code(client, code)

    other = Client()
    ask_code(other, PHONE)
    if last_code(PHONE) == code:
        return
    enter_code(other, code)

    assert not is_signed_in(other)


def test_a_new_code_replaces_the_old_one(client):
    a_person(PHONE)
    ask_code(client, PHONE)

    client.post("/en/accounts/login/code/confirm/", {"action": "resend"})

    assert len(messages_to(PHONE)) == 2
    enter_code(client, last_code(PHONE))
    assert is_signed_in(client)


def test_going_back_begins_again(client):
    a_person(PHONE)
    ask_code(client, "+84900000000")

    assert client.get("/en/accounts/login/").status_code == 200
    sign_in(client, PHONE)

    assert is_signed_in(client)


@pytest.mark.parametrize("text", ["", "hello", "@", "a@b", "12", "+", "0912" * 30, "x" * 5000, "\x00", "٠٩"])
def test_what_is_neither_number_nor_address_is_refused_in_words(client, text):
    answer = ask_code(client, text)

    assert answer.status_code == 200
    assert "sumerr" in answer.content.decode()


def test_a_blocked_person_does_not_get_in(client):
    user = a_person(PHONE)
    user.is_active = False
    user.save()

    sign_in(client, PHONE)

    assert not is_signed_in(client)


def test_a_blocked_person_is_out_at_the_next_request(client):
    user = a_person(PHONE)
    sign_in(client, PHONE)
    assert is_signed_in(client)

    user.is_active = False
    user.save()

    assert not is_signed_in(client)


def test_messages_name_neither_the_house_nor_the_reason(client):
    a_person(PHONE)

    ask_code(client, PHONE)

    text = messages_to(PHONE)[-1].text.lower()
    assert [word for word in ("terang", "job", "http", "account", "report") if word in text] == []


def test_links_in_messages_lead_to_the_configured_address_only(client, settings):
    settings.ALLOWED_HOSTS = ["*"]

    client.post("/en/accounts/login/", {"login": "nobody@example.com"}, headers={"host": "evil.example"})

    text = messages_to("nobody@example.com")[-1].text
    assert "evil" not in text
    assert f"{settings.BASE_URL}/en/accounts/signup/" in text


def test_signing_out_needs_a_post(client):
    a_person(PHONE)
    sign_in(client, PHONE)

    assert client.get("/en/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    client.post("/en/accounts/logout/")

    assert not is_signed_in(client)


def test_a_broken_way_of_sending_is_said_in_words(client, settings):
    settings.SMS_TRANSPORT = "tests.accounts.test_sign_in.Broken"

    answer = ask_code(client, PHONE)

    assert answer.status_code == 503
    assert "could not be sent" in answer.content.decode()


class Broken:
    def send(self, to, text):
        raise OSError("no route")


def test_numbers_nobody_proved_are_forgotten(client):
    from datetime import timedelta

    from django.utils import timezone

    from accounts.services.account import forget_unproved

    client.post("/vi/accounts/signup/", {"phone": "0912 345 678"})
    kept = a_person("+84911111111")

    assert forget_unproved(before=timezone.now() + timedelta(seconds=1)) == 1
    assert list(User.objects.all()) == [kept]
