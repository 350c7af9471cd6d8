"""Verified organizations for everybody; an organization's own permits for its key."""

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import clean_parameters, page_of, require_member
from core.policies import public
from organizations.models import PublishedOrganization, PublishedPermit
from organizations.policies.registration import can_see_desk
from organizations.selectors import registration
from organizations.selectors.published import published_organization, published_organizations

PERMIT = ("number", "issued_on", "expires_on", "markets", "suspended_markets", "status_since", "checked_on", "checked_by")


class Organizations(APIView):
    """Verified organizations with their permits."""

    policy = staticmethod(public)

    @extend_schema(operation_id="organizations_list", responses=OpenApiTypes.OBJECT)
    def get(self, request):
        parameters = clean_parameters(request, "country", "kind", "limit", "after")
        rows = published_organizations(country=parameters.get("country", ""), kind=parameters.get("kind", ""))
        return page_of(rows, parameters, scope=request.path, represent=_organization)


class Organization(APIView):
    """One verified organization."""

    policy = staticmethod(public)

    @extend_schema(operation_id="organizations_retrieve", responses=OpenApiTypes.OBJECT)
    def get(self, request, slug):
        clean_parameters(request)
        found = published_organization(slug)
        if found is None:
            raise Http404
        return Response({**_organization(found), "representatives": found.representatives, "contacts": found.contacts})


class OwnPermits(APIView):
    """The permits of the key's organization as the regulators see them."""

    policy = staticmethod(can_see_desk)

    def initial(self, request, *args, **kwargs):
        require_member(request)
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="own_permits_list", responses=OpenApiTypes.OBJECT)
    def get(self, request, organization):
        clean_parameters(request)
        rows = registration.permits_visible_to(request.actor)
        names = ("number", "issued_on", "expires_on", "markets", "suspended_markets", "status_since", "checked_by_name")
        return Response(
            {
                "results": [
                    {"kind": row.permit_kind_id, "status": row.status_id, **{n: getattr(row, n) for n in names}} for row in rows
                ]
            }
        )


def _organization(row: PublishedOrganization) -> dict:
    names = (
        "slug",
        "country",
        "legal_name",
        "latin_name",
        "registration_number",
        "verified_on",
        "verified_by",
        "status",
        "is_demo",
    )
    return {
        **{name: getattr(row, name) for name in names},
        "kind": row.organization_kind_id,
        "url": f"{settings.BASE_URL}/en/organizations/{row.slug}/",
        "permits": [_permit(permit) for permit in row.permits.all()],
    }


def _permit(row: PublishedPermit) -> dict:
    return {"kind": row.permit_kind_id, "status": row.status_id, **{name: getattr(row, name) for name in PERMIT}}
