"""Accounts, for operators: who is there, and the one thing they may do, to block and unblock."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.services.account import set_active


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows, writes none."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Phone numbers are sealed and not shown."""

    list_display = ("key", "name", "email", "has_phone", "language", "is_active", "is_staff", "joined_at", "last_login")
    list_filter = ("is_active", "is_staff", "is_demo", "language")
    search_fields = ("name", "email", "key")
    fields = (*list_display, "is_superuser", "is_demo")
    ordering = ("-joined_at",)
    actions = ("block", "unblock")

    @admin.display(boolean=True, description=_("phone"))
    def has_phone(self, user):
        return user.phone_verified_at is not None

    @admin.action(description=_("Block: out at the next request"))
    def block(self, request, queryset):
        self._set(request, queryset, False)

    @admin.action(description=_("Unblock"))
    def unblock(self, request, queryset):
        self._set(request, queryset, True)

    def _set(self, request, queryset, active):
        changed = [user for user in queryset if user.is_active != active and user.pk != request.user.pk]
        for user in changed:
            set_active(user=user, active=active, actor=request.actor, now=timezone.now())
        n = len(changed)
        self.message_user(request, ngettext("%(n)d account changed.", "%(n)d accounts changed.", n) % {"n": n}, messages.SUCCESS)


# Sealed secrets, sessions and addresses are the person's own; nobody works on them here.
for _model in (Group, Authenticator, EmailAddress, UserSession):
    admin.site.unregister(_model)
