"""The launcher's servers: letters, passwords, roles, locks, leftovers, servers from outside."""

import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from config.launcher import database
from config.launcher.errors import LauncherError
from config.launcher.keys import password
from config.launcher.places import Place, server_user
from config.launcher.postgres import EmbeddedPostgres, initdb_options, processes_in
from config.launcher.processes import Crew
from config.launcher.services import PlaceTaken, services, shared_services
from tests.launcher import answers, ask, bare_shell, eventually, folder, server, start_services, superuser_url

__all__ = ["bare_shell", "folder", "server"]


# -- 2. letters -----------------------------------------------------------------------------------------------------------


def test_letters_of_every_language_reach_the_trigram_index(server):
    owner = server.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("create extension if not exists pg_trgm")
        connection.execute("create extension if not exists unaccent")
        connection.execute("create extension if not exists btree_gist")

    assert ask(owner, "select array_length(show_trgm('建設'), 1)") == 3
    assert ask(owner, "select show_trgm('xây') = show_trgm('xy')") is False
    assert ask(owner, "select lower('ĐƯỜNG')") == "đường"


def test_older_majors_get_no_builtin_locale(folder):
    assert "--locale-provider=builtin" in initdb_options(17, folder)
    assert not [option for option in initdb_options(16, folder) if "builtin" in option]
    assert "--locale=C.UTF-8" in initdb_options(16, folder)


# -- 3. how it listens and stops --------------------------------------------------------------------------------------------


def test_it_listens_on_loopback_with_passwords_and_without_a_socket_file(server):
    url = server.environment["DATABASE_URL"]
    port = urlsplit(url).port

    assert ask(superuser_url(server), "select current_setting('listen_addresses')") == "127.0.0.1"
    assert ask(superuser_url(server), "select current_setting('unix_socket_directories')") == ""
    assert ask(superuser_url(server), "select rolpassword like 'SCRAM-SHA-256$%%' from pg_authid where rolname = 'terang_web'")
    assert not answers(f"postgresql://terang_web:wrong@127.0.0.1:{port}/terang")
    assert not answers(f"postgresql://postgres@127.0.0.1:{port}/terang")


def test_stopping_does_not_wait_for_clients(folder):
    with services(Place("test", folder, server_user()), "test", throwaway=True) as up:
        idle = psycopg.connect(up.environment["DATABASE_URL"])
        began = time.monotonic()
    idle.close()

    assert time.monotonic() - began < 10
    assert "received fast shutdown request" in (folder / "log" / "postgres.log").read_text(encoding="utf-8")


# -- 5. one launcher per folder; leftovers ------------------------------------------------------------------------------------


def test_a_second_launcher_is_refused_while_the_first_runs(folder):
    with services(Place("test", folder, server_user()), "test", throwaway=True):
        with pytest.raises(PlaceTaken, match="already runs"), services(Place("test", folder, server_user()), "test"):
            pass
        with services(Place("test", folder, server_user()), "test", join=True) as joined:
            assert joined.joined
            assert answers(joined.environment["DATABASE_URL"])


def test_a_killed_server_that_is_still_a_zombie_does_not_block_the_next_start(folder):
    here = Place("test", folder, server_user())
    crew = Crew()
    EmbeddedPostgres(here).start(crew)
    killed = crew.children[0]
    killed.process.send_signal(signal.SIGKILL)  # not reaped: its pid still looks alive
    data = next(here.servers.glob("postgres-*"))
    eventually(lambda: not processes_in(data))

    again = Crew()
    server = EmbeddedPostgres(here)
    try:
        server.start(again)
        assert answers(server.administrator_url())
    finally:
        again.stop()
        killed.process.wait()


def test_servers_end_with_a_launcher_that_was_killed(folder):
    launcher = start_services(folder)
    notice = shared_services(folder / "test")
    assert notice

    launcher.kill()
    launcher.wait()

    eventually(lambda: not answers(notice["DATABASE_URL"]))
    again = start_services(folder)
    again.terminate()
    assert again.wait(30) == 143


# -- 6. and 7. folders and speed ---------------------------------------------------------------------------------------------


def test_the_data_folder_carries_the_major_version(server):
    data = [path.name for path in server.place.servers.glob("postgres-*")]

    assert data == [f"postgres-{ask(superuser_url(server), 'show server_version').split('.')[0]}"]


def test_only_test_servers_trade_safety_for_speed(server, folder):
    names = ("fsync", "synchronous_commit", "full_page_writes")
    assert [ask(superuser_url(server), f"show {name}") for name in names] == ["off", "off", "off"]

    with services(Place("run", folder, server_user()), "development") as up:
        assert [ask(superuser_url(up), f"show {name}") for name in names] == ["on", "on", "on"]


