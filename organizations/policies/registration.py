"""Who may register, correct, send and decide what an organization says about itself."""

from django.utils.translation import gettext_lazy as _

from core.policies import ALLOWED, Denied, signed_in
from organizations.models import Organization, Role
from organizations.policies.review import can_work_reviews

EDITORS = (Role.OWNER, Role.MANAGER)

can_register = signed_in


def can_see_desk(actor, organization=None):
    """Every member, whatever the role."""
    if actor.organization_id is None or not actor.roles:
        return Denied(_("Only members of the organization see this page."))
    if organization is not None and organization.pk != actor.organization_id:
        return Denied(_("Only members of the organization see this page."))
    return ALLOWED


def can_edit_registration(actor, organization=None):
    """Owners and managers speak for the organization."""
    organization_id = organization.pk if organization is not None else actor.organization_id
    if not actor.has_any_role(EDITORS, organization_id):
        return Denied(_("Only owners and managers change what the organization says about itself."))
    if actor.organization.organization_kind.may_review:
        return Denied(_("What an office that checks others says about itself is entered by the operator of this platform."))
    return ALLOWED


can_submit_registration = can_edit_registration


def can_close_organization(actor, organization):
    if not actor.has_role(Role.OWNER, organization.pk):
        return Denied(_("Only an owner can close the organization."))
    if organization.state == Organization.State.VERIFIED:
        return Denied(_("A verified organization is closed by its regulator. Write to the regulator."))
    return ALLOWED


def can_decide_registration(actor, organization):
    """Reviewers of a regulator; that two of them agree, and are responsible, is checked by the review."""
    if organization.pk == actor.organization_id:
        return Denied(_("An organization cannot decide about itself."))
    return can_work_reviews(actor)


def can_see_evidence(actor, evidence):
    """Members of the organization; reviewers of the regulator that has a review about it (PostgreSQL lets no other row through)."""
    if actor.organization_id is None:
        return Denied(_("Only members of the organization and its regulator open this file."))
    if evidence.organization_id == actor.organization_id:
        return can_see_desk(actor)
    return can_work_reviews(actor)
