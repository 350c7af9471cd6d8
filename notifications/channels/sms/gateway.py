"""A provider behind one address: every message is one POST of JSON, answered with 2xx.

SMS_TRANSPORT=notifications.channels.sms.gateway.Transport, SMS_GATEWAY_URL=https://…, SMS_GATEWAY_TOKEN(_FILE)=…
The provider gets {"to": "+84…", "text": "…"} with `Authorization: Bearer <token>` and, for the same message always the same,
`Idempotency-Key`. It answers with {"id": "…"} or the header X-Message-Id. 410 or 422 means that the number takes no messages.

Its calls to us (/hooks/sms/gateway/) are POSTs of a form with `Authorization: Bearer <token>`: `id` and `status` (delivered, failed,
bounced) for a receipt, or `id`, `from` and `text` for what somebody wrote back. Another shape is another class.
"""

import json

from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.channels import Undeliverable
from notifications.channels.http import ask
from notifications.channels.sms import Call, NotSigned, Receipt, Word


class Transport:
    """See the module."""

    def send(self, to: str, text: str, *, key: str = "") -> str:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"}
        if key:
            headers["Idempotency-Key"] = key
        answer = ask(settings.SMS_GATEWAY_URL, json.dumps({"to": to, "text": text}).encode(), headers)
        if answer.status in (410, 422):
            raise Undeliverable("bounced", f"The provider answered {answer.status}.")
        if not answer.ok:
            raise Undeliverable("", f"The provider answered {answer.status}.")
        return str(answer.data().get("id") or answer.headers.get("x-message-id", ""))[:200]

    def read(self, call: Call) -> list[Receipt | Word]:
        token = settings.SMS_GATEWAY_TOKEN
        if not token or not constant_time_compare(call.headers.get("authorization", ""), f"Bearer {token}"):
            raise NotSigned
        fields = call.fields
        if fields.get("from"):
            return [Word(fields.get("id", ""), fields["from"], fields.get("text", ""))]
        outcome = {"delivered": "delivered", "failed": "failed", "bounced": "failed"}.get(fields.get("status", ""))
        if outcome is None or not fields.get("id"):
            return []
        return [Receipt(fields["id"], outcome, "bounced" if fields["status"] == "bounced" else "")]
