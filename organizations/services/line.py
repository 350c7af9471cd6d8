"""The lines of an organization's profile: contacts, bank account holders, representatives, permits.

A line comes as a dict, clean from its form. The organization's row is locked first, so that two people who save at once follow
one another and nothing is written twice.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from core import events
from core.policies import Conflict, require
from organizations.events import registration as verbs
from organizations.models import Contact, Organization, Permit, Representative, ReturnedItem, Review
from organizations.models.contacting import contact_lookup
from organizations.models.permit import number_key
from organizations.policies import registration as policies
from organizations.services.evidence import drop_unused_evidence
from organizations.services.likeness import known_elsewhere
from organizations.services.publication import publish_organization
from organizations.services.review import cancel_open_reviews, open_review

BANK = Contact.Kind.BANK_HOLDER
NOUNS = {"contact": Review.Subject.CONTACT, "person": Review.Subject.REPRESENTATIVE, "permit": Review.Subject.PERMIT}


def locked(organization: Organization) -> Organization:
    """The organization's row, locked until the end of the transaction."""
    return Organization.objects.select_for_update(of=("self",)).select_related("organization_kind").get(pk=organization.pk)


def replace_lines(organization: Organization, step: str, lines: list[dict], *, only: set[int] | None) -> None:
    """Make the rows of a step equal to these lines; with `only`, touch no other rows than those.

    A line is found again by what it says (number, name), then by its id, so a repeated save changes nothing.
    """
    rows, key_of_row, key_of_line, write = _tables(organization, step)
    if only is not None:
        rows = rows.filter(pk__in=only)
    by_key = {key_of_row(row): row for row in rows}
    by_id = {row.pk: row for row in by_key.values()}
    found = [by_id.pop(row.pk) if (row := by_key.get(key_of_line(line))) and row.pk in by_id else None for line in lines]
    found = [row or by_id.pop(line.get("id"), None) for row, line in zip(found, lines, strict=True)]
    for row in by_id.values():
        row.delete()
    with _no_second_one():
        for row, line in zip(found, lines, strict=True):
            write(organization, row, line)


