"""Vonage (formerly Nexmo), SMS API. SMS_TRANSPORT=notifications.channels.sms.vonage.Transport, VONAGE_API_KEY, VONAGE_API_SECRET(_FILE),
VONAGE_SENDER, and VONAGE_SIGNATURE_SECRET(_FILE) for calls to us (signature method SHA-256 HMAC in the account's settings).

Formats from Vonage's documentation: "SMS API" and "Troubleshooting SMS" (POST /sms/json, one status per part, always HTTP 200),
"Delivery receipts" (messageId, status, err-code), "Inbound SMS" (msisdn, text), "Signing Messages" (sig over sorted fields).
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.channels import Busy, ChannelBroken, Undeliverable
from notifications.channels.http import ask
from notifications.channels.sms import Call, NotSigned, Receipt, Word
from notifications.channels.sms.length import is_gsm7

CALLBACK = "/hooks/sms/vonage/"
FRESH_SECONDS = 300
BUSY = {1, 10}
# Not a number, barred, or an address that this account may not send to.
NO_NUMBER = {6, 7}
ACCOUNT = {2, 3, 4, 5, 8, 9, 11, 13, 14, 15, 22, 23, 29}
DELIVERED, FAILED = {"delivered"}, {"expired", "failed", "rejected"}
GONE = {3, 9}  # err-code: absent for good, illegal number


class Transport:
    """See the module."""

    def send(self, to: str, text: str, *, key: str = "") -> str:
        fields = {
            "api_key": settings.VONAGE_API_KEY,
            "api_secret": settings.VONAGE_API_SECRET,
            "from": settings.VONAGE_SENDER,
            "to": to.lstrip("+"),
            "text": text,
            "type": "text" if is_gsm7(text) else "unicode",
            "callback": settings.BASE_URL + CALLBACK,
        }
        if key:
            fields["client-ref"] = hashlib.sha256(key.encode()).hexdigest()[:40]
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = ask(f"{settings.VONAGE_URL}/sms/json", urlencode(fields).encode(), headers)
        sent = answer.data().get("messages")
        if not answer.ok or not isinstance(sent, list) or not sent or not all(isinstance(part, dict) for part in sent):
            raise ChannelBroken(f"Vonage answered {answer.status} without a message.")
        for part in sent:
            if str(part.get("status")) != "0":
                raise _refused(str(part.get("status")))
        return str(sent[0].get("message-id", ""))[:200]

    def read(self, call: Call) -> list[Receipt | Word]:
        fields = dict(call.fields)
        given = fields.pop("sig", "").lower()
        if not settings.VONAGE_SIGNATURE_SECRET or not constant_time_compare(given, sign(fields)):
            raise NotSigned
        if not _is_fresh(fields.get("timestamp", "")):
            raise NotSigned
        message = fields.get("messageId", "")
        if "status" in fields and message:
            return _receipt(message, fields)
        sender = fields.get("msisdn", "")
        return [Word(message, f"+{sender.lstrip('+')}", fields.get("text", ""))] if message and sender else []


def sign(fields: Mapping[str, str]) -> str:
    """Signature in small hexadecimal letters: HMAC-SHA256 over `&name=value` in the order of names, with & and = in values as _."""
    digest = hmac.new(settings.VONAGE_SIGNATURE_SECRET.encode(), digestmod=hashlib.sha256)
    for name in sorted(fields):
        value = fields[name].replace("&", "_").replace("=", "_")
        digest.update(f"&{name}={value}".encode())
    return digest.hexdigest()


def _receipt(message: str, fields: Mapping[str, str]) -> list[Receipt | Word]:
    status, code = fields["status"].lower(), fields.get("err-code", "")
    if status in DELIVERED:
        return [Receipt(message, "delivered")]
    if status in FAILED:
        gone = code.isascii() and code.isdigit() and int(code[:4]) in GONE
        return [Receipt(message, "failed", "bounced" if gone else "")]
    return []


def _refused(status: str) -> OSError:
    code = int(status) if status.isascii() and status.isdigit() and len(status) < 5 else 5
    detail = f"Vonage status {code}"
    if code in BUSY:
        return Busy(10, detail)
    if code in NO_NUMBER:
        return Undeliverable("bounced", detail)
    if code in ACCOUNT:
        return ChannelBroken(detail)
    return Undeliverable("", detail)


def _is_fresh(timestamp: str) -> bool:
    return (
        timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 and abs(time.time() - int(timestamp)) <= FRESH_SECONDS
    )
