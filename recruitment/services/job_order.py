"""Writing an opening, sending it for approval, and its states afterwards. Every refusal is a ValidationError by field name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import events as log
from core.policies import Conflict, require
from organizations.models import Organization, Permit, Review
from organizations.models.calendar import today_in
from organizations.services.review import cancel_open_reviews, open_review
from recruitment import events, policies
from recruitment.models import FeeCharge, JobOrder, JobOrderVersion, PayLine
from recruitment.selectors.names import reference, work_name
from recruitment.services import fee as fees
from recruitment.services import terms
from recruitment.services.code import random_code
from recruitment.services.refusal import refused_lines
from recruitment.services.text import clean_texts, replace_texts
from recruitment.services.values import clean_line, clean_values
from recruitment.services.verdict import Judgement
from recruitment.services.version import (
    approved_version,
    changes_between,
    content_of,
    copy_version,
    fingerprint,
    latest_version,
    open_version,
)
from recruitment.services.warning import warnings_of
from recruitment.states import JOB_ORDER, VERSION

ATTEMPTS = 5
DESTINATION = "JP"
STATE = JobOrder.State
MESSAGES = {
    "not_verified": _("Your organization is not verified yet. Finish the registration first; then send the opening."),
    "no_permit": _(
        "No permit of yours that is in force allows this programme in Japan. Look at your permits, or choose another programme."
    ),
    "nothing_changed": _("Nothing has changed since the version that is published."),
    "external_id": _("Another opening of yours has this number already."),
}


@transaction.atomic
def create_job_order(*, actor, now: datetime, copy_from: JobOrder | None = None, external_id: str = "") -> JobOrder:
    """A draft with version 1: empty, or saying what an earlier opening of the same organization said (without its days).

    `external_id` is the organization's own number for it, once in the organization.
    """
    require(policies.can_create(actor))
    if copy_from is not None:
        require(policies.can_view(actor, copy_from))
    try:
        external_id = clean_line(external_id, 60)
    except ValidationError as error:
        raise ValidationError({"external_id": error}) from None
    if external_id and JobOrder.objects.filter(external_id=external_id).exists():
        raise ValidationError({"external_id": ValidationError(MESSAGES["external_id"], code="unique")})
    job_order = _insert(actor, external_id)
    if copy_from is None:
        _first_version(job_order, actor)
    else:
        version = copy_version(latest_version(copy_from), job_order=job_order, actor=actor, now=now, with_dates=False)
        fees.recompute(version, on=today_of(job_order, now))
    log.record(
        events.JOB_ORDER_CREATED, subject=job_order, actor=actor, now=now, data={"copy_of": copy_from.pk if copy_from else None}
    )
    return job_order


@transaction.atomic
def save_draft(
    *,
    job_order: JobOrder,
    actor,
    now: datetime,
    values: Mapping[str, Any] | None = None,
    fee_lines: Sequence[Mapping[str, Any]] | None = None,
    pay_lines: Sequence[Mapping[str, Any]] | None = None,
    texts: Sequence[Mapping[str, Any]] | None = None,
    book: fees.LawBook | None = None,
) -> JobOrderVersion:
    """Store what is given into the version that is being written; the rest stays. Verdicts and figures are computed again.

    `values` by field name (services.values.FIELDS), lines replace the stored ones: fee lines `{item, amount, currency, payer,
    payee, stage, refund, receipt, instalments, note}`, pay lines `{kind, amount, note}`, texts `{key, language, text, origin}`.
    Errors of lines are keyed `fees.0.amount`. Raises Conflict when nothing is open for writing.
    """
    require(policies.can_edit(actor, job_order))
    version = writable_version(job_order)
    today = today_of(job_order, now)
    book = book or fees.LawBook()
    _apply(version, clean_draft(values or {}, fee_lines, pay_lines, texts, book=book, today=today), now)
    version.save()
    fees.recompute(version, on=today, book=book)
    log.record(events.JOB_ORDER_SAVED, subject=job_order, actor=actor, now=now, data={"version": version.number})
    return version


@dataclass
class Check:
    """What stands against sending a version (`errors` by field), and what the regulator will look at (`warnings`)."""

    errors: dict[str, ValidationError]
    warnings: list[dict[str, Any]]
    permit: Permit | None


def check_version(job_order: JobOrder, version: JobOrderVersion, *, now: datetime) -> Check:
    """Everything that submit_job_order asks, without writing anything."""
    organization = _poster(job_order)
    lines, today = fees.fee_lines(version), today_in(organization.country, now)
    judgement = fees.judge_version(version, lines, on=today)
    return _check(organization, version, lines, fees.pay_lines(version), judgement, today)


def _poster(job_order: JobOrder) -> Organization:
    return Organization.reachable.select_related("organization_kind").get(pk=job_order.organization_id)


def _check(
    organization: Organization,
    version: JobOrderVersion,
    lines: Sequence[FeeCharge],
    pay: Sequence[PayLine],
    judgement: Judgement,
    today: date,
) -> Check:
    permit = permit_for(organization, version, on=today)
    errors = organization_errors(organization, permit) | terms.contradictions(version)
    errors |= terms.gaps(version, today=today, expires_on=permit.expires_on if permit else None)
    errors |= refused_lines(judgement, lines)
    return Check(errors, warnings_of(version, judgement, lines, pay), permit)


@transaction.atomic
def submit_job_order(*, job_order: JobOrder, actor, now: datetime, book: fees.LawBook | None = None) -> JobOrderVersion:
    """Send the open version to the regulator of its permit. `book`: law looked up once for many openings.

    Raises ValidationError by field: not_verified, no_permit, required, date_order, date_range, licence_expired_by_then,
    fee_cap and fee_forbidden (naming the law, the amount allowed and what to do), nothing_changed. Raises Conflict when it was
    already sent.
    """
    require(policies.can_submit(actor, job_order))
    job_order = JobOrder.objects.select_for_update(of=("self",)).get(pk=job_order.pk)
    version = writable_version(job_order)
    organization = _poster(job_order)
    lines, pay, today = fees.fee_lines(version), fees.pay_lines(version), today_in(organization.country, now)
    judgement = fees.recompute_lines(version, lines, pay, on=today, book=book or fees.LawBook())
    check = _check(organization, version, lines, pay, judgement, today)
    if check.errors:
        raise ValidationError(check.errors)
    content = content_of(version)
    before = approved_version(job_order) if version.number > 1 else None
    changes = changes_between(content_of(before), content) if before else []
    if before and not changes:
        raise ValidationError(MESSAGES["nothing_changed"], code="nothing_changed")
    version = VERSION.perform(
        version,
        "submit",
        actor=actor,
        now=now,
        data=version_data(version),
        submitted_by=actor.user,
        submitted_at=now,
        content_hash=fingerprint(content),
        changes=changes,
    )
    if job_order.state in (STATE.DRAFT, STATE.RETURNED):
        JOB_ORDER.perform(job_order, "submit", actor=actor, now=now, data={"version": version.number}, permit=check.permit)
    open_review(
        subject_organization=organization,
        subject_type=Review.Subject.JOB_ORDER,
        subject_id=job_order.pk,
        version=version.number,
        title=f"{job_order} · {title_of(version)}",
        warnings=check.warnings,
        permit_kind=check.permit.permit_kind_id if check.permit else None,
        actor=actor,
        now=now,
    )
    return version


@transaction.atomic
def take_back_job_order(*, job_order: JobOrder, actor, now: datetime) -> JobOrderVersion:
    """Take the submitted version back before it is decided; it becomes a draft again."""
    version = open_version(job_order)
    if version is None:
        raise Conflict(_("There is nothing to take back."))
    version = VERSION.perform(version, "take_back", actor=actor, now=now, data=version_data(version))
    if job_order.state == STATE.SUBMITTED:
        JOB_ORDER.perform(job_order, "take_back", actor=actor, now=now)
    _cancel_reviews(job_order, actor, now)
    return version


@transaction.atomic
def start_change(*, job_order: JobOrder, actor, now: datetime) -> JobOrderVersion:
    """Begin the next version of a published opening; the present one stays live. An open version is simply returned."""
    require(policies.can_change(actor, job_order))
    job_order = JobOrder.objects.select_for_update(of=("self",)).get(pk=job_order.pk)
    version = open_version(job_order)
    if version is not None:
        return version
    before = approved_version(job_order)
    if before is None or job_order.state not in (STATE.PUBLISHED, STATE.PAUSED, STATE.APPROVED):
        raise Conflict(_("Only an approved opening that is not finished can be changed."))
    version = copy_version(before, job_order=job_order, actor=actor, now=now, with_dates=True)
    log.record(events.VERSION_STARTED, subject=version, actor=actor, now=now, data=version_data(version))
    return version


@transaction.atomic
def drop_version(*, job_order: JobOrder, actor, now: datetime) -> JobOrderVersion:
    """Drop a later version that is still being written. The first one goes with `withdraw`."""
    version = open_version(job_order)
    if version is None or version.number == 1:
        raise Conflict(_("There is no change to drop."))
    return VERSION.perform(version, "drop", actor=actor, now=now, data=version_data(version))


def writable_version(job_order: JobOrder) -> JobOrderVersion:
    """The version that may be written now. Raises Conflict with the way out."""
    version = open_version(job_order)
    if version is None:
        raise Conflict(_("Nothing is open for writing. Begin a change first."))
    if version.state == JobOrderVersion.State.SUBMITTED:
        raise Conflict(_("This version is with the regulator. Take it back first, or wait for the answer."))
    return version


def permit_for(organization: Organization, version: JobOrderVersion, *, on: date) -> Permit | None:
    """The organization's permit in force that allows this programme in Japan; the one that ends last."""
    programme = reference().programmes.get(version.programme_id or "")
    if programme is None:
        return None
    allowed = Q(permit_kind__programmes__contains=[programme.pk]) | Q(permit_kind__programmes__contains=[programme.family])
    found = (
        Permit.objects.in_force(on=on)
        .filter(allowed)
        .filter(Q(markets=[]) | Q(markets__contains=[DESTINATION]))
        .exclude(suspended_markets__contains=[DESTINATION])
        .select_related("permit_kind")
    )
    return max(found, key=lambda permit: (permit.expires_on or date.max, permit.pk), default=None)


