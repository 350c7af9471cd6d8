"""A fact for one person, and its way to them.

The event is told in two steps. A `Fanout` finds the people, some hundred at a time, and writes a `Notice` for each; a notice
has one `Delivery` for each channel it should leave by. Both are unique, so a repeated step writes nothing twice.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PersonRow
from core.tenancy import PostmanPolicy
from notifications.models.channel import Channel
from notifications.models.choice import Category


class Fanout(models.Model):
    """The work of telling one event to one audience. `cursor` is the last person done, so a killed worker's successor goes on."""

    row_kind = "machine"

    WAITING, DONE, DEAD = "waiting", "done", "dead"

    event_id = models.BigIntegerField()
    route = models.CharField(max_length=80)
    organization_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    cursor = models.BigIntegerField(default=0)
    told = models.IntegerField(default=0)
    state = models.CharField(max_length=8, default=WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "route"], name="notifications_fanout_once"),
            models.CheckConstraint(condition=models.Q(state__in=["waiting", "done", "dead"]), name="notifications_fanout_state"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="notifications_fanout_due"),
            models.Index(fields=["id"], condition=models.Q(state="dead"), name="notifications_fanout_dead"),
        ]

    def __str__(self):
        return f"{self.event_id} {self.route}"


class Notice(PersonRow):
    """A fact for one person, told once (`fact` is its name). It lies in the inbox; words are made from `kind` and `data` when it is
    read, in the reader's language. `data` holds ids, codes and amounts, never what a person wrote; `path` is the page without language.

    `discreet`: nothing of it leaves the house but "you have a new message".
    """

    posted = True

    class Urgency(models.TextChoices):
        URGENT = "urgent", _("At once, also at night")
        NORMAL = "normal", _("Normal")
        LOW = "low", _("Can wait")

    organization = models.ForeignKey("organizations.Organization", null=True, on_delete=models.CASCADE, related_name="+")
    fact = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    category = models.CharField(max_length=12, choices=Category)
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NORMAL)
    discreet = models.BooleanField(default=False)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    path = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            PostmanPolicy(name="notifications_notice_postman"),
            models.UniqueConstraint(fields=["user", "fact"], name="notifications_notice_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notifications_notice_latest"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notifications_notice_unread"),
        ]

    def __str__(self):
        return f"{self.kind} for {self.user_id}"


class Delivery(PersonRow):
    """One notice over one channel. `held` waits for a digest, `merged` went out inside one (`digest`).

    `claimed_until` is the lease of the worker that is sending it; `provider_id` finds the row again when the provider reports back.
    """

    posted = True

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        HELD = "held", _("Kept for the next summary")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        MERGED = "merged", _("Sent in a summary")
        READ_BEFORE = "read_before", _("Not sent: already read on the site")
        STOPPED = "stopped", _("Not sent: this way is switched off")
        FAILED = "failed", _("Failed")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    hint = models.CharField(max_length=120, blank=True)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=200, blank=True)
    digest = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            PostmanPolicy(name="notifications_delivery_postman"),
            models.UniqueConstraint(fields=["notice", "channel"], name="notifications_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_try_at"], condition=models.Q(state="waiting"), name="notifications_delivery_due"
            ),
            models.Index(fields=["next_try_at"], condition=models.Q(state="held"), name="notifications_delivery_held"),
            models.Index(fields=["user", "-id"], name="notifications_delivery_latest"),
            models.Index(
                fields=["channel", "provider_id"], condition=~models.Q(provider_id=""), name="notifications_delivery_answer"
            ),
            models.Index(fields=["channel", "-id"], condition=models.Q(state="failed"), name="notifications_delivery_failed"),
        ]

    def __str__(self):
        return f"{self.notice_id} by {self.channel}: {self.state}"
