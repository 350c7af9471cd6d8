"""A broker, a clock and a dead end of a test's own, to be killed without harm to anybody else's."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import redis

from config.launcher.binaries import find_broker
from tests.workers import PROJECT, eventually, kill


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def a_broker(port: int) -> Iterator[subprocess.Popen]:
    """A Redis or Valkey at this port that keeps nothing on disk: killed, it has forgotten everything."""
    with tempfile.TemporaryDirectory() as place:
        command = [
            str(find_broker(PROJECT / "var", None)),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            place,
        ]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            eventually(lambda: _answers(port), seconds=10)
            yield server
        finally:
            kill(server)


def _answers(port: int) -> bool:
    try:
        with redis.Redis(port=port, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@contextlib.contextmanager
def a_clock(**environment) -> Iterator[subprocess.Popen]:
    """A Celery beat with the product's own schedule."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "celery", "-A", "config", "beat", "--loglevel", "WARNING"]
        command += ["--schedule", str(Path(place) / "schedule"), "--pidfile", ""]
        clock = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment}, start_new_session=True)
        try:
            yield clock
        finally:
            kill(clock)


@contextlib.contextmanager
def a_black_hole() -> Iterator[int]:
    """A port that takes every connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        held: list[socket.socket] = []

        def swallow() -> None:
            with contextlib.suppress(OSError):
                while True:
                    held.append(listener.accept()[0])

        threading.Thread(target=swallow, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in held:
                connection.close()
