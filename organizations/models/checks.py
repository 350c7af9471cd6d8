"""What an officer ticks before approving: one sentence for each thing looked at, by the kind of the subject."""

from django.utils.translation import gettext_lazy as _

CHECKS = {
    "registration": {
        "name": _("The legal name and the registration number match the official register."),
        "address": _("The address is the one in the official register."),
        "people": _("The representatives were confirmed with the organization by a number from an official source."),
        "contacts": _("The phones, pages, accounts and account holders belong to the organization."),
        "permits": _("Each permit was compared with the register and its scan was read."),
        "warnings": _("The warnings of this review were looked at."),
    },
    "permit": {
        "permits": _("The permit was compared with the register and its scan was read."),
        "warnings": _("The warnings of this review were looked at."),
    },
    "person": {
        "people": _("The person was confirmed with the organization by a number from an official source."),
        "warnings": _("The warnings of this review were looked at."),
    },
    "contact": {
        "contacts": _("The phone, page, account or account holder belongs to the organization."),
        "warnings": _("The warnings of this review were looked at."),
    },
    "job_order": {
        "parties": _("The parties named in the opening exist and their permits are in force."),
        "terms": _("Wage, hours, deductions and housing agree with the supply contract."),
        "fees": _("Every fee line, its payer and its ceiling was compared with the law."),
        "warnings": _("The warnings of this review were looked at."),
    },
}


def missing_checks(subject_type: str, ticked) -> list[str]:
    """The sentences that are not yet ticked, in order."""
    return [str(sentence) for code, sentence in CHECKS[subject_type].items() if code not in ticked]
