"""Names and contacts that look like somebody else's: a warning for the reviewer, never an answer to the one who typed it."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop as _

from organizations.models import Contact, Organization, PublishedContact, PublishedOrganization
from organizations.models.naming import name_key, name_keys

# English in the row; the reviewer's page translates the sentence, because it is read in another language than it was caused in.
LOOK_ALIKE = {
    "verdict": "warn",
    "code": "confusable_name",
    "title": _("The name looks like the name of another verified organization"),
    "text": _("Compare with the public directory before you approve."),
}
KNOWN_CONTACT = {
    "verdict": "warn",
    "code": "contact_known_elsewhere",
    "title": _("Another verified organization registered the same phone, account or account holder"),
    "text": _("Ask the organization how this comes about before you approve."),
}


def check_name(organization: Organization) -> list[dict]:
    """Set the name's key and whether a person must look at it; the caller saves. Returns warnings for the review."""
    organization.name_key = name_key(organization.legal_name)
    own = name_keys(organization.legal_name, organization.latin_name)
    others = PublishedOrganization.objects.exclude(pk=organization.pk).values_list("legal_name", "latin_name")
    organization.needs_name_review = any(own & name_keys(*names) for names in others.iterator())
    return [LOOK_ALIKE] if organization.needs_name_review else []


def known_elsewhere(organization: Organization, contacts: Iterable[Contact]) -> list[dict]:
    """A warning when one of these contacts is also another organization's."""
    lookups = [bytes(contact.lookup) for contact in contacts]
    found = PublishedContact.objects.filter(lookup__in=lookups).exclude(organization_id=organization.pk)
    return [KNOWN_CONTACT] if lookups and found.exists() else []
