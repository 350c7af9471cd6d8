"""Devices of people, and the doors for providers."""

from types import SimpleNamespace

from tests.access.table import Row, everybody, only, signed_in
from tests.factories.notifications import a_device


def prepare(cast) -> SimpleNamespace:
    return SimpleNamespace(device=a_device(cast.worker.user).pk)


ROWS = {
    # Providers sign what they send; nobody of the cast is one.
    "callback": Row(lambda cast, made: "/hooks/sms/mailbox/", everybody(403), method="post"),
    "messenger_callback": Row(lambda cast, made: "/hooks/line/", everybody(404), method="post"),
    "push_worker": Row(lambda cast, made: "/push-worker.js", everybody()),
    "push_devices": Row(lambda cast, made: "/vi/me/push/", signed_in()),
    # Another person's device does not exist for anybody.
    "push_remove": Row(lambda cast, made: f"/vi/me/push/{made.device}/remove/", only("worker")),
}
