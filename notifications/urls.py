"""Doors of this app, after the language."""

from django.urls import path

from notifications.views.mailbox import mailbox, mailbox_html

urlpatterns = [
    path("mailbox/", mailbox, name="mailbox"),
    path("mailbox/<int:pk>/html/", mailbox_html, name="mailbox_html"),
]
