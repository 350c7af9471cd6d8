"""An organization's own openings, for its systems."""

import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import (
    DayField,
    Problem,
    StrictSerializer,
    TextField,
    WholeField,
    clean_parameters,
    idempotent,
    page_of,
    require_body,
    require_member,
)
from core.policies import require
from recruitment import policies
from recruitment.api.reading import cleaned, code_of
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.selectors import job_order as job_orders
from recruitment.services import code as codes
from recruitment.services import job_order as services
from recruitment.services import standing

PLAIN = (
    "route", "situation", "employer_name", "intermediary_name", "city", "workplace", "places", "contract_months", "hours_per_day",
    "hours_per_month", "rest_days_per_week", "wage_base", "meals", "housing", "insurance", "age_min", "age_max", "age_reason",
    "language_level", "tests", "apply_until", "selection_on", "signing_on", "departure_on",
)  # fmt: skip
CODED = ("origin", "programme", "field", "occupation", "prefecture", "travel_out_payer", "travel_home_payer")
DERIVED = ("total_home", "home_currency", "total_jpy", "total_at_least", "take_home_jpy", "months_of_pay", "payback_months")


class FeeIn(StrictSerializer):
    """One fee line. `amount` null = not known, never zero."""

    item = TextField(max_length=4)
    amount = WholeField(min_value=0, allow_null=True, required=False)
    currency = TextField(max_length=3)
    payer = TextField(max_length=30)
    payee = TextField(max_length=24, required=False)
    stage = TextField(max_length=30, required=False)
    refund = TextField(max_length=8, required=False)
    receipt = serializers.BooleanField(required=False, allow_null=True)
    instalments = WholeField(min_value=1, max_value=60, required=False)
    note = TextField(max_length=200, required=False, allow_blank=True)


class PayIn(StrictSerializer):
    """One monthly allowance or deduction."""

    kind = TextField(max_length=10)
    amount = WholeField(min_value=0, allow_null=True, required=False)
    note = TextField(max_length=120, required=False, allow_blank=True)


class TextIn(StrictSerializer):
    """A free text in one language, and whether it is the original, a person's or a machine's translation."""

    key = TextField(max_length=12)
    language = TextField(max_length=5)
    origin = TextField(max_length=8, required=False)
    text = TextField(lines=True, max_length=4000, allow_blank=True)


class OpeningIn(StrictSerializer):
    """What a draft of an opening says. Every part may be left out; what is given replaces what was stored."""

    external_id = TextField(max_length=60, required=False, allow_blank=True)
    fees = FeeIn(many=True, required=False)
    pay = PayIn(many=True, required=False)
    texts = TextIn(many=True, required=False)

    def get_fields(self):
        fields = super().get_fields()
        for name in (*PLAIN, *CODED):
            fields[name] = _input_field(name)
        return fields


def _input_field(name: str) -> serializers.Field:
    """A strict field that fits the model's column; the services check its meaning."""
    kind = JobOrderVersion._meta.get_field(name).get_internal_type()
    optional = {"required": False, "allow_null": True}
    if kind in ("PositiveIntegerField", "PositiveSmallIntegerField", "BigIntegerField"):
        return WholeField(**optional)
    if kind == "DecimalField":
        return serializers.DecimalField(max_digits=6, decimal_places=2, **optional)
    if kind == "DateField":
        return DayField(**optional)
    if kind == "ArrayField":
        return serializers.ListField(child=TextField(max_length=30), required=False, max_length=30)
    return TextField(max_length=200, allow_blank=True, **optional)


class StepIn(StrictSerializer):
    """A step of an opening's life; some ask for a reason code."""

    reason = TextField(max_length=40, required=False)


class OwnOpenings(APIView):
    """The organization's openings: list, and make a draft."""

    policy = staticmethod(policies.can_list)

    def initial(self, request, *args, **kwargs):
        require_member(request)
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="own_openings_list", responses=OpenApiTypes.OBJECT)
    def get(self, request, organization):
        parameters = clean_parameters(request, "state", "q", "limit", "after")
        state = parameters.get("state", "")
        if state and state not in JobOrder.State.values:
            raise Problem(400, "invalid_filter", _("This state does not exist."))
        rows = job_orders.search(job_orders.job_orders_visible_to(request.actor), state=state, q=parameters.get("q", ""))
        scope = f"{request.path}|{request.actor.organization_id}"
        return page_of(rows, parameters, scope=scope, represent=_own_summary)

    @extend_schema(operation_id="own_openings_create", request=OpeningIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request, organization):
        require(policies.can_create(request.actor))
        require_body(request)
        data = cleaned(OpeningIn, request)

        def create():
            now = timezone.now()
            order = services.create_job_order(actor=request.actor, now=now, external_id=data.pop("external_id", ""))
            _save(order, data, request.actor, now)
            return order.pk

        order = _own(request, pk=idempotent(request, create))
        location = reverse("api:own_opening", args=[organization, codes.show(order.code)])
        return Response(_own_document(order), status=201, headers={"Location": location})


