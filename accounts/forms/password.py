"""Passwords: nobody needs one, everybody may have one."""

from allauth.account import forms as allauth_forms
from allauth.account.fields import SetPasswordField
from django import forms
from django.utils.translation import gettext_lazy as _

HINT = _("At least 12 letters, numbers or signs. A sentence is easy to remember.")


def password_field(label, autocomplete: str) -> forms.CharField:
    """A field for a password that exists already."""
    return forms.CharField(label=label, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}))


def _new_password(user) -> SetPasswordField:
    field = SetPasswordField(label=_("New password"), help_text=HINT)
    field.widget.attrs.pop("placeholder", None)
    field.user = user
    return field


class _Twice:
    """The same password in both fields."""

    def clean(self):
        cleaned = forms.Form.clean(self)
        if cleaned.get("password1") and cleaned.get("password2") and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        return cleaned


class SetPasswordForm(_Twice, allauth_forms.SetPasswordForm):
    """A first password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"] = _new_password(self.user)
        self.fields["password2"] = password_field(_("New password again"), "new-password")


class ChangePasswordForm(_Twice, allauth_forms.ChangePasswordForm):
    """Another password. Whoever has just signed in with a code need not know the old one (`by_code`)."""

    def __init__(self, *args, by_code: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if by_code:
            del self.fields["oldpassword"]
        else:
            self.fields["oldpassword"] = password_field(_("Present password"), "current-password")
        self.fields["password1"] = _new_password(self.user)
        self.fields["password2"] = password_field(_("New password again"), "new-password")


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more, before something important."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(_("Password"), "current-password")
