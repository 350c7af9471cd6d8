"""LINE Messaging API. Formats from LINE Developers: "Send push message", "Retry failed API requests" (X-Line-Retry-Key; 409 means that
an earlier try was taken), "Handle HTTP status code 429 errors in the Messaging API".
"""

import json
import uuid

from django.conf import settings

from notifications.channels import Message, Undeliverable
from notifications.channels.http import ask

MOST = 5000
_NAMES = uuid.UUID("5b1e7e0e-8a7c-4b57-9d25-3f6f0d2f0c11")


class Transport:
    """One text message. The retry key follows from the message's key, so LINE shows a repeated one once."""

    def send(self, message: Message) -> str:
        text = message.text if not message.link or message.link in message.text else f"{message.text}\n{message.link}"
        body = {
            "to": message.to,
            "messages": [{"type": "text", "text": text[:MOST]}],
            "notificationDisabled": message.urgency == "low",
        }
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {settings.LINE_TOKEN}",
            "X-Line-Retry-Key": str(uuid.uuid5(_NAMES, message.key)),
        }
        answer = ask(f"{settings.LINE_URL}/v2/bot/message/push", json.dumps(body, ensure_ascii=False).encode(), headers)
        if answer.status == 409:
            return answer.headers.get("x-line-accepted-request-id", "")
        if not answer.ok:
            raise Undeliverable("", f"LINE answered {answer.status}.")
        sent = answer.data().get("sentMessages")
        first = sent[0] if isinstance(sent, list) and sent and isinstance(sent[0], dict) else {}
        return str(first.get("id") or answer.headers.get("x-line-request-id", ""))[:200]
