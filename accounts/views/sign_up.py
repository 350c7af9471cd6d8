"""Sign-up with a phone number or an e-mail address."""

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import SignupView
from django.conf import settings

from core.policies import public


class SignUp(SignupView):
    """`?by=email` for staff; workers are asked for a phone number."""

    policy = public

    def get_form_kwargs(self):
        by = self.request.POST.get("by") or self.request.GET.get("by") or "phone"
        return {**super().get_form_kwargs(), "by": by}

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "phone_sign_in": settings.PHONE_SIGN_IN}

    def _redirect_to_pending_stage(self, request, stage):
        clear_login(request)
