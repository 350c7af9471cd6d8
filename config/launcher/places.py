"""Where things lie: the project, its `var/` folder, and the folder of the database servers."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from config.launcher.errors import LauncherError

PROJECT = Path(__file__).resolve().parents[2]


def var_folder() -> Path:
    """`var/` of the project, or the folder named by TERANG_VAR."""
    return Path(os.environ.get("TERANG_VAR") or PROJECT / "var").absolute()


def server_user() -> pwd.struct_passwd | None:
    """The user the servers run as. PostgreSQL refuses root, so root lends it `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LauncherError("Running as root, but there is no user `postgres` or `nobody` to run PostgreSQL as.")


def can_enter(folder: Path, user: pwd.struct_passwd | None) -> bool:
    """True when `user` may walk into `folder` (None: ourselves)."""
    if user is None:
        return os.access(folder, os.X_OK)
    done = subprocess.run(
        ["test", "-x", str(folder)],
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
        stderr=subprocess.DEVNULL,
    )
    return done.returncode == 0


def private_folder(path: Path, user: pwd.struct_passwd | None = None) -> Path:
    """Make `path` with mode 0700, given to `user`. Parents are made when missing and never changed when not."""
    path.mkdir(parents=True, exist_ok=True)
    if user is not None and path.stat().st_uid != user.pw_uid:
        os.chown(path, user.pw_uid, user.pw_gid)
    if stat.S_IMODE(path.stat().st_mode) != 0o700:
        path.chmod(0o700)
    return path


@dataclass
class Place:
    """One running copy of the product: its secrets, logs and servers. `run`, `test`, `e2e` and `bench` each have one.

    `root` belongs to the person who started the launcher; `servers` to the user of the servers.
    """

    name: str
    root: Path
    user: pwd.struct_passwd | None = None
    servers: Path = field(init=False)
    _lock: int | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.servers = self._servers_folder()

    @property
    def secrets(self) -> Path:
        return private_folder(self.root / "secrets")

    @property
    def log(self) -> Path:
        folder = self.root / "log"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def notice(self) -> Path:
        """Where a running launcher says how to reach it; readable by its owner only."""
        return self.root / "running.json"

    def _servers_folder(self) -> Path:
        """Inside `root` where the servers' user can reach it, else under /var/lib (a 0700 home stays 0700)."""
        if self.user is None or can_enter(self.root, self.user):
            folder = self.root / "servers"
        else:
            mark = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
            folder = Path("/var/lib/terang") / f"{self.name}-{mark}"
            if not folder.parent.exists():
                folder.parent.mkdir(mode=0o755)
        return private_folder(folder, self.user)

    def lock(self) -> bool:
        """Take the lock of this place; False when another launcher holds it. The lock ends with this process."""
        handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._lock = handle
        return True

    def unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def remove(self) -> None:
        """Delete everything of this place (for places made for one run)."""
        shutil.rmtree(self.servers, ignore_errors=True)
        shutil.rmtree(self.root, ignore_errors=True)


def place(name: str) -> Place:
    """The place called `name`; `run` is `var/` itself, the others are folders in it."""
    root = var_folder()
    return Place(name, root if name == "run" else root / name, server_user())
