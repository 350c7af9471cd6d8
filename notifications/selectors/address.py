"""Doorways to a person's devices."""

import hashlib
import json

from django.db.models import QuerySet

from core.policies import Actor
from core.vault import VaultError
from notifications.models import Address, Channel


def devices_visible_to(actor: Actor) -> QuerySet[Address]:
    """The browsers that take messages for this person, the newest first."""
    return Address.objects.filter(user=actor.user, channel=Channel.PUSH, ended_at=None).order_by("-added_at", "-pk")


def mark_of(row: Address) -> str:
    """A short hash of where messages go to, by which a browser finds itself in the list; "" when it cannot be opened."""
    try:
        endpoint = json.loads(row.open())["endpoint"]
    except (VaultError, ValueError, KeyError, TypeError):
        return ""
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]
