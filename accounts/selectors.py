"""What the rest of the house may ask about sign-in."""

import hashlib
from datetime import UTC, datetime

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factor(request) -> tuple[str, datetime | None]:
    """Which second factor this session showed last and when; ("", None) when it showed none.

    "totp:12", "recovery_codes:13", or "webauthn:<hash of the credential>": one passkey is one factor, whoever's account it
    is registered in.
    """
    shown = [record for record in get_authentication_records(request, request.user) if record["method"] == "mfa"]
    if not shown:
        return "", None
    last = max(shown, key=lambda record: record["at"])
    kind, pk = last.get("type", ""), last.get("id", "")
    if kind == Authenticator.Type.WEBAUTHN:
        passkey = Authenticator.objects.filter(pk=pk, user=request.user, type=kind).first()
        if passkey is None:
            return "", None
        pk = credential_mark(passkey)
    return f"{kind}:{pk}", datetime.fromtimestamp(last["at"], UTC)


def credential_mark(passkey: Authenticator) -> str:
    """The same for the same credential in any account."""
    credential = passkey.wrap().authenticator_data.credential_data
    return hashlib.sha256(credential.credential_id).hexdigest()[:32]


def has_second_step(user) -> bool:
    """Whether an authenticator app or a passkey is set up."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists()


def passkeys_of(user) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("created_at"))


def sessions_of(user) -> list[UserSession]:
    """Living sessions, newest first, each with its `device` in words; dead ones are dropped on the way."""
    found = sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.last_seen_at, reverse=True)
    for session in found:
        session.device = device_of(session.user_agent)
    return found


_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
             "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari"}  # fmt: skip
_DEVICES = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux"}


def device_of(user_agent: str) -> str:
    """ "Chrome, Android"; "" when the browser does not say. Names of products, the same in every language."""
    said = [next((name for mark, name in known.items() if mark in user_agent), "") for known in (_BROWSERS, _DEVICES)]
    return ", ".join(name for name in said if name)
