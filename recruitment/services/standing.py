"""Where an opening stands once it was written: paused, open again, filled, closed, withdrawn, suspended, places filled.

The public copies follow in the same transaction, so that nobody reads an opening that has ended.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import events as log
from core.policies import Conflict, require
from organizations.models import Permit
from recruitment import events, policies
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.services.job_order import MESSAGES, take_back_job_order, today_of, version_data
from recruitment.services.publication import PermitNotPublished, sync_job_order
from recruitment.services.version import approved_version, open_version
from recruitment.states import JOB_ORDER, VERSION

STATE = JobOrder.State
PLACES = _("Write a number from 0 to %(places)s.")
REASON = _("Choose a reason.")
REASONS = {
    "pause": ("enough_applicants", "employer_asked", "checking", "other"),
    "resume": (),
    "publish": (),
    "fill": (),
    "close": ("selection_over", "employer_cancelled", "terms_changed", "other"),
    "withdraw": ("mistake", "employer_cancelled", "not_needed", "other"),
}
REASON_WORDS = {
    "enough_applicants": _("Enough people have applied"),
    "employer_asked": _("The employer asked for it"),
    "checking": _("Something is being checked"),
    "selection_over": _("The selection is over"),
    "employer_cancelled": _("The employer cancelled the places"),
    "terms_changed": _("The terms changed too much"),
    "mistake": _("It was posted by mistake"),
    "not_needed": _("It is no longer needed"),
    "other": _("Another reason"),
}


@transaction.atomic
def change_state(*, job_order: JobOrder, name: str, actor, now: datetime, reason: str = "") -> JobOrder:
    """pause, resume, publish, fill, close or withdraw, with a reason code where REASONS names some. The public page follows at once."""
    if name not in REASONS:
        raise Conflict(_("This step does not exist."))
    if REASONS[name] and reason not in REASONS[name]:
        raise ValidationError({"reason": ValidationError(REASON, code="choice")})
    if name in ("resume", "publish"):
        _require_permit(job_order, today_of(job_order, now))
    if name in ("fill", "close", "withdraw"):
        _end_open_version(job_order, actor, now)
    fields: dict[str, Any] = {"closed_at": now} if name in ("fill", "close", "withdraw") else {}
    if name == "publish":
        fields["published_at"] = now
    row = JOB_ORDER.perform(job_order, name, actor=actor, now=now, data={"reason": reason} if reason else None, **fields)
    sync(row, now)
    return row


@transaction.atomic
def suspend_job_order(*, job_order: JobOrder, actor, now: datetime, lift: bool = False) -> JobOrder:
    """A regulator's officer or the machine takes an opening off every page, or lets it stand again."""
    row = JOB_ORDER.perform(job_order, "lift" if lift else "suspend", actor=actor, now=now)
    sync(row, now)
    return row


@transaction.atomic
def count_places(*, job_order: JobOrder, filled: Any, actor, now: datetime) -> JobOrder:
    """Write how many places are filled; needs no approval."""
    require(policies.can_count(actor, job_order))
    row = JobOrder.objects.select_for_update(of=("self",)).get(pk=job_order.pk)
    version = approved_version(row)
    if version is None or row.state not in (STATE.PUBLISHED, STATE.PAUSED):
        raise Conflict(_("Only a published opening has places to fill."))
    places = version.places or 0
    if isinstance(filled, bool) or not isinstance(filled, int) or not 0 <= filled <= places:
        raise ValidationError({"filled": ValidationError(PLACES, code="max_value", params={"places": places})})
    row.places_filled = filled
    row.save(update_fields=["places_filled"])
    log.record(events.JOB_ORDER_COUNTED, subject=row, actor=actor, now=now, data={"filled": filled})
    sync(row, now)
    return row


def sync(job_order: JobOrder, now: datetime) -> None:
    """The public copies follow in the same transaction. Before its permit was published, the public never saw the opening."""
    try:
        sync_job_order(job_order.pk, now=now)
    except PermitNotPublished:
        return


def _require_permit(job_order: JobOrder, on: date) -> None:
    """The permit under which it was approved must be in force today."""
    if job_order.permit_id is None or not Permit.objects.in_force(on=on).filter(pk=job_order.permit_id).exists():
        raise ValidationError(MESSAGES["no_permit"], code="no_permit")


def _end_open_version(job_order: JobOrder, actor, now: datetime) -> None:
    """What ends is not decided any more: an open review is taken back, the open version dropped."""
    version = open_version(job_order)
    if version is None:
        return
    if version.state == JobOrderVersion.State.SUBMITTED:
        if job_order.state == STATE.SUBMITTED:
            return
        version = take_back_job_order(job_order=job_order, actor=actor, now=now)
    VERSION.perform(version, "drop", actor=actor, now=now, data=version_data(version))
