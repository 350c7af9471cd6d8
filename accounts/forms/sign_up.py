"""One way to be reached is enough: a phone number, or an e-mail address."""

from allauth.account.forms import SignupForm as AllauthSignupForm
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.forms.contact import email_field

WAYS = ("phone", "email")


class SignupForm(AllauthSignupForm):
    """Asks for one of the two; `by=email` in the address or the form chooses."""

    def __init__(self, *args, by: str = "phone", **kwargs):
        self.by = by if by in WAYS and settings.PHONE_SIGN_IN else "email"
        super().__init__(*args, **kwargs)
        if self.by == "email":
            self.fields["email"] = email_field()
        else:
            self.fields["phone"].label = _("Phone number")

    def _get_signup_fields(self, kwargs) -> dict:
        return {self.by: {"required": True}}

    def try_save(self, request):
        """Two people who send the same number at the same moment get one account, and the same page."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)
