"""In and out. Known and unknown addresses see the same pages in the same order."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import ConfirmLoginCodeView, LoginView, LogoutView
from allauth.core import ratelimit
from allauth.core.ratelimit import RateLimited
from django.shortcuts import redirect
from django.urls import reverse

from core.policies import public


class SignIn(LoginView):
    """`?with=password` shows the second field. Coming back here begins again."""

    policy = public

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "with_password": self.with_password}

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "with_password": self.with_password}

    @property
    def with_password(self) -> bool:
        return "password" in (self.request.POST.get("with"), self.request.GET.get("with"))

    def _redirect_to_pending_stage(self, request, stage):
        clear_login(request)


class SignInCode(ConfirmLoginCodeView):
    """The code that was sent. A new one goes the same way for known and unknown addresses."""

    policy = public

    def _resend_form_valid(self, form):
        process = self._process
        email, phone = process.state.get("email"), process.state.get("phone")
        if not ratelimit.consume(self.request, action="request_login_code", key=(email or phone).lower()):
            raise RateLimited
        LoginCodeVerificationProcess.initiate(request=self.request, user=process.user, email=email, phone=phone)
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def _verify_form_valid(self, form):
        """An address given by somebody else (an operator, an import) is proved by the first code."""
        if self._process.state.get("email"):
            sync_user_email_address(self._process.user)
        return super()._verify_form_valid(form)


class SignOut(LogoutView):
    """Asks first: a link from elsewhere signs nobody out."""

    policy = public


def to_sign_in(request):
    """Codes are asked for on the sign-in page."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{reverse('account_login')}{'?' + query if query else ''}")
