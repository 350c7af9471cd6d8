"""Who may connect systems of an organization."""

from django.utils.translation import gettext_lazy as _

from core.policies import ALLOWED, Denied
from notifications.models import Webhook
from organizations.models import Role

MANAGERS = (Role.OWNER, Role.MANAGER)


def can_manage_webhooks(actor, webhook=None):
    """Owners and managers of the organization. The desk itself asks for a second factor."""
    if not actor.has_any_role(MANAGERS, actor.organization_id):
        return Denied(_("Only owners and managers connect systems."))
    if webhook is not None and webhook.organization_id != actor.organization_id:
        return Denied(_("This connection does not belong to your organization."))
    return ALLOWED


def can_send_to(actor, webhook):
    """A test or a repetition goes to a system that is in use."""
    if webhook.state != Webhook.State.ON:
        return Denied(_("Switch the messages on first."))
    return can_manage_webhooks(actor, webhook)


def can_replay(actor, delivery):
    return can_send_to(actor, delivery.webhook)
