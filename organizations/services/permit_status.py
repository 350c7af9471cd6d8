"""The status of a permit: said by its regulator, read off its register, or brought by its last day.

The permit, its append-only history and the public copy change in one transaction, so that every opening under a stopped permit
vanishes with the decision itself. A manual decision needs one officer with a fresh second factor and a reason; sanctions, which
two people decide, are built on top of `record_permit_status`.
"""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import events, tenancy
from core.models import Event
from core.policies import StepUpNeeded, System, require
from organizations.events import permit_status as verbs
from organizations.models import Permit, PermitChange, PermitKind, PermitStatus
from organizations.models.calendar import today_in
from organizations.policies import review as policies
from organizations.services.publication import NOT_CHECKED, publish_permits

SUSPENDED_MARKET = "suspended_market"
EXPIRED = "expired"
KEEP = object()
WARN_DAYS = (30, 7)


def record_permit_status(
    *,
    permit,
    status: str,
    market: str = "",
    since: date,
    until: date | None = None,
    reason: str = "",
    source: str,
    decided_by_name: str,
    actor,
    now: datetime,
    expires_on=KEEP,
    publish: bool = True,
) -> PermitChange:
    """Deliver a status into the permit's organization: Permit, PermitChange, event and, with `publish`, the public copies.

    `market` (ISO country) only with `suspended_market`. `until` is shown; nothing reopens by itself, the regulator says so.
    `expires_on` replaces the last day when given (None = no end). The policy has been asked by the caller.
    """
    if (status == SUSPENDED_MARKET) != bool(market):
        raise ValidationError(_("Say for which market the permit is suspended."), code="market")
    with tenancy.enter(permit.organization_id):
        row = Permit.objects.select_for_update(of=("self",)).select_related("permit_kind").get(pk=permit.pk)
        before = row.status_id
        _apply(row, status, market, since, expires_on, decided_by_name, now)
        change = PermitChange.objects.create(
            organization_id=row.organization_id,
            permit=row,
            status_id=status,
            market=market,
            since=since,
            until=until,
            reason=reason,
            source=source,
            decided_by_name=decided_by_name,
            decided_by=actor.user,
            at=now,
        )
        verb = verbs.EXPIRED if source == PermitChange.Source.EXPIRY else verbs.STATUS_RECORDED
        events.record(verb, subject=row, actor=actor, now=now, data={"from": before, "status": status, "market": market})
    if publish:
        publish_permits([row.organization_id], now=now)
    return change


def set_permit_status(*, permit, status: str, market: str = "", since: date, until: date | None = None, reason: str, actor, now):
    """One officer's decision by hand. `permit`: a Permit or its published copy. Raises Refused, StepUpNeeded, ValidationError."""
    require(policies.can_record_permit_status(actor, permit))
    if not actor.is_fresh(now):
        raise StepUpNeeded
    if not reason.strip():
        raise ValidationError(_("Give the reason. The organization and the public will read it."), code="reason")
    if status == NOT_CHECKED:
        raise ValidationError(_("A permit that was checked cannot go back to “not checked”."), code="status")
    if until is not None and until < since:
        raise ValidationError(_("The last day is before the first day."), code="until")
    if since > today_in(permit.permit_kind.country, now):
        raise ValidationError(_("The first day is in the future. Record it on that day."), code="since")
    return record_permit_status(
        permit=permit,
        status=status,
        market=market,
        since=since,
        until=until,
        reason=reason.strip(),
        source=PermitChange.Source.DECISION,
        decided_by_name=actor.organization.legal_name,
        actor=actor,
        now=now,
    )


def expire_permits(*, now: datetime) -> int:
    """Record `expired` on every permit whose last day is over in its regulator's country. Returns how many.

    The public pages do not wait for this: the published copy ends by the clock. This writes the status, the history and the event.
    """
    actor = System("permit expiry")
    with tenancy.publishing():
        standing = PermitStatus.objects.filter(may_publish=True).values_list("code", flat=True)
        due: list[Permit] = []
        for kind in PermitKind.objects.all():
            today = today_in(kind.country, now)
            due += Permit.reachable.filter(permit_kind=kind, expires_on__lt=today, status__in=list(standing))
    for permit in due:
        assert permit.expires_on is not None  # the question above
        record_permit_status(
            permit=permit,
            status=EXPIRED,
            since=permit.expires_on + timedelta(days=1),
            source=PermitChange.Source.EXPIRY,
            decided_by_name="",
            actor=actor,
            now=now,
        )
    return len(due)


def warn_of_endings(*, now: datetime) -> int:
    """Record, once for each of WARN_DAYS, that a permit in force ends within so many days. Returns how many are written now.

    Late after an outage, only the nearest warning is still worth saying.
    """
    written = 0
    with tenancy.publishing():
        standing = list(PermitStatus.objects.filter(may_publish=True).values_list("code", flat=True))
        due: list[tuple[Permit, date]] = []
        for kind in PermitKind.objects.all():
            today = today_in(kind.country, now)
            soon = (today, today + timedelta(days=max(WARN_DAYS)))
            due += [(p, today) for p in Permit.reachable.filter(permit_kind=kind, expires_on__range=soon, status__in=standing)]
    for permit, today in due:
        written += _warn(permit, today, now)
    return written


def _warn(permit: Permit, today: date, now: datetime) -> bool:
    with tenancy.activate(None, permit.organization_id):
        row = Permit.objects.select_for_update(of=("self",)).get(pk=permit.pk)
        if row.expires_on is None:
            return False
        left = (row.expires_on - today).days
        if not 0 <= left <= max(WARN_DAYS):
            return False
        within = min(days for days in WARN_DAYS if left <= days)
        data = {"within": within, "ends_on": row.expires_on.isoformat()}
        told = Event.objects.filter(
            organization_id=row.organization_id,
            subject_type=row._meta.label_lower,
            subject_id=row.pk,
            verb=verbs.ENDS_SOON.code,
            data__contains=data,
        )
        if told.exists():
            return False
        events.record(verbs.ENDS_SOON, subject=row, actor=System("permit expiry"), now=now, data=data)
        return True


def _apply(row, status, market, since, expires_on, decided_by_name, now) -> None:
    """The new status on the permit. A stop for one market adds it; being valid again or a full stop clears the list."""
    row.status_id = status
    row.status_since = since
    if status == SUSPENDED_MARKET:
        row.suspended_markets = sorted({*row.suspended_markets, market})
    else:
        row.suspended_markets = []
    if expires_on is not KEEP:
        row.expires_on = expires_on
    if decided_by_name:
        row.checked_at, row.checked_by_name = now, decided_by_name
    row.save(
        update_fields=["status", "status_since", "suspended_markets", "expires_on", "checked_at", "checked_by_name"],
    )
