"""Where allauth meets this house: phones are sealed, messages are neutral and in the reader's language."""

import unicodedata

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import transaction
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.forms.phone import PhoneField
from accounts.services import phone as phones

log = structlog.get_logger()

# What an owner is told by mail when something important changed; the words of the mail say nothing else.
NOTICES = {
    "account/email/email_changed": _("The e-mail address of your account was changed."),
    "account/email/email_confirm": _("An e-mail address was added to your account."),
    "account/email/email_deleted": _("An e-mail address was removed from your account."),
    "account/email/password_changed": _("The password of your account was changed."),
    "account/email/password_set": _("A password was added to your account."),
    "mfa/email/totp_activated": _("An authenticator app was added to your account."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed from your account."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account."),
}


class AccountAdapter(DefaultAccountAdapter):
    """E-mail or phone, each proved by a one-time code."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is blocked."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("The address or the password is not right."),
        "phone_password_mismatch": _("The address or the password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right. Look at the newest message."),
        "incorrect_password": _("This password is not right."),
        "invalid_login": _("Write a phone number with its country code, or an e-mail address."),
        "too_many_login_attempts": _("There were too many tries. Wait a few minutes, then ask for a new code."),
        "rate_limited": _("There were too many tries. Wait a few minutes."),
        "same_as_current": _("This is your number already."),
        "phone_taken": _("This number cannot be used. Choose another one."),
        "email_taken": _("This address cannot be used. Choose another one."),
        "unverified_primary_email": _("Prove your e-mail address first."),
        "select_only_one": _("Choose one."),
    }

    # -- phones --

    def phone_form_field(self, **kwargs):
        return PhoneField(**kwargs)

    def set_phone(self, user, phone, verified):
        phones.set_phone(user, phone, verified_at=timezone.now() if verified else None)

    def get_phone(self, user):
        number = phones.read_phone(user)
        return (number, user.phone_verified_at is not None) if number else None

    def set_phone_verified(self, user, phone):
        """The code that was sent to `phone` was shown; it becomes the number of the account."""
        if phones.read_phone(user) == phone:
            phones.mark_verified(user, now=timezone.now())
        else:
            phones.set_phone(user, phone, verified_at=timezone.now())

    def get_user_by_phone(self, phone):
        return phones.find_by_phone(phone)

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        self._sms(phone, "account/sms/code.txt", code=code)

    def send_unknown_account_sms(self, phone, **kwargs):
        self._sms(phone, "account/sms/unknown.txt", url=settings.BASE_URL + reverse("account_signup"))

    def send_account_already_exists_sms(self, phone):
        self._sms(phone, "account/sms/exists.txt", url=settings.BASE_URL + reverse("account_login"))

    def _sms(self, phone, template, **words):
        text = render_to_string(template, words).strip()
        try:
            import_string(settings.SMS_TRANSPORT)().send(phone, text)
        except OSError as error:
            log.warning("sms_failed", error=type(error).__name__)
            raise ImmediateHttpResponse(render(self.request or context.request, "account/not_sent.html", status=503)) from error

    # -- mails: links lead to the configured address only --

    def send_mail(self, template_prefix, email, context):
        words = {**context, "site_url": settings.BASE_URL}
        words.pop("signup_url", None)
        super().send_mail(template_prefix, email, words)

    def send_account_already_exists_mail(self, email):
        self.send_mail("account/email/account_already_exists", email, {})

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        with translation.override(user.language):
            words = {**(context or {}), "notice": NOTICES.get(template_prefix, _("Something changed in your account."))}
            super().send_notification_mail("account/email/notice", user, words, email)

    # -- limits and places --

    def _get_login_attempts_cache_key(self, request, **credentials):
        """One key for one address, by phone as well as by e-mail, however it is spelt."""
        login = credentials.get("email") or credentials.get("phone") or ""
        return unicodedata.normalize("NFKC", login).strip().casefold()

    def get_login_stages(self):
        own = {"allauth.account.stages.EmailVerificationStage": "accounts.views.stages.EmailVerificationStage"}
        own["allauth.account.stages.PhoneVerificationStage"] = "accounts.views.stages.PhoneVerificationStage"
        return [own.get(stage, stage) for stage in super().get_login_stages()]

    @transaction.atomic
    def save_user(self, request, user, form, commit=True):
        user.language = translation.get_language() or "vi"
        return super().save_user(request, user, form, commit)

    def login(self, request, user):
        super().login(request, user)
        request.session["began_at"] = request.session["seen_at"] = int(timezone.now().timestamp())

    def get_password_change_redirect_url(self, request):
        return reverse("me")

    def is_safe_url(self, url):
        """Same-site paths only; what a browser might read as another host is not one."""
        if not url or "\\" in url or any(ord(c) < 33 or ord(c) == 127 for c in url) or url.startswith("//"):
            return False
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
