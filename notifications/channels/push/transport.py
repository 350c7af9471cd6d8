"""Over the push service of the reader's browser.

The text is encrypted to the browser's own keys (RFC 8291) by pywebpush; we prove who we are with VAPID (RFC 8292); TTL, Topic and
Urgency are those of RFC 8030. The endpoint was given by a browser, so it is a stranger's address: channels/guard.py decides.
"""

import base64
import hashlib
import json
from types import SimpleNamespace

from django.conf import settings
from pywebpush import WebPushException, webpush

from notifications.channels import Busy, ChannelBroken, Message, Undeliverable
from notifications.channels.guard import NotAllowed, check
from notifications.channels.http import Answer, post
from notifications.channels.push import server_key

TTL = {"urgent": 24 * 3600, "normal": 3 * 24 * 3600, "low": 24 * 3600}
URGENCY = {"urgent": "high", "normal": "normal", "low": "low"}
MOST_TEXT = 600
MOST_TITLE = 120


class Transport:
    """`message.to` is the JSON of a push subscription. A message that was not fetched yet is replaced by a later try of itself (Topic)."""

    def send(self, message: Message) -> str:
        key = server_key()
        if key is None:
            raise ChannelBroken("VAPID_KEY_FILE is not set.")
        carrier = _Carrier()
        try:
            webpush(
                subscription_info=_subscription(message.to),
                data=payload(message),
                vapid_private_key=key,
                vapid_claims={"sub": settings.VAPID_SUBJECT},
                ttl=TTL.get(message.urgency, TTL["normal"]),
                headers={"Urgency": URGENCY.get(message.urgency, "normal"), "Topic": topic(message.key)},
                requests_session=carrier,
            )
        except WebPushException as error:
            if carrier.answer is None:
                raise Undeliverable("gone", "The subscription cannot be read.") from error
            raise _refused(carrier.answer) from error
        except NotAllowed as error:
            raise Undeliverable("gone", f"Not a push service ({error.code}).") from error
        except (ValueError, TypeError) as error:
            raise Undeliverable("gone", "The subscription cannot be read.") from error
        except OSError as error:
            raise ChannelBroken(f"{type(error).__name__}: {error}"[:300]) from error
        return str(carrier.answer.headers.get("location", "") if carrier.answer else "")[:200]


def payload(message: Message) -> str:
    """What the worker of the browser gets (static/push-worker.js): title, text, the page to open, and a name that replaces."""
    words = {
        "title": message.subject[:MOST_TITLE],
        "body": message.text[:MOST_TEXT],
        "url": message.link,
        "tag": topic(message.key),
        "lang": message.language,
    }
    return json.dumps(words, ensure_ascii=False)


def topic(key: str) -> str:
    """At most 32 characters of base64url (RFC 8030, 5.4)."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())[:32].decode()


def _subscription(text: str) -> dict:
    found = json.loads(text)
    if not isinstance(found, dict) or not isinstance(found.get("endpoint"), str) or not isinstance(found.get("keys"), dict):
        raise ValueError("No subscription.")
    return found


def _refused(answer: Answer) -> OSError:
    if answer.status in (404, 410):
        return Undeliverable("gone", f"The push service answered {answer.status}.")
    if answer.status == 429:
        return Busy(answer.retry_after(), "The push service asks for patience.")
    if answer.status in (400, 413):
        return Undeliverable("", f"The push service answered {answer.status}.")
    return ChannelBroken(f"The push service answered {answer.status}.")


class _Carrier:
    """Stands where pywebpush expects a session of requests, and sends through our own guarded door."""

    def __init__(self) -> None:
        self.answer: Answer | None = None

    def post(self, endpoint, *, data, headers, timeout=None):
        plain = {name: value.decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()}
        self.answer = post(check(endpoint, services=settings.PUSH_SERVICES), data or b"", plain)
        text = self.answer.body[:200].decode(errors="replace")
        return SimpleNamespace(status_code=self.answer.status, reason="", text=text, headers=self.answer.headers)
