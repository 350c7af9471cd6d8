"""The embedded PostgreSQL: one data folder per major version, TCP on loopback, passwords always."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.launcher.binaries import PostgresPrograms, find_postgres
from config.launcher.errors import LauncherError
from config.launcher.keys import password
from config.launcher.places import Place
from config.launcher.processes import Crew, as_user, free_port, plain_environment, wait_until

# Faster and not safe against a power cut: for data that the next run makes again.
TEST_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


def url(role: str, secret: str, port: int | str, database: str, host: str = "127.0.0.1") -> str:
    return f"postgresql://{quote(role)}:{quote(secret, safe='')}@{host}:{port}/{quote(database)}"


@dataclass
class EmbeddedPostgres:
    """The server of one place. `port` is known after `start`."""

    place: Place
    throwaway: bool = False
    port: int = 0

    def start(self, crew: Crew) -> None:
        """Make the data folder if needed, start the server and wait until it answers."""
        programs = find_postgres(self.place.servers, self.place.user)
        data = self.place.servers / f"postgres-{programs.major}"
        left_running = clear_leftovers(data)
        if self.throwaway and left_running:
            shutil.rmtree(data, ignore_errors=True)
        if not (data / "PG_VERSION").exists():
            self._initialise(programs, data)
        for attempt in range(5):
            try:
                self._start_once(crew, programs, data)
                return
            except LauncherError:
                # Another program may have taken the free port, or a dead server may still be a zombie.
                if attempt == 4:
                    raise
                clear_leftovers(data)
                time.sleep(0.3 * (attempt + 1))

    def administrator_url(self, database: str = "postgres") -> str:
        return url("postgres", password(self.place, "postgres"), self.port, database)

    def _initialise(self, programs: PostgresPrograms, data: Path) -> None:
        draft = data.with_name(data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        secret_file = self.place.servers / "first-password"
        secret_file.touch(mode=0o600)
        try:
            secret_file.write_text(password(self.place, "postgres"), encoding="utf-8")
            if self.place.user is not None:
                os.chown(secret_file, self.place.user.pw_uid, self.place.user.pw_gid)
            done = subprocess.run(
                [programs["initdb"], "-D", str(draft), *initdb_options(programs.major, secret_file)],
                capture_output=True,
                text=True,
                check=False,
                cwd=self.place.servers,
                env=plain_environment(),
                **as_user(self.place.user),
            )
        finally:
            secret_file.unlink()
        if done.returncode != 0:
            raise LauncherError(f"initdb failed:\n{done.stdout}{done.stderr}")
        draft.rename(data)

    def _start_once(self, crew: Crew, programs: PostgresPrograms, data: Path) -> None:
        self.port = free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "logging_collector": "off",
            **(TEST_OPTIONS if self.throwaway else {}),
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        child = crew.start(
            "postgres",
            [programs["postgres"], "-D", str(data), *settings],
            environment=plain_environment(),
            log=self.place.log / "postgres.log",
            user=self.place.user,
            folder=self.place.servers,
            stop_signal=signal.SIGINT,  # fast shutdown; SIGTERM would wait for every client
            grace=30,
        )
        try:
            wait_until(self._answers, seconds=60, child=child, what="PostgreSQL")
        except LauncherError:
            crew.forget(child)
            raise

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.administrator_url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def initdb_options(major: int, secret_file: Path) -> list[str]:
    """UTF-8 everywhere, passwords hashed with scram.

    From version 17 the builtin provider is used with *C.UTF-8 as the locale too*: with plain C, pg_trgm silently
    drops every letter outside ASCII (`ecosystem.md` 1.4).
    """
    options = ["-U", "postgres", "-E", "UTF8", "-A", "scram-sha-256", f"--pwfile={secret_file}", "--locale=C.UTF-8"]
    if major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options


def clear_leftovers(data: Path) -> bool:
    """End what a killed launcher left in `data`; True when its server had not been shut down.

    Called with the lock held, so a server still in this folder is ours and has no launcher. A dead server may stay
    a zombie where nobody reaps it; its pid then looks alive to PostgreSQL, so the pid file is taken away once no
    living process works in the folder.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return False
    end = time.monotonic() + 30
    while living := processes_in(data):
        for pid in living:
            # Immediate after fast, for a server that does not end by itself.
            _signal(pid, signal.SIGINT if time.monotonic() < end - 10 else signal.SIGQUIT)
        if time.monotonic() > end:
            raise LauncherError(f"A PostgreSQL without a launcher still works in {data} (pids {living}).")
        time.sleep(0.2)
    pid_file.unlink(missing_ok=True)
    return True


def processes_in(data: Path) -> list[int]:
    """Pids of living processes whose working folder is `data` (PostgreSQL and its backends work there)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(entry / "cwd")) == data and _state(entry) != "Z":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _state(entry: Path) -> str:
    return (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
