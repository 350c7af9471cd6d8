"""A pytest plugin: every test process, also each worker of `-n`, has a numbered database of the broker to itself.

Loaded by the launcher with `-p`, before Django reads its settings.
"""

from __future__ import annotations

import os

import redis

from config.launcher.broker import DATABASES


def own_broker_database(url: str, pid: int) -> str:
    """`url` with the number of this process's database, as it has a test database of its own."""
    return f"{url.rpartition('/')[0]}/{pid % DATABASES}"


if os.environ.get("TERANG_OWN_BROKER") == "1":
    os.environ["REDIS_URL"] = own_broker_database(os.environ["REDIS_URL"], os.getpid())
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()
