"""The person's own desk: who they are here, how they sign in, where they work."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.profile import DeleteAccountForm, ProfileForm
from accounts.services.account import change_profile, erase_account
from accounts.services.phone import masked, read_phone
from core import tenancy
from core.policies import signed_in
from core.views import ActionPage
from organizations.selectors.membership import memberships_of

REMEMBER = timedelta(days=365)


class Me(ActionPage):
    """Name and language can be changed here; everything else is a link to its own page."""

    form_class = ProfileForm
    policy = signed_in
    service = change_profile
    template_name = "organizations/me.html"
    success_message = gettext_lazy("Saved.")

    def get_form(self, thing, data=None, files=None):
        user = self.request.user
        return ProfileForm(data, initial={"name": user.name, "language": user.language})

    def context(self, **context):
        number = read_phone(self.request.user)
        return super().context(
            memberships=memberships_of(self.request.user),
            phone=masked(number) if number else "",
            phone_proved=self.request.user.phone_verified_at is not None,
            phone_sign_in=settings.PHONE_SIGN_IN,
            **context,
        )

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        if response.status_code == 302:
            remember_language(response, request.user.language)
        return response

    def success_url(self, thing, result):
        with translation.override(result.language):
            return reverse("me")


def remember_language(response, language: str) -> None:
    """The cookie that chooses the language where the address does not."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=REMEMBER,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        httponly=True,
    )


class DeleteAccount(ActionPage):
    """The first question is this page, the second its tick box. Lies outside `/me/`, because it ends sessions and sign-in."""

    form_class = DeleteAccountForm
    policy = signed_in
    template_name = "organizations/delete_account.html"

    def context(self, **context):
        return super().context(memberships=self._memberships(), **context)

    def _memberships(self):
        with tenancy.activate(self.request.user.pk):
            return memberships_of(self.request.user)

    def post(self, request, *args, **kwargs):
        form = DeleteAccountForm(request.POST)
        if not form.is_valid() or self._memberships():
            return self.show(None, form)
        erase_account(user=request.user, actor=request.actor, now=timezone.now())
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
