"""Limits are counted afresh in every test, on this machine alone."""

import uuid

import pytest


@pytest.fixture(autouse=True)
def own_counters(settings):
    settings.EMAIL_BACKEND = "notifications.channels.email.mailbox.EmailBackend"  # pytest-django puts its own
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": uuid.uuid4().hex}}
