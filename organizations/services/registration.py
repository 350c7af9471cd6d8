"""Registration: begun, filled in step by step, sent, corrected where it came back, sent again."""

import re
import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from text_unidecode import unidecode

from core import events, tenancy
from core.policies import Conflict, require
from organizations.events import membership as membership_verbs
from organizations.events import registration as verbs
from organizations.models import (
    Contact,
    Membership,
    Organization,
    Permit,
    RegistrationDraft,
    Representative,
    ReturnedItem,
    Review,
    Role,
)
from organizations.models.registration import GROUPS, STEPS
from organizations.policies import registration as policies
from organizations.selectors.registration import returned_by_step, returned_items
from organizations.services.evidence import drop_unused_evidence
from organizations.services.likeness import check_name, known_elsewhere
from organizations.services.line import BANK, locked, replace_lines
from organizations.services.review import cancel_open_reviews, open_review
from organizations.states import ORGANIZATION

State = Organization.State
EDITABLE = (State.DRAFT, State.RETURNED)
_NO_LOOK_ALIKES = "346789abcdefghjkmnpqrtuvwxy"


def start_registration(*, organization_kind, country: str, legal_name: str, language: str, actor, now: datetime) -> Organization:
    """A new organization in draft with the person as its owner. Needs the person to be active and no organization."""
    require(policies.can_register(actor))
    if organization_kind.may_review:
        raise ValidationError(_("Offices that check others are set up by the operator of this platform."), code="kind")
    organization_id = _next_id()
    with tenancy.enter(organization_id):
        organization = Organization(
            pk=organization_id,
            organization_kind=organization_kind,
            country=country,
            legal_name=legal_name,
            language=language,
            wizard_step=STEPS[0],
        )
        check_name(organization)
        _insert_with_free_slug(organization)
        membership = Membership.objects.create(organization=organization, user=actor.user, roles=[Role.OWNER])
        events.record(
            verbs.REGISTERED, subject=organization, actor=actor, now=now, data={"kind": organization_kind.pk, "country": country}
        )
        events.record(membership_verbs.JOINED, subject=membership, actor=actor, now=now, data={"roles": membership.roles})
    return organization


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('organizations_organization', 'id'))")
        return cursor.fetchone()[0]


def _insert_with_free_slug(organization: Organization) -> None:
    """The address comes from the name where it is written in Latin letters; else from country and chance."""
    latin = re.sub(r"[^\x00-\u024f\u1e00-\u1eff]", "", organization.legal_name)
    wished = slugify(unidecode(latin))[:60].strip("-") if len(latin) * 2 > len(organization.legal_name) else ""
    for slug in (wished, *(f"{wished or organization.country.lower()}-{_chance()}" for _again in range(5))):
        organization.slug = slug
        if len(slug) < 3:
            continue
        try:
            with transaction.atomic():
                organization.save(force_insert=True)
            return
        except IntegrityError:
            continue
    raise Conflict(_("No free address was found for this name. Try again."))


def _chance() -> str:
    return "".join(secrets.choice(_NO_LOOK_ALIKES) for _letter in range(5))


def keep_draft(*, organization: Organization, step: str, data: dict, actor, now: datetime) -> None:
    """Keep a step exactly as it was typed, right or wrong. `data`: `{"fields": {…}}` or `{"lines": [{…}, …]}`."""
    organization = _open_registration(organization, actor)
    kept = {"data": _storable(data), "saved_at": now}
    RegistrationDraft.objects.update_or_create(organization=organization, step=step, defaults=kept)


def _storable(typed):
    """Without the one sign that PostgreSQL cannot keep; the form has refused it already."""
    if isinstance(typed, dict):
        return {name: _storable(value) for name, value in typed.items()}
    if isinstance(typed, list):
        return [_storable(value) for value in typed]
    return typed.replace("\0", "") if isinstance(typed, str) else typed


def save_fields(
    *, organization: Organization, step: str, fields: dict, actor, now: datetime, only: set[str] | None = None
) -> None:
    """Store the answers of the step `names` or `office`; with `only`, these fields and no others."""
    organization = _open_registration(organization, actor)
    items = _returned_in(organization, step, actor)
    wanted = [name for name in GROUPS[step] if only is None or name in only]
    for name in wanted:
        setattr(organization, name, fields[name])
    check_name(organization)
    organization.save(update_fields=[*wanted, "name_key", "needs_name_review"])
    _finish_step(organization, step, [item for item in items if item.item in (*wanted, step)], actor, now)


def save_lines(
    *, organization: Organization, step: str, lines: list[dict], actor, now: datetime, only: set[int] | None = None
) -> None:
    """Store the lines of a step; with `only`, replace just the rows with these ids."""
    organization = _open_registration(organization, actor)
    items = _returned_in(organization, step, actor)
    replace_lines(organization, step, lines, only=only)
    _finish_step(organization, step, items, actor, now)
    drop_unused_evidence(organization=organization, actor=actor, now=now)


