"""Calls of Zalo. Formats from Zalo for Developers, "Official Account – Webhook": X-ZEvent-Signature is `mac=` and the SHA-256 in hexadecimal
(no HMAC) of application id, raw body, its timestamp and the account's secret key; event user_send_text (sender.id, message.text,
message.msg_id, timestamp in ms).
"""

import hashlib

from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.channels.inbound import Knock, NotSigned, Receipt, Word, inside, number, word


def read(knock: Knock) -> list[Receipt | Word]:
    """What somebody wrote to our official account."""
    data = knock.data()
    moment = str(data.get("timestamp", ""))
    known = bool(settings.ZALO_APP_ID and settings.ZALO_SECRET) and str(data.get("app_id", "")) == settings.ZALO_APP_ID
    if not known or not constant_time_compare(knock.headers.get("x-zevent-signature", "").lower(), sign(knock.body, moment)):
        raise NotSigned
    if data.get("event_name") != "user_send_text":
        return []
    sender, message = inside(data.get("sender")), inside(data.get("message"))
    seconds = number(moment) / 1000
    return list(word(ident=message.get("msg_id"), sender=sender.get("id"), text=message.get("text"), seconds=seconds))


def sign(body: bytes, moment: str) -> str:
    """X-ZEvent-Signature of a body with this timestamp."""
    text = settings.ZALO_APP_ID.encode() + body + moment.encode() + settings.ZALO_SECRET.encode()
    return f"mac={hashlib.sha256(text).hexdigest()}"