class OwnOpening(APIView):
    """One of the organization's openings: read it, or change its draft."""

    policy = staticmethod(policies.can_list)

    def initial(self, request, *args, **kwargs):
        require_member(request)
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="own_openings_retrieve", responses=OpenApiTypes.OBJECT)
    def get(self, request, organization, code):
        clean_parameters(request)
        return Response(_own_document(_own(request, code=code_of(code))))

    @extend_schema(operation_id="own_openings_update", request=OpeningIn, responses=OpenApiTypes.OBJECT)
    def patch(self, request, organization, code):
        order = _own(request, code=code_of(code))
        data = cleaned(OpeningIn, request)
        data.pop("external_id", None)
        with transaction.atomic():
            if order.state not in (JobOrder.State.DRAFT, JobOrder.State.RETURNED) and job_orders.open_version_of(order) is None:
                services.start_change(job_order=order, actor=request.actor, now=timezone.now())
            _save(order, data, request.actor, timezone.now())
        return Response(_own_document(order))


class OwnOpeningStep(APIView):
    """A step: submit, take_back, or pause, resume, publish, fill, close, withdraw with a reason."""

    policy = staticmethod(policies.can_list)

    def initial(self, request, *args, **kwargs):
        require_member(request)
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="own_openings_step", request=StepIn, responses=OpenApiTypes.OBJECT)
    def post(self, request, organization, code, step):
        order = _own(request, code=code_of(code))
        data = cleaned(StepIn, request)
        now = timezone.now()
        if step == "submit":
            services.submit_job_order(job_order=order, actor=request.actor, now=now)
        elif step == "take_back":
            services.take_back_job_order(job_order=order, actor=request.actor, now=now)
        elif step in standing.REASONS:
            standing.change_state(job_order=order, name=step, actor=request.actor, now=now, reason=data.get("reason", ""))
        else:
            raise Http404
        return Response(_own_document(_own(request, pk=order.pk)))


def _own(request, **lookup) -> JobOrder:
    """One opening through the doorway; another organization's does not exist here."""
    order = job_orders.job_orders_visible_to(request.actor).filter(**lookup).first()
    if order is None:
        raise Http404
    require(policies.can_view(request.actor, order))
    return order


def _save(order: JobOrder, data: dict[str, Any], actor, now: datetime.datetime) -> None:
    services.save_draft(
        job_order=order,
        actor=actor,
        now=now,
        values={name: value for name, value in data.items() if name in PLAIN or name in CODED},
        fee_lines=data.get("fees"),
        pay_lines=data.get("pay"),
        texts=data.get("texts"),
    )


def _own_summary(order: JobOrder) -> dict[str, Any]:
    return {
        "code": codes.show(order.code),
        "state": order.state,
        "external_id": order.external_id,
        "places_filled": order.places_filled,
        "published_at": order.published_at,
    }


def _own_document(order: JobOrder) -> dict[str, Any]:
    version = job_orders.current_versions([order])[order.pk]
    content = job_orders.content_of(version)
    lines = (
        "amount",
        "currency",
        "payee",
        "refund",
        "receipt",
        "instalments",
        "note",
        "legal_verdict",
        "ilo_verdict",
        "ceiling_amount",
    )
    return {
        **_own_summary(order),
        "version": version.number,
        "version_state": version.state,
        "hash": version.content_hash,
        **{name: getattr(version, name) for name in (*PLAIN, *DERIVED)},
        **{name: getattr(version, f"{name}_id") for name in CODED},
        "fees": [
            {
                "item": line.item_id,
                "payer": line.payer_id,
                "stage": line.stage_id,
                "ceiling": line.ceiling_id,
                **{n: getattr(line, n) for n in lines},
            }
            for line in content.fees
        ],
        "pay": [{"kind": line.kind, "amount": line.amount, "note": line.note} for line in content.pay],
        "texts": [{"key": t.key, "language": t.language, "origin": t.origin, "text": t.text} for t in content.texts],
        "returned": {item: row.reason for item, row in job_orders.returned_items(order).items()},
    }
