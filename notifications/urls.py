"""Doors of this app, after the language."""

from django.urls import path

from notifications.views import notice
from notifications.views.feed import openings_feed, status_feed
from notifications.views.guide import webhook_guide
from notifications.views.mailbox import mailbox, mailbox_html
from notifications.views.messenger import Connect
from notifications.views.preview import Kind, Kinds
from notifications.views.push import Devices, RemoveDevice
from notifications.views.unsubscribe import unsubscribe
from notifications.views.webhook import ChangeWebhook, NewWebhook, WebhookAct, WebhookDetail, WebhookMessage, Webhooks

WEBHOOKS = "o/<slug:organization>/webhooks/"

urlpatterns = [
    path("mailbox/", mailbox, name="mailbox"),
    path("mailbox/<int:pk>/html/", mailbox_html, name="mailbox_html"),
    path("me/notices/", notice.Inbox.as_view(), name="notice_list"),
    path("me/notices/read/", notice.ReadAll.as_view(), name="notice_read_all"),
    path("me/notices/log/", notice.Log.as_view(), name="notice_log"),
    path("me/notices/choices/", notice.Choices.as_view(), name="notice_choices"),
    path("me/notices/choices/stops/<int:pk>/", notice.LiftStop.as_view(), name="notice_lift_stop"),
    path("me/notices/choices/addresses/<int:pk>/", notice.RemoveAddress.as_view(), name="notice_remove_address"),
    path("me/notices/connect/<slug:channel>/", Connect.as_view(), name="notice_connect"),
    path("me/notices/<int:pk>/", notice.OpenNotice.as_view(), name="notice_open"),
    path("notices/stop/<str:token>/", unsubscribe, name="notice_unsubscribe"),
    path("o/<slug:organization>/notices/", Kinds.as_view(), name="notice_kinds"),
    path("o/<slug:organization>/notices/<slug:kind>/", Kind.as_view(), name="notice_kind"),
    path("me/push/", Devices.as_view(), name="push_devices"),
    path("me/push/<int:pk>/remove/", RemoveDevice.as_view(), name="push_remove"),
    path("jobs/feed.atom", openings_feed, name="openings_feed"),
    path("organizations/feed.atom", status_feed, name="status_feed"),
    path("webhooks/", webhook_guide, name="webhook_guide"),
    path(WEBHOOKS, Webhooks.as_view(), name="webhooks"),
    path(f"{WEBHOOKS}new/", NewWebhook.as_view(), name="webhook_new"),
    path(f"{WEBHOOKS}messages/<int:pk>/", WebhookMessage.as_view(), name="webhook_message"),
    path(f"{WEBHOOKS}<int:pk>/", WebhookDetail.as_view(), name="webhook_detail"),
    path(f"{WEBHOOKS}<int:pk>/edit/", ChangeWebhook.as_view(), name="webhook_edit"),
    path(f"{WEBHOOKS}<int:pk>/<slug:verb>/", WebhookAct.as_view(), name="webhook_act"),
]