def title_of(version: JobOrderVersion) -> str:
    """What the opening is called: its work and place."""
    work = work_name(version.occupation_id or "", version.field_id or "", version.programme_id or "")
    return ", ".join(part for part in (work, version.city) if part)


def today_of(job_order: JobOrder, now: datetime) -> date:
    """The day in the country of the organization that posts."""
    country = Organization.reachable.filter(pk=job_order.organization_id).values_list("country", flat=True).first()
    return today_in(country or "", now)


def _insert(actor, external_id: str) -> JobOrder:
    """A row with a code that nobody has; another organization's codes are not visible, so the constraint decides."""
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return JobOrder.objects.create(
                    organization_id=actor.organization_id, code=random_code(), external_id=external_id, created_by=actor.user
                )
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _first_version(job_order: JobOrder, actor) -> JobOrderVersion:
    return JobOrderVersion.objects.create(
        organization_id=job_order.organization_id,
        job_order=job_order,
        number=1,
        created_by=actor.user,
        origin_id=usual_origin(actor.organization),
    )


def usual_origin(organization: Organization) -> str | None:
    """People are sought in the organization's own country unless it says otherwise."""
    country = reference().countries.get(organization.country)
    return country.pk if country and country.is_origin and not country.retired else None


@dataclass
class Draft:
    """What was typed, cleaned; None = not given, so it stays as it is."""

    names: frozenset[str]
    values: dict[str, Any]
    fees: list[dict] | None
    pay: list[dict] | None
    texts: list[dict] | None