# -- 8. roles ----------------------------------------------------------------------------------------------------------------


def test_no_role_of_the_product_may_pass_the_policies(server):
    unsafe = ask(
        superuser_url(server),
        "select count(*) from pg_roles where (rolsuper or rolbypassrls or rolcreaterole or rolreplication)"
        " and rolname in ('terang_owner', 'terang_web', 'app', 'statistician', 'postman')",
    )

    assert unsafe == 0
    assert ask(superuser_url(server), "select rolcreatedb from pg_roles where rolname = 'terang_owner'")


def test_web_inherits_nothing_and_may_become_app_statistician_or_postman(server):
    url = server.environment["DATABASE_URL"]

    for role in ("app", "statistician", "postman"):
        assert ask(url, "select pg_has_role('terang_web', %s, 'USAGE')", role) is False
        assert ask(url, "select pg_has_role('terang_web', %s, 'MEMBER')", role) is True
    assert ask(url, "select set_config('role', 'app', true)") == "app"
    members = "select count(*) from pg_auth_members where member in ('app'::regrole, 'statistician'::regrole, 'postman'::regrole, 'terang_owner'::regrole)"
    assert ask(superuser_url(server), members) == 0


def test_a_policy_for_the_statistician_opens_nothing_to_web(server):
    with psycopg.connect(server.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("create table secret (id int)")
        owner.execute("insert into secret values (1)")
        owner.execute("alter table secret enable row level security; alter table secret force row level security")
        owner.execute("create policy stat on secret for select to statistician using (true)")
        owner.execute("grant select on secret to statistician, app")

    url = server.environment["DATABASE_URL"]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(url, "select count(*) from secret")
    with psycopg.connect(url) as connection:
        connection.execute("set local role app")
        assert connection.execute("select count(*) from secret").fetchone()[0] == 0
        connection.execute("set local role statistician")
        assert connection.execute("select count(*) from secret").fetchone()[0] == 1


def test_only_the_owner_makes_tables_and_only_our_logins_enter(server):
    with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(server.environment["DATABASE_URL"]) as connection:
        connection.execute("create table mine (id int)")
    assert (
        ask(superuser_url(server), "select pg_get_userbyid(datdba) from pg_database where datname = 'terang'") == "terang_owner"
    )
    assert ask(superuser_url(server), "select has_database_privilege('app', 'terang', 'connect')") is False


# -- servers from outside ----------------------------------------------------------------------------------------------------


def test_an_administrators_url_is_enough(server, folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", superuser_url(server).replace("/terang", "/postgres"))
    monkeypatch.setenv("REDIS_URL", server.environment["REDIS_URL"])

    here = Place("run", folder, server_user())
    with services(here, "development") as up:
        assert up.crew.children == []
        assert ask(up.environment["DATABASE_URL"], "select current_user || '@' || current_database()") == "terang_web@terang"
        assert ask(up.environment["DATABASE_OWNER_URL"], "select current_user::text") == "terang_owner"
        assert up.environment["REDIS_URL"] == server.environment["REDIS_URL"]
    database.prepare(server.place, superuser_url(server))  # the shared server gets its own passwords back


def test_a_login_without_rights_is_told_what_to_ask_for(server, folder):
    with pytest.raises(LauncherError, match=r"roles\.sql"):
        database.prepare(Place("run", folder, server_user()), server.environment["DATABASE_URL"])


def test_two_urls_are_used_as_they_are(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://terang_web:x@db.example/terang")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://terang_owner:y@db.example/terang")
    monkeypatch.setenv("TERANG_BROKER_BIN", "none")

    with services(Place("run", folder, server_user()), "development") as up:
        assert up.environment["DATABASE_OWNER_URL"] == "postgresql://terang_owner:y@db.example/terang"
        assert up.crew.children == []
        assert "REDIS_URL" not in up.environment


def test_the_server_never_runs_as_root(server):
    data = next(server.place.servers.glob("postgres-*"))
    pids = [pid for pid in processes_in(data) if Path(f"/proc/{pid}/cmdline").read_bytes()]

    assert pids
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in pids}.isdisjoint({0})


def test_the_broker_wants_its_password(server):
    url = server.environment["REDIS_URL"]
    with redis.Redis.from_url(url) as client:
        assert client.ping()
        assert client.config_get("bind")["bind"] == "127.0.0.1"
    with redis.Redis(host="127.0.0.1", port=urlsplit(url).port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with open(f"/proc/{server.crew.children[1].process.pid}/cmdline", "rb") as arguments:
        assert password(server.place, "redis").encode() not in arguments.read()
