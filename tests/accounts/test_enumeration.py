"""Nobody learns from our pages who has an account; limits cannot be walked around."""

import re

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.accounts import a_person, ask_code, enter_code, last_code, messages_to, sign_in
from tests.factories.organizations import a_user

KNOWN, UNKNOWN = "+84912345678", "+84912345679"
OWN = ("X-Request-Id", "Content-Length", "Expires")
HIDDEN = (r'name="csrfmiddlewaretoken" value="[^"]+"', r'name="_once" value="[^"]+"')


def seen(answer, *addresses) -> tuple:
    """Everything the other side sees, without what changes by itself."""
    body = answer.content.decode()
    for pattern in HIDDEN:
        body = re.sub(pattern, "", body)
    for address in addresses:
        body = body.replace(address, "ADDRESS")
    headers = {name: sorted(value.split("; ")) for name, value in answer.headers.items() if name not in OWN}
    return answer.status_code, headers, sorted(answer.cookies), body


def journey(path: str, data: dict, code_path: str, address: str) -> list[tuple]:
    """The pages from the first to the third wrong code, and after."""
    client = Client()
    pages = [client.post(path, data), client.get(code_path), client.post(code_path, {"action": "resend"})]
    pages += [client.get(code_path)]
    pages += [client.post(code_path, {"code": code}) for code in ("", "12", "abcdef")]
    pages += [client.get(code_path), client.get("/en/accounts/login/")]
    return [seen(page, address) for page in pages]


@pytest.mark.parametrize(
    ("known", "unknown"), [(KNOWN, UNKNOWN), ("known@example.com", "other@example.com")], ids=["phone", "email"]
)
def test_signing_in_looks_the_same_for_known_and_unknown(db, known, unknown):
    a_person(KNOWN)
    User.objects.create_user("known@example.com")

    found = [journey("/en/accounts/login/", {"login": a}, "/en/accounts/login/code/confirm/", a) for a in (known, unknown)]

    for one, other in zip(*found, strict=True):
        assert one == other
    assert len(messages_to(known)) == len(messages_to(unknown)) == 2


@pytest.mark.parametrize(
    ("by", "known", "unknown", "code_path"),
    [
        ("phone", KNOWN, UNKNOWN, "/en/accounts/phone/verify/"),
        ("email", "known@example.com", "other@example.com", "/en/accounts/confirm-email/"),
    ],
)
def test_signing_up_looks_the_same_for_known_and_unknown(db, by, known, unknown, code_path, settings):
    settings.ACCOUNT_RATE_LIMITS = {"verify_phone": None, "confirm_email": None, "login": None}
    a_person(KNOWN)
    User.objects.create_user("known@example.com")

    found = [journey("/en/accounts/signup/", {"by": by, by: a}, code_path, a) for a in (known, unknown)]

    for one, other in zip(*found, strict=True):
        assert one == other
    assert "exist" in "".join(m.text for m in messages_to(known)) or "already" in messages_to(known)[0].text
    assert len(messages_to(unknown)) >= 1


def test_passwords_are_refused_in_the_same_words(db):
    user = a_person(KNOWN)
    user.set_password("con chim xanh hót 9")
    user.save()
    words = {"with": "password", "password": "wrong password here"}

    found = [seen(ask_code(Client(), a, **words), a) for a in (KNOWN, UNKNOWN)]

    assert found[0] == found[1]


def test_an_address_of_another_person_can_be_asked_for_without_learning_anything(db):
    a_person(KNOWN)
    found = []
    for number, wanted in (("+84900000001", KNOWN), ("+84900000002", UNKNOWN)):
        client = Client()
        a_person(number)
        sign_in(client, number)
        pages = [client.post("/en/accounts/phone/change/", {"phone": wanted}), client.get("/en/accounts/phone/verify/")]
        found.append([seen(page, wanted) for page in pages])

    assert found[0] == found[1]


# -- limits -------------------------------------------------------------------------------------------------------------


def statuses(client, addresses, **extra):
    return ["sumerr" in ask_code(client, address, **extra).content.decode() for address in addresses]


def test_codes_for_one_number_are_limited_however_it_is_written(db):
    a_person(KNOWN)
    spellings = ["+84912345678", "+84 912 345 678", "84-912.345.678".replace("84-", "+84 "), "＋84912345678", "+84(0)912345678"]

    refused = [statuses(Client(), [spelling])[0] for spelling in spellings]

    assert refused == [False, False, False, True, True]
    assert len(messages_to(KNOWN)) == 3


