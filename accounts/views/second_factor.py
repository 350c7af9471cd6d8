"""The second step of staff: set up, shown again before important things, removed."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.selectors import has_second_step, passkeys_of, second_factor
from accounts.services.second_factor import spend_step, step_of
from accounts.services.session import end_other_sessions
from core.policies import STEP_UP, public, signed_in

NEXT = "second_factor_next"


def safe_next(request) -> str:
    """The place the person wanted, if it is a path of ours; else their own page."""
    place = request.GET.get("next", "")
    return place if get_adapter(request).is_safe_url(place) else reverse("me")


def door(request):
    """Sends to the set-up when there is no second step, to a check when this session has not shown it (or, with `?step=1`, not
    in the last five minutes), and then to `next`."""
    place = safe_next(request)
    if not has_second_step(request.user):
        request.session[NEXT] = place
        return render(request, "accounts/second_factor.html", {"next": place})
    _, shown_at = second_factor(request)
    if shown_at is not None and ("step" not in request.GET or timezone.now() - shown_at <= STEP_UP):
        return redirect(place)
    check = "mfa_reauthenticate_webauthn" if passkeys_of(request.user) else "mfa_reauthenticate"
    return redirect(f"{reverse(check)}?{urlencode({'next': place})}")


def _added(request, authenticator, made_codes: bool) -> HttpResponseRedirect:
    """A new second step counts as shown, and ends every other session."""
    post_authentication(request, authenticator, reauthenticated=True)
    end_other_sessions(request.user, request.session.session_key)
    if made_codes:
        return redirect("mfa_view_recovery_codes")
    return redirect(request.session.pop(NEXT, None) or "mfa_index")


class ActivateApp(totp.ActivateTOTPView):
    """A new authenticator app."""

    policy = signed_in

    def form_valid(self, form):
        authenticator, codes = totp_flows.activate_totp(self.request, form)
        spend_step(authenticator, step_of(form.secret, form.cleaned_data["code"]))
        return _added(self.request, authenticator, bool(codes))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {**context, "groups": [secret[i : i + 4] for i in range(0, len(secret), 4)]}


def _removed(request) -> None:
    """Every other session ends; this one has shown nothing any more."""
    end_other_sessions(request.user, request.session.session_key)
    shown = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [record for record in shown if record["method"] != "mfa"]


class RemoveApp(totp.DeactivateTOTPView):
    """Every other session ends."""

    policy = signed_in

    def form_valid(self, form):
        response = super().form_valid(form)
        _removed(self.request)
        return response


class AddPasskey(webauthn.AddWebAuthnView):
    """A new passkey."""

    policy = signed_in

    def form_valid(self, form):
        authenticator, codes = webauthn_flows.add_authenticator(
            self.request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
        )
        return _added(self.request, authenticator, bool(codes))

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "form": kwargs.get("form") or self.get_form()}


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """Every other session ends."""

    policy = signed_in

    def form_valid(self, form):
        response = super().form_valid(form)
        _removed(self.request)
        return response


class RecoveryCodes(recovery.ViewRecoveryCodesView):
    """Shown once; then only how many are left."""

    policy = signed_in

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "next": self.request.session.pop(NEXT, "") or reverse("mfa_index")}


class PasskeyCheck(webauthn.ReauthenticateWebAuthnView):
    """The passkey once more."""

    policy = signed_in

    def form_invalid(self, form):
        for errors in form.errors.values():
            for error in errors:
                get_adapter(self.request).add_message(self.request, messages.ERROR, message=error)
        return redirect(self.request.get_full_path())


class PasskeySignIn(webauthn.LoginWebAuthnView):
    """Signing in with the passkey alone; keeps the place the person wanted."""

    policy = public

    def form_valid(self, form):
        authenticator = form.cleaned_data["credential"]
        place = self.request.POST.get("next", "")
        wanted = place if get_adapter(self.request).is_safe_url(place) else None
        login = Login(user=authenticator.user, redirect_url=wanted)
        return webauthn_flows.perform_passwordless_login(self.request, authenticator, login)
