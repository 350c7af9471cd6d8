"""The public directory's rows; no tenant is needed to read them."""

from django.db.models import QuerySet

from organizations.models import PublishedOrganization


def published_organizations(*, country: str = "", kind: str = "") -> QuerySet[PublishedOrganization]:
    """Verified organizations, narrowed by country or kind."""
    rows = PublishedOrganization.objects.prefetch_related("permits")
    if country:
        rows = rows.filter(country=country)
    return rows.filter(organization_kind=kind) if kind else rows


def published_organization(slug: str) -> PublishedOrganization | None:
    """One verified organization by its address."""
    return PublishedOrganization.objects.prefetch_related("permits").filter(slug=slug).first()
