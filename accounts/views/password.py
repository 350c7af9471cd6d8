"""A password for those who want one. Nobody who signs in with codes can lose it for good: a fresh code replaces the old one."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.views import PasswordChangeView, PasswordSetView
from django.urls import reverse

from accounts.services.session import end_other_sessions
from core.policies import signed_in

BY_CODE_SECONDS = 15 * 60


def signed_in_by_code(request) -> bool:
    """True when a code to the person's phone or mailbox was shown in this session in the last 15 minutes."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "code" and time.time() - record["at"] < BY_CODE_SECONDS for record in records)


class ChangePassword(PasswordChangeView):
    """Every other session ends."""

    policy = signed_in

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "by_code": signed_in_by_code(self.request)}

    def form_valid(self, form):
        response = super().form_valid(form)
        end_other_sessions(self.request.user, self.request.session.session_key)
        return response

    def get_success_url(self):
        return reverse("me")


class SetPassword(PasswordSetView):
    """The first one. Every other session ends."""

    policy = signed_in

    def form_valid(self, form):
        response = super().form_valid(form)
        end_other_sessions(self.request.user, self.request.session.session_key)
        return response

    def get_success_url(self):
        return reverse("me")
