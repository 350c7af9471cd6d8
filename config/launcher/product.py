"""The product itself: makes the database ready, then web, worker and beat."""

from __future__ import annotations

import _multiprocessing
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
from psycopg import sql

from config.launcher.catalogues import compile_catalogues
from config.launcher.errors import LauncherError
from config.launcher.fingerprint import database_fingerprint, static_fingerprint
from config.launcher.places import PROJECT
from config.launcher.processes import wait_until
from config.launcher.services import Services

PROGRAMS = Path(sys.executable).parent
READY = "terang prepared "


def prepare(up: Services, *, demo: bool) -> None:
    """Migrations, grants, reference data, catalogues, static files, demo world; only when their inputs changed."""
    compile_catalogues()
    mark = READY + database_fingerprint() + (" demo" if demo else "")
    static = up.place.root / "static.stamp"
    files = static_fingerprint()
    if _mark(up) not in {mark, mark + " demo"}:
        say("Preparing the database …")
        with_demo = ["--demo", "--accounts", str(up.place.root / "accounts.txt")] if demo else []
        manage(up, "prepare", "--static", "--verbosity", "0", *with_demo)
        _set_mark(up, mark)
        static.write_text(files, encoding="utf-8")
    elif not static.exists() or static.read_text(encoding="utf-8") != files:
        manage(up, "collectstatic", "--no-input", "--clear", "--verbosity", "0")
        static.write_text(files, encoding="utf-8")


def manage(up: Services, *arguments: str) -> None:
    """Run a management command to its end, showing what it prints. Raises LauncherError with its last words."""
    log = up.place.log / "prepare.log"
    with log.open("a", encoding="utf-8") as file:
        print(f"== manage.py {' '.join(arguments)}", file=file, flush=True)
        command = [sys.executable, "manage.py", *arguments]
        with subprocess.Popen(
            command, cwd=PROJECT, env=up.environment, stdout=subprocess.PIPE, stderr=file, text=True
        ) as process:
            for line in process.stdout or ():
                print(line, end="", file=file, flush=True)
                say(line.rstrip())
    if process.returncode != 0:
        last = "\n".join(log.read_text(encoding="utf-8").splitlines()[-25:])
        raise LauncherError(f"`manage.py {' '.join(arguments)}` failed. The end of {log}:\n{last}")


def _mark(up: Services) -> str:
    """The mark lives in the database as its comment, so it goes where the database goes and dies with it."""
    with psycopg.connect(up.environment["DATABASE_OWNER_URL"]) as connection:
        row = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        ).fetchone()
    return (row and row[0]) or ""


def _set_mark(up: Services, mark: str) -> None:
    with psycopg.connect(up.environment["DATABASE_OWNER_URL"]) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(mark)))


def claim_port(port: int) -> None:
    """Raises LauncherError when something listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LauncherError(f"Port {port} is taken. Choose another one: PORT={port + 1} make run") from error


def start(up: Services, port: int) -> None:
    """Web, then worker and beat; returns when pages are served. Web goes first: a person waits for it."""
    broker = up.environment.get("REDIS_URL")
    if broker:
        web = _web(up, port, workers=2)
    else:
        say("No broker program found: background work runs inside the web process.")
        web = _web(up, port, workers=1, settings="python:config.launcher.inprocess")
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), seconds=120, child=web, what="The web server")
    if broker:
        _worker(up)
        _beat(up)


def _web(up: Services, port: int, *, workers: int, settings: str = ""):
    command = [str(PROGRAMS / "gunicorn"), "config.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--timeout", "30"]
    command += ["--graceful-timeout", "10", "--no-control-socket"]
    command += ["--config", settings] if settings else ["--preload"]  # loads the product once for all workers
    return up.crew.start("web", command, environment=up.environment, log=up.place.log / "web.log", folder=PROJECT, grace=20)


def _worker(up: Services) -> None:
    command = [str(PROGRAMS / "celery"), "-A", "config", "worker", "--concurrency", "2", "--pool", worker_pool()]
    command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    up.crew.start(
        "worker",
        command,
        environment={**up.environment, "DATABASE_OPTIONS": "-c statement_timeout=60000 -c lock_timeout=5000"},
        log=up.place.log / "worker.log",
        folder=PROJECT,
        grace=40,
    )


def _beat(up: Services) -> None:
    command = [str(PROGRAMS / "celery"), "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="]
    command += ["--schedule", str(up.place.root / "beat-schedule")]
    up.crew.start("beat", command, environment=up.environment, log=up.place.log / "beat.log", folder=PROJECT)


def worker_pool() -> str:
    """`prefork`, or `threads` where the machine has no writable shared memory (prefork dies there)."""
    try:
        lock = _multiprocessing.SemLock(1, 1, 1, f"/terang-{os.getpid()}", True)
    except OSError:
        return "threads"
    del lock
    return "prefork"


def answers(address: str) -> bool:
    """True when `address` answers 200."""
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 (loopback address made here)
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def say(text: str) -> None:
    print(text, flush=True)
