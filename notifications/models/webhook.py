"""Signed messages to the systems of organizations and partners."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import OrganizationRow
from core.tenancy import PostmanPolicy, TenantForeignKey


class Webhook(OrganizationRow):
    """An address of the organization's own system. The secret is sealed and bound to `reference`; after a change the earlier one signs
    beside the new one until `old_until`, so that nothing is refused in between."""

    posted = True

    class State(models.TextChoices):
        ON = "on", _("In use")
        PAUSED = "paused", _("Paused")
        BROKEN = "broken", _("Switched off after too many failures")
        CLOSED = "closed", _("Deleted")

    reference = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    verbs = ArrayField(models.CharField(max_length=60))
    secret_sealed = models.BinaryField()
    secret_key = models.BinaryField(null=True)
    old_secret_sealed = models.BinaryField(null=True)
    old_secret_key = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.ON)
    failures = models.IntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta(OrganizationRow.Meta):
        constraints = [*OrganizationRow.Meta.constraints, PostmanPolicy(name="notifications_webhook_postman")]

    def __str__(self):
        return self.name


class WebhookDelivery(OrganizationRow):
    """One event to one webhook, with its outcome. `replay_of` marks a repetition that a person asked for."""

    posted = True

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Given up")
        STOPPED = "stopped", _("Not sent: the address is not in use")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message = models.UUIDField(default=uuid.uuid4, editable=False)
    event_id = models.BigIntegerField()
    verb = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    status = models.SmallIntegerField(null=True)
    milliseconds = models.IntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    replay_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            TenantForeignKey(name="notifications_webhookdelivery_same_tenant", field="webhook"),
            PostmanPolicy(name="notifications_webhookdelivery_postman"),
            models.UniqueConstraint(
                fields=["webhook", "event_id"],
                condition=models.Q(replay_of__isnull=True),
                name="notifications_webhookdelivery_once",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="notifications_webhook_due"),
            models.Index(fields=["webhook", "-id"], name="notifications_webhook_latest"),
        ]

    def __str__(self):
        return f"{self.verb} to {self.webhook_id}: {self.state}"
