"""Who may see who a worker is."""

from django.utils.translation import gettext_lazy as _

from core.policies import ALLOWED, Denied
from recruitment.models import Worker


def can_see_identity(actor, worker: Worker | None = None):
    """Only the person."""
    if actor.user_id is None:
        return Denied(_("Please sign in first."))
    if actor.organization_id is not None or (worker is not None and worker.user_id != actor.user_id):
        return Denied(_("Only the person can see this."))
    return ALLOWED
