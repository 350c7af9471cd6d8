"""Which office is responsible for what: an operator's decision, never a page's."""

from django.core.exceptions import ValidationError

from core import tenancy
from organizations.models import Jurisdiction, Organization, PermitKind


def appoint_regulator(*, slug: str, permit_kind: str | None = None, country: str | None = None) -> Jurisdiction:
    """Make an organization the regulator of a permit kind, or of a country's organizations that need no permit.

    Repeatable; the last appointment counts. Raises ValidationError (`organization`, `kind`, `permit_kind`, `country`).
    """
    with tenancy.publishing():
        office = Organization.reachable.select_related("organization_kind").filter(slug=slug).first()
        if office is None:
            raise ValidationError(f"There is no organization “{slug}”.", code="organization")
        if not office.organization_kind.may_review:
            raise ValidationError(f"{office.legal_name} is not of a kind that reviews others.", code="kind")
        if permit_kind:
            country = _country_of(permit_kind)
        elif not (country and len(country) == 2 and country.isascii() and country.isalpha()):
            raise ValidationError("A country is two letters, for example VN.", code="country")
        given, _created = Jurisdiction.objects.update_or_create(
            country=country.upper(),
            permit_kind_id=permit_kind or None,
            defaults={"regulator_id": office.pk, "regulator_name": office.legal_name},
        )
        return given


def _country_of(permit_kind: str) -> str:
    kind = PermitKind.objects.filter(pk=permit_kind, retired=False).first()
    if kind is None:
        raise ValidationError(f"There is no permit kind “{permit_kind}”.", code="permit_kind")
    return kind.country
