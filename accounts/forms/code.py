"""One-time codes."""

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _


def code_field(label=None, hint="") -> forms.CharField:
    """Six digits; spaces and hyphens do not matter."""
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})
    return forms.CharField(label=label or _("Code"), help_text=hint, max_length=40, widget=widget)


class _Six:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(hint=_("6 digits"))


class SignInCodeForm(_Six, allauth_forms.ConfirmLoginCodeForm):
    """The code that was sent to sign in."""


class PhoneCodeForm(_Six, allauth_forms.VerifyPhoneForm):
    """The code that proves a phone number."""


class EmailCodeForm(_Six, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that proves an e-mail address."""
