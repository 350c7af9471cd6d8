"""Zalo Notification Service: a template that Zalo has approved, filled in. Formats from Zalo for Developers, "Gửi thông báo ZNS"
(POST business.openapi.zalo.me/message/template, header access_token; always HTTP 200 with an `error` number), and from Zalo Cloud,
"Cách xử lý mã lỗi" (the error numbers). An account that was connected here is known by its user id, not by its number, and is written to by
"ZBS Template Message" via UID (POST openapi.zalo.me/v3.0/oa/message/template with user_id, the same template).
"""

import hashlib
import json

from django.conf import settings

from notifications.channels import Busy, ChannelBroken, Message, Undeliverable
from notifications.channels.http import ask

MOST_TITLE, MOST_TEXT, MOST_LINK = 30, 200, 200
# Not a number, no Zalo account, one that takes no such messages, or a person who refuses them.
NO_ACCOUNT = {-108, -118, -119, -139, -141}
# The application, the token, the template, the permission or the credit: not the message's fault.
ACCOUNT = {
    -216,
    -100,
    -101,
    -102,
    -103,
    -104,
    -105,
    -106,
    -109,
    -111,
    -115,
    -120,
    -124,
    -125,
    -126,
    -127,
    -131,
    -135,
    -137,
    -138,
    -145,
}
# Not at night (22 to 6 o'clock), or today's number of messages is used up.
LATER = {-133, -144, -147}


class Transport:
    """Zalo knows a repeated message by `tracking_id`."""

    def send(self, message: Message) -> str:
        words = {"title": message.subject[:MOST_TITLE], "text": message.text[:MOST_TEXT], "link": message.link[:MOST_LINK]}
        is_number = message.to.startswith("+")
        url = f"{settings.ZALO_URL}/message/template" if is_number else f"{settings.ZALO_OA_URL}/v3.0/oa/message/template"
        body = {
            ("phone" if is_number else "user_id"): message.to.lstrip("+"),
            "template_id": settings.ZALO_TEMPLATE,
            "template_data": words,
            "tracking_id": hashlib.sha256(message.key.encode()).hexdigest()[:48],
        }
        headers = {"Content-Type": "application/json", "access_token": settings.ZALO_TOKEN}
        answer = ask(url, json.dumps(body, ensure_ascii=False).encode(), headers)
        data = answer.data()
        error = data.get("error")
        if not answer.ok or not isinstance(error, int):
            raise ChannelBroken(f"Zalo answered {answer.status} without a result.")
        if error:
            raise _refused(error)
        sent = data.get("data")
        return str((sent.get("msg_id") or sent.get("message_id") or "") if isinstance(sent, dict) else "")[:200]


def _refused(error: int) -> OSError:
    if error in NO_ACCOUNT:
        return Undeliverable("bounced", f"Zalo error {error}")
    if error in LATER:
        return Busy(3600, f"Zalo error {error}")
    if error in ACCOUNT:
        return ChannelBroken(f"Zalo error {error}")
    return Undeliverable("", f"Zalo error {error}")
