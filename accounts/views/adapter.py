"""Where allauth meets this house: phones are sealed, messages are neutral and in the reader's language."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from accounts.forms.phone import PhoneField
from accounts.services import phone as phones


class AccountAdapter(DefaultAccountAdapter):
    """E-mail or phone, each proved by a one-time code."""

    def phone_form_field(self, **kwargs):
        return PhoneField(**kwargs)

    def set_phone(self, user, phone, verified):
        phones.set_phone(user, phone, verified_at=timezone.now() if verified else None)

    def get_phone(self, user):
        number = phones.read_phone(user)
        return (number, user.phone_verified_at is not None) if number else None

    def set_phone_verified(self, user, phone):
        phones.mark_verified(user, now=timezone.now())

    def get_user_by_phone(self, phone):
        return phones.find_by_phone(phone)

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        self._sms(phone, "account/sms/code.txt", code=code)

    def send_unknown_account_sms(self, phone, **kwargs):
        self._sms(phone, "account/sms/unknown.txt")

    def send_account_already_exists_sms(self, phone):
        self._sms(phone, "account/sms/exists.txt")

    def _sms(self, phone, template, **context):
        import_string(settings.SMS_TRANSPORT)().send(phone, render_to_string(template, context).strip())

    def save_user(self, request, user, form, commit=True):
        user.language = translation.get_language() or "vi"
        return super().save_user(request, user, form, commit)

    def is_safe_url(self, url):
        """Same-site paths only; what a browser might read as another host is not one."""
        if not url or "\\" in url or any(ord(c) < 33 for c in url) or url.startswith("//"):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None, require_https=False) and url.startswith("/")
