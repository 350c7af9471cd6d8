"""The person's own desk: settings, identity, the end of an account."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.phone import read_phone
from core import tenancy
from core.models import Event
from recruitment.models import Worker
from recruitment.services.worker import erase_identity, read_identity, save_identity
from recruitment.tasks.worker import forget_identity
from tests.factories.accounts import a_person, an_app, ask_code, last_code, messages_to, sign_in
from tests.factories.organizations import Member
from tests.factories.sign_in import signed_in_client

PHONE = "+84912345678"


@pytest.fixture
def person(db):
    return Member(a_person(PHONE, name="Ánh"))


@pytest.fixture
def client(person):
    return signed_in_client(person, factor=False)


def test_the_page_masks_the_number_and_lists_the_desks(cast):
    body = signed_in_client(cast.agency_owner).get("/en/me/").content.decode()

    assert 'href="/en/o/hoa-sen/"' in body
    assert 'href="/en/register/"' in body
    assert "bien-xanh" not in body


def test_the_number_is_never_shown_whole(client):
    for path in ("/en/me/", "/en/accounts/phone/change/", "/en/accounts/second-step/", "/en/accounts/second-step/app/add/"):
        body = client.get(path).content.decode()

        assert "912345" not in body
        assert "+84 •••• 678" in body or "second-step" in path


def test_name_and_language_are_saved_and_remembered(client, person):
    answer = client.post("/en/me/", {"name": "  Nguyễn   Thị Ánh ", "language": "ja"})

    person.user.refresh_from_db()
    assert (person.user.name, person.user.language) == ("Nguyễn Thị Ánh", "ja")
    assert answer["Location"] == "/ja/me/"
    assert (answer.cookies["language"].value, answer.cookies["language"]["samesite"]) == ("ja", "Lax")
    assert client.get("/")["Location"] == "/ja/"


@pytest.mark.parametrize("given", [{"language": "xx"}, {}, {"language": "vi", "name": "x" * 121}])
def test_bad_settings_are_refused(client, person, given):
    answer = client.post("/en/me/", given)

    person.user.refresh_from_db()
    assert answer.status_code == 200
    assert (person.user.name, person.user.language) == ("Ánh", "vi")


def test_a_new_number_counts_when_it_is_proved(client, person):
    client.post("/en/accounts/phone/change/", {"phone": "+81 90 1234 5678"})
    assert read_phone(User.objects.get(pk=person.user.pk)) == PHONE

    client.post("/en/accounts/phone/verify/", {"code": last_code("+819012345678")})

    assert read_phone(User.objects.get(pk=person.user.pk)) == "+819012345678"
    ask_code(Client(), PHONE)
    assert "no account" in messages_to(PHONE)[-1].text


def test_a_worker_may_add_an_email_address(client, person):
    client.post("/en/accounts/email/", {"action_add": "1", "email": "Anh@Example.com"})
    client.post("/en/accounts/confirm-email/", {"code": last_code("anh@example.com")})

    assert EmailAddress.objects.get(user=person.user, verified=True).email == "anh@example.com"
    other = Client()
    sign_in(other, "anh@example.com")
    assert other.get("/en/me/").status_code == 200


# -- identity -----------------------------------------------------------------------------------------------------------

GIVEN = {"full_name": "Nguyễn Thị Ánh", "birth_date": "2001-04-09", "document_number": "c 1234-567", "country": "VN"}


def test_identity_is_sealed_and_shown_to_the_person(client, person):
    answer = client.post("/en/me/identity/", GIVEN)

    body = client.get("/en/me/identity/").content.decode()
    with tenancy.activate(person.user.pk):
        worker = Worker.objects.get(user=person.user)
        assert read_identity(worker) == {
            "full_name": "Nguyễn Thị Ánh",
            "birth_date": "2001-04-09",
            "document_number": "C1234567",
        }
        assert "C1234567" not in str(worker.identity)
    assert answer["Location"] == "/en/me/"
    assert 'value="C1234567"' in body
    assert client.get("/en/me/identity/")["Cache-Control"] == "no-store"


def test_identity_changes_as_a_whole_and_empty_fields_are_erased(client, person):
    client.post("/en/me/identity/", GIVEN)

    client.post("/en/me/identity/", {**GIVEN, "document_number": ""})

    with tenancy.activate(person.user.pk):
        worker = Worker.objects.get(user=person.user)
        assert worker.version == 2
        assert read_identity(worker) == {"full_name": "Nguyễn Thị Ánh", "birth_date": "2001-04-09"}


@pytest.mark.parametrize(
    "bad",
    [
        {"birth_date": "2999-01-01"},
        {"birth_date": "1800-01-01"},
        {"birth_date": "x"},
        {"country": "Vietnam"},
        {"document_number": "<script>"},
        {"document_number": "1"},
        {"full_name": "A\u202eB"},
        {"full_name": "A" * 121},
    ],
)
def test_bad_identity_is_refused_and_kept_on_the_page(client, person, bad):
    answer = client.post("/en/me/identity/", {**GIVEN, **bad})

    assert answer.status_code == 200
    assert "sumerr" in answer.content.decode()
    assert "Nguyễn Thị Ánh" in answer.content.decode() or "full_name" in bad
    with tenancy.activate(person.user.pk):
        assert Worker.objects.count() == 0


def test_nobody_else_reads_an_identity(client, person, cast):
    client.post("/en/me/identity/", GIVEN)

    for member in (cast.agency_owner, cast.officer_one, cast.worker):
        with member.active():
            assert Worker.objects.count() == 0


# -- the end ------------------------------------------------------------------------------------------------------------


def test_deleting_asks_twice(client, person):
    assert client.get("/en/accounts/delete/").status_code == 200
    assert client.post("/en/accounts/delete/", {}).status_code == 200

    person.user.refresh_from_db()
    assert person.user.is_active


def test_a_deleted_account_is_nobodys(client, person):
    an_app(person.user)
    other = signed_in_client(person)
    other.get("/en/me/")
    sealed, key = bytes(person.user.phone_sealed), bytes(person.user.phone_key)
    with tenancy.activate(person.user.pk):
        save_identity(
            full_name="Ánh", birth_date=None, document_number="", country="VN", actor=person.actor(), now=timezone.now()
        )

    answer = client.post("/en/accounts/delete/", {"sure": "on"})

    user = User.objects.get(pk=person.user.pk)
    assert answer["Location"] == "/en/"
    assert (user.name, user.email, user.is_active, user.phone_hash, user.phone_sealed) == ("", None, False, None, None)
    assert bytes(user.phone_key) != key
    assert sealed
    assert read_phone(user) is None
    assert not Authenticator.objects.filter(user=user).exists()
    assert [browser.get("/en/me/").status_code for browser in (client, other)] == [302, 302]
    with tenancy.activate(user.pk):
        event = Event.objects.get(verb="account.erased")
        assert (event.person_id, event.data) == (user.pk, {})
        forget_identity(event)
        worker = Worker.objects.get(user=user)
        assert read_identity(worker) == {}
        assert worker.identity == {}
        erase_identity(user_id=user.pk)
    ask_code(Client(), PHONE)
    assert "no account" in messages_to(PHONE)[-1].text


def test_who_still_works_somewhere_leaves_first(cast):
    client = signed_in_client(cast.agency_owner)

    answer = client.post("/en/accounts/delete/", {"sure": "on"})

    cast.agency_owner.user.refresh_from_db()
    assert answer.status_code == 200
    assert "/en/o/hoa-sen/people/leave/" in answer.content.decode()
    assert cast.agency_owner.user.is_active


def test_the_number_of_a_deleted_account_can_be_used_again(client, person):
    client.post("/en/accounts/delete/", {"sure": "on"})
    fresh = Client()

    fresh.post("/en/accounts/signup/", {"phone": PHONE})
    fresh.post("/en/accounts/phone/verify/", {"code": last_code(PHONE)})

    assert fresh.get("/en/me/").status_code == 200
    assert User.objects.count() == 2
