"""Who may decide for a regulator. The second factor's age is asked by the services, which know the time."""

from django.utils.translation import gettext_lazy as _

from core.policies import ALLOWED, Denied
from organizations.models import REVIEWERS, Jurisdiction, Membership


def can_work_reviews(actor, thing=None):
    """Officers, managers and owners of an organization that reviews others."""
    if actor.organization is None or not actor.organization.organization_kind.may_review:
        return Denied(_("Only a regulator has reviews."))
    if not actor.has_any_role(REVIEWERS, actor.organization_id):
        return Denied(_("Only review officers, managers and owners work on reviews."))
    return ALLOWED


def can_see_review(actor, review):
    """A reviewer of the regulator that has it, without ties to the organization it is about."""
    if not actor.has_any_role(REVIEWERS, review.organization_id):
        return Denied(_("Only review officers, managers and owners of this regulator may see this review."))
    if review.subject_organization_id in Membership.organizations_of(actor.user_id):
        return Denied(_("You work for this organization yourself. Another officer must look at it."))
    return ALLOWED


def can_approve_review(actor, review):
    """Neither the person who submitted it nor the one who approved first; by another second factor than the first one's."""
    seen = can_see_review(actor, review)
    if not seen:
        return seen
    if actor.user_id == review.submitted_by_id:
        return Denied(_("You submitted this yourself. Two other people must approve it."))
    if actor.user_id == review.first_by_id:
        return Denied(_("You approved this already. A second person must approve it too."))
    if not actor.factor:
        return Denied(_("Approving needs a second factor: a passkey or an authenticator app."))
    if actor.factor == review.first_factor:
        return Denied(_("The first approval used the same passkey or authenticator app. Each person needs one of their own."))
    return ALLOWED


def can_return_review(actor, review):
    """Any reviewer but the person who submitted it."""
    seen = can_see_review(actor, review)
    if not seen:
        return seen
    if actor.user_id == review.submitted_by_id:
        return Denied(_("You submitted this yourself. Another person must look at it."))
    return ALLOWED


def can_take_back_approval(actor, review):
    """The first of the two, while the second is missing."""
    seen = can_see_review(actor, review)
    if not seen:
        return seen
    if actor.user_id != review.first_by_id:
        return Denied(_("Only the person who approved first can take that approval back."))
    return ALLOWED


def can_cancel_review(actor, review):
    """The organization it is about, or the machine on its behalf."""
    if actor.user_id is None and actor.acting_role == "system":
        return ALLOWED
    if actor.organization_id != review.subject_organization_id:
        return Denied(_("Only the organization that submitted it can take it back."))
    return ALLOWED


def can_keep_registers(actor, thing=None):
    """Reviewers of a regulator that is responsible for at least one kind of permit."""
    works = can_work_reviews(actor)
    if not works:
        return works
    if not Jurisdiction.kinds_of(actor.organization_id):
        return Denied(_("No kind of permit has been given to your office yet."))
    return ALLOWED


def can_record_permit_status(actor, permit):
    """Reviewers of the regulator of this kind of permit, without ties to its holder. `permit`: a Permit or its published copy."""
    keeps = can_keep_registers(actor)
    if not keeps:
        return keeps
    if permit.permit_kind_id not in Jurisdiction.kinds_of(actor.organization_id):
        return Denied(_("Your office is not responsible for permits of this kind."))
    if permit.organization_id in Membership.organizations_of(actor.user_id):
        return Denied(_("You work for this organization yourself. Another officer must look at it."))
    return ALLOWED
