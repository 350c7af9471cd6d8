"""Who may invite, change and end memberships, and make keys."""

from django.utils.translation import gettext_lazy as _

from core.policies import ALLOWED, Denied
from organizations.models import Role

KEY_MAKERS = (Role.OWNER, Role.MANAGER, Role.RECRUITER)


def can_invite(actor, organization=None):
    organization_id = organization.pk if organization is not None else actor.organization_id
    if not actor.has_any_role((Role.OWNER, Role.MANAGER), organization_id):
        return Denied(_("Only owners and managers invite people."))
    return ALLOWED


def can_give_roles(actor, roles):
    """Owners give every role; managers every role but those two."""
    if actor.has_role(Role.OWNER, actor.organization_id):
        return ALLOWED
    if actor.has_role(Role.MANAGER, actor.organization_id) and not {Role.OWNER, Role.MANAGER} & set(roles):
        return ALLOWED
    return Denied(_("Only an owner can make somebody an owner or a manager."))


def can_revoke_invitation(actor, invitation):
    return can_invite(actor) and can_give_roles(actor, invitation.roles)


def can_change_roles(actor, membership):
    if membership.organization_id != actor.organization_id:
        return Denied(_("This person is not a member of your organization."))
    if membership.user_id == actor.user_id and not actor.has_role(Role.OWNER, actor.organization_id):
        return Denied(_("You cannot change your own roles. Ask an owner."))
    return can_give_roles(actor, membership.roles)


def can_end_membership(actor, membership):
    """Who may change the roles may end the membership; everybody may leave."""
    if membership.organization_id == actor.organization_id and membership.user_id == actor.user_id:
        return ALLOWED
    return can_change_roles(actor, membership)


def can_make_keys(actor, organization=None):
    if not actor.has_any_role(KEY_MAKERS, actor.organization_id):
        return Denied(_("Only owners, managers and recruiters make keys."))
    return ALLOWED


def can_revoke_key(actor, key):
    """One's own; owners and managers every key."""
    if key.organization_id != actor.organization_id:
        return Denied(_("This key does not belong to your organization."))
    if key.user_id == actor.user_id or actor.has_any_role((Role.OWNER, Role.MANAGER), actor.organization_id):
        return ALLOWED
    return Denied(_("Only the person who made the key, an owner or a manager can revoke it."))
