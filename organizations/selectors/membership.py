"""Doorways to people: memberships, invitations, keys."""

import hashlib
from datetime import datetime

from django.db.models import F, QuerySet

from core import tenancy
from core.policies import Actor
from organizations.models import ApiKey, Invitation, Membership, Organization


def membership_of(user, slug: str) -> Membership | None:
    """The person's living membership in the organization of this address; needs only the person to be active."""
    return (
        Membership.reachable.select_related("organization", "organization__organization_kind")
        .filter(user=user, organization__slug=slug, ended_at__isnull=True)
        .first()
    )


def memberships_of(user) -> list[Membership]:
    """The person's living memberships, of every organization; needs only the person to be active."""
    return list(
        Membership.reachable.select_related("organization", "organization__organization_kind")
        .filter(user=user, ended_at__isnull=True)
        .order_by("organization__legal_name", "pk")
    )


def memberships_visible_to(actor: Actor) -> QuerySet[Membership]:
    """The living memberships of the organization."""
    return Membership.objects.filter(ended_at__isnull=True).select_related("user", "organization").order_by("since", "pk")


def former_members(actor: Actor) -> list[Membership]:
    return list(Membership.objects.filter(ended_at__isnull=False).select_related("user").order_by("-ended_at")[:20])


def colleagues(actor: Actor, membership: Membership) -> list[Membership]:
    """Who may take over from this member."""
    return list(memberships_visible_to(actor).exclude(pk=membership.pk))


def invitations_visible_to(actor: Actor) -> QuerySet[Invitation]:
    """Invitations nobody has used or taken back."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None).select_related("invited_by").order_by("-pk")


def hash_of(token: str) -> str:
    """What is stored of an invitation's token or of a key."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_by_token(token: str, *, now: datetime) -> Invitation | None:
    """The open invitation of this link, if it was sent to a verified address of the active person; else None, for whatever reason."""
    return Invitation.reachable.filter(token_hash=hash_of(token), accepted_at=None, revoked_at=None, expires_at__gt=now).first()


def api_keys_visible_to(actor: Actor) -> QuerySet[ApiKey]:
    """Owners and managers see every key, the others their own."""
    keys = ApiKey.objects.select_related("user").order_by(F("revoked_at").asc(nulls_first=True), "-pk")
    if actor.has_any_role(("owner", "manager"), actor.organization_id):
        return keys
    return keys.filter(user=actor.user)


def organization_id_in(key: str) -> int | None:
    """The organization that a key names: `trg_<id in base 36>_<secret>`. None when it has not that shape."""
    head, _, rest = key.partition("_")
    number, _, secret = rest.partition("_")
    if head != "trg" or not secret or len(number) > 12 or not number.isalnum() or not number.isascii():
        return None
    return int(number, 36)


def member_of_key(key: str) -> tuple[Organization, Membership, ApiKey] | None:
    """Who a key acts for, with what roles; None for an unknown or revoked key or a member who left. Activates by itself."""
    organization_id = organization_id_in(key)
    if organization_id is None or organization_id >= 2**63:
        return None
    with tenancy.activate(None, organization_id):
        found = (
            ApiKey.objects.select_related("organization", "organization__organization_kind")
            .filter(key_hash=hash_of(key), revoked_at=None)
            .first()
        )
        if found is None:
            return None
        membership = Membership.objects.select_related("user").filter(user_id=found.user_id, ended_at=None).first()
        return (found.organization, membership, found) if membership and membership.user.is_active else None


def invitation_to_send(pk: int) -> Invitation | None:
    """The invitation of an event, unless it was used or taken back since; inside its organization."""
    return (
        Invitation.objects.select_related("organization", "invited_by").filter(pk=pk, accepted_at=None, revoked_at=None).first()
    )
