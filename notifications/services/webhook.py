"""Connecting the systems of an organization. A secret is shown once and lies sealed."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import events
from core.policies import Actor, Conflict, System, require
from core.vault import Context, open_text, seal_record, shred
from notifications import events as happened
from notifications.channels.guard import NotAllowed, read
from notifications.models import Webhook, WebhookDelivery
from notifications.policies import webhook as policies
from notifications.selectors.webhook import HEARABLE, TEST, body_of, webhooks_visible_to

MOST_WEBHOOKS = 10
OLD_SECRET = timedelta(hours=24)
SYSTEM = System("webhooks")
State, Sent = Webhook.State, WebhookDelivery.State


def create_webhook(*, name: str, url: str, verbs: list[str], actor: Actor, now: datetime) -> tuple[Webhook, str]:
    """Connect a system of the actor's organization. Returns the row and its secret. Raises Refused, ValidationError."""
    require(policies.can_manage_webhooks(actor))
    _check(url, verbs)
    if webhooks_visible_to(actor).count() >= MOST_WEBHOOKS:
        raise ValidationError(_("Your organization has too many connections. Delete one first."), code="too_many")
    row = Webhook(
        organization=actor.organization, name=name, url=url, verbs=sorted(set(verbs)), created_by=actor.user, created_at=now
    )
    secret = _new_secret(row)
    row.save()
    events.record(happened.WEBHOOK_CREATED, subject=row, actor=actor, now=now, data={"verbs": row.verbs})
    return row, secret


def change_webhook(*, webhook: Webhook, name: str, url: str, verbs: list[str], actor: Actor, now: datetime) -> Webhook:
    """Another name, address or choice of facts. Raises Refused, ValidationError."""
    row = _locked(webhook)
    require(policies.can_manage_webhooks(actor, row))
    _check(url, verbs)
    row.name, row.url, row.verbs = name, url, sorted(set(verbs))
    row.save(update_fields=["name", "url", "verbs"])
    events.record(happened.WEBHOOK_CHANGED, subject=row, actor=actor, now=now, data={"verbs": row.verbs})
    return row


def rotate_secret(*, webhook: Webhook, actor: Actor, now: datetime) -> tuple[Webhook, str]:
    """A new secret; the old one signs beside it for a day. Returns the row and the new secret."""
    row = _locked(webhook)
    require(policies.can_manage_webhooks(actor, row))
    row.old_secret_sealed, row.old_secret_key, row.old_until = row.secret_sealed, row.secret_key, now + OLD_SECRET
    secret = _new_secret(row)
    row.save(update_fields=["secret_sealed", "secret_key", "old_secret_sealed", "old_secret_key", "old_until"])
    events.record(happened.WEBHOOK_SECRET_ROTATED, subject=row, actor=actor, now=now)
    return row, secret


def pause_webhook(*, webhook: Webhook, actor: Actor, now: datetime) -> Webhook:
    """Nothing is sent until it is switched on again; what would have been sent stands in the log."""
    row = _locked(webhook)
    require(policies.can_manage_webhooks(actor, row))
    if row.state == State.ON:
        stop_waiting(row, now=now)
        Webhook.objects.filter(pk=row.pk).update(state=State.PAUSED)
        events.record(happened.WEBHOOK_PAUSED, subject=row, actor=actor, now=now)
    return row


def resume_webhook(*, webhook: Webhook, actor: Actor, now: datetime) -> Webhook:
    """Send again from now on, also after too many failures."""
    row = _locked(webhook)
    require(policies.can_manage_webhooks(actor, row))
    if row.state in (State.PAUSED, State.BROKEN):
        Webhook.objects.filter(pk=row.pk).update(state=State.ON, failures=0)
        events.record(happened.WEBHOOK_RESUMED, subject=row, actor=actor, now=now)
    return row


def delete_webhook(*, webhook: Webhook, actor: Actor, now: datetime) -> Webhook:
    """End the connection for good: the secrets are destroyed, nothing more is sent. Doing it again changes nothing."""
    row = _locked(webhook)
    require(policies.can_manage_webhooks(actor, row))
    if row.state != State.CLOSED:
        close(row, now=now)
        events.record(happened.WEBHOOK_DELETED, subject=row, actor=actor, now=now)
    return row


def send_test(*, webhook: Webhook, actor: Actor, now: datetime) -> WebhookDelivery:
    """A message that says only that it is a test. Raises Refused when the connection is not in use."""
    row = _locked(webhook)
    require(policies.can_send_to(actor, row))
    event = events.record(happened.WEBHOOK_TESTED, subject=row, actor=actor, now=now)
    body = body_of(event, row, verb=TEST)
    return WebhookDelivery.objects.create(
        organization_id=row.organization_id, webhook=row, event_id=event.pk, verb=TEST, body=body, next_try_at=now, created_at=now
    )


def replay(*, delivery: WebhookDelivery, actor: Actor, now: datetime) -> WebhookDelivery:
    """Send the same message once more, as a delivery of its own. Raises Refused, Conflict while the first is still on its way."""
    require(policies.can_replay(actor, delivery))
    if delivery.state == Sent.WAITING:
        raise Conflict(_("This message is still waiting to be sent."))
    again = WebhookDelivery.objects.create(
        organization_id=delivery.organization_id,
        webhook=delivery.webhook,
        event_id=delivery.event_id,
        verb=delivery.verb,
        body=delivery.body,
        next_try_at=now,
        created_at=now,
        replay_of=delivery.replay_of or delivery,
    )
    events.record(happened.WEBHOOK_REPLAYED, subject=delivery.webhook, actor=actor, now=now, data={"delivery": delivery.pk})
    return again


def secrets_of(row: Webhook, *, now: datetime) -> list[str]:
    """The secrets that sign now, the present one first. Raises a VaultError when they were destroyed."""
    found = [open_text(row.secret_sealed, field="secret", wrapped_key=row.secret_key or b"", context=_context(row))]
    if row.old_until is not None and row.old_until > now and row.old_secret_sealed is not None:
        found.append(
            open_text(row.old_secret_sealed, field="secret", wrapped_key=row.old_secret_key or b"", context=_context(row))
        )
    return found


def stop_waiting(row: Webhook, *, now: datetime) -> None:
    """What still waits is not sent any more."""
    waiting = WebhookDelivery.reachable.filter(webhook_id=row.pk, state=Sent.WAITING)
    waiting.update(state=Sent.STOPPED, done_at=now, claimed_until=None)


def end_webhooks(*, organization_id: int, now: datetime) -> int:
    """The organization was closed: all its connections end. To be called inside it. Returns how many; again, 0."""
    rows = list(Webhook.objects.filter(organization_id=organization_id).exclude(state=State.CLOSED).select_for_update())
    for row in rows:
        close(row, now=now)
        events.record(happened.WEBHOOK_ENDED, subject=row, actor=SYSTEM, now=now)
    return len(rows)


def close(row: Webhook, *, now: datetime) -> None:
    """The connection ends; nobody can sign with its secrets again."""
    stop_waiting(row, now=now)
    gone = shred()
    Webhook.reachable.filter(pk=row.pk).update(state=State.CLOSED, secret_key=gone, old_secret_key=gone, old_until=None)


def _check(url: str, chosen: list[str]) -> None:
    try:
        read(url)
    except NotAllowed as error:
        raise ValidationError({"url": [ValidationError(error.words, code=error.code)]}) from None
    if not chosen or not set(chosen) <= set(HEARABLE):
        raise ValidationError({"verbs": [ValidationError(_("Choose at least one fact of the list."), code="verbs")]})


def _locked(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)


def _new_secret(row: Webhook) -> str:
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    sealed = seal_record({"secret": secret}, context=_context(row))
    row.secret_sealed, row.secret_key = sealed.fields["secret"], sealed.wrapped_key
    return secret


def _context(row: Webhook) -> Context:
    return Context("notifications.Webhook", row.reference)
