"""Messages to connected systems, over real HTTP: written once, signed, tried again, given up, and stopped."""

import json
import threading
import uuid
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connections
from django.utils import timezone

from core import tenancy
from core.models import Event
from core.tasks import dispatch
from notifications.models import WebhookDelivery
from notifications.services import webhook as services
from notifications.services import webhook_delivery as sending
from notifications.tasks.webhook import forget_webhooks, send_webhooks
from recruitment.events import JOB_ORDER_PUBLISHED
from recruitment.services.code import show
from tests.factories.job_orders import a_complete_draft
from tests.factories.webhooks import STATUS_RECORDED, a_webhook, again, deliveries, happened, noted
from tests.notifications.test_webhook_docs import verify

HEARD = ("job_order.published", "permit.status_recorded")


@pytest.fixture
def owner(cast):
    return cast.agency_owner


@pytest.fixture
def connected(owner, far):
    """A system at the far end that hears two facts; gives its row and secret."""
    return a_webhook(owner, url=f"{far.url}/in", verbs=HEARD)


def one_waiting(owner):
    noted(owner, happened(owner))
    return deliveries(owner)[-1]


def verbs_of(member):
    with member.active():
        return set(Event.objects.filter(verb__startswith="webhook.").values_list("verb", flat=True))


# -- writing ------------------------------------------------------------------------------------------------------------------


def test_an_event_is_written_once_for_each_system_that_hears_it(owner, connected):
    a_webhook(owner, verbs=["permit.expired"])
    event = happened(owner)

    assert [noted(owner, event), noted(owner, event)] == [1, 1]
    assert [(row.webhook_id, row.event_id, row.state) for row in deliveries(owner)] == [(connected[0].pk, event.pk, "waiting")]


def test_another_organizations_system_hears_nothing(cast, owner, far):
    a_webhook(cast.rival_owner, url=far.url)

    event = happened(owner)

    assert noted(owner, event) == 0
    assert deliveries(cast.rival_owner) == []


def test_the_body_holds_codes_and_nothing_that_a_person_wrote(owner, connected):
    data = {"version": 3, "code": "AB-12", "note": "Call Mrs Nguyen, 0912 345 678", "people": ["A", "B"], "final": True}
    noted(owner, happened(owner, JOB_ORDER_PUBLISHED, data=data))
    row = deliveries(owner)[0]

    body = json.loads(row.body)

    assert {key: body[key] for key in ("event", "organization", "subject", "data")} == {
        "event": "job_order.published",
        "organization": "hoa-sen",
        "subject": {"type": "organization", "code": "hoa-sen"},
        "data": {"version": 3, "code": "AB-12", "final": True},
    }
    assert set(body) == {"id", "event", "at", "organization", "subject", "data"}
    assert uuid.UUID(body["id"]) == uuid.uuid5(connected[0].reference, str(row.event_id))


def test_an_opening_is_named_by_its_public_code(cast, owner):
    row, _secret = a_webhook(owner)
    order = a_complete_draft(cast.agency_recruiter)

    event = happened(owner, JOB_ORDER_PUBLISHED, subject=order)
    noted(owner, event)

    assert json.loads(deliveries(owner)[0].body)["subject"] == {"type": "joborder", "code": show(order.code)}
    assert row.state == "on"


def test_what_a_paused_system_misses_stands_in_its_log(owner, connected):
    with owner.active():
        services.pause_webhook(webhook=connected[0], actor=owner.actor(), now=timezone.now())

    assert noted(owner, happened(owner)) == 0
    assert [row.state for row in deliveries(owner)] == ["stopped"]


def test_the_outbox_hands_events_to_the_systems(owner, connected, far):
    event = happened(owner, STATUS_RECORDED, data={"status": "valid"})

    for _again in range(2):
        dispatch(event.pk, owner.organization.pk)
    send_webhooks()

    assert [call.headers["terang-event"] for call in far.calls] == ["permit.status_recorded"]


# -- sending ------------------------------------------------------------------------------------------------------------------


def test_a_message_is_signed_so_that_the_partner_can_check_it(owner, connected, far):
    _row, secret = connected
    waiting = one_waiting(owner)
    far.answer(204)

    assert sending.send_due() == 1

    call, done = far.calls[0], deliveries(owner)[0]
    assert call.path == "/in"
    assert call.body.decode() == waiting.body
    assert (call.headers["content-type"], call.headers["terang-event"]) == ("application/json", "job_order.published")
    assert call.headers["terang-delivery"] == str(waiting.message)
    assert verify(secret, call.headers["terang-signature"], call.body)
    assert not verify("whsec_other", call.headers["terang-signature"], call.body)
    assert not verify(secret, call.headers["terang-signature"], call.body + b" ")
    assert (done.state, done.status, done.attempts, done.error) == ("delivered", 204, 1, "")
    assert done.milliseconds is not None


def test_after_a_new_secret_both_sign(owner, connected, far):
    row, old = connected
    with owner.active():
        _row, new = services.rotate_secret(webhook=row, actor=owner.actor(), now=timezone.now())
    one_waiting(owner)

    sending.send_due()

    header, body = far.calls[0].headers["terang-signature"], far.calls[0].body
    assert header.count("v1=") == 2
    assert verify(old, header, body)
    assert verify(new, header, body)


def tried_at(owner, pk):
    with owner.active():
        row = WebhookDelivery.objects.get(pk=pk)
    return row


