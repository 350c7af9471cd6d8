"""Who may look at what is told."""

from django.utils.translation import gettext_lazy as _

from core.policies import ALLOWED, Actor, Allowed, Denied


def can_preview(actor: Actor, thing=None) -> Allowed | Denied:
    """Members of any organization: the samples hold nothing of anybody."""
    if actor.organization_id is None or not actor.roles:
        return Denied(_("Only members of an organization can see this."))
    return ALLOWED
