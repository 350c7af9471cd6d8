"""Doorways to organizations."""

from organizations.models import Membership


def membership_of(user, slug: str) -> Membership | None:
    """The person's living membership in the organization of this address; needs only the person to be active."""
    return (
        Membership.reachable.select_related("organization", "organization__organization_kind")
        .filter(user=user, organization__slug=slug, ended_at__isnull=True)
        .first()
    )
