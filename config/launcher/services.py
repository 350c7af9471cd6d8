"""Database and broker of one place, as environment variables for the product.

Three ways to get them: start our own, join a launcher that already runs in this place, or use the servers named by
DATABASE_URL and REDIS_URL.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from config.launcher import database
from config.launcher.broker import EmbeddedBroker
from config.launcher.errors import LauncherError
from config.launcher.keys import key_files, write_private
from config.launcher.native import library_environment
from config.launcher.places import Place
from config.launcher.postgres import EmbeddedPostgres
from config.launcher.processes import Crew


@dataclass
class Services:
    """Servers that are up. `environment` is everything the settings read; `crew` holds what we started ourselves."""

    place: Place
    environment: dict[str, str]
    crew: Crew = field(default_factory=Crew)
    joined: bool = False
    embedded_database: bool = True

    def announce(self, **facts: object) -> None:
        """Tell other launchers of this place how to join; the file is readable by its owner only."""
        notice = {"pid": os.getpid(), "environment": self.environment, **facts}
        write_private(self.place.notice, json.dumps(notice, indent=1))


class PlaceTaken(LauncherError):
    """Another launcher holds this place and may not be joined for what was asked."""


@contextlib.contextmanager
def services(place: Place, kind: str, *, throwaway: bool = False, join: bool = False) -> Iterator[Services]:
    """Database and broker for `place`; stopped at the end unless joined. `kind` becomes TERANG_ENV.

    Raises PlaceTaken when another launcher holds the place and `join` is false.
    """
    if not place.lock():
        if not join:
            raise PlaceTaken(f"Terang already runs in {place.root}.")
        yield _join(place)
        return
    crew = Crew()
    try:
        up = _start(place, crew, kind, throwaway)
        up.announce()
        yield up
    finally:
        place.notice.unlink(missing_ok=True)
        crew.stop()
        place.unlock()


def _join(place: Place) -> Services:
    if not place.notice.exists():
        raise LauncherError("Terang is just starting or stopping here. Try again in a moment.")
    notice = json.loads(place.notice.read_text(encoding="utf-8"))
    return Services(place, {**os.environ, **notice["environment"]}, joined=True)


def _start(place: Place, crew: Crew, kind: str, throwaway: bool) -> Services:
    outside = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
    embedded = not outside[0]
    if outside[0] and outside[1]:
        doors = database.Doors(web=outside[0], owner=outside[1])
    elif outside[0]:
        doors = database.prepare(place, outside[0])
    else:
        server = EmbeddedPostgres(place, throwaway)
        server.start(crew)
        doors = database.prepare(place, server.administrator_url())
    environment = {
        **product_environment(place, kind),
        **doors.environment(),
        **_broker_environment(place, crew, throwaway),
    }
    return Services(place, environment, crew, embedded_database=embedded)


def _broker_environment(place: Place, crew: Crew, throwaway: bool) -> dict[str, str]:
    if os.environ.get("REDIS_URL"):
        return {"REDIS_URL": os.environ["REDIS_URL"]}
    broker = EmbeddedBroker(place, throwaway)
    return {"REDIS_URL": broker.url} if broker.start(crew) else {}


def product_environment(place: Place, kind: str) -> dict[str, str]:
    """The shell's environment plus what the settings read, without any server."""
    kept = {name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "TERANG_SERVICES"}}
    media = place.root / "media"
    media.mkdir(exist_ok=True)
    return {
        **kept,
        "TERANG_ENV": kind,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "MEDIA_ROOT": str(media),
        "STATIC_ROOT": str(place.root / "static"),
        "MAILBOX": os.environ.get("MAILBOX", "0" if kind == "production" else "1"),
        **key_files(place),
        **library_environment(),
    }


def write_environment_file(up: Services) -> Path:
    """`var/services.env`: the variables that differ from the shell's, as lines a shell can read."""
    path = up.place.root.parent / "services.env"
    names = [name for name, value in sorted(up.environment.items()) if os.environ.get(name) != value]
    lines = [f"export {name}={shlex.quote(up.environment[name])}" for name in names]
    write_private(path, "\n".join([*lines, f"export TERANG_SERVICES={shlex.quote(str(up.place.root))}"]) + "\n")
    return path


def shared_services(folder: Path) -> dict[str, str] | None:
    """The environment of a launcher in `services` mode, or None when none answers in `folder`."""
    notice = folder / "running.json"
    if not notice.exists():
        return None
    environment: Mapping[str, str] = json.loads(notice.read_text(encoding="utf-8"))["environment"]
    try:
        psycopg.connect(environment["DATABASE_OWNER_URL"], connect_timeout=2).close()
    except psycopg.OperationalError:
        return None
    return {**os.environ, **environment}
