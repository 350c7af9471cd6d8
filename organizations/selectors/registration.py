"""Doorways to what an organization says about itself, and to what is still missing in it."""

from django.db.models import QuerySet

from core.policies import Actor
from core.tenancy import current_organization_id
from organizations.models import (
    Contact,
    Evidence,
    Jurisdiction,
    Organization,
    OrganizationKind,
    Permit,
    PermitKind,
    RegistrationDraft,
    Representative,
    ReturnedItem,
    Review,
)
from organizations.models.registration import STEPS, step_of

ANYWHERE = "ZZ"


def kinds_for_registration() -> list[OrganizationKind]:
    """Kinds that may register themselves; regulators and the platform's own desk are set up by the operator."""
    return list(OrganizationKind.objects.filter(retired=False, may_review=False))


def own_organization(actor: Actor) -> Organization:
    """The organization the person acts for, read again."""
    return Organization.objects.select_related("organization_kind").get(pk=current_organization_id())


def permit_kinds_for(organization: Organization) -> list[PermitKind]:
    """Permits that an organization of this kind and country may have."""
    return list(
        PermitKind.objects.filter(
            retired=False, country__in=[organization.country, ANYWHERE], kinds__contains=[organization.organization_kind_id]
        )
    )


def regulator_of(organization: Organization) -> Jurisdiction | None:
    """The office that will look at the registration; None when no office has taken this on yet."""
    claimed = Permit.reachable.filter(organization_id=organization.pk).order_by("permit_kind__sort", "pk")
    kinds = list(claimed.values_list("permit_kind_id", flat=True))
    return Jurisdiction.objects.over(permit_kinds=kinds, country=organization.country)


def contacts_visible_to(actor: Actor) -> QuerySet[Contact]:
    return Contact.objects.all().select_related("representative").order_by("pk")


def representatives_visible_to(actor: Actor) -> QuerySet[Representative]:
    return Representative.objects.all().select_related("photo").prefetch_related("contacts").order_by("pk")


def permits_visible_to(actor: Actor) -> QuerySet[Permit]:
    return Permit.objects.all().select_related("permit_kind", "status", "scan").order_by("permit_kind__sort", "pk")


def profile(actor: Actor) -> dict[str, list]:
    """All lines of the organization: `contacts`, `bank`, `representatives` (with their phones), `permits`."""
    contacts = list(contacts_visible_to(actor).filter(representative=None))
    return {
        "contacts": [contact for contact in contacts if contact.kind != Contact.Kind.BANK_HOLDER],
        "bank": [contact for contact in contacts if contact.kind == Contact.Kind.BANK_HOLDER],
        "representatives": list(representatives_visible_to(actor)),
        "permits": list(permits_visible_to(actor)),
    }


def lines_visible_to(actor: Actor, noun: str) -> QuerySet:
    """The lines of one kind of the profile: `contact`, `person` or `permit`."""
    return {"contact": contacts_visible_to, "person": representatives_visible_to, "permit": permits_visible_to}[noun](actor)


def taken_keys(actor: Actor, *, editing: str, pks: set[int]) -> set[tuple[str, str]]:
    """Keys of the lines that are not being edited: (kind, normalized) of contacts, (permit kind, number key) of permits.

    `editing` is the noun of the rows `pks`; a representative's phones are edited with the representative.
    """
    contacts = Contact.objects.exclude(pk__in=pks) if editing == "contact" else Contact.objects.all()
    if editing == "person":
        contacts = contacts.exclude(representative_id__in=pks)
    permits = Permit.objects.exclude(pk__in=pks) if editing == "permit" else Permit.objects.all()
    return {*contacts.values_list("kind", "normalized"), *permits.values_list("permit_kind_id", "number_key")}


def evidence_visible_to(actor: Actor) -> QuerySet[Evidence]:
    """Files of the active organization, and one by one those that a review opens. Only for reading one by its id."""
    return Evidence.reachable.all()


def own_evidence(actor: Actor) -> dict[int, Evidence]:
    """The organization's own files by id."""
    return {evidence.pk: evidence for evidence in Evidence.objects.all()}


def drafts(actor: Actor) -> dict[str, RegistrationDraft]:
    """What was typed and is not right yet, by step."""
    return {draft.step: draft for draft in RegistrationDraft.objects.all()}


def returned_items(actor: Actor, subject_type: str = Review.Subject.REGISTRATION) -> list[ReturnedItem]:
    """What the regulator sent back and is not corrected yet."""
    return list(ReturnedItem.objects.filter(subject_type=subject_type, mended_at__isnull=True).order_by("pk"))


def returned_lines(actor: Actor) -> list[ReturnedItem]:
    """Lines of a verified profile that were sent back and not corrected yet."""
    nouns = [Review.Subject.PERMIT, Review.Subject.CONTACT, Review.Subject.REPRESENTATIVE]
    return list(ReturnedItem.objects.filter(subject_type__in=nouns, mended_at__isnull=True).order_by("pk"))


def steps_of(organization: Organization, returned: list[ReturnedItem]) -> list[str]:
    """The steps to go through: all of the kind's; after a return only those with a returned item. The last one sends."""
    steps = [step for step in STEPS if step != "permits" or permit_kinds_for(organization)]
    if organization.state == Organization.State.RETURNED:
        wanted = returned_by_step(returned)
        steps = [step for step in steps if step in wanted]
    return [*steps, "check"]


def returned_by_step(returned: list[ReturnedItem]) -> dict[str, list[ReturnedItem]]:
    """Returned items under the step where they are corrected. Each gets `row_id`, the id of the line to correct (0 = no line):
    the phone of a representative is corrected with the representative. A corrected contact that is gone is left out."""
    numbers = {item.pk: int(number) for item in returned if (number := item.item.partition(":")[2]).isdigit()}
    ids = [numbers[item.pk] for item in returned if item.item.startswith("contact:") and item.pk in numbers]
    contacts = Contact.objects.in_bulk(ids) if ids else {}
    found: dict[str, list[ReturnedItem]] = {}
    for item in returned:
        contact = contacts.get(numbers.get(item.pk, 0)) if item.item.startswith("contact:") else None
        if item.item.startswith("contact:") and contact is None and item.mended_at:
            continue
        item.row_id = (contact.representative_id if contact else None) or numbers.get(item.pk, 0)
        found.setdefault(step_of(item.item, contact), []).append(item)
    return found


def mended_items(actor: Actor) -> list[ReturnedItem]:
    """What came back the last time and is corrected, while the registration is not sent again."""
    organization = own_organization(actor)
    since = organization.submitted_at
    items = ReturnedItem.objects.filter(subject_type=Review.Subject.REGISTRATION, mended_at__isnull=False)
    return list(items.filter(returned_at__gte=since).order_by("pk")) if since else []
