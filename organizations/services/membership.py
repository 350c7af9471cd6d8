"""People of an organization: roles, handing over, leaving. The last owner stays an owner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import events
from core.policies import Conflict, require
from organizations.events import membership as verbs
from organizations.models import ApiKey, Invitation, Membership, Role
from organizations.policies import membership as policies
from organizations.services.line import locked


@dataclass(frozen=True)
class Holding:
    """A kind of thing that a member holds. `find(membership)` lists it for the page; `hand_over(membership, heir, actor, now)`
    moves it to the heir (a Membership) or ends it. Both run inside the organization. `moves` False = it ends with the member."""

    code: str
    label: Any
    find: Callable[[Membership], list]
    hand_over: Callable[..., None]
    moves: bool = True


HOLDINGS: list[Holding] = []


def declare_holding(holding: Holding) -> None:
    """Another app names what its things are and how they change hands; called when it starts."""
    HOLDINGS.append(holding)


def held_by(membership: Membership) -> list[tuple[Holding, list]]:
    """What the member holds now, by kind; empty kinds are left out."""
    found = [(holding, holding.find(membership)) for holding in HOLDINGS]
    return [(holding, things) for holding, things in found if things]


def change_roles(*, membership: Membership, roles: list[str], actor, now: datetime) -> Membership:
    """Give a member these roles and no others. Raises Conflict for the last owner, ValidationError (`roles`), Refused."""
    locked(membership.organization)
    membership = _living(membership)
    require(policies.can_change_roles(actor, membership))
    before = sorted(membership.roles)
    roles = _clean_roles(roles)
    added = set(roles) - set(before)
    if added:
        require(policies.can_give_roles(actor, added))
    if Role.OWNER not in roles:
        _require_another_owner(membership)
    if roles == before:
        return membership
    membership.roles = roles
    membership.save(update_fields=["roles"])
    data = {"user": membership.user_id, "from": before, "to": roles}
    events.record(verbs.ROLES_CHANGED, subject=membership, actor=actor, now=now, data=data)
    return membership


def end_membership(*, membership: Membership, heir: Membership | None = None, actor, now: datetime) -> Membership:
    """End a membership (one's own: leave). What the member held goes to `heir`; without anything held none is needed.

    Raises Conflict for the last owner, ValidationError (`heir`), Refused.
    """
    organization = locked(membership.organization)
    membership = _living(membership)
    require(policies.can_end_membership(actor, membership))
    _require_another_owner(membership)
    held = held_by(membership)
    heir = _living(heir) if heir is not None else None
    if heir is None and any(holding.moves for holding, _things in held):
        raise ValidationError(_("Choose who takes over."), code="heir")
    if heir is not None and heir.pk == membership.pk:
        raise ValidationError(_("Choose another person."), code="heir")
    for holding, things in held:
        holding.hand_over(membership, heir, actor, now)
        data = {"what": holding.code, "count": len(things), "to": heir.user_id if heir and holding.moves else None}
        events.record(verbs.HANDED_OVER, subject=membership, actor=actor, now=now, data=data)
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    verb = verbs.LEFT if membership.user_id == actor.user_id else verbs.ENDED
    events.record(
        verb, subject=membership, actor=actor, now=now, organization_id=organization.pk, data={"user": membership.user_id}
    )
    return membership


def _living(membership: Membership) -> Membership:
    """The row as it is now that the organization is locked."""
    fresh = Membership.objects.filter(pk=membership.pk, ended_at=None).select_related("organization", "user").first()
    if fresh is None:
        raise Conflict(_("This membership has ended already."))
    return fresh


def _clean_roles(roles: list[str]) -> list[str]:
    known = sorted(set(roles) & set(Role.values))
    if not known:
        raise ValidationError(_("Choose at least one role."), code="roles")
    return known


def _require_another_owner(membership: Membership) -> None:
    """The organization is locked, so two owners who leave at once are looked at one after the other."""
    if is_last_owner(membership):
        raise Conflict(_("This is the last owner. Make another member an owner first."))


def is_last_owner(membership: Membership) -> bool:
    others = Membership.objects.filter(ended_at=None, roles__contains=[Role.OWNER]).exclude(pk=membership.pk)
    return Role.OWNER in membership.roles and not others.exists()


def _open_invitations(membership: Membership) -> list[Invitation]:
    return list(Invitation.objects.filter(invited_by=membership.user, accepted_at=None, revoked_at=None))


def _hand_over_invitations(membership: Membership, heir: Membership, actor, now: datetime) -> None:
    for invitation in _open_invitations(membership):
        invitation.invited_by = heir.user
        invitation.save(update_fields=["invited_by"])


def _living_keys(membership: Membership) -> list[ApiKey]:
    return list(ApiKey.objects.filter(user=membership.user, revoked_at=None))


def _end_keys(membership: Membership, heir: Membership | None, actor, now: datetime) -> None:
    for key in _living_keys(membership):
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        events.record(verbs.KEY_REVOKED, subject=key, actor=actor, now=now, data={"prefix": key.prefix})


declare_holding(
    Holding("invitations", gettext_lazy("Invitations that wait for an answer"), _open_invitations, _hand_over_invitations)
)
declare_holding(Holding("api_keys", gettext_lazy("Keys of the organization's own systems"), _living_keys, _end_keys, moves=False))
