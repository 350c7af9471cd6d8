"""Authenticator apps and passkeys in this house: secrets are sealed, names are the person's."""

import io

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.services import phone as phones
from accounts.services import second_factor


class MfaAdapter(DefaultMFAAdapter):
    """Second steps."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or it was used before. Wait for the next one."),
        "unverified_email": _("Prove your e-mail address first."),
        "cannot_delete_authenticator": _("This cannot be removed."),
    }

    def encrypt(self, text):
        return second_factor.seal_secret(text)

    def decrypt(self, encrypted_text):
        return second_factor.open_secret(encrypted_text)

    def build_totp_svg(self, url):
        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=6, border=3, dark="#000", light="#fff")
        return picture.getvalue().decode()

    def _get_user_identifier(self, user):
        """What stands beside the code in the app."""
        number = phones.read_phone(user)
        return user.email or (phones.masked(number) if number else str(user))

    def _get_site_name(self):
        return settings.MFA_TOTP_ISSUER

    def generate_authenticator_name(self, user, type):
        return gettext("My passkey")

    def spend_code(self, user, code):
        """Use up a code; the authenticator it belongs to, or None."""
        return second_factor.spend_code(user, code)

    def step_of(self, secret, code):
        return second_factor.step_of(secret, code)
