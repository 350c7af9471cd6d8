"""Many openings at once, for an organization's systems."""

import json
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import (
    Problem,
    StrictSerializer,
    clean_parameters,
    idempotent,
    require_body,
    require_member,
)
from core.files import pace
from recruitment import policies
from recruitment.api.reading import cleaned
from recruitment.selectors import job_order as job_orders
from recruitment.services import bulk


class ImportIn(StrictSerializer):
    """Many openings at once, in the shape of docs/openings-file.md: checked row by row, all stored or none."""

    openings = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=5000)
    dry_run = serializers.BooleanField(default=True)
    submit = serializers.BooleanField(default=False)


class OwnImports(APIView):
    """Hand in many openings; a large list is worked on in the background and its report is read at `Location`."""

    policy = staticmethod(policies.can_import)

    def initial(self, request, *args, **kwargs):
        require_member(request)
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="own_imports_create", request=ImportIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request, organization):
        require_body(request)
        data = cleaned(ImportIn, request)
        actor = request.actor
        if wait := pace.wait_before_upload(user_id=actor.user_id, organization_id=actor.organization_id):
            raise Problem(429, "too_many_uploads", pace.in_words(wait), headers={"Retry-After": str(wait)})
        content = json.dumps({"openings": data["openings"]}, default=float).encode()

        def hand_in():
            return bulk.hand_in(
                file_name="api.json",
                content=content,
                language="en",
                dry_run=data["dry_run"],
                submit=data["submit"],
                actor=request.actor,
                now=timezone.now(),
            ).pk

        row = _own_import(request, idempotent(request, hand_in))
        location = reverse("api:own_import", args=[organization, row.pk])
        return Response(_import_report(row), status=201, headers={"Location": location})


class OwnImport(APIView):
    """The report of one list: its state, and for each wrong row the column and the reason."""

    policy = staticmethod(policies.can_list)

    def initial(self, request, *args, **kwargs):
        require_member(request)
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="own_imports_retrieve", responses=OpenApiTypes.OBJECT)
    def get(self, request, organization, pk):
        clean_parameters(request)
        return Response(_import_report(_own_import(request, pk)))


def _own_import(request, pk: int):
    row = job_orders.imports_visible_to(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _import_report(row) -> dict[str, Any]:
    return {"id": row.pk, "state": row.state, "rows": row.rows, "done": row.done, "dry_run": row.dry_run, "report": row.report}
