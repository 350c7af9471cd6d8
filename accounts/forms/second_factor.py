"""Codes of an authenticator app, recovery codes and passkeys.

Every try is counted; a success takes back its own count only and never empties the bucket of the network address. Services are reached through the adapter.
"""

from contextlib import contextmanager

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.code import code_field


@contextmanager
def _counted(user):
    usage = ratelimit.consume(context.request, app="allauth.account", action="login_failed", key=f"second-factor:{user.pk}")
    if usage is None:
        raise get_account_adapter().validation_error("too_many_login_attempts")
    yield
    usage.rollback()


class CodeForm(base_forms.AuthenticateForm):
    """A code of the app, or a recovery code; each works once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(hint=_("6 digits from your app, or one of your recovery codes"))

    def clean_code(self) -> str:
        with _counted(self.user):
            self.authenticator = get_adapter().spend_code(self.user, self.cleaned_data["code"])
            if self.authenticator is None:
                raise get_adapter().validation_error("incorrect_code")
        return self.cleaned_data["code"]


class FreshCodeForm(CodeForm):
    """The same, while signed in already."""

    def save(self):
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class ActivateAppForm(totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(hint=_("6 digits from your app"))

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        with _counted(self.user):
            if get_adapter().step_of(self.secret, self.cleaned_data["code"]) is None:
                raise get_adapter().validation_error("incorrect_code")
        return self.cleaned_data["code"]


def _name_field() -> forms.CharField:
    return forms.CharField(label=_("Name of the passkey"), max_length=60, help_text=_("For example: my phone"))


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """A passkey always asks for the finger, the face or the PIN of the device, so it can also sign in alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field()
        self.fields["passwordless"] = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def clean(self):
        self.cleaned_data["passwordless"] = True
        return super().clean()


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):
    """Another name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field()


class PasskeyForm(webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey as second step."""

    def clean_credential(self):
        credential = self.cleaned_data["credential"]
        webauthn.parse_authentication_response(credential)
        with _counted(self.user):
            return webauthn.complete_authentication(self.user, credential)


class FreshPasskeyForm(PasskeyForm):
    """The same, while signed in already."""

    reauthenticated = True
