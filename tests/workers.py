"""Real workers for tests: a Celery process on this process's own test database and broker."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from kombu import pools

from config.celery import app

PROJECT = Path(__file__).resolve().parents[1]


@contextlib.contextmanager
def a_worker(**environment):
    """One Celery worker with one thread, in a group of its own; killed at the end if it still lives."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment}, start_new_session=True)
    try:
        yield worker
    finally:
        kill(worker)


def kill(worker: subprocess.Popen) -> None:
    """As when the machine loses its power: no chance to tidy up."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def eventually(question, *, seconds: float = 60):
    """The first true answer; fails after `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError("It did not happen in time.")


@contextlib.contextmanager
def broker_at(url: str):
    """This process asks the broker at another address."""
    before = app.conf.broker_url
    _point_at(url)
    try:
        yield
    finally:
        _point_at(before)


def no_broker():
    """The broker's address leads nowhere: the port is closed."""
    return broker_at("redis://127.0.0.1:1/0")


def _point_at(url: str) -> None:
    """The application forgets its open connections with its address."""
    app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = url
    app.pool.force_close_all()
    app._pool = app.amqp._producer_pool = None
    pools.reset()
