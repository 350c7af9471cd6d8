"""Child processes: each in its own session, watched together, stopped in the reverse order of their start."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.launcher.errors import LauncherError, StopRequested

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def free_port() -> int:
    """A TCP port on 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_with_parent(with_signal: int) -> None:
    """Ask the kernel to send `with_signal` to the calling process when the launcher dies without a word."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, with_signal)


@dataclass
class Child:
    """A server or worker of ours. `stop_signal` asks it to end well; after `grace` seconds it is ended anyway."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: int
    grace: float
    log: Path

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.grace)
            except subprocess.TimeoutExpired:
                self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, for error messages."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


@dataclass
class Crew:
    """All children of this launcher. It never touches a process that it did not start."""

    children: list[Child] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        user: pwd.struct_passwd | None = None,
        folder: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        grace: float = 15,
    ) -> Child:
        """Start `command` with exactly `environment`, its output going to `log`."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                list(command),
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: end_with_parent(stop_signal),
                **as_user(user),
            )
        child = Child(name, process, stop_signal, grace, log)
        self.children.append(child)
        return child

    def forget(self, child: Child) -> None:
        child.stop()
        self.children.remove(child)

    def fallen(self) -> Child | None:
        """The first child that has ended on its own."""
        return next((child for child in self.children if not child.alive()), None)

    def stop(self) -> None:
        """Stop the youngest first: web before worker before database. A second Ctrl-C does not interrupt it."""
        with ignoring_signals():
            while self.children:
                self.children.pop().stop()


def as_user(user: pwd.struct_passwd | None) -> dict:
    """Arguments of subprocess that run a command as `user` (None: ourselves)."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "umask": 0o077}


def plain_environment() -> dict[str, str]:
    """What a server gets: no variable of the shell it was started from (its locale has bitten before)."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}


@contextlib.contextmanager
def ignoring_signals() -> Iterator[None]:
    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in watched}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def listen_for_stop() -> None:
    """Turn Ctrl-C, SIGTERM and SIGHUP into StopRequested in the main thread."""

    def stop(number: int, frame: object) -> None:
        raise StopRequested(signal.Signals(number).name)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN or number == signal.SIGTERM:
            signal.signal(number, stop)


def run_in_front(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> int:
    """Run `command` with the terminal; Ctrl-C reaches it directly, SIGTERM is passed on. Gives its exit code.

    A command ended by a signal gives 128 + its number, as shells do.
    """
    try:
        process = subprocess.Popen(
            list(command), env=dict(environment), cwd=folder, preexec_fn=lambda: end_with_parent(signal.SIGTERM)
        )
    except OSError as error:
        raise LauncherError(f"{command[0]} cannot be run: {error.strerror}.") from error
    asked = False
    while True:
        try:
            code = process.wait()
            break
        except StopRequested as request:
            if str(request) != "SIGINT" or asked:
                process.terminate()
            asked = True
    if asked and code == 0:
        return 130
    return code if code >= 0 else 128 - code


def wait_until(ready, *, seconds: float, child: Child, what: str) -> None:
    """Poll `ready()` until true; raises LauncherError when `child` ends or time runs out."""
    end = time.monotonic() + seconds
    pause = 0.02
    while not ready():
        if not child.alive():
            raise LauncherError(f"{what} ended while starting. The end of {child.log}:\n{child.last_words()}")
        if time.monotonic() > end:
            raise LauncherError(f"{what} was not ready after {seconds:.0f} s. See {child.log}:\n{child.last_words()}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
