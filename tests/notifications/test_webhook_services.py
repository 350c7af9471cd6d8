"""Connecting a system: who may, what is refused, and what becomes of its secret."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.events import VERBS
from core.models import Event
from core.policies import Conflict, Refused
from core.tasks import dispatch, subscribers_of
from core.vault import VaultError
from notifications.models import Webhook, WebhookDelivery
from notifications.selectors.webhook import HEARABLE
from notifications.services import webhook as services
from notifications.tasks.webhook import end_connections
from organizations.events.registration import CLOSED
from tests.factories.organizations import a_member
from tests.factories.webhooks import a_webhook, again, deliveries, happened

URL = "https://hooks.partner.example/in"


def act(member, function, **given):
    with member.active():
        return function(**given, actor=member.actor(), now=timezone.now())


def verbs_of(member):
    with member.active():
        return list(Event.objects.filter(verb__startswith="webhook.").order_by("pk").values_list("verb", flat=True))


def test_a_secret_is_told_once_and_lies_sealed(cast):
    row, secret = a_webhook(cast.agency_owner)

    assert secret.startswith("whsec_")
    assert secret not in str(vars(row))
    assert services.secrets_of(row, now=timezone.now()) == [secret]
    assert verbs_of(cast.agency_owner) == ["webhook.created"]


@pytest.mark.parametrize("name", ["agency_recruiter", "agency_viewer"])
def test_only_owners_and_managers_connect(cast, name):
    with pytest.raises(Refused):
        a_webhook(getattr(cast, name))


def test_a_manager_connects(cast):
    a_webhook(a_member(cast.agency, "manager"))


def test_another_organization_neither_sees_nor_changes_it(cast):
    row, _secret = a_webhook(cast.agency_owner)

    with cast.rival_owner.active():
        assert not Webhook.objects.filter(pk=row.pk).exists()
    with pytest.raises((Refused, Webhook.DoesNotExist)):
        act(cast.rival_owner, services.delete_webhook, webhook=row)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.partner.example/", "https"),
        ("https://127.0.0.1/", "numbers"),
        ("https://hooks.partner.example:8443/", "port"),
        ("https://user@hooks.partner.example/", "address"),
        ("https://db.internal/", "inside"),
        ("https://intranet/", "host"),
    ],
)
def test_an_address_inside_is_refused_beside_its_field(cast, settings, url, code):
    settings.LOOPBACK_ALLOWED = False

    with pytest.raises(ValidationError) as caught:
        a_webhook(cast.agency_owner, url=url)

    assert [(field, error[0].code) for field, error in caught.value.error_dict.items()] == [("url", code)]


@pytest.mark.parametrize(
    "verbs", [[], ["grievance.filed"], ["membership.started"], ["job_order.published", "api_key.created"], ["x"]]
)
def test_only_facts_of_the_list_can_be_heard(cast, verbs):
    with pytest.raises(ValidationError) as caught:
        a_webhook(cast.agency_owner, verbs=verbs)

    assert list(caught.value.error_dict) == ["verbs"]


def test_the_list_holds_no_complaint_and_no_person():
    assert set(HEARABLE) <= set(VERBS)
    nouns = {code.split(".")[0] for code in HEARABLE}
    assert nouns == {"job_order", "job_order_version", "permit", "organization"}


def test_an_organization_has_few_connections(cast, monkeypatch):
    monkeypatch.setattr(services, "MOST_WEBHOOKS", 1)
    a_webhook(cast.agency_owner)

    with pytest.raises(ValidationError, match="too many"):
        a_webhook(cast.agency_owner)


def test_a_new_secret_signs_beside_the_old_one_for_a_day(cast):
    row, old = a_webhook(cast.agency_owner)

    changed, new = act(cast.agency_owner, services.rotate_secret, webhook=row)

    now = timezone.now()
    assert services.secrets_of(changed, now=now) == [new, old]
    assert services.secrets_of(changed, now=now + timedelta(hours=23, minutes=59)) == [new, old]
    assert services.secrets_of(changed, now=now + timedelta(hours=24, minutes=1)) == [new]
    assert verbs_of(cast.agency_owner)[-1] == "webhook.secret_rotated"


def test_pausing_stops_what_waits_and_switching_on_begins_anew(cast):
    owner = cast.agency_owner
    row, _secret = a_webhook(owner)
    act(owner, services.send_test, webhook=row)

    for _again in range(2):
        act(owner, services.pause_webhook, webhook=row)
    assert (again(owner, row).state, deliveries(owner)[0].state) == ("paused", "stopped")
    for _again in range(2):
        act(owner, services.resume_webhook, webhook=row)

    assert again(owner, row).state == "on"
    assert verbs_of(owner) == ["webhook.created", "webhook.tested", "webhook.paused", "webhook.resumed"]


def test_a_paused_system_gets_no_test(cast):
    row, _secret = a_webhook(cast.agency_owner)
    act(cast.agency_owner, services.pause_webhook, webhook=row)

    with pytest.raises(Refused, match="Switch the messages on"):
        act(cast.agency_owner, services.send_test, webhook=row)


def test_a_deleted_connection_can_never_sign_again(cast):
    owner = cast.agency_owner
    row, _secret = a_webhook(owner)
    act(owner, services.rotate_secret, webhook=row)

    for _again in range(2):
        act(owner, services.delete_webhook, webhook=row)

    gone = again(owner, row)
    assert (gone.state, gone.old_until) == ("closed", None)
    with pytest.raises(VaultError):
        services.secrets_of(gone, now=timezone.now())
    assert verbs_of(owner).count("webhook.deleted") == 1


def test_a_message_is_repeated_only_when_the_first_is_over(cast):
    owner = cast.agency_owner
    row, _secret = a_webhook(owner)
    first = act(owner, services.send_test, webhook=row)
    with pytest.raises(Conflict):
        act(owner, services.replay, delivery=first)

    with owner.active():
        WebhookDelivery.objects.filter(pk=first.pk).update(state="dead")
        first.refresh_from_db()
    second = act(owner, services.replay, delivery=first)

    assert (second.body, second.event_id, second.replay_of) == (first.body, first.event_id, first)
    assert second.message != first.message


def test_changing_a_connection_is_in_the_log(cast):
    row, _secret = a_webhook(cast.agency_owner)

    act(cast.agency_owner, services.change_webhook, webhook=row, name="New", url=f"{URL}/2", verbs=["permit.expired"])

    changed = again(cast.agency_owner, row)
    assert (changed.name, changed.url, changed.verbs) == ("New", f"{URL}/2", ["permit.expired"])
    assert verbs_of(cast.agency_owner)[-1] == "webhook.changed"


def test_a_closed_organization_has_no_systems_any_more(cast):
    owner, rival = cast.agency_owner, cast.rival_owner
    row, _secret = a_webhook(owner)
    paused, _secret = a_webhook(owner)
    act(owner, services.pause_webhook, webhook=paused)
    other, _secret = a_webhook(rival)
    waiting = act(owner, services.send_test, webhook=row)
    closing = happened(owner, CLOSED)
    assert end_connections in [handler for _name, handler in subscribers_of(CLOSED.code)]

    for _again in range(2):
        dispatch(closing.pk, owner.organization.pk)

    assert {again(owner, webhook).state for webhook in (row, paused)} == {"closed"}
    with pytest.raises(VaultError):
        services.secrets_of(again(owner, row), now=timezone.now())
    assert [sent.state for sent in deliveries(owner) if sent.pk == waiting.pk] == ["stopped"]
    assert verbs_of(owner).count("webhook.ended") == 2
    assert again(rival, other).state == "on"
