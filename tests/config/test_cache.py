"""A cache that goes away: pages remember for themselves and ask again later."""

import time

from config import cache as module
from config.cache import RedisWithSpare
from tests.brokers import a_black_hole, a_broker, free_port


def a_cache(port: int) -> RedisWithSpare:
    return RedisWithSpare(
        f"redis://127.0.0.1:{port}/0",
        {"KEY_PREFIX": "test", "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}},
    )


def test_while_it_is_gone_the_process_remembers_for_itself():
    cache = a_cache(free_port())

    cache.set("a", 1)
    cache.add("a", 9)
    cache.incr("a")
    cache.set_many({"b": 2})

    assert (cache.get("a"), cache.get_many(["a", "b"]), cache.has_key("b")) == (2, {"a": 2, "b": 2}, True)
    cache.touch("a", 10)
    cache.delete("a")
    cache.delete_many(["b"])
    assert (cache.get("a"), cache.get("b", "none")) == (None, "none")
    cache.clear()


def test_one_that_never_answers_is_waited_for_once():
    with a_black_hole() as port:
        cache = a_cache(port)
        began = time.monotonic()
        for number in range(20):
            cache.set("a", number)
        took = time.monotonic() - began

    assert cache.get("a") == 19
    assert took < 1


def test_it_is_asked_again_when_it_is_back(monkeypatch):
    monkeypatch.setattr(module, "REST_SECONDS", 0)
    port = free_port()
    cache = a_cache(port)
    cache.set("a", "own")

    with a_broker(port):
        cache.set("a", "shared")
        other = a_cache(port)

        assert other.get("a") == "shared"
