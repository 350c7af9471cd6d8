"""What could not be told or delivered, for operators. Dead letters were given up after five tries; the action gives five more."""

from django.contrib import admin, messages
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import ReadOnlyAdmin
from core import tenancy
from core.models import Outbox
from core.tasks import replay
from notifications.models import ChannelState, Delivery, Fanout, WebhookDelivery
from notifications.selectors.dead import dead_webhook_messages
from notifications.services.delivering import revive_deliveries, wake_channel
from notifications.services.fanout import revive_fanout


class DeadLetterAdmin(ReadOnlyAdmin):
    """A list with one action: try again."""

    actions = ("try_again",)

    @admin.action(description=_("Try again"))
    def try_again(self, request, queryset):
        number = self.revive(queryset)
        words = ngettext("%(n)d of them will be tried again.", "%(n)d of them will be tried again.", number)
        self.message_user(request, words % {"n": number}, messages.SUCCESS)

    def revive(self, queryset) -> int:
        raise NotImplementedError


class PostedAdmin(DeadLetterAdmin):
    """Rows that only the postman may read, so the list is made and rendered as the postman."""

    list_display_links = None

    def changelist_view(self, request, extra_context=None):
        with tenancy.posting():
            response = super().changelist_view(request, extra_context)
            return response.render() if hasattr(response, "render") else response

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The list says everything; there is no page of one row."""
        raise Http404


@admin.register(Outbox)
class UndeliveredAdmin(ReadOnlyAdmin):
    """Events that were not yet told to everybody. Dead ones were given up after five tries; the action gives them five more."""

    list_display = ("event_id", "state", "attempts", "next_try_at", "error")
    list_filter = ("state",)
    fields = ("event_id", "organization_id", "user_id", "state", "attempts", "next_try_at", "error")
    ordering = ("state", "event_id")
    actions = ("try_again",)

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(state=Outbox.DONE)

    @admin.action(description=_("Try again"))
    def try_again(self, request, queryset):
        dead = list(queryset.filter(state=Outbox.DEAD).values_list("event_id", flat=True))
        for event_id in dead:
            replay(event_id)
        words = ngettext("%(n)d event will be tried again.", "%(n)d events will be tried again.", len(dead))
        self.message_user(request, words % {"n": len(dead)}, messages.SUCCESS)


@admin.register(Fanout)
class FanoutAdmin(DeadLetterAdmin):
    """Events on their way to the people who hear of them: what waits, and what was given up."""

    list_display = ("event_id", "route", "state", "told", "attempts", "next_try_at", "error")
    list_filter = ("state",)
    fields = ("event_id", "route", "organization_id", "person_id", "cursor", "told", "state", "attempts", "next_try_at", "error")
    ordering = ("state", "pk")

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(state=Fanout.DONE)

    def revive(self, queryset) -> int:
        dead = list(queryset.filter(state=Fanout.DEAD))
        for fanout in dead:
            revive_fanout(fanout=fanout, now=timezone.now())
        return len(dead)


@admin.register(Delivery)
class FailedDeliveryAdmin(PostedAdmin):
    """Messages that failed for good: which way and why, never to whom or what about."""

    list_display = ("id", "channel", "state", "reason", "attempts", "done_at")
    list_filter = ("channel", "reason")
    fields = list_display
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(state=Delivery.State.FAILED)

    def revive(self, queryset) -> int:
        return revive_deliveries(ids=queryset.values_list("pk", flat=True), now=timezone.now())


@admin.register(WebhookDelivery)
class DeadWebhookAdmin(PostedAdmin):
    """Messages to connected systems that were given up. Their owners send them again, on the page of the connection."""

    list_display = ("id", "webhook_id", "verb", "state", "status", "error", "attempts", "done_at")
    list_filter = ("verb", "status")
    fields = list_display
    ordering = ("-pk",)
    actions = ()

    def get_queryset(self, request):
        return dead_webhook_messages()


@admin.register(ChannelState)
class ChannelStateAdmin(ReadOnlyAdmin):
    """How each way out of the house is doing. A broken one rests for ten minutes at most; the action ends the rest."""

    list_display = ("channel", "paused_until", "failures", "error", "worked_at")
    fields = list_display
    ordering = ("channel",)
    actions = ("wake",)

    @admin.action(description=_("End the rest"))
    def wake(self, request, queryset):
        for channel in list(queryset.values_list("channel", flat=True)):
            wake_channel(channel=channel, now=timezone.now())
        self.message_user(request, _("These ways are tried again now."), messages.SUCCESS)
