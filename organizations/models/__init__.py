"""Who acts, with which permits and roles."""

from organizations.models.draft import RegistrationDraft
from organizations.models.organization import (
    ApiKey,
    Contact,
    Evidence,
    Invitation,
    Membership,
    Organization,
    Representative,
    Role,
)
from organizations.models.permit import Jurisdiction, Permit, PermitChange, RegisterEntry, RegisterImport
from organizations.models.published import PublishedContact, PublishedOrganization, PublishedPermit
from organizations.models.reference import OrganizationKind, PermitKind, PermitStatus
from organizations.models.review import REVIEWERS, ReturnedItem, Review

__all__ = [
    "REVIEWERS",
    "ApiKey",
    "Contact",
    "Evidence",
    "Invitation",
    "Jurisdiction",
    "Membership",
    "Organization",
    "OrganizationKind",
    "Permit",
    "PermitChange",
    "PermitKind",
    "PermitStatus",
    "PublishedContact",
    "PublishedOrganization",
    "PublishedPermit",
    "RegisterEntry",
    "RegisterImport",
    "RegistrationDraft",
    "Representative",
    "ReturnedItem",
    "Review",
    "Role",
]
