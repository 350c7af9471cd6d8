"""Who may post, change and decide. Pure functions; `thing` is a JobOrder, a version or a line, known by `organization_id`."""

from django.utils.translation import gettext_lazy as _

from core.policies import ALLOWED, Denied
from organizations.models.organization import Role
from organizations.policies.review import can_work_reviews

EDITORS = (Role.OWNER, Role.MANAGER, Role.RECRUITER)


def can_list(actor, thing=None):
    """The list of openings: every member of an organization that may post."""
    if actor.organization_id is None:
        return Denied(_("Choose an organization first."))
    if not actor.organization.organization_kind.may_post:
        return Denied(_("Organizations of this kind do not post openings."))
    return ALLOWED


def can_view(actor, thing=None):
    if thing is not None and actor.organization_id != thing.organization_id:
        return Denied(_("This opening belongs to another organization."))
    return can_list(actor)


def can_create(actor, thing=None):
    listed = can_list(actor)
    if not listed:
        return listed
    if not actor.has_any_role(EDITORS, actor.organization_id):
        return Denied(_("Only owners, managers and recruiters can write openings."))
    return ALLOWED


def can_edit(actor, thing):
    seen = can_view(actor, thing)
    if not seen:
        return seen
    if not actor.has_any_role(EDITORS, thing.organization_id):
        return Denied(_("Only owners, managers and recruiters can write openings."))
    return ALLOWED


def can_import(actor, thing=None):
    return can_create(actor)


def can_submit(actor, thing):
    return can_edit(actor, thing)


def can_take_back(actor, thing):
    return can_edit(actor, thing)


def can_change(actor, thing):
    """Begin the next version of a published opening."""
    return can_edit(actor, thing)


def can_drop_version(actor, thing):
    return can_edit(actor, thing)


def can_pause(actor, thing):
    return can_edit(actor, thing)


def can_resume(actor, thing):
    return can_edit(actor, thing)


def can_count(actor, thing):
    """Write how many places are filled."""
    return can_edit(actor, thing)


def can_fill(actor, thing):
    return can_edit(actor, thing)


def can_close(actor, thing):
    return can_edit(actor, thing)


def can_withdraw(actor, thing):
    if not actor.has_any_role((Role.OWNER, Role.MANAGER), thing.organization_id):
        return Denied(_("Only owners and managers can withdraw an opening."))
    return can_edit(actor, thing)


def can_publish(actor, thing):
    """An approved opening goes out with the second approval; when its permit was not in force then, its own people do it later."""
    if can_review(actor):
        return ALLOWED
    return can_edit(actor, thing)


def can_see_review(actor, thing=None):
    """Reviewers of a regulator. Which reviews: the selector, which leaves out those of organizations they have ties to."""
    return can_work_reviews(actor)


def can_review(actor, thing=None):
    """Carry a decision over to the opening. Who may take the decision itself is asked of the review (organizations.policies)."""
    return can_work_reviews(actor)


def can_return(actor, thing=None):
    return can_review(actor, thing)


def can_replace_version(actor, thing):
    """An old version gives way when the officers approve the next one."""
    return can_review(actor, thing)


def can_suspend(actor, thing):
    """A regulator's officer, or the machine when a permit stops."""
    if actor.acting_role == "system":
        return ALLOWED
    return can_review(actor, thing)
