"""Organizations and their people, as sentences: `an_organization("hoa-sen", kind="sending_organization", verified=True)`."""

import itertools
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import User
from core import tenancy
from core.policies import Actor
from organizations.models import Jurisdiction, Membership, Organization, Permit, PublishedOrganization, PublishedPermit
from organizations.services.words import normalize

_numbers = itertools.count(1)
FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass
class Member:
    """A person with a role in an organization (or none: a worker, a stranger with an account)."""

    user: User
    organization: Organization | None = None
    roles: tuple[str, ...] = ()

    def actor(self, *, fresh: bool = True, factor: str = "") -> Actor:
        """The actor as the pages would make it; `fresh` = a second factor was shown just now."""
        seen = timezone.now() if fresh else timezone.now() - timedelta(hours=2)
        return Actor(
            user=self.user,
            organization=self.organization,
            roles=frozenset(self.roles),
            verified_at=seen,
            factor=factor or f"totp:{self.user.pk}",
        )

    @contextmanager
    def active(self):
        """What the middleware does for this person's pages."""
        with tenancy.activate(self.user.pk, self.organization.pk if self.organization else None) as active:
            yield active


def a_user(name: str = "", **fields) -> User:
    number = next(_numbers)
    return User.objects.create_user(f"person{number}@test.example", name=name or f"Person {number}", **fields)


def an_organization(
    slug: str, *, kind: str = "sending_organization", country: str = "VN", verified: bool = True, **fields
) -> Organization:
    """An organization of this kind; `verified` puts it in the state the regulator gives."""
    pk = _next_id()
    with tenancy.activate(None, pk):
        return Organization.objects.create(
            pk=pk,
            slug=slug,
            organization_kind_id=kind,
            country=country,
            legal_name=fields.pop("legal_name", f"Test {slug.replace('-', ' ').title()}"),
            state="verified" if verified else "draft",
            verified_at=timezone.now() if verified else None,
            **fields,
        )


def a_member(organization: Organization | None, *roles: str, name: str = "") -> Member:
    """A new person with these roles there; None = a person without any organization."""
    user = a_user(name)
    if organization is not None:
        with tenancy.activate(user.pk, organization.pk):
            Membership.objects.create(organization=organization, user=user, roles=list(roles))
    return Member(user, organization, roles)


def appoint(regulator: Organization, *, country: str, permit_kind: str | None = None) -> Jurisdiction:
    """Make this organization the regulator of a permit kind (or of organizations without one) in a country."""
    with tenancy.publishing():
        return Jurisdiction.objects.create(
            country=country, permit_kind_id=permit_kind, regulator_id=regulator.pk, regulator_name=regulator.legal_name
        )


def a_permit(organization: Organization, *, permit_kind: str, number: str = "", status: str = "valid", **fields) -> Permit:
    number = number or f"TEST-{next(_numbers):04d}"
    with tenancy.activate(None, organization.pk):
        return Permit.objects.create(
            organization=organization,
            permit_kind_id=permit_kind,
            number=number,
            number_key="".join(c for c in number.casefold() if c.isalnum()),
            status_id=status,
            markets=fields.pop("markets", ["JP"]),
            **fields,
        )


def publish(organization: Organization, *permits: Permit) -> PublishedOrganization:
    """The public copies of an organization and its permits, open for openings."""
    now = timezone.now()
    with tenancy.publishing():
        published, _ = PublishedOrganization.objects.update_or_create(
            organization_id=organization.pk,
            defaults={
                "slug": organization.slug,
                "organization_kind_id": organization.organization_kind_id,
                "country": organization.country,
                "legal_name": organization.legal_name,
                "name_norm": normalize(f"{organization.legal_name} {organization.latin_name}"),
                "verified_on": now.date(),
                "verified_by": "Test regulator",
                "status": "valid",
                "updated_at": now,
            },
        )
        for permit in permits:
            PublishedPermit.objects.update_or_create(
                permit_id=permit.pk,
                defaults={
                    "organization": published,
                    "permit_kind_id": permit.permit_kind_id,
                    "number": permit.number,
                    "number_key": permit.number_key,
                    "status_id": permit.status_id,
                    "markets": permit.markets,
                    "open_from": now - timedelta(days=1),
                    "open_until": FAR,
                },
            )
    return published


def _next_id() -> int:
    """The next organization id, as the registration service takes it."""
    with tenancy.activate(), connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('organizations_organization', 'id'))")
        return cursor.fetchone()[0]
