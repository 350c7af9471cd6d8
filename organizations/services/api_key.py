"""Keys of an organization's own systems. A key is shown once; its hash is what stays."""

import secrets
from datetime import datetime

from core import events
from core.policies import require
from organizations.events import membership as verbs
from organizations.models import ApiKey, Organization
from organizations.policies import membership as policies
from organizations.selectors.membership import hash_of

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SHOWN = 10


def create_api_key(*, organization: Organization, name: str, actor, now: datetime) -> tuple[ApiKey, str]:
    """A new key that acts as the member who makes it. Returns the row and the key itself: `trg_<organization>_<secret>`."""
    require(policies.can_make_keys(actor, organization))
    key = f"trg_{_base36(organization.pk)}_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(
        organization=organization, name=name, key_hash=hash_of(key), prefix=key[:SHOWN], user=actor.user, created_at=now
    )
    events.record(verbs.KEY_CREATED, subject=row, actor=actor, now=now, data={"prefix": row.prefix})
    return row, key


def revoke_api_key(*, api_key: ApiKey, actor, now: datetime) -> ApiKey:
    """End a key; doing it again changes nothing."""
    fresh = ApiKey.objects.select_for_update(of=("self",)).get(pk=api_key.pk)
    require(policies.can_revoke_key(actor, fresh))
    if fresh.revoked_at is None:
        fresh.revoked_at = now
        fresh.save(update_fields=["revoked_at"])
        events.record(verbs.KEY_REVOKED, subject=fresh, actor=actor, now=now, data={"prefix": fresh.prefix})
    return fresh


def touch_api_key(*, api_key: ApiKey, on) -> None:
    """Remember the day a key was last used; one write a day. Runs inside the key's organization."""
    if api_key.last_used_on != on:
        ApiKey.objects.filter(pk=api_key.pk).update(last_used_on=on)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits
