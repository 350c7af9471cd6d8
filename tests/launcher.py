"""Servers and small tools for the tests of the launcher."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from config.launcher.keys import password
from config.launcher.places import PROJECT, Place, server_user
from config.launcher.services import services


@pytest.fixture(autouse=True)
def bare_shell(monkeypatch):
    """As on a fresh machine: no server is named in the environment."""
    for name in (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "TERANG_SERVICES",
        "TERANG_POSTGRES_BIN",
        "TERANG_BROKER_BIN",
    ):
        monkeypatch.delenv(name, raising=False)


@contextlib.contextmanager
def a_folder():
    """A folder that the servers' user may enter, as an ordinary checkout is (pytest's own are 0700)."""
    folder = Path(tempfile.mkdtemp(prefix="launcher-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def folder():
    with a_folder() as path:
        yield path


@pytest.fixture(scope="module")
def server():
    """One throwaway server with roles and database, for tests that only look."""
    with pytest.MonkeyPatch.context() as patch, a_folder() as path:
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
            patch.delenv(name, raising=False)
        with services(Place("test", path, server_user()), "test", throwaway=True) as up:
            yield up


def ask(url, question, *values):
    with psycopg.connect(url, connect_timeout=3) as connection:
        return connection.execute(question, values or None).fetchone()[0]


def superuser_url(up):
    return urlunsplit(
        urlsplit(up.environment["DATABASE_OWNER_URL"])._replace(
            netloc=f"postgres:{password(up.place, 'postgres')}@127.0.0.1:{urlsplit(up.environment['DATABASE_URL']).port}"
        )
    )


def answers(url):
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def eventually(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def _listen_to_ctrl_c():
    """A suite that runs in the background was told to ignore Ctrl-C, and so would everything it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start_services(folder):
    """`python -m config.launcher services` with its state in `folder`; returns when it is up."""
    environment = {**os.environ, "TERANG_VAR": str(folder)}
    (folder / "services.env").unlink(missing_ok=True)
    launcher = subprocess.Popen(
        [sys.executable, "-m", "config.launcher", "services"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        preexec_fn=_listen_to_ctrl_c,
    )
    eventually(lambda: (folder / "services.env").exists(), 60)
    return launcher
