"""People who sign in, and what their phones and mailboxes receive."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.phone import set_phone
from notifications.models import MailboxMessage

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def a_person(phone: str = "+84912345678", **fields) -> User:
    """A person with a proved phone number and nothing else."""
    user = User.objects.create_user(None, **fields)
    set_phone(user, phone, verified_at=timezone.now())
    return user


def an_app(user) -> Authenticator:
    """An authenticator app with a known secret, and recovery codes."""
    authenticator = totp.TOTP.activate(user, SECRET).instance
    RecoveryCodes.activate(user)
    return authenticator


def app_code(at: float | None = None) -> str:
    """What the app shows at this moment (now)."""
    return totp.format_hotp_value(totp.hotp_value(SECRET, int((at or time.time()) // 30)))


def messages_to(address: str) -> list[MailboxMessage]:
    return list(MailboxMessage.objects.filter(to=address).order_by("pk"))


def last_code(address: str) -> str:
    """The code in the newest message to this address."""
    return re.search(r"\b\d{6}\b", messages_to(address)[-1].text).group()


def ask_code(client: Client, address: str, **extra):
    """The first page of signing in."""
    return client.post("/en/accounts/login/", {"login": address, **extra})


def enter_code(client: Client, code: str, **extra):
    """The second page of signing in."""
    return client.post("/en/accounts/login/code/confirm/", {"code": code, **extra})


def sign_in(client: Client, address: str):
    """Both pages."""
    ask_code(client, address)
    return enter_code(client, last_code(address))


def is_signed_in(client: Client) -> bool:
    return client.get("/en/me/").status_code == 200
