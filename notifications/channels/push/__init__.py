"""Messages of the web site on a device (Web Push), also while the site is closed.

CHANNEL_PUSH names the transport; VAPID_KEY_FILE is the private key that push services know us by (a P-256 key in PEM; the launcher makes
one, `python -m py_vapid --gen` another). PUSH_SERVICES lists the endings of the host names that are taken as push services.
"""

import base64
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid


@dataclass(frozen=True)
class Subscription:
    """What a browser gives: where to send to, and the two keys that only this browser can read with."""

    endpoint: str
    p256dh: str
    auth: str

    def as_text(self) -> str:
        return json.dumps({"endpoint": self.endpoint, "keys": {"p256dh": self.p256dh, "auth": self.auth}}, sort_keys=True)


def server_key() -> Vapid | None:
    """Our private key, or None where none is set up."""
    return _read(settings.VAPID_KEY_FILE) if settings.VAPID_KEY_FILE else None


def public_key() -> str:
    """What a page hands to the browser (`applicationServerKey`): the uncompressed point in base64url, "" where none is set up."""
    key = server_key()
    if key is None:
        return ""
    point = key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


@lru_cache(maxsize=4)
def _read(path: str) -> Vapid:
    return Vapid.from_pem(Path(path).read_bytes())
