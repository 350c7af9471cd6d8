"""What an organization says, laid beside what the office knows: the left side of one review."""

from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.forms.review import REASON, STATUS
from organizations.models import Contact, Review
from organizations.selectors.places import country_name
from organizations.selectors.review import NOT_CHECKED
from organizations.services.words import normalize

FIELDS = ("legal_name", "latin_name", "registration_number", "address", "website")


def item_names(review, claims) -> list[str]:
    """Every item of this review that may be sent back."""
    fields = FIELDS if review.subject_type == Review.Subject.REGISTRATION else ()
    lines = _lines_in_question(review, claims)
    permits = [f"permit:{permit.pk}" for permit in claims["permits"] if permit.pk in claims["decided"]]
    return [*fields, *lines, *permits]


def _lines_in_question(review, claims) -> list[str]:
    contacts = [f"contact:{row.pk}" for row in claims["contacts"]]
    people = [f"representative:{row.pk}" for row in claims["people"]]
    own = {
        Review.Subject.REGISTRATION: [*contacts, *people],
        Review.Subject.CONTACT: contacts,
        Review.Subject.REPRESENTATIVE: people,
    }
    return own.get(review.subject_type, [])


def sections(review, claims, form, slug: str) -> list[dict]:
    """Groups of items: `title`, `items` (each `label value note chips link reason` and, for permits, `rows status`)."""
    kind = review.subject_type
    groups = [
        (_("Names"), _names(claims, form)),
        (_("Permits"), [_permit(review, claims, permit, form, slug) for permit in claims["permits"]]),
        (_("People who may speak for it"), [_person(review, person, claims, form, slug) for person in claims["people"]]),
        (
            _("Phones, pages and accounts"),
            [_contact(row, form) for row in claims["contacts"] if row.kind != Contact.Kind.BANK_HOLDER],
        ),
        (_("Bank account holders"), [_contact(row, form) for row in claims["contacts"] if row.kind == Contact.Kind.BANK_HOLDER]),
    ]
    # The line in question first; the rest of what the organization says is context.
    if kind != Review.Subject.REGISTRATION:
        groups.sort(key=lambda group: not any(item["reason"] for item in group[1]))
    return [{"title": title, "items": items} for title, items in groups if items]


def _reason(form, item: str):
    name = f"{REASON}{item}"
    return form[name] if name in form.fields else None


def _names(claims, form) -> list[dict]:
    organization = claims["organization"]
    labels = {
        "legal_name": _("Legal name"),
        "latin_name": _("Name in Latin letters"),
        "registration_number": _("Registration number"),
        "address": _("Address"),
        "website": _("Website"),
    }
    return [
        {"label": label, "value": getattr(organization, name) or _("not given"), "reason": _reason(form, name)}
        for name, label in labels.items()
    ]


def _contact(row, form) -> dict:
    whose = str(row.representative) if row.representative_id else ""
    return {
        "label": row.get_kind_display(),
        "value": row.value,
        "note": " · ".join(part for part in (row.label, whose) if part),
        "reason": _reason(form, f"contact:{row.pk}"),
    }


def _person(review, person, claims, form, slug) -> dict:
    return {
        "label": person.title or _("Representative"),
        "value": person.name,
        "note": person.latin_name,
        "link": _file(slug, review, person.photo_id),
        "link_text": _("Photo"),
        "reason": _reason(form, f"representative:{person.pk}"),
    }


def _permit(review, claims, permit, form, slug) -> dict:
    entry = claims["register"].get(permit.pk)
    decided = permit.pk in claims["decided"]
    status = f"{STATUS}{permit.pk}"
    return {
        "label": str(permit.permit_kind),
        "value": permit.number,
        "code": permit.status_id,
        "note": ""
        if decided
        else _("Another office decides this permit: %(office)s.") % {"office": permit.permit_kind.regulator_name},
        "link": _file(slug, review, permit.scan_id),
        "link_text": _("Scan of the permit"),
        "rows": _beside(permit, claims["organization"], entry) if decided else [],
        "entry": entry,
        "decided": decided,
        "status": form[status] if status in form.fields else None,
        "reason": _reason(form, f"permit:{permit.pk}"),
    }


def _beside(permit, organization, entry) -> list[dict]:
    """Claim and register line by line; `same` is None when one of them says nothing."""
    known = entry.market if entry and entry.market else ""
    checked = "" if permit.status_id == NOT_CHECKED else permit.status.name
    rows = [
        (_("Holder"), organization.legal_name, entry and entry.holder_name),
        (_("Number"), permit.number, entry and entry.number),
        (_("Issued on"), permit.issued_on, entry and entry.issued_on),
        (_("Last day"), permit.expires_on, entry and entry.expires_on),
        (_("Countries"), ", ".join(country_name(code) for code in permit.markets), ""),
        (_("Status"), checked, entry and entry.status.name),
        (_("Suspended for"), "", country_name(known) if known else ""),
    ]
    return [
        {"label": label, "claim": claim, "register": said, "same": _agree(claim, said)}
        for label, claim, said in rows
        if claim or said
    ]


def _agree(claim, known) -> bool | None:
    if not claim or not known:
        return None
    if isinstance(claim, str):
        return normalize(claim) == normalize(str(known))
    return claim == known


def _file(slug: str, review, evidence_id) -> str:
    return reverse("organizations:review_file", args=[slug, review.pk, evidence_id]) if evidence_id else ""