def clean_draft(values, fee_lines, pay_lines, texts, *, book: fees.LawBook, today: date) -> Draft:
    """Clean everything, so that all mistakes are told at once. Raises ValidationError by field."""
    errors: dict[str, ValidationError] = {}

    def fee(line):
        return fees.clean_fee(line, currencies=book.currencies)

    draft = Draft(
        names=frozenset(values),
        values=_collect(errors, lambda: clean_values(values, today=today)) or {},
        fees=None if fee_lines is None else _collect(errors, lambda: fees.clean_lines("fees", fee_lines, fee)),
        pay=None if pay_lines is None else _collect(errors, lambda: fees.clean_lines("pay", pay_lines, fees.clean_pay)),
        texts=None if texts is None else _collect(errors, lambda: clean_texts(texts)),
    )
    if errors:
        raise ValidationError(errors)
    return draft


def _apply(version: JobOrderVersion, draft: Draft, now: datetime) -> None:
    """Write what was cleaned. Raises ValidationError for what cannot be true together, where this step holds the field."""
    for column, value in draft.values.items():
        setattr(version, column, value)
    wrong = {name: error for name, error in terms.contradictions(version).items() if name in draft.names}
    if wrong:
        raise ValidationError(wrong)
    if draft.fees is not None:
        fees.replace_fees(version, draft.fees)
    if draft.pay is not None:
        fees.replace_pay(version, draft.pay)
    if draft.texts is not None:
        replace_texts(version, draft.texts, now)


def _collect(errors: dict[str, ValidationError], clean) -> Any:
    try:
        return clean()
    except ValidationError as error:
        errors.update({name: ValidationError(mistakes) for name, mistakes in error.error_dict.items()})
        return None


def organization_errors(organization: Organization, permit: Permit | None) -> dict[str, ValidationError]:
    """What stands against sending any opening of this organization under this permit."""
    if organization.state != Organization.State.VERIFIED:
        return {"organization": ValidationError(MESSAGES["not_verified"], code="not_verified")}
    if permit is None:
        return {"programme": ValidationError(MESSAGES["no_permit"], code="no_permit")}
    return {}


def _cancel_reviews(job_order: JobOrder, actor, now: datetime) -> None:
    cancel_open_reviews(
        subject_organization_id=job_order.organization_id,
        subject_type=Review.Subject.JOB_ORDER,
        subject_id=job_order.pk,
        actor=actor,
        now=now,
    )


def version_data(version: JobOrderVersion) -> dict[str, Any]:
    """What an event of a version carries."""
    return {"version": version.number, "job_order": version.job_order_id}
