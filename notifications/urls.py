"""Doors of this app, after the language."""

from django.urls import path

from notifications.views.mailbox import mailbox, mailbox_html
from notifications.views.push import Devices, RemoveDevice
from notifications.views.webhook import ChangeWebhook, NewWebhook, WebhookAct, WebhookDetail, WebhookMessage, Webhooks

WEBHOOKS = "o/<slug:organization>/webhooks/"

urlpatterns = [
    path("mailbox/", mailbox, name="mailbox"),
    path("mailbox/<int:pk>/html/", mailbox_html, name="mailbox_html"),
    path("me/push/", Devices.as_view(), name="push_devices"),
    path("me/push/<int:pk>/remove/", RemoveDevice.as_view(), name="push_remove"),
    path(WEBHOOKS, Webhooks.as_view(), name="webhooks"),
    path(f"{WEBHOOKS}new/", NewWebhook.as_view(), name="webhook_new"),
    path(f"{WEBHOOKS}messages/<int:pk>/", WebhookMessage.as_view(), name="webhook_message"),
    path(f"{WEBHOOKS}<int:pk>/", WebhookDetail.as_view(), name="webhook_detail"),
    path(f"{WEBHOOKS}<int:pk>/edit/", ChangeWebhook.as_view(), name="webhook_edit"),
    path(f"{WEBHOOKS}<int:pk>/<slug:verb>/", WebhookAct.as_view(), name="webhook_act"),
]
