"""Doors of this app, after the language."""

from django.urls import path

from notifications.views.mailbox import mailbox, mailbox_html
from notifications.views.push import Devices, RemoveDevice

urlpatterns = [
    path("mailbox/", mailbox, name="mailbox"),
    path("mailbox/<int:pk>/html/", mailbox_html, name="mailbox_html"),
    path("me/push/", Devices.as_view(), name="push_devices"),
    path("me/push/<int:pk>/remove/", RemoveDevice.as_view(), name="push_remove"),
]
