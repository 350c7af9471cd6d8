"""Twilio. SMS_TRANSPORT=notifications.channels.sms.twilio.Transport, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN(_FILE), and TWILIO_SENDER:
a number in E.164, a sender name, or a messaging service (MG…).

Formats from Twilio's documentation: "Messages resource" (POST …/Accounts/{sid}/Messages.json, form fields, HTTP Basic), "Error and
Warning Dictionary" (21211, 21610, 21614 …), "Track the Message Status of Outbound Messages" (MessageSid, MessageStatus), "Security"
(X-Twilio-Signature).
"""

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.channels import Busy, ChannelBroken, Undeliverable
from notifications.channels.http import ask
from notifications.channels.sms import Call, NotSigned, Receipt, Word

CALLBACK = "/hooks/sms/twilio/"
# The number takes no messages: not valid, no region permission for it, not reachable by SMS, a landline.
NO_NUMBER = {21211, 21214, 21217, 21612, 21614, 30003, 30005, 30006}
# The person told Twilio to stop.
STOPPED = {21610}
# The account's own trouble or limits: the message is not to blame.
ACCOUNT = {20003, 20005, 21603, 21606, 21608, 30001, 30002}
BUSY = {14107, 20429, 21611, 30022}


class Transport:
    """See the module."""

    def send(self, to: str, text: str, *, key: str = "") -> str:
        sender = settings.TWILIO_SENDER
        fields = {
            "To": to,
            "Body": text,
            ("MessagingServiceSid" if sender.startswith("MG") else "From"): sender,
            "StatusCallback": settings.BASE_URL + CALLBACK,
        }
        login = base64.b64encode(f"{settings.TWILIO_ACCOUNT_SID}:{settings.TWILIO_AUTH_TOKEN}".encode()).decode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {login}"}
        url = f"{settings.TWILIO_URL}/2010-04-01/Accounts/{quote(settings.TWILIO_ACCOUNT_SID, safe='')}/Messages.json"
        answer = ask(url, urlencode(fields).encode(), headers)
        data = answer.data()
        if not answer.ok:
            raise _refused(_code(data.get("code")), answer.status)
        if not data.get("sid"):
            raise ChannelBroken("Twilio's answer names no message.")
        return str(data["sid"])[:200]

    def read(self, call: Call) -> list[Receipt | Word]:
        signature = call.headers.get("x-twilio-signature", "")
        if not settings.TWILIO_AUTH_TOKEN or not constant_time_compare(signature, sign(call.url, dict(call.fields))):
            raise NotSigned
        fields = call.fields
        message = fields.get("MessageSid") or fields.get("SmsSid", "")
        if "MessageStatus" in fields:
            outcome = {"delivered": "delivered", "undelivered": "failed", "failed": "failed"}.get(fields["MessageStatus"])
            why = "bounced" if _code(fields.get("ErrorCode")) in NO_NUMBER else ""
            return [Receipt(message, outcome, why)] if outcome and message else []
        return [Word(message, fields.get("From", ""), fields.get("Body", ""))] if message and fields.get("From") else []


def sign(url: str, fields: dict[str, str]) -> str:
    """X-Twilio-Signature of a form: HMAC-SHA1 over the address and the sorted fields, each name followed by its value."""
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    digest = hmac.new(settings.TWILIO_AUTH_TOKEN.encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def _refused(code: int, status: int) -> OSError:
    detail = f"Twilio error {code}" if code else f"Twilio answered {status}"
    if code in NO_NUMBER:
        return Undeliverable("bounced", detail)
    if code in STOPPED:
        return Undeliverable("stop_word", detail)
    if code in BUSY:
        return Busy(60, detail)
    if code in ACCOUNT:
        return ChannelBroken(detail)
    return Undeliverable("", detail)


def _code(value) -> int:
    return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 9 else 0
