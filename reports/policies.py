"""Who may act on reports that were asked for. Who may have which report at all is the report's own policy (reports.catalogue)."""

from django.utils.translation import gettext_lazy as _

from core.policies import ALLOWED, Denied
from organizations.models import Role
from reports.models import ReportRequest

KEEPERS = (Role.OWNER, Role.MANAGER)
OTHER_EYES = _("What you may see has changed since then. Ask for the report again.")


def can_enter(actor, thing=None):
    """The room of reports: every member."""
    if actor.organization_id is None or not actor.roles:
        return Denied(_("Choose an organization first."))
    return ALLOWED


def can_see_job(actor, job):
    """A job of one's own organization; the report's own policy is asked besides."""
    if actor.organization_id != job.organization_id:
        return Denied(_("This report belongs to another organization."))
    return can_enter(actor)


def can_have_file(actor, job):
    """The people who asked for it."""
    seen = can_see_job(actor, job)
    if not seen:
        return seen
    if not ReportRequest.stands(job, actor.user_id):
        return Denied(_("Another person asked for this report. Ask for it yourself: you get the same file."))
    return ALLOWED


def can_cancel(actor, job):
    """The people who asked for it; it goes on while somebody else still waits."""
    return can_have_file(actor, job)


def can_retry(actor, job):
    """Every member who may have the report."""
    return can_see_job(actor, job)


def can_make(actor, job):
    """Begin, finish, give up and delete: the machine."""
    if actor.acting_role != "system":
        return Denied(_("The machine does this by itself."))
    return ALLOWED


def can_see_schedule(actor, schedule):
    """Every member sees what goes out regularly."""
    if actor.organization_id != schedule.organization_id:
        return Denied(_("This schedule belongs to another organization."))
    return can_enter(actor)


def can_change_schedule(actor, schedule):
    """Whoever made it, owners and managers."""
    seen = can_see_schedule(actor, schedule)
    if not seen:
        return seen
    if actor.user_id != schedule.created_by_id and not actor.has_any_role(KEEPERS, schedule.organization_id):
        return Denied(_("Only the person who made the schedule, owners and managers can change it."))
    return ALLOWED
