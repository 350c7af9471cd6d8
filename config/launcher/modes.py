"""What the launcher can be asked for; each mode gives the exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from config.launcher.catalogues import compile_catalogues
from config.launcher.errors import LauncherError
from config.launcher.places import PROJECT, Place, place, server_user
from config.launcher.processes import run_in_front
from config.launcher.services import PlaceTaken, services, shared_services, write_environment_file


def execute(arguments: list[str]) -> int:
    """Any command with the servers of `make run`: joins them when they run, else starts them for the command."""
    if not arguments:
        raise LauncherError("exec needs a command, for example: exec -- python manage.py shell")
    compile_catalogues()
    with services(place("run"), "development", join=True) as up:
        return run_in_front(_command(arguments), up.environment, PROJECT)


def test(arguments: list[str]) -> int:
    """pytest on servers of its own, or on the shared ones named by TERANG_SERVICES."""
    compile_catalogues()
    named = os.environ.get("TERANG_SERVICES")
    if named:
        environment = shared_services(Path(named))
        if environment is None:
            raise LauncherError(f"TERANG_SERVICES={named}, but nothing answers there. Start it with `make services`.")
        return _pytest(arguments, environment)
    kept = place("test")
    try:
        with services(kept, "test", throwaway=True) as up:
            return _pytest(arguments, up.environment)
    except PlaceTaken:
        return _test_in_passing(arguments)


def _test_in_passing(arguments: list[str]) -> int:
    """Another test run or `make services` holds var/test: use a folder of our own and remove it afterwards."""
    here = Place("test", Path(tempfile.mkdtemp(prefix="test-", dir=place("test").root)), server_user())
    try:
        with services(here, "test", throwaway=True) as up:
            return _pytest(arguments, up.environment)
    finally:
        here.remove()


def fast(arguments: list[str]) -> int:
    """Like test, on the running `make services` when there is one."""
    environment = shared_services(place("test").root)
    if environment is None:
        return test(arguments)
    compile_catalogues()
    return _pytest(arguments, environment)


def keep_services(arguments: list[str]) -> int:
    """Database and broker for tests, until this process is told to stop. `--alive` asks, `--stop` ends a running one."""
    if arguments == ["--alive"]:
        return 0 if shared_services(place("test").root) else 1
    if arguments == ["--stop"]:
        return _stop_services()
    with services(place("test"), "test", throwaway=True) as up:
        path = write_environment_file(up)
        print(f"Test servers are up: {path}", flush=True)
        try:
            while up.crew.fallen() is None:
                time.sleep(0.5)
            raise LauncherError(f"{up.crew.fallen().name} ended on its own; see {up.place.log}.")
        finally:
            path.unlink(missing_ok=True)


def _stop_services() -> int:
    """Ask the launcher that holds var/test to stop and wait for it. Nothing to stop is fine."""
    kept = place("test")
    for attempt in range(300):
        if kept.lock():
            kept.unlock()
            return 0
        if attempt == 0 and kept.notice.exists():
            os.kill(json.loads(kept.notice.read_text(encoding="utf-8"))["pid"], signal.SIGTERM)
        time.sleep(0.1)
    raise LauncherError("The test servers did not stop within 30 s.")


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    return run_in_front([sys.executable, "-m", "pytest", *arguments], environment, PROJECT)


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, *arguments[1:]] if arguments[0] == "python" else arguments


MODES: dict[str, Callable[[list[str]], int]] = {
    "exec": execute,
    "test": test,
    "fast": fast,
    "services": keep_services,
}
