"""Openings change hands when the member who keeps them leaves."""

from django.utils.translation import gettext_lazy as _

from organizations.services.membership import Holding
from recruitment.models import JobOrder


def _kept_by(membership) -> list[JobOrder]:
    """Openings that are not finished; finished ones keep the name of who made them."""
    return list(JobOrder.objects.open().filter(created_by=membership.user))


def _hand_over(membership, heir, actor, now) -> None:
    JobOrder.objects.open().filter(created_by=membership.user).update(created_by=heir.user)


OPENINGS = Holding("job_orders", _("Openings that are not finished"), _kept_by, _hand_over)
