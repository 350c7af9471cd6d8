"""Codes that work once, secrets that are sealed."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import transaction
from nacl.secret import SecretBox

from core.vault import lookup_hash

LAST_STEP = "last_step"


def step_of(secret: str, code: str) -> int | None:
    """Which half minute (now, the one before or after) this code belongs to; None when it is wrong."""
    for step in totp.yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step))):
            return step
    return None


@transaction.atomic
def spend_code(user, code: str) -> Authenticator | None:
    """Use up a code of the app or a recovery code of this person. None when it is wrong or was used before.

    A code of an earlier half minute than the last used one is refused as well.
    """
    rows = Authenticator.objects.select_for_update().filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    for row in rows.order_by("pk"):
        row.user = user
        if row.type == Authenticator.Type.TOTP:
            if spend_step(row, step_of(decrypt(row.data["secret"]), code)):
                return row
        elif row.wrap().validate_code(code):
            return row
    return None


def spend_step(authenticator: Authenticator, step: int | None) -> bool:
    """Mark the half minute as used; False when it was used already or is None."""
    if step is None or step <= authenticator.data.get(LAST_STEP, -1):
        return False
    authenticator.data[LAST_STEP] = step
    authenticator.save(update_fields=["data"])
    return True


def seal_secret(text: str) -> str:
    """A secret of an authenticator as it lies in the database. The key hangs on the lookup key, outside the database."""
    return _box().encrypt(text.encode()).hex()


def open_secret(sealed: str) -> str:
    """The secret again. Raises nacl.exceptions.CryptoError when it was changed."""
    return _box().decrypt(bytes.fromhex(sealed)).decode()


def _box() -> SecretBox:
    return SecretBox(lookup_hash("key", purpose="account:authenticator-secrets"))
