"""A provider behind one address: every message is one POST of JSON, answered with 2xx.

SMS_TRANSPORT=notifications.channels.sms.gateway.Transport, SMS_GATEWAY_URL=https://…, SMS_GATEWAY_TOKEN(_FILE)=…
The provider gets {"to": "+84…", "text": "…"} with `Authorization: Bearer <token>`. Another shape is another class.
"""

import json
import urllib.request

from django.conf import settings

TIMEOUT_SECONDS = 8


class Transport:
    """Raises OSError (URLError, HTTPError and time-outs are OSErrors) when the provider did not take the message."""

    def send(self, to: str, text: str) -> str:
        if not settings.SMS_GATEWAY_URL.startswith("https://"):
            raise OSError("SMS_GATEWAY_URL must begin with https://")
        request = urllib.request.Request(  # noqa: S310  (https only, checked above; the address is the operator's own)
            settings.SMS_GATEWAY_URL,
            data=json.dumps({"to": to, "text": text}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return answer.headers.get("X-Message-Id", "")
