"""Invitations: a link to one address that works once, for seven days. Only the hash of its token is stored."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import events, tenancy
from core.policies import Conflict, require
from organizations.events import membership as verbs
from organizations.models import Invitation, Membership, Organization, Role
from organizations.policies import membership as policies
from organizations.selectors.membership import hash_of
from organizations.services.line import locked

LIFETIME = timedelta(days=7)


def invite(*, organization: Organization, email: str, roles: list[str], actor, now: datetime) -> Invitation:
    """Invite an address. An open invitation of the same address is replaced; a member is not invited again.

    The link is made when the mail is sent (`renew_token`), so that the token stands nowhere but in the mail.
    """
    organization = locked(organization)
    require(policies.can_invite(actor, organization))
    roles = sorted(set(roles) & set(Role.values))
    if not roles:
        raise ValidationError(_("Choose at least one role."), code="roles")
    require(policies.can_give_roles(actor, roles))
    email = email.casefold()
    if Membership.objects.filter(ended_at=None, user__email__iexact=email).exists():
        raise ValidationError({"email": ValidationError(_("This person is a member already."), code="member")})
    for earlier in Invitation.objects.filter(email__iexact=email, accepted_at=None, revoked_at=None):
        _revoke(earlier, actor, now)
    invitation = Invitation.objects.create(
        organization=organization,
        organization_name=organization.legal_name,
        email=email,
        roles=roles,
        token_hash=hash_of(secrets.token_urlsafe(32)),
        invited_by=actor.user,
        expires_at=now + LIFETIME,
    )
    events.record(verbs.INVITED, subject=invitation, actor=actor, now=now, data={"roles": roles})
    return invitation


def renew_token(*, invitation: Invitation) -> str:
    """A new token for the mail that is just being written; the one before it works no more."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hash_of(token)
    invitation.save(update_fields=["token_hash"])
    return token


def revoke_invitation(*, invitation: Invitation, actor, now: datetime) -> Invitation:
    """Take an invitation back; its link answers like one that never existed."""
    require(policies.can_revoke_invitation(actor, invitation))
    fresh = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if fresh.accepted_at is not None:
        raise Conflict(_("The person has accepted the invitation in the meantime."))
    if fresh.revoked_at is None:
        _revoke(fresh, actor, now)
    return fresh


def _revoke(invitation: Invitation, actor, now: datetime) -> None:
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    events.record(verbs.INVITATION_REVOKED, subject=invitation, actor=actor, now=now)


def accept_invitation(*, invitation: Invitation, actor, now: datetime) -> Organization:
    """Become a member. Needs the invited person to be active; PostgreSQL showed them the row because the address is theirs.

    Raises Conflict when it was used, taken back or has run out while the page was open.
    """
    with tenancy.enter(invitation.organization_id):
        fresh = Invitation.objects.select_for_update(of=("self",)).select_related("organization").get(pk=invitation.pk)
        if fresh.accepted_at or fresh.revoked_at or fresh.expires_at <= now:
            raise Conflict(_("This invitation works no more. Ask for a new one."))
        organization = locked(fresh.organization)
        fresh.accepted_at = now
        fresh.save(update_fields=["accepted_at"])
        membership = _join(organization, fresh, actor, now)
        events.record(verbs.INVITATION_ACCEPTED, subject=fresh, actor=actor, now=now, data={"membership": membership.pk})
    return organization


def _join(organization: Organization, invitation: Invitation, actor, now: datetime) -> Membership:
    """A member already (invited under a second address) gets the roles added."""
    membership = Membership.objects.filter(user=actor.user, ended_at=None).first()
    if membership is not None:
        before, membership.roles = membership.roles, sorted({*membership.roles, *invitation.roles})
        membership.save(update_fields=["roles"])
        data = {"user": actor.user_id, "from": before, "to": membership.roles}
        events.record(verbs.ROLES_CHANGED, subject=membership, actor=actor, now=now, data=data)
        return membership
    membership = Membership.objects.create(organization=organization, user=actor.user, roles=invitation.roles)
    events.record(verbs.JOINED, subject=membership, actor=actor, now=now, data={"roles": membership.roles})
    return membership
