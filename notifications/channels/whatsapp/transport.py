"""WhatsApp Cloud API: outside a running conversation only an approved template may be sent. Formats from Meta for Developers:
"Send messages" (POST /{version}/{phone-number-id}/messages, type template) and "WhatsApp error codes".
"""

import json

from django.conf import settings

from notifications.channels import Busy, ChannelBroken, Message, Undeliverable
from notifications.channels.guard import NotAllowed, operators
from notifications.channels.http import Answer, post

MOST = 1000
# Not on WhatsApp or cannot take messages; stopped by the person.
NO_ACCOUNT = {131021, 131026, 131030}
STOPPED = {131050}
BUSY = {4, 80007, 130429, 131048, 131056, 133016}
ACCOUNT = {
    0,
    1,
    2,
    3,
    10,
    190,
    368,
    131000,
    131005,
    131016,
    131031,
    131042,
    131045,
    132001,
    132015,
    132016,
    133000,
    133004,
    133010,
}


class Transport:
    """A template in the reader's language. WhatsApp knows no repeated message: a hand-over whose answer was lost may show twice."""

    def send(self, message: Message) -> str:
        words = [" ".join(message.text.split())[:MOST], message.link or settings.BASE_URL]
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.to.lstrip("+"),
            "type": "template",
            "template": {
                "name": settings.WHATSAPP_TEMPLATE,
                "language": {"code": message.language},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": text} for text in words]}],
            },
        }
        answer = _ask(body)
        data = answer.data()
        if not answer.ok:
            error = data.get("error")
            raise _refused(error.get("code") if isinstance(error, dict) else None, answer)
        sent = data.get("messages")
        first = sent[0] if isinstance(sent, list) and sent and isinstance(sent[0], dict) else {}
        return str(first.get("id", ""))[:200]


def _ask(body: dict) -> Answer:
    """Meta tells its reasons by code, also with 401, 403, 429 and 5xx; so the answer is read before the status decides."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.WHATSAPP_TOKEN}"}
    url = f"{settings.WHATSAPP_URL}/{settings.WHATSAPP_SENDER}/messages"
    try:
        return post(operators(url), json.dumps(body, ensure_ascii=False).encode(), headers)
    except NotAllowed as error:
        raise ChannelBroken("The address of the provider must begin with https://") from error
    except OSError as error:
        raise ChannelBroken(f"{type(error).__name__}: {error}"[:300]) from error


def _refused(code, answer: Answer) -> OSError:
    detail = f"WhatsApp error {code}" if isinstance(code, int) else f"WhatsApp answered {answer.status}"
    if code in NO_ACCOUNT:
        return Undeliverable("bounced", detail)
    if code in STOPPED:
        return Undeliverable("stop_word", detail)
    if code in BUSY or answer.status == 429:
        return Busy(answer.retry_after(), detail)
    if code in ACCOUNT or answer.status >= 500 or answer.status in (401, 403):
        return ChannelBroken(detail)
    return Undeliverable("", detail)
