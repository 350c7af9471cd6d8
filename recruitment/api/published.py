"""Published openings, for everybody."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import (
    Problem,
    clean_parameters,
    whole_parameter,
)
from core.policies import public
from recruitment.api.reading import code_of
from recruitment.forms.search import PARAMETERS, cursor_for, read_search
from recruitment.selectors import names, posting, search
from recruitment.services import code as codes

OPENING = (
    "origin", "programme", "field", "occupation", "prefecture", "city", "months", "cost_jpy", "cost_home", "home_currency",
    "at_least", "take_home_jpy", "zero_fee", "places_left", "published_at", "fee_raised_on", "is_demo",
)  # fmt: skip


class PublishedOpenings(APIView):
    """Search published openings with the parameters of the search page; `limit` up to 100, `after` from `next`."""

    policy = staticmethod(public)

    @extend_schema(
        operation_id="jobs_list",
        parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in (*PARAMETERS, "limit")],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request):
        parameters = clean_parameters(request, *PARAMETERS, "limit")
        limit = whole_parameter(parameters, "limit", low=1, high=100, default=20)
        question = request.GET.copy()
        question.pop("limit", None)
        asked = read_search(question, names.reference(), organizations=posting.organization_id_of)
        if asked.notes:
            raise Problem(400, "invalid_filter", asked.notes[0])
        page = search.find(asked.search, search.terms_of(asked.search.q), now=timezone.now(), size=limit)
        following = cursor_for(asked.search, page.last) if page.last else None
        return Response({"results": [_opening(row) for row in page.rows], "next": following})


class PublishedOpening(APIView):
    """One published opening: the whole document with every fee line, its version number and hash."""

    policy = staticmethod(public)

    @extend_schema(operation_id="jobs_retrieve", responses=OpenApiTypes.OBJECT)
    def get(self, request, code):
        clean_parameters(request)
        found = posting.posting_by_code(code_of(code))
        if found is None:
            raise Http404
        state = found.state if found.is_permitted(now=timezone.now()) else "suspended"
        body = {"code": codes.show(found.code), "state": state, "version": found.number, "hash": found.content_hash}
        if state == "published":
            body |= {"url": _url(found.code), "document": found.document}
        return Response(body)


def _opening(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"code": codes.show(row["code"]), "url": _url(row["code"]), **{name: row[name] for name in OPENING}}


def _url(code: str) -> str:
    return f"{settings.BASE_URL}/j/{codes.show(code)}"
