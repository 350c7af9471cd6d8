"""Calls of WhatsApp. Formats from Meta for Developers, "Webhooks, Getting Started" (GET with hub.mode, hub.verify_token, hub.challenge;
X-Hub-Signature-256: `sha256=` and the HMAC-SHA256 over the raw body with the app secret) and "Cloud API, Webhooks payload" (entry, changes,
value.messages with from, id, timestamp in seconds, text.body; value.statuses with id, status).
"""

import hashlib
import hmac
from collections.abc import Mapping

from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.channels.inbound import Knock, NotSigned, Receipt, Word, inside, number, objects, word

OUTCOMES = {"delivered": "delivered", "read": "delivered", "failed": "failed"}


def read(knock: Knock) -> list[Receipt | Word]:
    """What people wrote to our number and what became of our messages; other numbers of the same app are passed over."""
    given = knock.headers.get("x-hub-signature-256", "")
    if not settings.WHATSAPP_APP_SECRET or not constant_time_compare(given, sign(knock.body)):
        raise NotSigned
    found: list[Receipt | Word] = []
    for entry in objects(knock.data().get("entry")):
        for change in objects(entry.get("changes")):
            value = inside(change.get("value"))
            if inside(value.get("metadata")).get("phone_number_id") == settings.WHATSAPP_SENDER:
                found += _read(value)
    return found


def challenge(asked: Mapping[str, str]) -> str:
    """The answer to Meta's question whether this address is ours. Raises NotSigned without the agreed token."""
    token = settings.WHATSAPP_VERIFY_TOKEN
    if asked.get("hub.mode") != "subscribe" or not token or not constant_time_compare(asked.get("hub.verify_token", ""), token):
        raise NotSigned
    return asked.get("hub.challenge", "")[:200]


def sign(body: bytes) -> str:
    """X-Hub-Signature-256 of a body."""
    return f"sha256={hmac.new(settings.WHATSAPP_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()}"


def _read(value: dict) -> list[Receipt | Word]:
    found: list[Receipt | Word] = []
    for message in objects(value.get("messages")):
        sender = message.get("from")
        if message.get("type") == "text" and isinstance(sender, str) and sender.isascii() and sender.isdigit():
            text, seconds = inside(message.get("text")).get("body"), number(message.get("timestamp"))
            found += word(ident=message.get("id"), sender=f"+{sender}", text=text, seconds=seconds)
    for status in objects(value.get("statuses")):
        ident, outcome = status.get("id"), OUTCOMES.get(str(status.get("status")))
        if isinstance(ident, str) and outcome:
            found.append(Receipt(ident[:200], outcome))
    return found
