"""The registration of an organization and what it says about itself."""

from django.utils.translation import gettext_lazy as _

from core.events import Verb

REGISTERED = Verb("organization.registered", _("{actor} began the registration"))
STEP_SAVED = Verb("organization.step_saved", _("{actor} saved the step “{step}” of the registration"))
SUBMITTED = Verb("organization.submitted", _("{actor} sent the registration for review"))
RETURNED = Verb("organization.returned", _("{actor} returned the registration with reasons"))
VERIFIED = Verb("organization.verified", _("The registration was approved by two people of the regulator"))
CLOSED = Verb("organization.closed", _("{actor} closed the organization"))
ITEM_MENDED = Verb("organization.item_mended", _("{actor} corrected a returned item"))
LINE_ADDED = Verb("organization.line_added", _("{actor} added a line to the profile and sent it for review"))
LINE_CHANGED = Verb("organization.line_changed", _("{actor} changed a line of the profile and sent it for review"))
LINE_REMOVED = Verb("organization.line_removed", _("{actor} removed a line from the profile"))
LINE_ACCEPTED = Verb("organization.line_accepted", _("A line of the profile was approved by two people of the regulator"))
LINE_RETURNED = Verb("organization.line_returned", _("{actor} returned a line of the profile with reasons"))
EVIDENCE_STORED = Verb("evidence.stored", _("{actor} uploaded a file"))
EVIDENCE_VIEWED = Verb("evidence.viewed", _("{actor} opened a file"))
EVIDENCE_REMOVED = Verb("evidence.removed", _("{actor} removed a file"))
