"""The steps of a registration and the names of its items."""

from organizations.models.organization import Contact

STEPS = ("names", "office", "contacts", "bank", "representatives", "permits")
LINE_STEPS = ("contacts", "bank", "representatives", "permits")

# Fields of the organization that each step asks for. The others ask for lines.
GROUPS = {"names": ("legal_name", "latin_name", "registration_number"), "office": ("address", "website")}


def step_of(item: str, contact_kinds: dict[int, str]) -> str:
    """The step where an item is corrected. `item`: a field, `permit:12`, `contact:7`, `representative:3`, or a whole step.

    `contact_kinds` gives the kind of a contact by its id: bank account holders have a step of their own.
    """
    noun, _colon, number = item.partition(":")
    if noun in STEPS:
        return noun
    if noun == "contact":
        kind = contact_kinds.get(int(number)) if number.isdigit() else None
        return "bank" if kind == Contact.Kind.BANK_HOLDER else "contacts"
    if noun in ("representative", "person"):
        return "representatives"
    if noun == "permit":
        return "permits"
    return next((step for step, fields in GROUPS.items() if noun in fields), "names")
