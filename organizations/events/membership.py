"""People of an organization, and the keys of its own systems."""

from django.utils.translation import gettext_lazy as _

from core.events import Verb

INVITED = Verb("invitation.sent", _("{actor} invited a person"))
INVITATION_REVOKED = Verb("invitation.revoked", _("{actor} took an invitation back"))
INVITATION_ACCEPTED = Verb("invitation.accepted", _("{actor} accepted the invitation"))
JOINED = Verb("membership.started", _("{actor} became a member"))
ROLES_CHANGED = Verb("membership.roles_changed", _("{actor} changed the roles of a member"))
HANDED_OVER = Verb("membership.handed_over", _("{actor} handed the work of a member over to another"))
ENDED = Verb("membership.ended", _("{actor} ended a membership"))
LEFT = Verb("membership.left", _("{actor} left the organization"))
KEY_CREATED = Verb("api_key.created", _("{actor} made a key for the organization's own systems"))
KEY_REVOKED = Verb("api_key.revoked", _("{actor} revoked a key of the organization's own systems"))