def _open_registration(organization: Organization, actor) -> Organization:
    organization = locked(organization)
    require(policies.can_edit_registration(actor, organization))
    if organization.state not in EDITABLE:
        raise Conflict(_("The registration was sent. It can be changed when the regulator sends something back."))
    return organization


def _returned_in(organization: Organization, step: str, actor) -> list[ReturnedItem]:
    """What came back in this step; asked before anything is written, because a line may be removed."""
    if organization.state != State.RETURNED:
        return []
    return returned_by_step(returned_items(actor)).get(step, [])


def _finish_step(organization, step: str, mended: list[ReturnedItem], actor, now: datetime) -> None:
    """Saving a returned step corrects its items: the fields it asked for, or all of its lines."""
    RegistrationDraft.objects.update_or_create(organization=organization, step=step, defaults={"data": {}, "saved_at": now})
    organization.wizard_step = step
    organization.save(update_fields=["wizard_step"])
    ReturnedItem.objects.filter(pk__in=[item.pk for item in mended]).update(mended_at=now)
    for item in mended:
        events.record(verbs.ITEM_MENDED, subject=organization, actor=actor, now=now, data={"item": item.item})
    events.record(verbs.STEP_SAVED, subject=organization, actor=actor, now=now, data={"step": step})


def missing(organization: Organization) -> list[tuple[str, str]]:
    """What stands between the registration and sending it: (step, sentence) pairs in order."""
    found = []
    contacts = Contact.objects.exclude(kind=BANK)
    if not organization.registration_number:
        found.append(("names", _("Write the registration number of the company or office.")))
    if not organization.address:
        found.append(("office", _("Write the address of the office.")))
    if not contacts.filter(kind__in=[Contact.Kind.PHONE, Contact.Kind.EMAIL], representative=None).exists():
        found.append(("contacts", _("Add at least one phone or e-mail address.")))
    if not Representative.objects.exists():
        found.append(("representatives", _("Add at least one representative.")))
    if organization.organization_kind.needs_permit:
        found += _missing_permits()
    typed = RegistrationDraft.objects.exclude(data={}).values_list("step", flat=True)
    found += [(step, _("This step was saved, but something in it is not right yet.")) for step in STEPS if step in set(typed)]
    return found


def _missing_permits() -> list[tuple[str, str]]:
    permits = list(Permit.objects.order_by("pk"))
    if not permits:
        return [("permits", _("Add at least one permit."))]
    return [
        ("permits", _("Add a scan of permit %(number)s.") % {"number": permit.number})
        for permit in permits
        if permit.scan_id is None
    ]


def submit_registration(*, organization: Organization, actor, now: datetime) -> Organization:
    """Send the registration to the regulator. Sent twice, it is sent once.

    Raises ValidationError (`incomplete`, `not_mended`, `no_regulator`), Conflict, Refused.
    """
    organization = locked(organization)
    if organization.state == State.SUBMITTED:
        return organization
    require(policies.can_submit_registration(actor, organization))
    _require_ready(organization)
    warnings = check_name(organization) + known_elsewhere(organization, Contact.objects.all())
    organization.save(update_fields=["name_key", "needs_name_review"])
    organization = ORGANIZATION.perform(
        organization, "submit", actor=actor, now=now, submitted_at=now, submitted_by=actor.user, data={"warnings": len(warnings)}
    )
    open_review(
        subject_organization=organization,
        subject_type=Review.Subject.REGISTRATION,
        subject_id=organization.pk,
        title=organization.legal_name,
        warnings=warnings,
        actor=actor,
        now=now,
    )
    return organization


def _require_ready(organization: Organization) -> None:
    gaps = [sentence for _step, sentence in missing(organization)]
    if gaps:
        raise ValidationError([ValidationError(sentence, code="incomplete") for sentence in gaps])
    open_items = ReturnedItem.objects.filter(subject_type=Review.Subject.REGISTRATION, mended_at=None)
    if organization.state == State.RETURNED and open_items.exists():
        raise ValidationError(_("Some of what was sent back is not corrected yet."), code="not_mended")


def close_organization(*, organization: Organization, actor, now: datetime) -> Organization:
    """Give up a registration that is not under review. Nothing is deleted; the memberships end with the next sign-in to it."""
    organization = ORGANIZATION.perform(locked(organization), "close", actor=actor, now=now)
    cancel_open_reviews(
        subject_organization_id=organization.pk,
        subject_type=Review.Subject.REGISTRATION,
        subject_id=organization.pk,
        actor=actor,
        now=now,
    )
    return organization
