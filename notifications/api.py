"""Connected systems for an organization's own programs: the same doors as the pages, with the key of an owner or a manager."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import Problem, StrictSerializer, TextField, clean_parameters, page_of, require_body, require_member
from notifications.forms.webhook import DeliveryFilter
from notifications.models import Webhook, WebhookDelivery
from notifications.policies import webhook as policies
from notifications.selectors import webhook as selectors
from notifications.services import webhook as services


class WebhookIn(StrictSerializer):
    """A system to be told. `verbs` are codes of the list in docs/webhooks.md."""

    name = TextField(max_length=80)
    url = TextField(max_length=500)
    verbs = serializers.ListField(child=TextField(max_length=60), min_length=1, max_length=50)


class WebhookOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.URLField()
    verbs = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=Webhook.State.choices)
    failures = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    old_secret_until = serializers.DateTimeField(allow_null=True)


class NewWebhookOut(WebhookOut):
    """The answer to a new system: the only time that its secret is told."""

    secret = serializers.CharField()


class DeliveryOut(serializers.Serializer):
    id = serializers.IntegerField()
    delivery = serializers.UUIDField()
    event = serializers.CharField()
    state = serializers.ChoiceField(choices=WebhookDelivery.State.choices)
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    milliseconds = serializers.IntegerField(allow_null=True)
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    replay_of = serializers.IntegerField(allow_null=True)


class WebhookPage(serializers.Serializer):
    results = WebhookOut(many=True)
    next = serializers.CharField(allow_null=True)


class DeliveryPage(serializers.Serializer):
    results = DeliveryOut(many=True)
    next = serializers.CharField(allow_null=True)


class _Own(APIView):
    """For members of the organization only, and among them for those who may manage connections."""

    policy = staticmethod(policies.can_manage_webhooks)

    def initial(self, request, *args, **kwargs):
        require_member(request)
        super().initial(request, *args, **kwargs)


class OwnWebhooks(_Own):
    """The organization's connected systems: list, and connect one."""

    @extend_schema(operation_id="own_webhooks_list", responses=WebhookPage)
    def get(self, request, organization):
        parameters = clean_parameters(request, "limit", "after")
        scope = f"{request.path}|{request.actor.organization_id}"
        return page_of(selectors.webhooks_visible_to(request.actor), parameters, scope=scope, represent=_webhook)

    @extend_schema(operation_id="own_webhooks_create", request=WebhookIn, responses={201: NewWebhookOut})
    def post(self, request, organization):
        require_body(request)
        given = WebhookIn(data=request.data)
        given.is_valid(raise_exception=True)
        row, secret = services.create_webhook(**given.validated_data, actor=request.actor, now=timezone.now())
        location = reverse("api:own_webhook", args=[organization, row.pk])
        return Response({**_webhook(row), "secret": secret}, status=201, headers={"Location": location})


class OwnWebhook(_Own):
    """One connected system: read it, or end the connection."""

    @extend_schema(operation_id="own_webhooks_retrieve", responses=WebhookOut)
    def get(self, request, organization, pk):
        clean_parameters(request)
        return Response(_webhook(_find(request, pk)))

    @extend_schema(operation_id="own_webhooks_delete", responses={204: None})
    def delete(self, request, organization, pk):
        services.delete_webhook(webhook=_find(request, pk), actor=request.actor, now=timezone.now())
        return Response(status=204)


class OwnWebhookDeliveries(_Own):
    """What was sent to one system, newest first."""

    @extend_schema(
        operation_id="own_webhook_deliveries_list",
        parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in ("state", "verb", "limit", "after")],
        responses=DeliveryPage,
    )
    def get(self, request, organization, pk):
        parameters = clean_parameters(request, "state", "verb", "limit", "after")
        webhook, form = _find(request, pk), DeliveryFilter(parameters)
        if not form.is_valid():
            raise Problem(400, "invalid_filter", " ".join(form.errors[next(iter(form.errors))]))
        rows = selectors.deliveries_visible_to(request.actor).filter(webhook=webhook, **form.question())
        return page_of(rows, parameters, scope=f"{request.path}|{request.actor.organization_id}", represent=_delivery)


class OwnWebhookReplay(_Own):
    """Send one message once more."""

    @extend_schema(operation_id="own_webhook_deliveries_replay", request=None, responses={201: DeliveryOut})
    def post(self, request, organization, pk, delivery):
        found = selectors.deliveries_visible_to(request.actor).filter(webhook=_find(request, pk), pk=delivery).first()
        if found is None:
            raise Http404
        again = services.replay(delivery=found, actor=request.actor, now=timezone.now())
        return Response(_delivery(again), status=201)


def _find(request, pk: int) -> Webhook:
    row = selectors.webhooks_visible_to(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _webhook(row: Webhook) -> dict[str, Any]:
    names = ("name", "url", "verbs", "state", "failures", "created_at")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}, "old_secret_until": row.old_until}


def _delivery(row: WebhookDelivery) -> dict[str, Any]:
    names = ("state", "status", "error", "milliseconds", "attempts", "created_at", "done_at")
    known = {name: getattr(row, name) for name in names}
    return {"id": row.pk, "delivery": row.message, "event": row.verb, **known, "replay_of": row.replay_of_id}
