"""Calls of LINE. Formats from LINE Developers: "Verify webhook signature" (x-line-signature: Base64 of HMAC-SHA256 over the raw body with the
channel secret) and "Messaging API reference", webhook event objects (type message, source.userId, webhookEventId, timestamp in ms).
"""

import base64
import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.channels.inbound import Knock, NotSigned, Receipt, Word, inside, number, objects, word


def read(knock: Knock) -> list[Receipt | Word]:
    """What people wrote to our official account, each for themselves: groups and rooms are passed over."""
    given = knock.headers.get("x-line-signature", "")
    if not settings.LINE_CHANNEL_SECRET or not constant_time_compare(given, sign(knock.body)):
        raise NotSigned
    found: list[Receipt | Word] = []
    for event in objects(knock.data().get("events")):
        source, message = inside(event.get("source")), inside(event.get("message"))
        if event.get("type") == "message" and message.get("type") == "text" and source.get("type") == "user":
            ident = event.get("webhookEventId") or message.get("id")
            seconds = number(event.get("timestamp")) / 1000
            found += word(ident=ident, sender=source.get("userId"), text=message.get("text"), seconds=seconds)
    return found


def sign(body: bytes) -> str:
    """x-line-signature of a body."""
    return base64.b64encode(hmac.new(settings.LINE_CHANNEL_SECRET.encode(), body, hashlib.sha256).digest()).decode()
