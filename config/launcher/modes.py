"""What the launcher can be asked for; each mode gives the exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from config.launcher import product
from config.launcher.catalogues import compile_catalogues
from config.launcher.errors import LauncherError, StopRequested
from config.launcher.places import PROJECT, Place, place, server_user
from config.launcher.processes import free_port, run_in_front
from config.launcher.services import PlaceTaken, Services, services, shared_services, write_environment_file


def run(arguments: list[str]) -> int:
    """The whole platform until Ctrl-C. Gives 0 after Ctrl-C and 1 when a part of it ended on its own."""
    port = int(os.environ["PORT"])
    product.claim_port(port)
    os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{port}")
    started = time.monotonic()
    try:
        with services(place("run"), "development") as up:
            product.prepare(up, demo=True)
            product.start(up, port)
            _greet(up, time.monotonic() - started)
            _watch(up)
    except PlaceTaken as error:
        raise LauncherError(f"{error} Stop it with Ctrl-C in its terminal first.") from error
    except StopRequested:
        product.say("Stopped.")
    return 0


def _greet(up: Services, seconds: float) -> None:
    product.say(f"\nTerang is ready after {seconds:.1f} s: {os.environ['BASE_URL']}/")
    accounts = up.place.root / "accounts.txt"
    if accounts.exists():
        product.say(accounts.read_text(encoding="utf-8"))
    product.say(f"Logs: {up.place.log}. Stop: Ctrl-C.")


def _watch(up: Services) -> None:
    """Wait until a child ends; that is an error, because only we stop them."""
    while (child := up.crew.fallen()) is None:
        time.sleep(0.5)
    raise LauncherError(f"{child.name} ended on its own. The end of {child.log}:\n{child.last_words()}")


def execute(arguments: list[str]) -> int:
    """Any command with the servers of `make run`: joins them when they run, else starts them for the command."""
    if not arguments:
        raise LauncherError("exec needs a command, for example: exec -- python manage.py shell")
    with services(place("run"), "development", join=True) as up:
        if not up.joined:
            product.prepare(up, demo=False)
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
            _watch(up)
        finally:
            path.unlink(missing_ok=True)
    return 0


def journeys(arguments: list[str]) -> int:
    """The browser tests against a product made for them: fresh database, demo world, port of its own."""
    here = place("e2e")
    if not here.lock():
        raise PlaceTaken(f"The journeys already run in {here.root}.")
    here.unlock()
    here.remove()
    port = free_port()
    os.environ["BASE_URL"] = f"http://127.0.0.1:{port}"
    with services(place("e2e"), "development", throwaway=True) as up:
        product.prepare(up, demo=True)
        product.start(up, port)
        environment = {**up.environment, "TERANG_E2E_URL": os.environ["BASE_URL"], "CHROMIUM": chromium()}
        command = [sys.executable, "-m", "pytest", "tests/e2e", *arguments]
        return run_in_front(command, environment, PROJECT)


def chromium() -> str:
    """The browser for the journeys: CHROMIUM, else the first on PATH."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise LauncherError("No Chromium found. Install it (apt-get install chromium) or name it in CHROMIUM.")
    return found


def bench(arguments: list[str]) -> int:
    """`python -m bench` on servers of its own with the settings of `make run`; it makes its own database."""
    compile_catalogues()
    with services(place("bench"), "development") as up:
        return run_in_front([sys.executable, "-m", "bench", *arguments], up.environment, PROJECT)


def catalogues(arguments: list[str]) -> int:
    """Compile the catalogues and nothing else (the container image does it while it is built)."""
    compile_catalogues()
    return 0


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
    own_broker = bool(environment.get("REDIS_URL")) and not os.environ.get("REDIS_URL")
    command = [sys.executable, "-m", "pytest", "-p", "config.launcher.pytest_process", *arguments]
    return run_in_front(command, {**environment, "TERANG_OWN_BROKER": "1" if own_broker else "0"}, PROJECT)


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, *arguments[1:]] if arguments[0] == "python" else arguments


MODES: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "exec": execute,
    "test": test,
    "fast": fast,
    "services": keep_services,
    "e2e": journeys,
    "bench": bench,
    "catalogues": catalogues,
}
