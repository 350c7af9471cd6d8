"""What could not be delivered, for operators."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import ReadOnlyAdmin
from core.models import Outbox
from core.tasks import replay


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
