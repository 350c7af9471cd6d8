"""Doors of this app, after the language."""

from django.urls import path

from notifications.views.mailbox import mailbox

urlpatterns = [path("mailbox/", mailbox, name="mailbox")]
