"""The second step of staff: set up, shown, single use, lost and found."""

import hashlib
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory

from accounts import selectors
from accounts.selectors import has_second_step, second_factor
from accounts.services.second_factor import open_secret, seal_secret
from tests.factories.accounts import SECRET, an_app, app_code, ask_code, enter_code, last_code, sign_in
from tests.factories.sign_in import signed_in_client

DESK = "/en/o/hoa-sen/"
ADD_APP, CHECK = "/en/accounts/second-step/app/add/", "/en/accounts/second-step/check/"


def signed_in_without(member) -> Client:
    return signed_in_client(member, factor=False)


def code_of_page(body: str, at: float | None = None) -> str:
    """The code an app would show after somebody typed the key of the set-up page into it."""
    from allauth.mfa.totp.internal import auth as totp

    secret = "".join(re.findall(r'<span class="code">([A-Z2-7]{4})</span>', body))
    return totp.format_hotp_value(totp.hotp_value(secret, int((at or time.time()) // 30)))


def set_up_app(client: Client):
    page = client.get(ADD_APP)
    return client.post(ADD_APP, {"code": code_of_page(page.content.decode())})


def test_staff_without_a_second_step_set_one_up_and_come_back(cast):
    client = signed_in_without(cast.agency_owner)

    sent = client.get(DESK + "people/?x=1")
    page = client.get(sent["Location"])
    done = set_up_app(client)
    codes = client.get(done["Location"]).content.decode()

    assert sent["Location"] == "/en/accounts/second-factor/?next=%2Fen%2Fo%2Fhoa-sen%2Fpeople%2F%3Fx%3D1"
    assert page.status_code == 200
    assert done["Location"] == "/en/accounts/second-step/recovery/"
    assert f'href="{DESK}people/?x=1"' in codes
    assert client.get(DESK).status_code == 200


def test_staff_with_a_second_step_show_it_and_come_back(cast):
    an_app(cast.agency_owner.user)
    client = signed_in_without(cast.agency_owner)

    sent = client.get(DESK)
    check = client.get(sent["Location"])
    done = client.post(check["Location"], {"code": app_code(), "next": DESK})

    assert check["Location"] == f"{CHECK}?next=%2Fen%2Fo%2Fhoa-sen%2F"
    assert done["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_a_worker_is_never_asked_for_one(cast):
    assert signed_in_without(cast.worker).get("/en/me/").status_code == 200


def test_signing_in_asks_for_the_second_step_of_those_who_have_one(cast):
    user = cast.agency_owner.user
    an_app(user)
    client = Client()

    first = sign_in(client, user.email)
    assert first["Location"] == "/en/accounts/login/second-step/"
    assert client.get("/en/me/").status_code == 302
    done = client.post(first["Location"], {"code": app_code()})

    assert done["Location"] == "/en/me/"
    assert client.get(DESK).status_code == 200


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_after_the_second_step(cast, place):
    an_app(cast.agency_owner.user)
    client = signed_in_client(cast.agency_owner)

    answer = client.get("/en/accounts/second-factor/", {"next": place})

    assert answer["Location"] == "/en/me/"


def test_a_step_up_wants_a_factor_of_the_last_five_minutes(cast):
    an_app(cast.agency_owner.user)
    fresh, old = signed_in_client(cast.agency_owner), signed_in_client(cast.agency_owner, age=301)
    place = {"next": DESK, "step": "1"}

    assert fresh.get("/en/accounts/second-factor/", place)["Location"] == DESK
    assert old.get("/en/accounts/second-factor/", place)["Location"].startswith(CHECK)
    assert old.get("/en/accounts/second-factor/", {"next": DESK})["Location"] == DESK


# -- codes work once ----------------------------------------------------------------------------------------------------


def check(client: Client, code: str) -> bool:
    return client.post(CHECK, {"code": code}).status_code == 302


def test_a_code_of_the_app_works_once(cast):
    an_app(cast.agency_owner.user)
    code = app_code()

    assert check(signed_in_without(cast.agency_owner), code)
    assert not check(signed_in_without(cast.agency_owner), code)


def test_a_code_that_set_the_app_up_does_not_sign_in(cast):
    client = signed_in_without(cast.agency_owner)
    code = code_of_page(client.get(ADD_APP).content.decode())
    client.post(ADD_APP, {"code": code})

    assert not check(signed_in_without(cast.agency_owner), code)


def test_the_code_before_works_unless_a_newer_one_was_used(cast):
    an_app(cast.agency_owner.user)
    now = time.time()

    assert check(signed_in_without(cast.agency_owner), app_code(now - 30))
    assert not check(signed_in_without(cast.agency_owner), app_code(now - 30))
    assert check(signed_in_without(cast.agency_owner), app_code(now))
    assert not check(signed_in_without(cast.agency_owner), app_code(now - 30))


@pytest.mark.parametrize("seconds", [-90, -60, 75, 3600])
def test_the_clock_may_be_one_step_off_and_no_more(cast, seconds):
    an_app(cast.agency_owner.user)

    assert not check(signed_in_without(cast.agency_owner), app_code(time.time() // 30 * 30 + seconds))


def test_six_wrong_codes_close_the_door_even_for_the_right_one(cast):
    an_app(cast.agency_owner.user)
    client = signed_in_without(cast.agency_owner)
    wrong = f"{(int(app_code()) + 500_000) % 1_000_000:06}"
    for _ in range(5):
        client.post(CHECK, {"code": wrong})

    assert not check(client, app_code())


def test_a_success_gives_no_new_tries(cast):
    an_app(cast.agency_owner.user)
    client = signed_in_without(cast.agency_owner)
    wrong = f"{(int(app_code()) + 500_000) % 1_000_000:06}"
    for _ in range(4):
        client.post(CHECK, {"code": wrong})
    assert check(client, app_code())
    client.post(CHECK, {"code": wrong})

    assert not check(client, app_code(time.time() + 30))


def test_recovery_codes_are_shown_once_and_work_once(cast):
    client = signed_in_without(cast.agency_owner)
    shown = client.get(set_up_app(client)["Location"]).content.decode()
    codes = re.findall(r'<li class="code">(\d{8})</li>', shown)
    again = client.get("/en/accounts/second-step/recovery/").content.decode()

    assert len(codes) == len(set(codes)) == 10
    assert "data:text/plain" in shown
    assert [code for code in codes if code in again] == []
    assert check(signed_in_without(cast.agency_owner), codes[0])
    assert not check(signed_in_without(cast.agency_owner), codes[0])
    assert check(signed_in_without(cast.agency_owner), codes[1])


def test_new_recovery_codes_replace_the_old(cast):
    client = signed_in_without(cast.agency_owner)
    old = re.findall(r'<li class="code">(\d{8})</li>', client.get(set_up_app(client)["Location"]).content.decode())

    made = client.post("/en/accounts/second-step/recovery/new/")
    new = re.findall(r'<li class="code">(\d{8})</li>', client.get(made["Location"]).content.decode())

    assert len(new) == 10
    assert not check(signed_in_without(cast.agency_owner), old[0])
    assert check(signed_in_without(cast.agency_owner), new[0])


def test_secrets_lie_sealed(cast):
    an_app(cast.agency_owner.user)

    row = Authenticator.objects.get(user=cast.agency_owner.user, type="totp")

    assert SECRET not in str(row.data)
    assert open_secret(row.data["secret"]) == SECRET
    assert seal_secret(SECRET) != seal_secret(SECRET)


# -- what a change ends -------------------------------------------------------------------------------------------------


def test_a_new_second_step_ends_other_sessions(cast):
    here, there = signed_in_without(cast.agency_owner), signed_in_without(cast.agency_owner)
    assert there.get("/en/me/").status_code == 200

    set_up_app(here)

    assert here.get("/en/me/").status_code == 200
    assert there.get("/en/me/").status_code == 302


def test_removing_the_app_needs_it_once_more_and_ends_other_sessions(cast):
    an_app(cast.agency_owner.user)
    here, there = signed_in_without(cast.agency_owner), signed_in_without(cast.agency_owner)
    there.get("/en/me/")

    asked = here.get("/en/accounts/second-step/app/remove/")
    assert asked["Location"].startswith(CHECK)
    here.post(asked["Location"], {"code": app_code()})
    here.post("/en/accounts/second-step/app/remove/")

    assert not has_second_step(cast.agency_owner.user)
    assert here.get("/en/me/").status_code == 200
    assert there.get("/en/me/").status_code == 302


def test_a_stolen_session_cannot_add_a_second_second_step(cast):
    an_app(cast.agency_owner.user)

    answer = signed_in_client(cast.agency_owner).get("/en/accounts/second-step/passkeys/add/")

    assert answer["Location"].startswith(CHECK)


# -- which factor it was ------------------------------------------------------------------------------------------------


class Credential:
    def __init__(self, credential_id: bytes):
        self.credential_id = credential_id


def a_passkey(user, monkeypatch, credential_id: bytes) -> Authenticator:
    """A stored passkey whose credential has this id."""
    row = Authenticator.objects.create(user=user, type="webauthn", data={"name": "key", "id": credential_id.hex()})
    mark = lambda passkey: hashlib.sha256(bytes.fromhex(passkey.data["id"])).hexdigest()[:32]  # noqa: E731
    monkeypatch.setattr(selectors, "credential_mark", mark)
    return row


def request_of(user, *records):
    request = RequestFactory().get("/")
    request.user = user
    request.session = {
        "account_authentication_methods": list(records),
        "account_authentication_methods_user": str(user.pk),
    }
    return request


def test_one_passkey_in_two_accounts_is_one_factor(cast, monkeypatch):
    people = cast.officer_one.user, cast.officer_two.user
    found = []
    for person, credential in ((people[0], b"same"), (people[1], b"same"), (people[1], b"other")):
        row = a_passkey(person, monkeypatch, credential)
        found.append(second_factor(request_of(person, {"method": "mfa", "type": "webauthn", "id": row.pk, "at": 1.0}))[0])

    assert found[0] == found[1] != found[2]
    assert found[0].startswith("webauthn:")


def test_a_removed_passkey_counts_no_more(cast):
    request = request_of(cast.officer_one.user, {"method": "mfa", "type": "webauthn", "id": 4711, "at": 1.0})

    assert second_factor(request) == ("", None)


def test_the_last_factor_of_the_session_counts_and_nobody_elses(cast):
    mine = {"method": "mfa", "type": "totp", "id": 1, "at": 100.0}
    later = {"method": "mfa", "type": "recovery_codes", "id": 2, "at": 200.0}
    request = request_of(cast.officer_one.user, mine, {"method": "code", "at": 300.0}, later)

    assert second_factor(request)[0] == "recovery_codes:2"
    request.user = cast.officer_two.user
    assert second_factor(request) == ("", None)


def test_a_password_forgotten_is_replaced_after_a_fresh_code(cast):
    user = cast.worker.user
    user.set_password("old password, forgotten")
    user.save()
    client = Client()
    ask_code(client, user.email)
    enter_code(client, last_code(user.email))
    other = signed_in_client(cast.worker)
    other.get("/en/me/")

    new = {"password1": "con chim xanh hót 9", "password2": "con chim xanh hót 9"}
    answer = client.post("/en/accounts/password/change/", new)

    user.refresh_from_db()
    assert answer["Location"] == "/en/me/"
    assert user.check_password("con chim xanh hót 9")
    assert client.get("/en/me/").status_code == 200
    assert other.get("/en/me/").status_code == 302


def test_a_password_is_not_replaced_without_the_old_one_later(cast):
    user = cast.worker.user
    user.set_password("old password, known")
    user.save()
    client = signed_in_client(cast.worker, factor=False, age=16 * 60)

    answer = client.post(
        "/en/accounts/password/change/", {"password1": "con chim xanh hót 9", "password2": "con chim xanh hót 9"}
    )

    assert answer.status_code == 200
    user.refresh_from_db()
    assert user.check_password("old password, known")
