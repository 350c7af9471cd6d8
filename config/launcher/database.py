"""Roles and the database of Terang on a server: the embedded one, or one named by DATABASE_URL."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from config.launcher.errors import LauncherError
from config.launcher.keys import password
from config.launcher.places import PROJECT, Place
from config.launcher.postgres import url

DATABASE = "terang"
MAINTENANCE = {"", "postgres", "template1"}
SCRIPTS = PROJECT / "config" / "postgres"


@dataclass(frozen=True)
class Doors:
    """How the product reaches the database: as web (requests, tasks) and as owner (migrations)."""

    web: str
    owner: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.web, "DATABASE_OWNER_URL": self.owner}


def prepare(place: Place, administrator: str) -> Doors:
    """Make or mend roles, passwords and the database through an administrator's URL; gives the doors.

    The administrator is a superuser or a role with CREATEROLE and CREATEDB. The database is the one in the URL,
    or `terang` when the URL names a maintenance database. Raises LauncherError when the login may not do this.
    """
    database = urlsplit(administrator).path.lstrip("/")
    if database in MAINTENANCE:
        database = DATABASE
    try:
        with psycopg.connect(administrator, autocommit=True, connect_timeout=5) as connection:
            _refuse_unless_administrator(connection)
            connection.execute((SCRIPTS / "roles.sql").read_bytes())
            for role in ("terang_owner", "terang_web"):
                _set_password(connection, role, password(place, role))
            _make_database(connection, database)
        with psycopg.connect(_with_database(administrator, database), autocommit=True) as connection:
            connection.execute((SCRIPTS / "database.sql").read_bytes())
    except psycopg.Error as error:
        raise LauncherError(f"The database server refused the set-up: {error}") from error
    return Doors(
        web=_login(place, administrator, "terang_web", database),
        owner=_login(place, administrator, "terang_owner", database),
    )


def _refuse_unless_administrator(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT rolname, rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
    if not row or not row[1]:
        raise LauncherError(
            f"DATABASE_URL logs in as {row[0] if row else 'nobody'}, who may not make roles. Either give an "
            "administrator's URL, or let an administrator run config/postgres/roles.sql and database.sql and set "
            "both DATABASE_URL (login terang_web) and DATABASE_OWNER_URL (login terang_owner)."
        )


def _set_password(connection: psycopg.Connection, role: str, secret: str) -> None:
    """Set it as a hash made here, so that it never crosses the wire or reaches a log of the server."""
    hashed = connection.pgconn.encrypt_password(secret.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed)))


def _make_database(connection: psycopg.Connection, name: str) -> None:
    """Make the database, or hand an existing one over to terang_owner."""
    row = connection.execute(
        "SELECT pg_get_userbyid(datdba), current_user FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    if row is not None and row[0] == "terang_owner":
        return
    superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if not superuser or not superuser[0]:
        connection.execute("GRANT terang_owner TO CURRENT_USER")
    statement = (
        "CREATE DATABASE {} OWNER terang_owner TEMPLATE template0 ENCODING 'UTF8'"
        if row is None
        else "ALTER DATABASE {} OWNER TO terang_owner"
    )
    connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _with_database(administrator: str, database: str) -> str:
    return urlunsplit(urlsplit(administrator)._replace(path=f"/{database}"))


def _login(place: Place, administrator: str, role: str, database: str) -> str:
    parts = conninfo_to_dict(administrator)
    made = url(role, password(place, role), parts.get("port", 5432), database, str(parts.get("host", "127.0.0.1")))
    query = urlsplit(administrator).query
    return f"{made}?{query}" if query else made
