"""Doors of this app."""

from django.urls import path

from notifications.views.mailbox import mailbox

urlpatterns = [path("", mailbox, name="mailbox")]