def test_it_is_tried_again_with_growing_patience_and_then_given_up(owner, connected, far):
    far.answer(500)
    row = one_waiting(owner)
    waits, now = [], timezone.now()

    for _number in range(len(sending.BACKOFF) + 1):
        with tenancy.posting():
            WebhookDelivery.reachable.filter(pk=row.pk).update(next_try_at=now)
        assert sending.send_due() == 1
        row = tried_at(owner, row.pk)
        waits.append(row.next_try_at - timezone.now())

    assert (row.state, row.attempts, row.status, row.error) == ("dead", 8, 500, "status")
    for expected, got in zip(sending.BACKOFF, waits, strict=False):
        assert expected - timedelta(seconds=5) < got < expected * 1.21
    assert all(one < other for one, other in pairwise(waits[:7]))
    assert sending.send_due() == 0


@pytest.mark.parametrize(
    ("tell", "error"),
    [
        (lambda far: far.answer(302, location="http://127.0.0.1:1/"), "status"),
        (lambda far: far.answer(404), "status"),
        (lambda far: far.close(), "connection"),
    ],
)
def test_whatever_goes_wrong_is_written_down(owner, connected, far, tell, error):
    tell(far)
    one_waiting(owner)

    sending.send_due()

    row = deliveries(owner)[0]
    assert (row.state, row.error, row.claimed_until) == ("waiting", error, None)
    assert len(far.calls) == 1


def test_a_system_that_hangs_is_left_in_time(owner, connected, far, monkeypatch):
    monkeypatch.setattr("notifications.channels.http.post.__kwdefaults__", {"proxy": "", "total": 0.4})
    far.hang()
    one_waiting(owner)

    sending.send_due()

    assert deliveries(owner)[0].error == "timeout"


def test_an_answer_is_never_kept(owner, connected, far):
    far.answer(500, b"secret of the inside" * 5000)
    one_waiting(owner)

    sending.send_due()

    assert "secret of the inside" not in str(vars(deliveries(owner)[0]))


def test_an_address_that_leads_inside_meanwhile_is_not_reached(owner, connected, far, settings):
    one_waiting(owner)
    settings.LOOPBACK_ALLOWED = False

    sending.send_due()

    assert far.calls == []
    assert deliveries(owner)[0].error in {"https", "numbers"}


def test_fifty_failures_in_a_row_switch_it_off_and_the_owners_are_told(owner, connected, far, monkeypatch):
    monkeypatch.setattr(sending, "MOST_FAILURES", 3)
    far.answer(500)
    for _number in range(4):
        noted(owner, happened(owner))

    for _number in range(4):
        sending.send_due()

    row = again(owner, connected[0])
    assert (row.state, row.failures, len(far.calls)) == ("broken", 3, 3)
    assert {delivery.state for delivery in deliveries(owner)} == {"stopped"}
    assert "webhook.broken" in verbs_of(owner)


def test_a_success_forgives_the_failures_before(owner, connected, far, monkeypatch):
    monkeypatch.setattr(sending, "MOST_FAILURES", 2)
    far.answer(500).answer(200).answer(500)
    for _number in range(3):
        one_waiting(owner)
        sending.send_due()

    assert (again(owner, connected[0]).state, again(owner, connected[0]).failures) == ("on", 1)


def test_gone_means_gone(owner, connected, far):
    far.answer(410)
    one_waiting(owner)
    noted(owner, happened(owner))

    sending.send_due()

    assert again(owner, connected[0]).state == "closed"
    assert [row.state for row in deliveries(owner)] == ["dead", "stopped"]
    assert "webhook.gone" in verbs_of(owner)
    assert len(far.calls) == 1


def test_a_system_that_fails_does_not_hold_up_another(cast, owner, connected, far):
    from tests.gateway import gateway

    with gateway() as well:
        a_webhook(cast.rival_owner, url=well.url)
        far.answer(500)
        for member in (owner, cast.rival_owner):
            for _number in range(3):
                noted(member, happened(member))

        sending.send_due()

    assert (len(far.calls), len(well.calls)) == (1, 3)


def test_a_worker_that_died_lets_go_by_itself(owner, connected, far):
    row = one_waiting(owner)
    now = timezone.now()

    assert sending.claim(now=now).pk == row.pk
    assert sending.claim(now=now) is None
    assert sending.claim(now=now + sending.LEASE).attempts == 2


def test_an_outcome_after_the_lease_changes_nothing(owner, connected, far):
    one_waiting(owner)
    first = sending.claim(now=timezone.now())
    sending.claim(now=timezone.now() + sending.LEASE)

    sending.send(first, now=timezone.now())

    assert deliveries(owner)[0].state == "waiting"


def test_two_workers_send_each_message_once(committed, far):
    """Real transactions in two threads."""
    from tests.factories.organizations import a_member, an_organization

    members = [a_member(an_organization(f"company-{number}"), "owner") for number in range(6)]
    for member in members:
        a_webhook(member, url=far.url)
        noted(member, happened(member))

    def work():
        try:
            sending.send_due()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    sent = [call.headers["terang-delivery"] for call in far.calls]
    assert len(sent) == len(set(sent)) == 6


def test_the_log_goes_back_ninety_days(owner, connected, far):
    """Repetitions first; what was repeated later stays as long as the repetition."""
    first = one_waiting(owner)
    sending.send_due()
    for _number in range(2):
        with owner.active():
            services.replay(delivery=WebhookDelivery.objects.get(pk=first.pk), actor=owner.actor(), now=timezone.now())
    sending.send_due()
    old = timezone.now() - timedelta(days=91)
    with tenancy.posting():
        WebhookDelivery.reachable.filter(pk=first.pk).update(done_at=old)
    kept = forget_webhooks()
    with tenancy.posting():
        WebhookDelivery.reachable.update(done_at=old)
    one_waiting(owner)

    assert (kept, forget_webhooks()) == (0, 3)
    assert [row.state for row in deliveries(owner)] == ["waiting"]