@contextmanager
def _no_second_one() -> Iterator[None]:
    """Somebody else may have stored the same line after this form was checked: a Conflict, not a crash."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(_("Somebody stored the same line at the same moment. Look at the list again.")) from error


def _tables(organization, step: str) -> tuple[Any, Callable, Callable, Callable]:
    if step == "permits":
        return (
            Permit.objects.all(),
            lambda row: (row.permit_kind_id, row.number_key),
            lambda line: (line["permit_kind"], number_key(line["number"])),
            write_permit,
        )
    if step == "representatives":
        return (
            Representative.objects.all(),
            lambda row: (row.name.casefold(), row.title.casefold()),
            lambda line: (line["name"].casefold(), line["title"].casefold()),
            write_person,
        )
    rows = Contact.objects.filter(representative=None)
    return (
        rows.filter(kind=BANK) if step == "bank" else rows.exclude(kind=BANK),
        lambda row: (row.kind, row.normalized),
        lambda line: (line["kind"], line["normalized"]),
        write_contact,
    )


def write_contact(organization, row: Contact | None, line: dict, representative: Representative | None = None) -> Contact:
    row = row or Contact(organization=organization)
    changed = (row.kind, row.normalized) != (line["kind"], line["normalized"])
    row.kind, row.value, row.normalized = line["kind"], line["value"], line["normalized"]
    row.label, row.representative = line.get("label", ""), representative
    row.is_public = line["kind"] != BANK
    row.lookup = contact_lookup(row.kind, row.normalized)
    row.verified_at = None if changed else row.verified_at
    row.save()
    return row


def write_person(organization, row: Representative | None, line: dict) -> Representative:
    row = row or Representative(organization=organization)
    row.name, row.latin_name, row.title = line["name"], line["latin_name"], line["title"]
    row.photo = line["file"]
    row.verified_at = None
    row.save()
    _write_phones(organization, row, line["phones"])
    return row


def _write_phones(organization, person: Representative, phones: Iterable[tuple[str, str]]) -> None:
    """`phones`: (as typed, normalized) pairs; those not named any more are removed."""
    wanted = {normalized: value for value, normalized in phones}
    rows = {row.normalized: row for row in Contact.objects.filter(representative=person, kind=Contact.Kind.PHONE)}
    for normalized, row in rows.items():
        if normalized not in wanted:
            row.delete()
    for normalized, value in wanted.items():
        line = {"kind": Contact.Kind.PHONE, "value": value, "normalized": normalized}
        write_contact(organization, rows.get(normalized), line, person)


def write_permit(organization, row: Permit | None, line: dict) -> Permit:
    row = row or Permit(organization=organization)
    row.permit_kind_id, row.number, row.number_key = line["permit_kind"], line["number"], number_key(line["number"])
    row.issued_on, row.expires_on, row.markets = line["issued_on"], line["expires_on"], line["markets"]
    row.scan = line["file"]
    row.save()
    return row


_WRITERS: dict[str, Callable] = {"contact": write_contact, "person": write_person, "permit": write_permit}


def add_line(*, organization: Organization, noun: str, line: dict, actor, now: datetime):
    """A verified organization says something new: the line is stored and goes to the regulator by itself.

    `noun`: `contact`, `person` or `permit`. Until two people there approve it, the line is nobody's answer.
    """
    organization = _open_profile(organization, actor)
    with _no_second_one():
        row = _WRITERS[noun](organization, None, line)
    events.record(verbs.LINE_ADDED, subject=row, actor=actor, now=now, organization_id=organization.pk, data={"noun": noun})
    _send(organization, noun, row, actor, now)
    return row


def change_line(*, organization: Organization, noun: str, row, line: dict, actor, now: datetime):
    """Correct a line that is not verified (new or sent back) and send it again."""
    organization = _open_profile(organization, actor)
    fresh = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not is_changeable(noun, fresh):
        raise Conflict(_("This line was approved in the meantime. Remove it and add a new one."))
    with _no_second_one():
        fresh = _WRITERS[noun](organization, fresh, line)
    ReturnedItem.objects.filter(subject_type=NOUNS[noun], subject_id=fresh.pk, mended_at=None).update(mended_at=now)
    events.record(verbs.LINE_CHANGED, subject=fresh, actor=actor, now=now, organization_id=organization.pk, data={"noun": noun})
    _send(organization, noun, fresh, actor, now)
    return fresh


def remove_line(*, organization: Organization, noun: str, row, actor, now: datetime) -> None:
    """Take a line out of the profile and off the public pages at once. A permit stays: it has a history."""
    organization = _open_profile(organization, actor)
    if noun == "permit" and row.status_id != "not_checked":
        raise Conflict(_("A permit that was checked stays in the profile with its history."))
    cancel_open_reviews(
        subject_organization_id=organization.pk, subject_type=NOUNS[noun], subject_id=row.pk, actor=actor, now=now
    )
    ReturnedItem.objects.filter(subject_type=NOUNS[noun], subject_id=row.pk, mended_at=None).update(mended_at=now)
    events.record(verbs.LINE_REMOVED, subject=row, actor=actor, now=now, organization_id=organization.pk, data={"noun": noun})
    try:
        row.delete()
    except ProtectedError as error:
        raise Conflict(_("Openings use this permit. It cannot be removed.")) from error
    drop_unused_evidence(organization=organization, actor=actor, now=now)
    publish_organization(organization.pk, now=now)


def is_changeable(noun: str, row) -> bool:
    """Only what no regulator has approved yet may be edited; the rest is removed and added anew."""
    return row.status_id == "not_checked" if noun == "permit" else row.verified_at is None


def _open_profile(organization: Organization, actor) -> Organization:
    organization = locked(organization)
    require(policies.can_edit_registration(actor, organization))
    if organization.state != Organization.State.VERIFIED:
        raise Conflict(_("The registration is not verified yet. Change it there."))
    return organization


def _send(organization, noun: str, row, actor, now: datetime) -> None:
    open_review(
        subject_organization=organization,
        subject_type=NOUNS[noun],
        subject_id=row.pk,
        title=title_of(noun, row),
        warnings=contact_warnings(organization, noun, row),
        actor=actor,
        now=now,
    )


def title_of(noun: str, row) -> str:
    """The line's own words: the regulator reads them in another language than they were typed in."""
    return getattr(row, {"permit": "number", "person": "name", "contact": "value"}[noun])


def contact_warnings(organization, noun: str, row) -> list[dict]:
    """Says that another verified organization registered the same phone or account; never which one."""
    if noun == "permit":
        return []
    contacts = Contact.objects.filter(pk=row.pk) if noun == "contact" else Contact.objects.filter(representative=row)
    return known_elsewhere(organization, contacts)
