"""The test database: made by the owner, used by the product's own login, never the real one.

Every process has a database of its own (its pid or TEST_DATABASE_SUFFIX in the name), copied from a template that is
rebuilt only when migrations, grants or reference data change. So several people may test at once on one server.
"""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from psycopg import sql

from config.launcher.fingerprint import database_fingerprint

BUILD_LOCK = 7233421
DOORS = ("DATABASE_URL", "DATABASE_OWNER_URL")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Replaces pytest-django's: a fresh copy of the template for this process, removed at the end."""
    real = {door: os.environ[door] for door in DOORS}
    name = _own_name()
    with django_db_blocker.unblock():
        try:
            with psycopg.connect(real["DATABASE_OWNER_URL"], autocommit=True) as server:
                _drop_abandoned(server)
                _copy_template(server, name, real)
            _point_at(name, real)
            with connections["default"].cursor() as cursor:
                cursor.execute("select current_database()")
                assert cursor.fetchone()[0].startswith("test_"), "tests must never reach a real database"
            yield
        finally:
            _point_at(urlsplit(real["DATABASE_URL"]).path.lstrip("/"), real)
            with psycopg.connect(real["DATABASE_OWNER_URL"], autocommit=True) as server:
                _drop(server, name)


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """For tests that need real commits (threads, workers, on_commit): everything but reference data is emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        empty_tables()
        connections.close_all()


def empty_tables() -> None:
    """Empty every table but the reference data and Django's own registers, as the owner."""
    keep = {"django_migrations", "django_content_type", "auth_permission"}
    keep |= {model._meta.db_table for model in apps.get_models() if getattr(model, "row_kind", "") == "reference"}
    with connections["owner"].cursor() as cursor:
        tables = [name for name in connections["owner"].introspection.table_names(cursor) if name not in keep]
        names = ", ".join(connections["owner"].ops.quote_name(name) for name in tables)
        cursor.execute(f"truncate {names} restart identity")


def _own_name() -> str:
    given = os.environ.get("TEST_DATABASE_SUFFIX")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return f"test_terang_{given}{worker}" if given else f"test_terang_p{os.getpid()}"


def _copy_template(server: psycopg.Connection, name: str, real: dict[str, str]) -> None:
    """Make the database `name` from an up-to-date template, built by whoever comes first; the others wait."""
    server.execute("select pg_advisory_lock(%s)", [BUILD_LOCK])
    try:
        template = f"test_template_{database_fingerprint()}"
        if template not in _databases(server, "test_template_"):
            draft = f"test_building_p{os.getpid()}"
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(draft)))
            _build(draft, real)
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(template)))
            for old in _databases(server, "test_template_")[:-3]:
                _drop(server, old)
        _drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    finally:
        server.execute("select pg_advisory_unlock(%s)", [BUILD_LOCK])


def _build(name: str, real: dict[str, str]) -> None:
    _point_at(name, real)
    call_command("migrate", database="owner", verbosity=0)
    call_command("secure_database", verbosity=0)
    call_command("load_reference", verbosity=0)
    connections.close_all()


def _point_at(name: str, real: dict[str, str]) -> None:
    """Send both connections, and programs that tests start, to the database `name`."""
    connections.close_all()
    for alias in ("default", "owner"):
        connections.databases[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name
    for door, url in real.items():
        os.environ[door] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _databases(server: psycopg.Connection, prefix: str) -> list[str]:
    """Names beginning with `prefix`, oldest first."""
    rows = server.execute("select datname from pg_database where starts_with(datname, %s) order by oid", [prefix])
    return [row[0] for row in rows]


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _drop_abandoned(server: psycopg.Connection) -> None:
    """Remove databases of test processes that no longer live (loopback servers only: a pid means this machine)."""
    if server.info.host not in {"127.0.0.1", "localhost"}:
        return
    for prefix in ("test_terang_p", "test_building_p"):
        for name in _databases(server, prefix):
            pid = name.removeprefix(prefix)
            if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                try:
                    _drop(server, name)
                except psycopg.errors.ObjectInUse:
                    continue


@pytest.fixture(autouse=True)
def english() -> None:
    """Every test begins in the language of the source; the one before may have asked for a page in another."""
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Tests speak to this machine only."""
    patch = pytest.MonkeyPatch()
    for method in ("connect", "connect_ex"):
        patch.setattr(socket.socket, method, _loopback_only(getattr(socket.socket, method)))
    yield
    patch.undo()


def _loopback_only(original):
    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(address, tuple) and host not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"A test tried to reach {address}: the network is closed in tests.")
        return original(self, address)

    return guarded