def test_codes_for_one_mailbox_are_limited_however_it_is_written(db):
    a_user("Known")
    spellings = ["a@example.com", "A@Example.com", " a@example.com ", "a@EXAMPLE.COM", "ａ@example.com"]

    refused = [statuses(Client(), [spelling])[0] for spelling in spellings]

    assert refused == [False, False, False, True, True]


def test_forwarded_addresses_are_not_believed(db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "5/m/ip", "request_login_code": "100/m/ip"}

    answers = [
        Client().post("/en/accounts/login/", {"login": UNKNOWN}, headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code
        for n in range(7)
    ]

    assert answers == [302] * 5 + [429] * 2


def test_behind_one_trusted_proxy_only_the_last_hop_counts(db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip", "request_login_code": "100/m/ip"}

    def post(forwarded):
        return Client().post("/en/accounts/login/", {"login": UNKNOWN}, headers={"x-forwarded-for": forwarded}).status_code

    assert [post(f"203.0.113.{n}, 198.51.100.7") for n in range(3)] == [302, 302, 429]
    assert post("203.0.113.1, 198.51.100.8") == 302


def test_a_success_gives_no_new_tries(db):
    user = a_person(KNOWN)
    user.set_password("con chim xanh hót 9")
    user.save()
    wrong = {"with": "password", "password": "wrong password here"}
    right = {"with": "password", "password": "con chim xanh hót 9"}

    for _ in range(4):
        ask_code(Client(), KNOWN, **wrong)
    assert ask_code(Client(), KNOWN, **right).status_code == 302
    ask_code(Client(), KNOWN, **wrong)
    last = ask_code(Client(), KNOWN, **right)

    assert last.status_code == 200
    assert "too many" in last.content.decode()


def test_passwords_of_others_are_not_locked_by_ones_failures(db):
    for number in (KNOWN, UNKNOWN):
        user = a_person(number)
        user.set_password("con chim xanh hót 9")
        user.save()
    for _ in range(6):
        ask_code(Client(), UNKNOWN, **{"with": "password", "password": "wrong"})

    answer = ask_code(Client(), KNOWN, **{"with": "password", "password": "con chim xanh hót 9"})

    assert answer.status_code == 302


def test_too_many_tries_say_so_in_words(db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    ask_code(client, UNKNOWN)

    answer = ask_code(client, UNKNOWN)

    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert "<h1>" in answer.content.decode()


def test_a_second_sign_up_within_seconds_is_asked_to_wait(db):
    client = Client()
    client.post("/en/accounts/signup/", {"phone": KNOWN})

    answer = client.post("/en/accounts/signup/", {"phone": KNOWN})

    assert answer.status_code == 429


# -- places -------------------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "//evil.example", "https://evil.example", "https:evil.example", "http:///evil.example", "\\\\evil.example", "/\\evil.example",
    "///evil.example", "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "javascript:alert(1)", "data:text/html,x",
    " //evil.example", "evil.example", "/%09/evil.example", "%2F%2Fevil.example", "http://testserver.evil.example/", "", "@evil",
]  # fmt: skip


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_is_sent_elsewhere(db, place):
    a_person(KNOWN)
    client = Client()
    client.post("/en/accounts/login/", {"login": KNOWN, "next": place})

    landed = enter_code(client, last_code(KNOWN), next=place)["Location"]

    assert landed in ("/en/me/", "/%09/evil.example")
    assert not landed.startswith("//")


def test_people_land_where_they_wanted_to_go(db):
    a_person(KNOWN)
    client = Client()
    first = client.post("/en/accounts/login/", {"login": KNOWN, "next": "/en/me/identity/?a=1"})
    page = client.get(first["Location"]).content.decode()

    landed = enter_code(client, last_code(KNOWN), next=re.search(r'name="next" value="([^"]+)"', page).group(1))["Location"]

    assert landed == "/en/me/identity/?a=1"


def test_a_foreign_form_is_refused_and_shown_a_way_back(db):
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/en/accounts/login/", {"login": KNOWN})

    body = answer.content.decode()
    assert answer.status_code == 403
    assert 'href="/en/"' in body
    assert "<h1>" in body
