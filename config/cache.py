"""The cache may go away at any moment and nobody notices: while Redis does not answer, each process remembers for itself.

What is counted there (attempts to sign in) is then counted by each process, not given up.
"""

import time
from typing import Any

import structlog
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger()

REST_SECONDS = 5
_rests_until: dict[str, float] = {}  # by server, for all threads of this process


class RedisWithSpare(BaseCache):
    """Redis, asked once; after a failure it is left in peace for REST_SECONDS, so that a page waits for it once and not ten times."""

    def __init__(self, server: str, params: dict[str, Any]):
        super().__init__(params)
        options = {**params.get("OPTIONS", {}), "retry": Retry(NoBackoff(), 0)}
        self._redis = RedisCache(server, {**params, "OPTIONS": options})
        self._spare = LocMemCache("spare", {key: value for key, value in params.items() if key != "OPTIONS"})
        self._server = server

    def _ask(self, name: str, *args, **kwargs):
        if time.monotonic() >= _rests_until.get(self._server, 0.0):
            try:
                return getattr(self._redis, name)(*args, **kwargs)
            except (RedisError, OSError):
                log.warning("cache_unreachable")
                _rests_until[self._server] = time.monotonic() + REST_SECONDS
        return getattr(self._spare, name)(*args, **kwargs)

    def add(self, *args, **kwargs):
        return self._ask("add", *args, **kwargs)

    def get(self, *args, **kwargs):
        return self._ask("get", *args, **kwargs)

    def set(self, *args, **kwargs):
        return self._ask("set", *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._ask("delete", *args, **kwargs)

    def get_many(self, *args, **kwargs):
        return self._ask("get_many", *args, **kwargs)

    def set_many(self, *args, **kwargs):
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args, **kwargs):
        return self._ask("delete_many", *args, **kwargs)

    def has_key(self, *args, **kwargs):
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args, **kwargs):
        return self._ask("incr", *args, **kwargs)

    def clear(self):
        return self._ask("clear")
