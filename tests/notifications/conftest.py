"""Shared by the tests of channels and webhooks."""

import pytest

from notifications.channels import Message
from tests.gateway import gateway


@pytest.fixture
def far():
    """A provider on this machine."""
    with gateway() as running:
        yield running


@pytest.fixture
def letter():
    """`letter(to="…")`: a finished message."""

    def make(to="+84912345678", **fields):
        known = {"key": "notice-7-sms", "subject": "New message", "text": "You have a new message on Terang.", "language": "vi"}
        return Message(to=to, **{**known, **fields})

    return make
