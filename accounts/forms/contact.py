"""Another phone number, another e-mail address."""

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _


def email_field(**kwargs) -> forms.EmailField:
    """An e-mail address."""
    kwargs.setdefault("label", _("E-mail"))
    return forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}), max_length=254, **kwargs)


class ChangePhoneForm(allauth_forms.ChangePhoneForm):
    """Asks for the new number; a code goes to it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("New phone number")


class ChangeEmailForm(allauth_forms.AddEmailForm):
    """Asks for the new address; a code goes to it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field(label=_("New e-mail"))
