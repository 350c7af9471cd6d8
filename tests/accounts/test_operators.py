"""The admin: operators only, after the house's own sign-in and second factor."""

import pytest
from django.test import Client

from accounts.models import User
from core import tenancy
from core.models import Event, Outbox
from tests.factories.accounts import an_app
from tests.factories.sign_in import signed_in_client

PAGES = ["/admin/", "/admin/accounts/user/", "/admin/core/outbox/"]


@pytest.mark.parametrize("path", PAGES)
def test_operators_see_it(cast, path):
    assert signed_in_client(cast.operator).get(path).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/admin/login/", "/admin/mfa/authenticator/", "/admin/sessions/"])
def test_others_are_told_it_does_not_exist(cast, path):
    for member in (cast.worker, cast.agency_owner, cast.officer_one):
        assert signed_in_client(member).get(path).status_code == 404


def test_strangers_are_sent_to_the_one_sign_in_page(db):
    assert Client().get("/admin/accounts/user/")["Location"].endswith("/accounts/login/?next=/admin/accounts/user/")
    assert Client().get("/admin/login/")["Location"].split("?")[0].endswith("/accounts/login/")


def test_operators_show_a_second_factor_first(cast):
    an_app(cast.operator.user)

    answer = signed_in_client(cast.operator, factor=False).get("/admin/")

    assert "/accounts/second-factor/?next=%2Fadmin%2F" in answer["Location"]


def test_staff_who_are_not_operators_stay_outside(cast):
    cast.officer_one.user.is_staff = True
    cast.officer_one.user.save()

    assert signed_in_client(cast.officer_one).get("/admin/").status_code == 404


@pytest.mark.parametrize("path", ["add/", "1/change/", "1/delete/"])
def test_accounts_are_not_written_by_hand(cast, path):
    assert signed_in_client(cast.operator).post(f"/admin/accounts/user/{path}", {"name": "x"}).status_code in (302, 403, 404)
    assert not User.objects.filter(name="x").exists()


def act(cast, path, action, *keys):
    return signed_in_client(cast.operator).post(path, {"action": action, "_selected_action": keys})


def test_an_operator_blocks_and_unblocks(cast):
    user = cast.agency_owner.user
    client = signed_in_client(cast.agency_owner)
    assert client.get("/en/me/").status_code == 200

    act(cast, "/admin/accounts/user/", "block", user.pk, cast.operator.user.pk)
    assert client.get("/en/me/").status_code == 302
    act(cast, "/admin/accounts/user/", "unblock", user.pk)

    cast.operator.user.refresh_from_db()
    user.refresh_from_db()
    assert (user.is_active, cast.operator.user.is_active) == (True, True)
    with tenancy.activate(user.pk):
        verbs = list(Event.objects.filter(person_id=user.pk).order_by("pk").values_list("verb", "actor_id"))
    assert verbs == [("account.disabled", cast.operator.user.pk), ("account.enabled", cast.operator.user.pk)]


def test_a_dead_letter_is_shown_and_tried_again(cast, monkeypatch):
    from django.utils import timezone

    sent = []
    monkeypatch.setattr("core.tasks._send", lambda event_id, organization_id: sent.append(event_id))
    Outbox.objects.create(event_id=41, state="dead", attempts=5, next_try_at=timezone.now(), error="OSError: gone")
    Outbox.objects.create(event_id=42, state="done", attempts=1, next_try_at=timezone.now())
    body = signed_in_client(cast.operator).get("/admin/core/outbox/").content.decode()

    act(cast, "/admin/core/outbox/", "try_again", 41)

    assert "OSError: gone" in body
    assert sent == [41]
    assert (Outbox.objects.get(pk=41).state, Outbox.objects.get(pk=41).attempts) == ("pending", 0)
