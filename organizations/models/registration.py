"""The steps of a registration and the names of its items."""

from organizations.models.organization import Contact

STEPS = ("names", "office", "contacts", "bank", "representatives", "permits")
LINE_STEPS = ("contacts", "bank", "representatives", "permits")

# Fields of the organization that each step asks for. The others ask for lines.
GROUPS = {"names": ("legal_name", "latin_name", "registration_number"), "office": ("address", "website")}


def step_of(item: str, contact: Contact | None = None) -> str:
    """The step where an item is corrected. `item`: a field, `permit:12`, `contact:7`, `representative:3`, or a whole step.

    `contact` is the row of a contact's item: account holders have a step of their own, and the phone of a representative is
    corrected with the representative.
    """
    noun = item.partition(":")[0]
    if noun in STEPS:
        return noun
    if noun == "contact":
        if contact is not None and contact.representative_id:
            return "representatives"
        return "bank" if contact is not None and contact.kind == Contact.Kind.BANK_HOLDER else "contacts"
    if noun in ("representative", "person"):
        return "representatives"
    if noun == "permit":
        return "permits"
    return next((step for step, fields in GROUPS.items() if noun in fields), "names")
