"""A backup has every row of every organization, or it fails; and it comes back."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from config.launcher import binaries
from config.launcher.places import PROJECT, server_user
from tests.launcher import ask, bare_shell, folder, server, superuser_url

__all__ = ["bare_shell", "folder", "server"]


@pytest.fixture
def guarded_rows(server):
    """A table with a forced policy that shows nobody anything, and 1,000 rows in it."""
    owner = server.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("create table cases (id int, organization_id bigint)")
        connection.execute("insert into cases select n, n % 3 from generate_series(1, 1000) n")
        connection.execute("alter table cases enable row level security; alter table cases force row level security")
        connection.execute(
            "create policy tenant on cases using (organization_id = nullif(current_setting('app.x', true), '')::int)"
        )
    yield owner
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("drop table cases")


def login(server, role, secret):
    parts = urlsplit(server.environment["DATABASE_URL"])
    return urlunsplit(parts._replace(netloc=f"{role}:{secret}@127.0.0.1:{parts.port}"))


def back_up(server, url, target):
    programs = binaries.find_postgres(server.place.servers, server_user())
    environment = {**os.environ, "BACKUP_URL": url, "PG_BIN": str(programs.folder)}
    return subprocess.run(
        [sys.executable, PROJECT / "bin" / "backup", target], env=environment, capture_output=True, text=True, check=False
    )


def test_a_backup_has_every_row_and_comes_back(server, guarded_rows, folder):
    with psycopg.connect(superuser_url(server), autocommit=True) as connection:
        connection.execute((PROJECT / "config" / "postgres" / "backup.sql").read_bytes())
        connection.execute("alter role terang_backup password 'for-this-test'")
        connection.execute("create database restored owner terang_owner")
    url = login(server, "terang_backup", "for-this-test")

    done = back_up(server, url, folder / "terang.dump")

    assert done.returncode == 0, done.stderr
    programs = binaries.find_postgres(server.place.servers, server_user())
    restored = superuser_url(server).replace("/terang", "/restored")
    subprocess.run([programs["pg_restore"], "-d", restored, folder / "terang.dump"], check=True, capture_output=True)
    assert ask(restored, "select count(*) from cases") == 1000
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("delete from cases")


def test_a_login_under_policies_is_refused(server, guarded_rows, folder):
    done = back_up(server, guarded_rows, folder / "terang.dump")

    assert done.returncode == 1
    assert "would lack rows" in done.stderr
    assert list(folder.glob("*.dump*")) == []
