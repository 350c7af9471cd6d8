"""docker-compose.yml and Dockerfile say what is true: files exist, commands start, nothing runs as root or in the open.

There is no container engine in the tests; what the containers would run is run here, against servers of the tests.
"""

import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from config.launcher import binaries
from config.launcher.places import PROJECT, server_user
from config.launcher.processes import free_port
from config.launcher.product import answers as page_answers
from tests.launcher import ask, bare_shell, eventually, folder, server

__all__ = ["bare_shell", "folder", "server"]

ENTRY = PROJECT / "config" / "docker" / "entry"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dockerfile():
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def product_services(compose):
    return {name: service for name, service in compose["services"].items() if service["image"] == "terang:latest"}


def test_every_part_of_the_platform_is_there(compose):
    expected = {"proxy", "web", "worker", "beat", "prepare", "postgres", "redis", "mail"}

    assert set(compose["services"]) == expected
    assert set(product_services(compose)) == {"web", "worker", "beat", "prepare"}


def test_every_lasting_container_tells_its_health_and_restarts(compose):
    for name, service in compose["services"].items():
        if name != "prepare":
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_the_product_runs_with_as_little_as_possible(compose):
    for name, service in product_services(compose).items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "ports" not in service, name


def test_only_prepare_has_the_owners_door(compose):
    holders = {name for name, service in compose["services"].items() if "database_owner_url" in service.get("secrets", [])}

    assert holders == {"prepare"}


def test_no_secret_stands_in_the_file(compose):
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")

    assert re.findall(r"(?i)(?:password|secret|token|_key)\w*: *[^\s/{&\[$].*", text) == []
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            assert not name.endswith(("PASSWORD", "TOKEN")), name
            if name.endswith("_FILE"):
                assert Path(value).name in service["secrets"]


def test_the_secrets_are_made_by_one_command(compose, folder):
    subprocess.run([sys.executable, PROJECT / "config/docker/make-secrets", folder / "secrets"], check=True)
    made = {path.name: path.read_text() for path in (folder / "secrets").iterdir()}
    subprocess.run([sys.executable, PROJECT / "config/docker/make-secrets", folder / "secrets"], check=True)

    assert {Path(secret["file"]).name for secret in compose["secrets"].values()} == set(made)
    assert {path.name: path.read_text() for path in (folder / "secrets").iterdir()} == made
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700
    assert urlsplit(made["database_url"]).password == made["terang_web_password"]


def test_every_file_that_is_mounted_or_copied_exists(compose, dockerfile):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (PROJECT / source).exists(), source
    for instruction, rest in dockerfile:
        if instruction == "COPY" and not rest.startswith("--from"):
            assert (PROJECT / rest.split()[0]).exists(), rest


def test_the_image_is_locked_and_does_not_run_as_root(dockerfile):
    instructions = [instruction for instruction, _rest in dockerfile]
    runs = " ".join(rest for instruction, rest in dockerfile if instruction == "RUN")
    last_stage = dockerfile[len(instructions) - 1 - instructions[::-1].index("FROM") :]

    assert "pip install --require-hashes" in runs
    assert ("USER", "terang") in last_stage
    assert "useradd --system --uid 10001" in runs
    assert dict(last_stage)["ENTRYPOINT"] == '["/app/config/docker/entry"]'
    assert os.access(ENTRY, os.X_OK)


def test_entry_knows_every_command_that_is_named(compose, dockerfile):
    known = set(re.findall(r"^  (\w+)\)$", ENTRY.read_text(encoding="utf-8"), re.M))
    named = {service["command"][0] for service in product_services(compose).values()}
    named.add(dict(dockerfile)["CMD"].strip('[]"'))
    healths = [service["healthcheck"]["test"] for service in product_services(compose).values() if "healthcheck" in service]

    assert named <= known
    assert {(test[1], test[2]) for test in healths} == {("config/docker/entry", "healthy")}


def test_the_database_container_starts_with_our_letters(compose):
    options = shlex.split(compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"])

    assert {"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"} <= set(options)


def test_the_database_container_makes_the_same_roles(server, folder):
    secrets = folder / "secrets"
    subprocess.run([sys.executable, PROJECT / "config/docker/make-secrets", secrets], check=True)
    before = {name: (server.place.secrets / f"{name}_password").read_text() for name in ("terang_owner", "terang_web")}
    for name, text in before.items():
        (secrets / f"{name}_password").chmod(0o600)
        (secrets / f"{name}_password").write_text(text.strip(), encoding="utf-8")
    programs = binaries.find_postgres(server.place.servers, server_user())
    port = str(urlsplit(server.environment["DATABASE_URL"]).port)
    environment = {
        "PATH": f"{programs.folder}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": port,
        "PGPASSWORD": (server.place.secrets / "postgres_password").read_text().strip(),
        "SECRETS": str(secrets),
        "SCRIPTS": str(PROJECT / "config" / "postgres"),
    }
    for _twice in range(2):
        subprocess.run([PROJECT / "config/docker/postgres-init.sh"], env=environment, check=True, capture_output=True)

    assert ask(server.environment["DATABASE_URL"], "select current_user::text") == "terang_web"


def test_every_command_of_the_image_starts(server, folder):
    """prepare, then web, worker and beat, each by the entry of the image, each found healthy by its own health check."""
    environment = container_environment(server, folder)
    run = lambda *command: subprocess.run([ENTRY, *command], env=environment, capture_output=True, text=True, check=False)  # noqa: E731

    prepared = run("prepare")
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr
    parts = {}
    try:
        for part in ("web", "worker", "beat"):
            with (folder / f"{part}.log").open("wb") as log:
                parts[part] = subprocess.Popen([ENTRY, part], env=environment, stdout=log, stderr=log)
        for part in parts:
            eventually(lambda part=part: run("healthy", part).returncode == 0, 60)
        assert page_answers(f"http://{environment['BIND']}/healthz")
        assert [part for part, process in parts.items() if process.poll() is not None] == []
    finally:
        for process in parts.values():
            process.send_signal(signal.SIGTERM)
        for process in parts.values():
            process.wait(60)


def container_environment(server, folder):
    """What a container gets, with the servers of the tests and secrets in files."""
    (folder / "url").write_text(server.environment["DATABASE_URL"], encoding="utf-8")
    (folder / "owner_url").write_text(server.environment["DATABASE_OWNER_URL"], encoding="utf-8")
    (folder / "redis_url").write_text(server.environment["REDIS_URL"], encoding="utf-8")
    keys = {name: server.environment[name] for name in ("SECRET_KEY_FILE", "VAULT_KEYS_FILE", "LOOKUP_KEY_FILE")}
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TERANG_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BIND": f"127.0.0.1:{free_port()}",
        "BASE_URL": "http://127.0.0.1",
        "MEDIA_ROOT": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "BEAT_SCHEDULE": str(folder / "beat-schedule"),
        "DATABASE_URL_FILE": str(folder / "url"),
        "DATABASE_OWNER_URL_FILE": str(folder / "owner_url"),
        "REDIS_URL_FILE": str(folder / "redis_url"),
        **keys,
    }


def test_production_refuses_to_start_insecurely(server, folder):
    environment = {**container_environment(server, folder), "TERANG_ENV": "production"}

    done = subprocess.run([ENTRY, "check"], env=environment, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "BASE_URL must begin with https://" in done.stderr
