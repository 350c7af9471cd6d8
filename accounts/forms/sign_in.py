"""One field for everybody: a phone number or an e-mail address."""

import unicodedata

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.core.validators import EmailValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms.password import password_field
from accounts.forms.phone import normal_phone

_is_email = EmailValidator()


def normal_address(raw: str, language: str) -> str | None:
    """An e-mail address in lower case or a number in E.164, however it was typed; None when it is neither.

    One address has one spelling, so that limits count it once.
    """
    text = unicodedata.normalize("NFKC", raw).strip()
    if "@" in text:
        address = "".join(text.split()).lower()
        try:
            _is_email(address)
        except forms.ValidationError:
            return None
        return address
    return normal_phone(text, language) if settings.PHONE_SIGN_IN else None


class SignInForm(LoginForm):
    """Without a password the answer is a code, for known and unknown addresses alike."""

    def __init__(self, *args, with_password: bool = False, **kwargs):
        self.with_password = with_password
        super().__init__(*args, **kwargs)
        label = _("Phone number or e-mail") if settings.PHONE_SIGN_IN else _("E-mail")
        widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
        self.fields["login"] = forms.CharField(label=label, widget=widget, max_length=254)
        self.order_fields(["login", "password"])

    def _setup_password_field(self):
        if self.with_password:
            self.fields["password"] = password_field(_("Password"), "current-password")
        else:
            del self.fields["password"]

    def clean_login(self) -> str:
        address = normal_address(self.cleaned_data["login"], get_language() or "vi")
        if address is None:
            raise forms.ValidationError(_("Write a phone number with its country code, or an e-mail address."), "unreadable")
        return address
