"""What can happen to the status of a permit, and to the register it comes from."""

from django.utils.translation import gettext_lazy as _

from core.events import Verb

STATUS_RECORDED = Verb("permit.status_recorded", _("{actor} recorded the permit's status: {status}"))
EXPIRED = Verb("permit.expired", _("The permit reached its last day and expired"))
ENDS_SOON = Verb("permit.ends_soon", _("The permit ends on {ends_on}"))
REGISTER_UPLOADED = Verb("register.uploaded", _("{actor} handed in a permit register of {rows} lines"))
REGISTER_REFUSED = Verb("register.refused", _("The register was refused: {errors} lines are wrong"))
REGISTER_CHECKED = Verb("register.checked", _("The register was checked: {changed} permits would change"))
REGISTER_CONFIRMED = Verb("register.confirmed", _("{actor} confirmed the register"))
REGISTER_APPLIED = Verb("register.applied", _("The register was taken over: {changed} permits changed"))
